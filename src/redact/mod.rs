//! Keeping secrets out of everything a person or a log can see.
//!
//! Three layers: [`Secret`] cannot be printed at all, [`Scrubber`] removes known secrets from text that came from
//! elsewhere (a portal that echoes the token back), and [`mask_urls`] hides what looks like a secret inside a URL.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

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

/// Shorter secrets are not looked for: they would blank out innocent text.
const SHORTEST_SECRET: usize = 8;

/// Replaces known secrets by [`MASK`] in bytes that came from the network.
#[derive(Debug, Default, Clone)]
pub struct Scrubber(Vec<Secret>);

impl Scrubber {
    /// Adds a secret to look for.
    pub fn learn(&mut self, secret: &Secret) {
        if secret.expose().len() >= SHORTEST_SECRET && !self.0.contains(secret) {
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

    /// [`Scrubber::scrub_text`] for every text and every key in a decoded document.
    pub fn scrub_value(&self, value: &mut Value) {
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

    /// Text with every known secret replaced, also where something stands between its letters: white space, characters
    /// that nobody sees, an escape. Only letters and digits are compared.
    #[must_use]
    pub fn scrub_text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| mask_letters(&text, secret.expose()))
    }
}

/// Replaces each stretch of `text` whose letters and digits are those of `secret`.
fn mask_letters(text: &str, secret: &str) -> String {
    let wanted: Vec<u8> = secret.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let letters: Vec<(usize, u8)> = text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()).collect();
    if wanted.len() < SHORTEST_SECRET {
        return text.replace(secret, MASK);
    }
    let (mut out, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    while at + wanted.len() <= letters.len() {
        let stretch = &letters[at..at + wanted.len()];
        if stretch.iter().map(|(_, byte)| byte).eq(&wanted) {
            out.push_str(&text[copied..stretch[0].0]);
            out.push_str(MASK);
            copied = stretch[stretch.len() - 1].0 + 1;
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    out.push_str(&text[copied..]);
    out
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

/// Query parameters, in lower case, whose values are never shown.
const SECRET_PARAMETERS: [&str; 8] =
    ["auth", "access_token", "refresh_token", "client_secret", "code", "application_token", "AUTH_ID", "REFRESH_ID"];

/// `text` with webhook codes (`/rest/1/CODE/`), credentials before an `@`, and secret query values masked.
#[must_use]
pub fn mask_urls(text: &str) -> String {
    let mut out = mask_webhook_codes(text);
    out = mask_userinfo(&out);
    for name in SECRET_PARAMETERS {
        for lead in ['?', '&', '#'] {
            out =
                mask_after(&out, &format!("{lead}{name}="), |c| c == '&' || c == '#' || c.is_whitespace() || c == '"');
        }
    }
    out
}

/// Whether `path` is an incoming webhook's: `/rest/`, a user id, a code. The portal minds neither case nor empty
/// segments.
#[must_use]
pub fn is_webhook_path(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    parts.next().is_some_and(|first| first.eq_ignore_ascii_case("rest"))
        && parts.next().is_some_and(|user| user.bytes().all(|b| b.is_ascii_digit()))
        && parts.next().is_some()
}

fn mask_webhook_codes(text: &str) -> String {
    const LEAD: &str = "/rest/";
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(LEAD) {
        let after = at + found + LEAD.len();
        let user = after + slashes(&text[after..]);
        let digits = text[user..].bytes().take_while(u8::is_ascii_digit).count();
        let code = user + digits + slashes(&text[user + digits..]);
        let end = text[code..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |length| code + length);
        if digits > 0 && code > user + digits && end > code {
            out.push_str(&text[at..code]);
            out.push_str(MASK);
            at = end;
        } else {
            out.push_str(&text[at..after]);
            at = after;
        }
    }
    out.push_str(&text[at..]);
    out
}

fn slashes(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b'/').count()
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
    // Same length, whatever the text: only ASCII letters change.
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(lead) {
        let value = at + found + lead.len();
        out.push_str(&text[at..value]);
        out.push_str(MASK);
        at = text[value..].find(&ends).map_or(text.len(), |length| value + length);
    }
    out.push_str(&text[at..]);
    out
}

/// A word for a shell: people paste what they are advised, and what stands in it may be anybody's.
#[must_use]
pub fn shell_quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
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
        for between in ["\u{200b}", "\u{ad}", "\u{301}", "\t", " ", "\u{1b}"] {
            let split = format!("x abcdef0123{between}456789 y");
            let mut document = serde_json::json!({split.clone(): [split], "innocent\u{200b}key": "abc\u{200b}"});
            scrubber.scrub_value(&mut document);
            assert_eq!(document, serde_json::json!({"x *** y": ["x *** y"], "innocent\u{200b}key": "abc\u{200b}"}));
        }
    }

    #[test]
    fn webhook_codes_credentials_and_secret_parameters_are_masked() {
        assert_eq!(mask_urls("https://a.b/rest/1/s3cr3tc0de/event.bind"), "https://a.b/rest/1/***/event.bind");
        assert_eq!(mask_urls("https://a.b/REST//17/s3cr3t"), "https://a.b/REST//17/***");
        assert_eq!(mask_urls("/rest/1/ /rest/1/a /rest/x"), "/rest/1/ /rest/1/*** /rest/x");
        assert_eq!(mask_urls("https://user:pw@a.b/x"), "https://***@a.b/x");
        assert_eq!(mask_urls("https://a.b/x?auth=abc&y=1"), "https://a.b/x?auth=***&y=1");
        assert_eq!(
            mask_urls("https://a.b/?AUTH=abc&Code=d#access_token=e"),
            "https://a.b/?AUTH=***&Code=***#access_token=***"
        );
        assert_eq!(mask_urls("https://a.b/rest/event.bind"), "https://a.b/rest/event.bind");
    }

    #[test]
    fn a_webhook_path_is_told_from_a_method_path() {
        assert!(is_webhook_path("/rest/1/abc/"));
        assert!(is_webhook_path("/rest/17/abc/event.bind"));
        assert!(is_webhook_path("/REST//1/abc/"));
        assert!(!is_webhook_path("/rest/event.bind"));
        assert!(!is_webhook_path("/rest/1/"));
    }

    #[test]
    fn advice_to_paste_is_quoted() {
        assert_eq!(shell_quoted("/a/b.toml"), "/a/b.toml");
        assert_eq!(shell_quoted("a';id;'b"), r"'a'\'';id;'\''b'");
    }
}
