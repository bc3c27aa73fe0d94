//! File names for profiles. A profile's name may hold `:` and brackets, and what is typed after `-p` may be anything.

use std::fmt::Write as _;

/// Longest file name without its extension, in bytes: temporary files and locks add to it, and 255 is the limit.
const LONGEST: usize = 200;

/// The file name of a profile, without an extension. Everything but letters, digits, `.`, `_` and `-` is written as `%XX`,
/// and so is a leading dot: no name leads out of the folder or hides a file.
pub(super) fn encode(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for (i, c) in name.char_indices() {
        if c.is_alphanumeric() || c == '_' || c == '-' || c == '.' && i > 0 {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// The name behind a file name; `None` for a file that [`encode`] would not write.
pub(super) fn decode(file_name: &str) -> Option<String> {
    let name = percent_encoding::percent_decode_str(file_name).decode_utf8().ok()?.into_owned();
    (!name.is_empty() && encode(&name) == file_name).then_some(name)
}

/// Whether a file can be called so.
pub(crate) fn fits_a_file_name(name: &str) -> bool {
    encode(name).len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_names_stay_as_they_are() {
        for name in ["acme", "x.y", "Acme-2_b", "Кафе"] {
            assert_eq!(encode(name), name);
        }
        assert_eq!(encode("[::1]:80"), "%5B%3A%3A1%5D%3A80");
    }

    proptest! {
        #[test]
        fn every_name_is_one_safe_file_name_and_comes_back(name in "\\PC{1,20}") {
            let file_name = encode(&name);
            prop_assert!(!file_name.starts_with('.') && !file_name.contains(['/', '\\', '\0', ':']));
            prop_assert_eq!(decode(&file_name), Some(name));
        }
    }
}
