//! Removing known secrets from what came over the network.

use serde_json::Value;

use super::{MASK, Secret};

/// Shorter secrets are not searched for: they would mask innocent text.
const SHORTEST_SECRET: usize = 8;

/// Replaces known secrets with [`MASK`].
#[derive(Debug, Default, Clone)]
pub(crate) struct Scrubber(Vec<Known>);

/// A secret, and its letters and digits alone.
#[derive(Debug, Clone)]
struct Known {
    secret: Secret,
    letters: Secret,
}

impl Scrubber {
    /// Knows nothing yet.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a secret to search for.
    pub(crate) fn learn(&mut self, secret: &Secret) {
        let is_long_enough = secret.expose().len() >= SHORTEST_SECRET;
        if is_long_enough && !self.0.iter().any(|known| known.secret == *secret) {
            let letters = Secret::new(Letters::of(secret.expose()).text);
            self.0.push(Known { secret: secret.clone(), letters });
        }
    }

    /// `body` with every known secret replaced.
    pub(crate) fn scrub(&self, mut body: Vec<u8>) -> Vec<u8> {
        for known in &self.0 {
            let secret = known.secret.expose();
            if body.utf8_chunks().any(|chunk| chunk.valid().contains(secret)) {
                body = replace_in_bytes(&body, secret);
            }
        }
        body
    }

    /// [`Scrubber::scrub_text`] for every text and every key in a decoded document.
    pub(crate) fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.scrub_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_value(item)),
            Value::Object(members) => {
                let scrubbed = std::mem::take(members).into_iter().map(|(key, mut member)| {
                    self.scrub_value(&mut member);
                    (self.scrub_text(&key), member)
                });
                *members = scrubbed.collect();
            }
            _ => {}
        }
    }

    /// Text with every known secret replaced, even one whose letters are separated by white space, invisible
    /// characters or escapes: only letters and digits are compared.
    pub(crate) fn scrub_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut letters = None;
        for known in &self.0 {
            let needle = known.letters.expose();
            if needle.len() < SHORTEST_SECRET {
                text = text.replace(known.secret.expose(), MASK);
                letters = None;
            } else if let Some(masked) = letters.get_or_insert_with(|| Letters::of(&text)).mask(&text, needle) {
                text = masked;
                letters = None;
            }
        }
        text
    }
}

/// The ASCII letters and digits of a text, and the position of each in it.
struct Letters {
    text: String,
    positions: Vec<usize>,
}

impl Letters {
    fn of(text: &str) -> Self {
        let found = text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric());
        let (positions, text) = found.map(|(position, byte)| (position, char::from(byte))).unzip();
        Self { text, positions }
    }

    /// Masks each stretch of `text` whose letters are `needle`; `None` if it has no such stretch.
    fn mask(&self, text: &str, needle: &str) -> Option<String> {
        let mut out = String::new();
        let mut copied = 0;
        for (at, _) in self.text.match_indices(needle) {
            out.push_str(&text[copied..self.positions[at]]);
            out.push_str(MASK);
            copied = self.positions[at + needle.len() - 1] + 1;
        }
        (copied > 0).then(|| out + &text[copied..])
    }
}

/// A secret is valid UTF-8, so it cannot span bytes that are not.
fn replace_in_bytes(body: &[u8], secret: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        out.extend_from_slice(chunk.valid().replace(secret, MASK).as_bytes());
        out.extend_from_slice(chunk.invalid());
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn knowing(secrets: &[String]) -> Scrubber {
        let mut scrubber = Scrubber::default();
        for secret in secrets {
            scrubber.learn(&Secret::new(secret.as_str()));
        }
        scrubber
    }

    fn scrubber() -> Scrubber {
        knowing(&["abcdef0123456789".to_owned()])
    }

    #[test]
    fn every_occurrence_of_a_known_secret_is_scrubbed() {
        let body = b"x abcdef0123456789 y=abcdef0123456789".to_vec();
        assert_eq!(scrubber().scrub(body), b"x *** y=***");
    }

    #[test]
    fn secrets_are_found_between_invalid_bytes() {
        let body = b"\xff\xe2abcdef0123456789\xe2\x82 abcdef0123456789".to_vec();
        assert_eq!(scrubber().scrub(body), b"\xff\xe2***\xe2\x82 ***");
    }

    #[test]
    fn a_secret_split_by_invisible_characters_is_scrubbed() {
        for between in ["\u{200b}", "\u{ad}", "\u{301}", "\t", " ", "\u{1b}"] {
            let split = format!("x abcdef0123{between}456789 y");
            let mut document = serde_json::json!({split.clone(): [split], "innocent\u{200b}key": "abc\u{200b}"});
            scrubber().scrub_value(&mut document);
            assert_eq!(document, serde_json::json!({"x *** y": ["x *** y"], "innocent\u{200b}key": "abc\u{200b}"}));
        }
    }

    /// The definition of the result: compare at each letter, one secret after another.
    fn slow_mask(text: &str, secret: &str) -> String {
        let needle: Vec<u8> = secret.bytes().filter(u8::is_ascii_alphanumeric).collect();
        let letters: Vec<(usize, u8)> =
            text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()).collect();
        if needle.len() < SHORTEST_SECRET {
            return text.replace(secret, MASK);
        }
        let (mut out, mut copied, mut at) = (String::new(), 0, 0);
        while at + needle.len() <= letters.len() {
            let stretch = &letters[at..at + needle.len()];
            if stretch.iter().map(|(_, byte)| byte).eq(&needle) {
                out.push_str(&text[copied..stretch[0].0]);
                out.push_str(MASK);
                copied = stretch[stretch.len() - 1].0 + 1;
                at += needle.len();
            } else {
                at += 1;
            }
        }
        out + &text[copied..]
    }

    proptest! {
        #[test]
        fn scrubbing_equals_its_definition(
            text in "([ab]{0,9}[ ./é\u{200b}]?){0,12}",
            secrets in prop::collection::vec("[ab.]{8,10}", 0..4),
        ) {
            let mut distinct = secrets.clone();
            distinct.dedup();
            let expected = distinct.iter().fold(text.clone(), |text, secret| slow_mask(&text, secret));
            prop_assert_eq!(knowing(&distinct).scrub_text(&text), expected);
            let bytes = distinct.iter().fold(text.clone(), |text, secret| text.replace(secret.as_str(), MASK));
            prop_assert_eq!(knowing(&distinct).scrub(text.into_bytes()), bytes.into_bytes());
        }
    }
}
