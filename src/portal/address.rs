//! Portal addresses, and which redirects are new ones.

use std::fmt;

use url::{Host, Url};

use super::failure::ServerName;
use crate::http::domains::same_owner;
use crate::http::hosts::{host_of, is_loopback};
use crate::redact::{is_webhook_path, mask_urls};

/// A portal's address: `https` anywhere, plain `http` on loopback only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PortalAddress(Url);

/// Why a text is not a portal address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// Not a host and not a URL.
    #[error("`{0}` is not a portal address")]
    NotAnAddress(String),
    /// Plain http to another machine: the token would be sent unencrypted.
    #[error("plain http would send the token unencrypted to {0}")]
    PlainHttp(String),
    /// An incoming webhook, shown with its code masked.
    #[error("{0} is an incoming webhook, and a webhook cannot subscribe to events")]
    Webhook(String),
    /// A user name or password before the host.
    #[error("the portal address contains credentials")]
    Credentials,
    /// Something after the host, which would be ignored.
    #[error("`{0}` is not the address of a portal alone: something follows the host")]
    Page(String),
}

impl PortalAddress {
    /// Reads an address that a user has given: `acme.bitrix24.com`, `https://crm.example.com`, or `http://127.0.0.1:8024`.
    /// Nothing may follow the host: it would seem to have an effect.
    pub(crate) fn from_user(text: &str) -> Result<Self, AddressError> {
        let address = Self::parse(text)?;
        let text = text.trim();
        let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
        let after_host = after_scheme.find(['/', '?', '#', '\\']).map_or("", |at| &after_scheme[at..]);
        if !matches!(after_host, "" | "/") {
            return Err(AddressError::Page(mask_urls(text)));
        }
        Ok(address)
    }

    /// Reads the address of a portal out of a URL that a portal or a token file holds, such as `https://HOST/rest/`.
    pub(crate) fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let not_an_address = || AddressError::NotAnAddress(mask_urls(text));
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(AddressError::NotAnAddress(mask_urls(text).escape_debug().to_string()));
        }
        let url = if text.contains("://") {
            Url::parse(text).map_err(|_| not_an_address())?
        } else {
            let https = Url::parse(&format!("https://{text}")).map_err(|_| not_an_address())?;
            if is_loopback(&https) {
                Url::parse(&format!("http://{text}")).map_err(|_| not_an_address())?
            } else {
                https
            }
        };
        if is_webhook_path(url.path()) {
            return Err(AddressError::Webhook(mask_urls(text)));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        Self::from_url(&url).ok_or_else(|| match url.scheme() {
            "http" => AddressError::PlainHttp(url.host_str().unwrap_or_default().to_owned()),
            _ => not_an_address(),
        })
    }

    fn from_url(url: &Url) -> Option<Self> {
        let host =
            url.host_str().filter(|host| host.trim_end_matches('.').split('.').all(|label| !label.is_empty()))?;
        if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(url)) {
            return None;
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Url::parse(&format!("{}://{host}{port}/", url.scheme())).ok().map(Self)
    }

    /// Host, with the port unless it is the scheme's default: the portal's name in output.
    pub(crate) fn host(&self) -> String {
        host_of(&self.0)
    }

    /// `https`, or `http` on this machine.
    pub(crate) fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The last label of the host name; `None` if the host is a number.
    pub(crate) fn top_level_domain(&self) -> Option<&str> {
        self.0.domain()?.trim_end_matches('.').rsplit('.').next()
    }

    pub(crate) fn server(&self) -> ServerName {
        ServerName::Portal(self.host())
    }

    /// The shortest text that reads as this address again: the host alone, where possible.
    pub(crate) fn stored(&self) -> String {
        // A bare loopback host would be read as plain http.
        if self.is_loopback() { self.to_string() } else { self.host() }
    }

    /// The URL of a REST method.
    pub(crate) fn method(&self, method: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("/rest/{method}"));
        url
    }

    /// Where a user authorises an application (`protocol` section 6).
    pub(crate) fn authorisation(&self, client_id: &str, state: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path("/oauth/authorize/");
        url.query_pairs_mut().append_pair("client_id", client_id).append_pair("state", state);
        url
    }

    /// The first label of the host name, or the whole host if it is a number.
    pub(crate) fn short_name(&self) -> String {
        match self.0.host() {
            Some(Host::Domain(name)) => name.split('.').next().unwrap_or(name).to_owned(),
            _ => self.host(),
        }
    }

    /// Whether the portal is on this machine, and so reaches handlers on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether a redirect is the portal's new address (`protocol` section 1).
    ///
    /// A rename goes from one https host to another, to the same REST method. A cloud portal stays in the cloud, and any
    /// other below its own domain: whether a stranger's host is the same portal, the token must not find out.
    pub(crate) fn renamed_to(&self, location: &str, method: &str) -> Rename {
        let Ok(target) = self.method(method).join(location) else { return Rename::No };
        let same_method = target.path().trim_end_matches(".json").trim_end_matches('/') == format!("/rest/{method}");
        let safe = target.scheme() == "https" && target.username().is_empty() && target.password().is_none();
        let Some(moved) = Self::from_url(&target).filter(|moved| same_method && safe && moved != self) else {
            return Rename::No;
        };
        let same_cloud = is_cloud(&self.0) && is_cloud(&target);
        if same_cloud || same_owner(&self.0, &target) { Rename::Trusted(moved) } else { Rename::Stranger(moved) }
    }
}

/// What a redirect means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rename {
    /// The portal's new address.
    Trusted(PortalAddress),
    /// It may be, but nothing shows that the host has the same owner.
    Stranger(PortalAddress),
    /// It does not lead to a portal.
    No,
}

impl fmt::Display for PortalAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// The top-level domains of the vendor's cloud, `NAME.bitrix24.TLD`. A list, because anyone can register the others.
const CLOUD_TLDS: [&str; 22] = [
    "com", "ru", "eu", "de", "es", "fr", "it", "pl", "ua", "by", "kz", "in", "cn", "vn", "id", "jp", "uk", "mx", "co",
    "net", "com.br", "com.tr",
];

/// Whether the host is in the vendor's cloud.
fn is_cloud(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let rest = host.split_once('.').and_then(|(_, domain)| domain.strip_prefix("bitrix24."));
    rest.is_some_and(|tld| CLOUD_TLDS.contains(&tld))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> PortalAddress {
        PortalAddress::parse(text).expect("an address")
    }

    #[test]
    fn hosts_urls_and_browser_addresses_are_read() {
        assert_eq!(address("acme.bitrix24.com").to_string(), "https://acme.bitrix24.com");
        assert_eq!(address("https://crm.example.com:8443/company/?x=1").host(), "crm.example.com:8443");
        assert_eq!(address("127.0.0.1:8024").to_string(), "http://127.0.0.1:8024");
        assert_eq!(
            PortalAddress::from_user("https://crm.example.com:8443/"),
            PortalAddress::parse("crm.example.com:8443")
        );
        assert_eq!(address("https://a.b/rest/").method("event.get").as_str(), "https://a.b/rest/event.get");
    }

    #[test]
    fn plain_http_webhooks_and_credentials_are_refused() {
        assert_eq!(
            PortalAddress::parse("http://acme.bitrix24.com"),
            Err(AddressError::PlainHttp("acme.bitrix24.com".into()))
        );
        let webhook = PortalAddress::parse("https://acme.bitrix24.com/rest/1/s3cr3tc0de/").expect_err("refused");
        assert!(!webhook.to_string().contains("s3cr3tc0de"), "{webhook}");
        assert_eq!(PortalAddress::parse("https://me:pw@a.b/"), Err(AddressError::Credentials));
        assert!(PortalAddress::parse("ftp://a.b").is_err());
        assert!(PortalAddress::parse("a b").is_err());
        assert!(PortalAddress::parse("").is_err());
    }

    fn trusted(rename: Rename) -> Option<String> {
        match rename {
            Rename::Trusted(address) => Some(address.host()),
            Rename::Stranger(_) | Rename::No => None,
        }
    }

    #[test]
    fn a_rename_is_followed_only_to_the_same_method_on_another_portal() {
        let old = address("old.bitrix24.com");
        let moved = |location| trusted(old.renamed_to(location, "event.get"));
        assert_eq!(moved("https://new.bitrix24.com/rest/event.get"), Some("new.bitrix24.com".into()));
        assert_eq!(moved("https://new.bitrix24.de/rest/event.get.json"), Some("new.bitrix24.de".into()));
        for stranger in [
            "http://new.bitrix24.com/rest/event.get",
            "https://evil.example.com/rest/event.get",
            "https://bitrix24.evil.example.com/rest/event.get",
            "https://evil.bitrix24.xyz/rest/event.get",
            "https://new.bitrix24.com/login",
            "https://new.bitrix24.com/rest/event.bind",
            "https://me@new.bitrix24.com/rest/event.get",
            "https://127.0.0.1/rest/event.get",
            "/rest/event.get",
            "::",
        ] {
            assert_eq!(moved(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn a_portal_outside_the_cloud_is_followed_within_its_own_domain() {
        let old = address("crm.example.com");
        let moved = |location: &str| old.renamed_to(location, "batch");
        assert_eq!(trusted(moved("https://b24.example.com/rest/batch")), Some("b24.example.com".into()));
        for stranger in ["crm2.example.org", "evil.com", "acme.bitrix24.com", "127.0.0.1", "10.0.0.1", "localhost."] {
            let expected = Rename::Stranger(address(&format!("https://{stranger}")));
            assert_eq!(moved(&format!("https://{stranger}/rest/batch")), expected, "{stranger}");
        }
        assert_eq!(moved("https://b24.example.com/login"), Rename::No);
    }
}
