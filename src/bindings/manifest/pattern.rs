//! Patterns for the handlers that a manifest ignores.

/// A pattern for handlers: `*` stands for any text, everything else for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether the whole of `text` matches. Case-insensitive: matching too much only ignores more.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let pattern = self.0.to_ascii_lowercase();
        let text = text.to_ascii_lowercase();
        let parts: Vec<&str> = pattern.split('*').collect();
        let [first, middle @ .., last] = parts.as_slice() else { return pattern == text };
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        for part in middle {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_text_and_the_rest_itself() {
        for (pattern, text, matches) in [
            ("https://*.ngrok.app/*", "https://a.b.NGROK.app/x/y", true),
            ("https://*.ngrok.app/*", "https://ngrok.app/x", false),
            ("https://a.b/", "https://a.b/", true),
            ("https://a.b/", "https://a.b/x", false),
            ("*a*a", "aa", true),
            ("*a*a", "a", false),
            ("**", "", true),
            ("a*b", "ab", true),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), matches, "{pattern} {text}");
        }
    }
}
