//! Kinds of hosts: this machine, private networks, the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Host, with the port unless it is the scheme's default, for messages.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether a URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).to_canonical().is_loopback(),
        // Some systems look up names below `localhost` like any other name, so they can lead anywhere.
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether an address is not reachable from the public internet.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => embedded_v4(ip).is_some_and(is_private_v4) || is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let carrier_nat = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (18..20).contains(&second);
    let unroutable = first == 0 || first >= 224 || ip.is_documentation() || benchmark;
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || carrier_nat || unroutable
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let documentation = ip.segments()[0] == 0x2001 && ip.segments()[1] == 0xdb8;
    let local = ip.is_unique_local() || ip.is_unicast_link_local();
    ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() || local || documentation
}

/// The IPv4 address inside an IPv6 address of a translator (RFC 6052) or a 6to4 relay (RFC 3056).
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, .., high, low] = ip.segments();
    match (first, second) {
        (0x64, 0xff9b) => Some(joined(high, low)),
        (0x2002, _) => Some(joined(second, third)),
        _ => None,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_include_those_embedded_in_ipv6() {
        for ip in [
            "::1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "::",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(is_private(ip.parse().expect(ip)), "{ip}");
        }
        for ip in ["8.8.8.8", "2606:4700::1111", "100.128.0.1"] {
            assert!(!is_private(ip.parse().expect(ip)), "{ip}");
        }
    }
}
