//! Where a handler is, and whether it may be called.

use std::net::{IpAddr, SocketAddr};

use super::{ADDRESS, Check, DNS, Probe, Subject};
use crate::bindings::HandlerUrl;
use crate::doctor::endpoint::{Lookup, list};
use crate::http::hosts::is_private;

const PUBLIC_ADDRESS: &str = "bind a URL that the portal can reach from the internet, such as a tunnel's";
const INSIDE: &str = "a handler in a private network is called only if it is given with --handler";
const BEHIND_PROXY: &str = "cannot resolve the host behind the proxy; pass --handler URL to call it anyway";

/// What is known of a handler before it is called.
pub(super) struct Place {
    pub(super) checks: Vec<Check>,
    /// Where to call it, `None` for wherever the proxy finds it; or why it must not be called.
    pub(super) addresses: Result<Option<Vec<SocketAddr>>, &'static str>,
}

impl Probe {
    /// An address from a portal must not lead into this network, whatever its name says, nor through a proxy to an unknown
    /// place.
    pub(super) fn place(&self, subject: &Subject, handler: &HandlerUrl, lookup: &Lookup) -> Place {
        let dns = self.dns(subject, handler, lookup);
        Place { checks: vec![self.address(handler), dns], addresses: self.permitted(subject, lookup) }
    }

    fn address(&self, handler: &HandlerUrl) -> Check {
        match handler.private_host() {
            Some(host) if self.portal_is_local => {
                ADDRESS.ok(format!("{host}, reachable from a portal on this machine"))
            }
            Some(host) => {
                ADDRESS.ok(format!("{host} is in a private network: the portal cannot reach it")).fail(PUBLIC_ADDRESS)
            }
            None => ADDRESS.ok(handler.host()),
        }
    }

    fn dns(&self, subject: &Subject, handler: &HandlerUrl, lookup: &Lookup) -> Check {
        let addresses = lookup.addresses();
        let is_inside = addresses.iter().any(|address| is_private(address.ip()));
        match lookup {
            Lookup::ByProxy(_) if addresses.is_empty() => {
                DNS.skipped("this machine cannot resolve it and leaves that to the proxy")
            }
            Lookup::Found(_) if addresses.is_empty() => {
                let host = handler.host();
                let repair = format!("correct the DNS record of {host}");
                DNS.ok(format!("{host} does not resolve")).fail(self.removal_or(repair, subject))
            }
            _ if is_inside && !self.portal_is_local => DNS.ok(list(addresses)).fail(PUBLIC_ADDRESS),
            _ => DNS.ok(list(addresses)),
        }
    }

    fn permitted(&self, subject: &Subject, lookup: &Lookup) -> Result<Option<Vec<SocketAddr>>, &'static str> {
        let addresses = lookup.addresses();
        if !addresses.iter().all(|address| self.may_call(subject, address.ip())) {
            return Err(INSIDE);
        }
        match lookup {
            Lookup::Found(_) if addresses.is_empty() => Err("the handler's host does not resolve"),
            Lookup::Found(_) => Ok(Some(addresses.to_vec())),
            Lookup::ByProxy(_) if addresses.is_empty() && !subject.given => Err(BEHIND_PROXY),
            Lookup::ByProxy(_) => Ok(None),
        }
    }

    /// A portal on this machine may have this machine called, and nothing else of its network.
    fn may_call(&self, subject: &Subject, ip: IpAddr) -> bool {
        subject.given || !is_private(ip) || self.portal_is_local && ip.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::delivery::sample::{MemberId, Sender};
    use crate::doctor::Verdict;
    use crate::http::client::HttpOptions;

    const HANDLER: &str = "https://bot.example.com/b24";

    /// For a portal on the internet.
    fn probe() -> Probe {
        Probe {
            options: HttpOptions { timeout: std::time::Duration::from_secs(1), ca_cert: None, pinned: None },
            application_token: None,
            sender: Sender {
                domain: "acme.bitrix24.com".into(),
                client_endpoint: "https://acme.bitrix24.com/rest/".into(),
                server_endpoint: "https://oauth.bitrix.info/rest/".into(),
                member_id: MemberId::Known("m".into()),
                scope: String::new(),
                status: "L".into(),
                user_id: 1,
            },
            portal_is_local: false,
            command: "imconn".to_owned(),
        }
    }

    fn place(given: bool, lookup: &Lookup) -> Place {
        let handler = HandlerUrl::parse(HANDLER).expect("a handler");
        let subject = Subject { url: HANDLER.to_owned(), given, bound: true, configured: false };
        probe().place(&subject, &handler, lookup)
    }

    fn at(address: &str) -> Vec<SocketAddr> {
        vec![address.parse().expect("an address")]
    }

    #[test]
    fn a_public_name_of_a_private_address_fails_and_is_called_only_if_given() {
        let inside = at("10.0.0.1:443");
        for lookup in [Lookup::Found(inside.clone()), Lookup::ByProxy(inside.clone())] {
            let place = place(false, &lookup);
            assert!(place.addresses.is_err(), "{lookup:?}");
            assert_eq!(place.checks[1].id, "handler.dns");
            assert_eq!(place.checks[1].verdict, Verdict::Fail);
        }
        assert_eq!(place(true, &Lookup::Found(inside.clone())).addresses, Ok(Some(inside)));
    }

    #[test]
    fn the_addresses_of_the_lookup_are_called() {
        let outside = at("3.217.33.54:443");
        assert_eq!(place(false, &Lookup::Found(outside.clone())).addresses, Ok(Some(outside.clone())));
        let url = Url::parse(HANDLER).expect("a URL");
        let pinned = probe().pinned(&url, Some(outside.clone())).pinned;
        assert_eq!(pinned, Some(("bot.example.com".to_owned(), outside)));
    }

    #[test]
    fn a_handler_behind_a_proxy_is_called_where_the_proxy_finds_it() {
        let outside = Lookup::ByProxy(at("3.217.33.54:443"));
        assert_eq!(place(false, &outside).addresses, Ok(None));
        let unknown = Lookup::ByProxy(Vec::new());
        assert_eq!(place(false, &unknown).addresses, Err(BEHIND_PROXY));
        assert_eq!(place(true, &unknown).addresses, Ok(None));
    }

    #[test]
    fn a_handler_that_does_not_resolve_is_removed_only_if_it_may_be_obsolete() {
        let fix = |place: Place| place.checks[1].fix.clone().expect("a fix");
        let nowhere = Lookup::Found(Vec::new());
        assert!(fix(place(false, &nowhere)).ends_with("`imconn unbind --all --handler=https://bot.example.com/b24`"));
        assert_eq!(fix(place(true, &nowhere)), "correct the DNS record of bot.example.com");
    }
}
