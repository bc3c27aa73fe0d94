//! Random bytes from the operating system.

/// Hexadecimal digits of `count` random bytes: two per byte.
///
/// # Panics
/// As [`bytes`].
pub(crate) fn hex(count: usize) -> String {
    (0..count).map(|_| format!("{:02x}", u8::from_be_bytes(bytes()))).collect()
}

/// Random bytes.
///
/// # Panics
/// When the operating system has none: no secret could be generated safely.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}
