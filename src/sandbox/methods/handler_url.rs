//! What the portal checks of a handler's URL: it reads it with PHP's `parse_url`, whose rules are not a browser's.

use crate::sandbox::php::leading_number;
use crate::sandbox::reply::RestError;

/// A dot inside the host first, then the scheme, which must be in lower case.
pub(super) fn check(url: &str) -> Result<(), RestError> {
    match parse(url) {
        Some(parts) if !parts.has_dot_inside_host() => Err(wrong_url()),
        None => Err(wrong_url()),
        Some(Parts { scheme: "http" | "https", .. }) => Ok(()),
        Some(_) => Err(RestError::new(400, "ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol")),
    }
}

fn wrong_url() -> RestError {
    RestError::new(400, "ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
}

#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    /// Empty if there is none.
    scheme: &'a str,
    host: &'a str,
}

impl Parts<'_> {
    fn has_dot_inside_host(&self) -> bool {
        self.host.find('.').is_some_and(|at| at > 0)
    }
}

/// Scheme and host; `None` for a URL that `parse_url` refuses or that has no host.
fn parse(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest, has_port) = split_scheme(url)?;
    host(rest, has_port).map(|host| Parts { scheme, host })
}

/// The scheme, what follows its two slashes, and whether a port was recognised before any scheme.
fn split_scheme(url: &str) -> Option<(&str, &str, bool)> {
    let Some(colon) = url.find(':') else { return url.strip_prefix("//").map(|rest| ("", rest, false)) };
    let scheme = &url[..colon];
    let after = &url[colon + 1..];
    if scheme.is_empty() {
        return after_port(url, after);
    }
    if !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b)) {
        let is_before_query = !after.is_empty() && url.find(['?', '#']).is_none_or(|end| colon < end);
        return if is_before_query {
            after_port(url, after)
        } else {
            url.strip_prefix("//").map(|rest| ("", rest, false))
        };
    }
    if let Some(rest) = after.strip_prefix("//") {
        let is_local_file = scheme.eq_ignore_ascii_case("file") && rest.starts_with('/');
        return (!is_local_file).then_some((scheme, rest, false));
    }
    // `bot.example.com:80` has a port and no scheme; `mailto:x` and `https:/x` have a scheme and no host.
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let is_port = digits < 6 && !after.is_empty() && (digits == after.len() || after[digits..].starts_with('/'));
    if is_port && !after.starts_with('/') { after_port(url, after) } else { None }
}

/// A URL without a scheme whose first colon may be followed by a port.
fn after_port<'a>(url: &'a str, after: &str) -> Option<(&'a str, &'a str, bool)> {
    let rest = url.strip_prefix("//");
    let digits = after.bytes().take_while(u8::is_ascii_digit).take(6).count();
    let is_port = (1..6).contains(&digits) && (digits == after.len() || after[digits..].starts_with('/'));
    if is_port {
        return is_valid_port(&after[..digits]).then(|| ("", rest.unwrap_or(url), true));
    }
    if after.is_empty() { None } else { rest.map(|rest| ("", rest, false)) }
}

fn host(rest: &str, has_port: bool) -> Option<&str> {
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let address = authority.rfind('@').map_or(authority, |at| &authority[at + 1..]);
    if address.starts_with('[') && address.ends_with(']') {
        return Some(address);
    }
    let Some(colon) = address.rfind(':') else { return Some(address).filter(|host| !host.is_empty()) };
    let port = &address[colon + 1..];
    let is_refused = port.len() > 5 || !is_valid_port(port);
    if !has_port && !port.is_empty() && is_refused {
        return None;
    }
    Some(&address[..colon]).filter(|host| !host.is_empty())
}

/// `strtol` reads the port, so that trailing letters do not matter.
fn is_valid_port(port: &str) -> bool {
    let digits = port.trim_start().trim_start_matches(['+', '-']);
    digits.starts_with(|c: char| c.is_ascii_digit()) && (0..=65_535).contains(&leading_number(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str) -> &'static str {
        check(url).map_or_else(|error| error.code, |()| "ok")
    }

    #[test]
    fn a_handler_needs_a_dot_inside_its_host() {
        for url in ["https://bot.example.com/b24", "http://127.0.0.1:8080/x", "https://a.b?x", "https://u:p@a.b:443"] {
            assert_eq!(code(url), "ok", "{url}");
        }
        for url in ["https://localhost/x", "nonsense", "https://.b/x", "https:///a.b", "https://", "", "https:/a.b/x"] {
            assert_eq!(code(url), "ERROR_WRONG_HANDLER_URL", "{url}");
        }
    }

    #[test]
    fn only_lower_case_http_and_https_are_supported() {
        for url in ["HTTPS://a.b/x", "Http://a.b", "ftp://a.b/", "//a.b/x", "a.b:80", "a.b:80/x", "//a.b:80/x"] {
            assert_eq!(code(url), "ERROR_UNSUPPORTED_PROTOCOL", "{url}");
        }
    }

    #[test]
    fn ports_are_read_as_c_reads_numbers() {
        for url in ["https://a.b:65535/x", "https://a.b:/x", "https://a.b:0/", "https://a.b:80x/"] {
            assert_eq!(code(url), "ok", "{url}");
        }
        for url in ["https://a.b:65536/x", "https://a.b:123456/", "https://a.b:x/", "https://a.b:-1/", "a.b:65536"] {
            assert_eq!(code(url), "ERROR_WRONG_HANDLER_URL", "{url}");
        }
    }

    #[test]
    fn what_only_looks_like_an_authority_is_a_path() {
        for url in ["mailto:a@b.c", "file:///a.b/x", "/a.b/x", "a.b/x", "?https://a.b/x", "a.b:", ":80", "https:a.b"] {
            assert_eq!(code(url), "ERROR_WRONG_HANDLER_URL", "{url}");
        }
        assert_eq!(code("https://a.b@evil/x"), "ERROR_WRONG_HANDLER_URL", "a user is not a host");
        assert_eq!(code("https://a.b#@evil/x"), "ok");
    }
}
