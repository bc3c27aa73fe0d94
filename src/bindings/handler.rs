//! Handler URLs.

use url::{Host, Url};

use crate::http::hosts::is_private;
use crate::redact::{is_webhook_path, mask_urls};

/// Longest URL that every portal stores whole, in characters.
pub(crate) const LONGEST: usize = 255;

/// The URL a portal calls. Kept byte for byte: that is how the portal compares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HandlerUrl(String);

/// Why a text cannot be a handler.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HandlerError {
    /// Not http and not https, or no scheme at all.
    #[error("`{0}` does not start with https:// or http://")]
    Scheme(String),
    /// No host, or one without a dot inside: the portal refuses it (`ERROR_WRONG_HANDLER_URL`).
    #[error("portals accept only handlers with a dot inside the host, unlike `{0}`")]
    Host(String),
    /// A space or a control character.
    #[error("the handler URL contains a space or a control character; write them percent-encoded")]
    Space,
    /// A user name or password before the host: every list of bindings would show it.
    #[error("the handler URL contains a user name or password, which every list of bindings would show")]
    Credentials,
    /// An incoming webhook: the portal would call itself, and every list would show the code.
    #[error("{0} is an incoming webhook of a portal, not a handler")]
    Webhook(String),
    /// Not a URL in any other way.
    #[error("`{0}` is not a URL: {1}")]
    NotAUrl(String, url::ParseError),
}

impl HandlerUrl {
    /// Checks a URL by the portal's rules (`protocol` section 2) and ours.
    pub(crate) fn parse(text: &str) -> Result<Self, HandlerError> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(HandlerError::Space);
        }
        let shown = || mask_urls(text);
        // A portal takes `HTTPS` for another protocol.
        let Some(("http" | "https", rest)) = text.split_once("://") else {
            return Err(HandlerError::Scheme(shown()));
        };
        let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
        if authority.contains('@') {
            return Err(HandlerError::Credentials);
        }
        let url = Url::parse(text).map_err(|error| match error {
            url::ParseError::EmptyHost => HandlerError::Host(shown()),
            other => HandlerError::NotAUrl(shown(), other),
        })?;
        // The portal checks the text, not what a browser would make of it: `127.1` has a dot, `2130706433` does not.
        let host = &authority[..authority.find(':').unwrap_or(authority.len())];
        if host.find('.').is_none_or(|at| at == 0) || url.host_str().is_none() {
            return Err(HandlerError::Host(shown()));
        }
        if is_webhook_path(url.path()) {
            return Err(HandlerError::Webhook(shown()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether portals may cut the URL off.
    pub(crate) fn is_too_long(&self) -> bool {
        self.0.chars().count() > LONGEST
    }

    /// The host, without the port.
    pub(crate) fn host(&self) -> String {
        Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Why a portal in the cloud cannot reach this handler; `None` if nothing prevents it.
    pub(crate) fn private_host(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        match url.host()? {
            Host::Ipv4(ip) => is_private(ip.into()).then(|| ip.to_string()),
            Host::Ipv6(ip) => is_private(ip.into()).then(|| ip.to_string()),
            Host::Domain(name) => {
                let inner = ["localhost", "local", "internal", "lan", "home.arpa", "test", "invalid", "localdomain"];
                let name = name.trim_end_matches('.');
                inner.iter().any(|end| name == *end || name.ends_with(&format!(".{end}"))).then(|| name.to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portals_rules_hold() {
        for good in ["https://bot.example.com/b24", "http://127.0.0.1:8080/x?y=1#z", "https://127.1/"] {
            assert_eq!(HandlerUrl::parse(good).expect(good).as_str(), good);
        }
        for bad in ["https://localhost/x", "https://.example/x", "https://2130706433/", "https:///x", "https://[::1]/x"]
        {
            assert!(HandlerUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(matches!(HandlerUrl::parse("ftp://a.b/"), Err(HandlerError::Scheme(_))));
        assert!(matches!(HandlerUrl::parse("HTTPS://a.b/"), Err(HandlerError::Scheme(_))));
        assert!(matches!(HandlerUrl::parse("bot.example.com"), Err(HandlerError::Scheme(_))));
    }

    #[test]
    fn spaces_and_credentials_are_refused_without_showing_the_password() {
        assert_eq!(HandlerUrl::parse("https://a.b/x y"), Err(HandlerError::Space));
        assert_eq!(HandlerUrl::parse("https://a.b/\u{1b}"), Err(HandlerError::Space));
        let error = HandlerUrl::parse("https://me:hunter2@a.b/").expect_err("credentials");
        assert!(!error.to_string().contains("hunter2"));
        let error = HandlerUrl::parse("https://acme.bitrix24.com/rest/1/s3cr3tc0de/").expect_err("a webhook");
        assert!(!error.to_string().contains("s3cr3tc0de"));
    }

    #[test]
    fn private_and_public_addresses_are_distinguished() {
        for inner in [
            "http://127.0.0.1/",
            "https://10.1.2.3/",
            "https://192.168.0.9/x",
            "https://bot.internal/",
            "https://127.1/",
        ] {
            assert!(HandlerUrl::parse(inner).expect(inner).private_host().is_some(), "{inner}");
        }
        assert_eq!(HandlerUrl::parse("https://bot.example.com/").expect("a handler").private_host(), None);
    }
}
