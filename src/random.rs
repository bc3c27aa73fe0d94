//! Random bytes of the system.

/// Random bytes as hexadecimal digits, two a byte.
///
/// # Panics
/// When the system has none to give, as for [`bytes`].
#[must_use]
pub fn hex(count: usize) -> String {
    (0..count).map(|_| format!("{:02x}", u8::from_be_bytes(bytes()))).collect()
}

/// Random bytes.
///
/// # Panics
/// When the system has none to give: nothing could be kept secret then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives out random bytes");
    bytes
}
