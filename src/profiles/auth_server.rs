//! Which auth server renews tokens (`protocol` section 6). The client secret and the refresh token go to it, so it is one
//! of the vendor's two or one that the user has configured; of a portal on this machine, one on this machine.

use url::Url;

use super::snapshot::{NamedPortal, TokenLocation};
use crate::error::Error;
use crate::http::hosts::is_loopback;
use crate::portal::address::PortalAddress;
use crate::settings::{Chosen, EASTERN_OAUTH_SERVER, OAUTH_SERVER, Settings, Source, oauth_server};

/// Top-level domains of the countries whose portals are in the vendor's eastern cloud.
const EASTERN_COUNTRIES: [&str; 3] = ["ru", "by", "kz"];

/// As the environment says, else as at the login, else the vendor's for the portal's country. `None` for a portal on this
/// machine about which nothing is known: its secrets must not go to the vendor.
pub(crate) fn auth_server(
    settings: &Settings,
    profile: Option<&NamedPortal>,
    address: &PortalAddress,
) -> Result<Option<Chosen<Url>>, Error> {
    if let Some(server) = &settings.oauth_server {
        let source = Source::Environment("IMCONN_OAUTH_SERVER");
        return Ok(Some(Chosen { value: server.clone(), source }));
    }
    if let Some(NamedPortal { name, tokens: TokenLocation::Stored(stored), .. }) = profile
        && let Some(server) = &stored.oauth_server
    {
        let value = oauth_server(&format!("oauth_server of the profile `{name}`"), server)?;
        return Ok(Some(Chosen { value, source: Source::Profile(name.clone()) }));
    }
    Ok(default_auth_server(address).map(|value| Chosen { value, source: Source::Default }))
}

/// The vendor's for the portal's country; `None` for a portal on this machine.
pub(crate) fn default_auth_server(address: &PortalAddress) -> Option<Url> {
    if address.is_loopback() {
        return None;
    }
    let is_eastern = address.top_level_domain().is_some_and(|domain| EASTERN_COUNTRIES.contains(&domain));
    Url::parse(if is_eastern { EASTERN_OAUTH_SERVER } else { OAUTH_SERVER }).ok()
}

/// The auth server that tokens or a portal's answer name, by a URL or a host, if it may have the secrets of this portal.
/// Texts from a network name any server.
pub(crate) fn trusted_auth_server(text: &str, address: &PortalAddress) -> Option<Url> {
    let text = if text.contains("://") { text.to_owned() } else { format!("{}://{text}", address.scheme()) };
    let named = Url::parse(&text).ok()?;
    if address.is_loopback() {
        let is_plain = ["http", "https"].contains(&named.scheme()) && named.username().is_empty();
        return (is_plain && is_loopback(&named)).then(|| root_of(named));
    }
    let vendors = [OAUTH_SERVER, EASTERN_OAUTH_SERVER].into_iter().filter_map(|server| Url::parse(server).ok());
    vendors.into_iter().find(|vendor| vendor.host() == named.host())
}

/// Whether it is one of the vendor's two.
pub(crate) fn is_vendors(server: &Url) -> bool {
    [OAUTH_SERVER, EASTERN_OAUTH_SERVER].contains(&server.as_str().trim_end_matches('/'))
}

fn root_of(mut url: Url) -> Url {
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(text: &str, portal: &str) -> Option<String> {
        let address = PortalAddress::parse(portal).expect(portal);
        trusted_auth_server(text, &address).map(|server| server.to_string())
    }

    #[test]
    fn the_country_decides_where_nothing_else_does() {
        for (portal, server) in [
            ("acme.bitrix24.ru", Some(EASTERN_OAUTH_SERVER)),
            ("crm.example.kz:8443", Some(EASTERN_OAUTH_SERVER)),
            ("acme.bitrix24.by", Some(EASTERN_OAUTH_SERVER)),
            ("acme.bitrix24.com", Some(OAUTH_SERVER)),
            ("ru.bitrix24.de", Some(OAUTH_SERVER)),
            ("10.0.0.1", Some(OAUTH_SERVER)),
            ("http://127.0.0.1:8024", None),
        ] {
            let chosen = default_auth_server(&PortalAddress::parse(portal).expect(portal));
            assert_eq!(chosen, server.map(|server| Url::parse(server).expect(server)), "{portal}");
        }
    }

    #[test]
    fn only_the_vendors_servers_are_taken_from_tokens() {
        let east = Some(format!("{EASTERN_OAUTH_SERVER}/"));
        for text in ["https://oauth.bitrix24.tech/rest/", "http://oauth.bitrix24.tech/rest/", "oauth.bitrix24.tech"] {
            assert_eq!(trusted(text, "acme.bitrix24.com"), east, "{text}");
        }
        for text in [
            "https://oauth.bitrix24.tech.evil.example/rest/",
            "https://oauth.bitrix24.tech@evil.example/",
            "https://evil.example/oauth.bitrix24.tech",
            "http://127.0.0.1:8024/rest/",
            "acme.bitrix24.com",
            "",
        ] {
            assert_eq!(trusted(text, "acme.bitrix24.com"), None, "{text}");
        }
    }

    #[test]
    fn a_portal_on_this_machine_has_its_auth_server_there() {
        let here = Some("http://127.0.0.1:8024/".to_owned());
        for text in ["http://127.0.0.1:8024/rest/?x#y", "127.0.0.1:8024"] {
            assert_eq!(trusted(text, "http://127.0.0.1:1"), here, "{text}");
        }
        for text in ["https://oauth.bitrix.info", "https://evil.example/", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"]
        {
            assert_eq!(trusted(text, "http://127.0.0.1:1"), None, "{text}");
        }
    }
}
