//! A secret that cannot be printed by accident.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use super::MASK;

/// A token, client secret or webhook code: no `Display`, a placeholder `Debug`, zeroed on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes ownership of the plain text; the caller keeps no copy.
    pub fn new(plain: impl Into<String>) -> Self {
        Self(SecretString::from(plain.into()))
    }

    /// The plain text, only for the request or file that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(plain: String) -> Self {
        Self::new(plain)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(MASK)
    }
}

impl PartialEq for Secret {
    /// In constant time, so that an attacker cannot measure how much of a guess was right.
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes()).into()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_is_a_placeholder() {
        assert_eq!(format!("{:?}", Secret::new("topsecret")), "***");
    }

    #[test]
    fn secrets_are_equal_when_their_texts_are() {
        assert_eq!(Secret::new("0123"), Secret::new("0123"));
        assert_ne!(Secret::new("0123"), Secret::new("0124"));
        assert_ne!(Secret::new("0123"), Secret::new("01234"));
    }
}
