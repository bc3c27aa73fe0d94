//! Masking what looks like a secret inside a URL, without knowing the secret.

use super::MASK;

/// Query parameters, in lower case, whose values are never shown.
const SECRET_PARAMETERS: [&str; 8] =
    ["auth", "access_token", "refresh_token", "client_secret", "code", "application_token", "auth_id", "refresh_id"];

/// `text` with webhook codes (`/rest/1/CODE/`), credentials before an `@`, and secret query values masked.
pub(crate) fn mask_urls(text: &str) -> String {
    mask_parameters(&mask_userinfo(&mask_webhook_codes(text)))
}

/// Whether `path` belongs to an incoming webhook: `/rest/`, a user id, a code. The portal ignores case and empty
/// segments.
pub(crate) fn is_webhook_path(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    parts.next().is_some_and(|first| first.eq_ignore_ascii_case("rest"))
        && parts.next().is_some_and(|user| user.bytes().all(|b| b.is_ascii_digit()))
        && parts.next().is_some()
}

/// Whether `text` is an incoming webhook where a token is expected: its URL, or its end `1/CODE`. Tokens have no slash.
pub(crate) fn is_webhook(text: &str) -> bool {
    let text = text.trim();
    let address = text.split_once("://").map_or(text, |(_, address)| address);
    let has_path = address.find('/').is_some_and(|at| is_webhook_path(&address[at..]));
    let is_its_end = is_webhook_path(address) || is_webhook_path(&format!("/rest/{address}"));
    has_path || is_its_end
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
        let authority = after.find(ends_authority).unwrap_or(after.len());
        rest = after;
        if let Some(sign) = after[..authority].rfind('@') {
            out.push_str(MASK);
            rest = &after[sign..];
        }
    }
    out.push_str(rest);
    out
}

fn ends_authority(c: char) -> bool {
    matches!(c, '/' | '?' | '#') || c.is_whitespace()
}

/// Masks the value of each secret parameter.
fn mask_parameters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(lead) = rest.find(['?', '&', '#']) {
        let value = lead + 1 + secret_name(&rest[lead + 1..]);
        out.push_str(&rest[..value]);
        rest = &rest[value..];
        if value > lead + 1 {
            out.push_str(MASK);
            rest = &rest[rest.find(ends_value).unwrap_or(rest.len())..];
        }
    }
    out.push_str(rest);
    out
}

/// Length of the secret parameter's name at the start of `text`, with its `=`; 0 if there is none.
fn secret_name(text: &str) -> usize {
    SECRET_PARAMETERS.iter().find(|name| begins_with_parameter(text, name)).map_or(0, |name| name.len() + 1)
}

fn begins_with_parameter(text: &str, name: &str) -> bool {
    let start = text.get(..name.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(name)) && text[name.len()..].starts_with('=')
}

fn ends_value(c: char) -> bool {
    matches!(c, '&' | '#' | '"') || c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhook_codes_and_credentials_are_masked() {
        assert_eq!(mask_urls("https://a.b/rest/1/s3cr3tc0de/event.bind"), "https://a.b/rest/1/***/event.bind");
        assert_eq!(mask_urls("https://a.b/REST//17/s3cr3t"), "https://a.b/REST//17/***");
        assert_eq!(mask_urls("/rest/1/ /rest/1/a /rest/x"), "/rest/1/ /rest/1/*** /rest/x");
        assert_eq!(mask_urls("https://user:pw@a.b/x"), "https://***@a.b/x");
        assert_eq!(mask_urls("https://a.b/rest/event.bind"), "https://a.b/rest/event.bind");
    }

    #[test]
    fn secret_parameters_are_masked_in_any_case() {
        assert_eq!(mask_urls("https://a.b/x?auth=abc&y=1"), "https://a.b/x?auth=***&y=1");
        assert_eq!(
            mask_urls("https://a.b/?AUTH=abc&Code=d#access_token=e"),
            "https://a.b/?AUTH=***&Code=***#access_token=***"
        );
        assert_eq!(mask_urls("\"?code=a?auth=b\" ?y&code=&auth"), "\"?code=***\" ?y&code=***&auth");
        for name in SECRET_PARAMETERS {
            for name in [name.to_owned(), name.to_uppercase()] {
                assert_eq!(mask_urls(&format!("/x?a=1&{name}=s3cr3t b")), format!("/x?a=1&{name}=*** b"));
            }
        }
    }

    #[test]
    fn a_webhook_is_recognised_where_a_token_is_expected() {
        for webhook in [
            "1/s3cr3tc0de",
            " /1/s3cr3tc0de/\n",
            "rest/1/s3cr3tc0de",
            "a.b/rest/1/s3cr3tc0de",
            "https://a.b/rest/1/s3cr3tc0de/",
            "HTTPS://a.b:8443/REST//17/s3cr3tc0de/event.bind.json",
        ] {
            assert!(is_webhook(webhook), "{webhook}");
        }
        for token in ["", "0123456789abcdef", "1", "1/", "abc/def", "a.b_c-d=="] {
            assert!(!is_webhook(token), "{token}");
        }
    }

    #[test]
    fn webhook_paths_are_distinguished_from_method_paths() {
        assert!(is_webhook_path("/rest/1/abc/"));
        assert!(is_webhook_path("/rest/17/abc/event.bind"));
        assert!(is_webhook_path("/REST//1/abc/"));
        assert!(!is_webhook_path("/rest/event.bind"));
        assert!(!is_webhook_path("/rest/1/"));
    }
}
