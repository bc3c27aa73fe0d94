//! Keeping secrets out of everything a person or a log can see.
//!
//! Three layers: [`Secret`] cannot be printed at all, [`Scrubber`] removes known secrets from text that came from
//! elsewhere (a portal that echoes the token back), and [`mask_urls`] hides what looks like a secret inside a URL.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::wire::excerpt::printable;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// A token, client secret or webhook code: no `Display`, a placeholder `Debug`, zeroed on drop.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the plain text over; the caller keeps no copy.
    pub fn new(plain: impl Into<String>) -> Self {
        Self(SecretString::from(plain.into()))
    }

    /// The plain text, for the request or the file that needs it and for nothing else.
    #[must_use]
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
    /// Compares without an early exit, so that the time taken does not tell how much of a guess was right.
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.expose().as_bytes(), other.expose().as_bytes());
        mine.len() == theirs.len() && mine.iter().zip(theirs).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// Replaces known secrets by [`MASK`] in bytes that came from the network.
#[derive(Debug, Default, Clone)]
pub struct Scrubber(Vec<Secret>);

impl Scrubber {
    /// Adds a secret to look for. Very short ones are passed over: they would blank out innocent text.
    pub fn learn(&mut self, secret: &Secret) {
        if secret.expose().len() >= 8 && !self.0.contains(secret) {
            self.0.push(secret.clone());
        }
    }

    /// `body` with every known secret replaced.
    #[must_use]
    pub fn scrub(&self, mut body: Vec<u8>) -> Vec<u8> {
        for secret in &self.0 {
            body = replace_all(body, secret.expose().as_bytes(), MASK.as_bytes());
        }
        body
    }

    /// [`Scrubber::scrub`] for every text in a decoded document. A secret may have been spelled with escapes, or broken up
    /// by characters that nobody sees: what is left without them is what a person would read.
    pub fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let seen = printable(text);
                let clean = self.scrub_text(&seen);
                if clean != seen {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_value(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.scrub_value(member)),
            _ => {}
        }
    }

    /// [`Scrubber::scrub`] for text.
    #[must_use]
    pub fn scrub_text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), MASK))
    }
}

fn replace_all(body: Vec<u8>, needle: &[u8], with: &[u8]) -> Vec<u8> {
    if !body.windows(needle.len()).any(|window| window == needle) {
        return body;
    }
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body.as_slice();
    while let Some(at) = rest.windows(needle.len()).position(|window| window == needle) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + needle.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Query parameters whose values are never shown.
const SECRET_PARAMETERS: [&str; 8] =
    ["auth", "access_token", "refresh_token", "client_secret", "code", "application_token", "AUTH_ID", "REFRESH_ID"];

/// `text` with webhook codes (`/rest/1/CODE/`), credentials before an `@`, and secret query values masked.
#[must_use]
pub fn mask_urls(text: &str) -> String {
    let mut out = mask_webhook_codes(text);
    out = mask_userinfo(&out);
    for name in SECRET_PARAMETERS {
        for lead in ['?', '&'] {
            out = mask_after(&out, &format!("{lead}{name}="), |c| c == '&' || c.is_whitespace() || c == '"');
        }
    }
    out
}

/// Whether `path` is an incoming webhook's: `/rest/`, a user id, a code.
#[must_use]
pub fn is_webhook_path(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    parts.next() == Some("rest")
        && parts.next().is_some_and(|user| !user.is_empty() && user.bytes().all(|b| b.is_ascii_digit()))
        && parts.next().is_some_and(|code| !code.is_empty())
}

fn mask_webhook_codes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/rest/") {
        let (before, after) = rest.split_at(at + "/rest/".len());
        out.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        rest = after;
        if digits > 0 && after[digits..].starts_with('/') {
            let code = &after[digits + 1..];
            let end = code.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(code.len());
            if end > 0 {
                out.push_str(&after[..=digits]);
                out.push_str(MASK);
                rest = &code[end..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn mask_userinfo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        out.push_str(before);
        let authority =
            after.find(|c: char| c == '/' || c == '?' || c == '#' || c.is_whitespace()).unwrap_or(after.len());
        rest = after;
        if let Some(sign) = after[..authority].rfind('@') {
            out.push_str(MASK);
            rest = &after[sign..];
        }
    }
    out.push_str(rest);
    out
}

fn mask_after(text: &str, lead: &str, ends: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(lead) {
        let (before, after) = rest.split_at(at + lead.len());
        out.push_str(before);
        out.push_str(MASK);
        rest = &after[after.find(&ends).unwrap_or(after.len())..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_placeholder() {
        assert_eq!(format!("{:?}", Secret::new("topsecret")), "***");
    }

    #[test]
    fn a_known_secret_is_scrubbed_wherever_it_stands() {
        let mut scrubber = Scrubber::default();
        scrubber.learn(&Secret::new("abcdef0123456789"));
        let body = b"x abcdef0123456789 y=abcdef0123456789".to_vec();
        assert_eq!(scrubber.scrub(body), b"x *** y=***");
    }

    #[test]
    fn a_secret_that_is_broken_up_by_what_nobody_sees_is_scrubbed_too() {
        let mut scrubber = Scrubber::default();
        scrubber.learn(&Secret::new("abcdef0123456789"));
        let mut document = serde_json::json!({"a": ["x abcdef\u{200b}0123\u{1b}456789 y", "innocent\u{200b}text"]});
        scrubber.scrub_value(&mut document);
        assert_eq!(document, serde_json::json!({"a": ["x *** y", "innocent\u{200b}text"]}));
    }

    #[test]
    fn webhook_codes_credentials_and_secret_parameters_are_masked() {
        assert_eq!(mask_urls("https://a.b/rest/1/s3cr3tc0de/event.bind"), "https://a.b/rest/1/***/event.bind");
        assert_eq!(mask_urls("https://user:pw@a.b/x"), "https://***@a.b/x");
        assert_eq!(mask_urls("https://a.b/x?auth=abc&y=1"), "https://a.b/x?auth=***&y=1");
        assert_eq!(mask_urls("https://a.b/rest/event.bind"), "https://a.b/rest/event.bind");
    }

    #[test]
    fn a_webhook_path_is_told_from_a_method_path() {
        assert!(is_webhook_path("/rest/1/abc/"));
        assert!(is_webhook_path("/rest/17/abc/event.bind"));
        assert!(!is_webhook_path("/rest/event.bind"));
        assert!(!is_webhook_path("/rest/1/"));
    }
}
