//! Handlers that are left alone.

/// A pattern for handlers: `*` stands for any text, everything else for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Every text is a pattern.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether the whole of `text` fits, in any case: hosts have none, and what is left alone too much does no harm.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (pattern, text) = (self.0.to_ascii_lowercase(), text.to_ascii_lowercase());
        let (parts, text): (Vec<&str>, &str) = (pattern.split('*').collect(), &text);
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
    fn a_star_stands_for_any_text_and_the_rest_for_itself() {
        for (pattern, text, fits) in [
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
            assert_eq!(Pattern::new(pattern).matches(text), fits, "{pattern} {text}");
        }
    }
}
