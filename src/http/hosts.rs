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
        Some(Host::Ipv4(ip)) => is_own(ip.into()),
        Some(Host::Ipv6(ip)) => is_own(ip.into()),
        // Some systems look up names below `localhost` like any other name, so they can lead anywhere.
        Some(Host::Domain(name)) => name == "localhost" || name == "localhost.",
        None => false,
    }
}

/// A connection to the unspecified address reaches this machine, too.
fn is_own(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip.is_loopback() || ip.is_unspecified()
}

/// Whether an address is not reachable from the public internet.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => embedded_v4(ip).is_some_and(is_private_v4) || is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let carrier_nat = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (18..20).contains(&second);
    let protocol_assignment = (first, second, third) == (192, 0, 0);
    let former_relay = (first, second, third) == (192, 88, 99);
    let unroutable = first == 0 || first >= 224 || ip.is_documentation() || benchmark || former_relay;
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || carrier_nat || protocol_assignment || unroutable
}

/// The special-purpose blocks of IANA's registry that are not reachable from everywhere.
fn is_private_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, ..] = ip.segments();
    let local = ip.is_unique_local() || ip.is_unicast_link_local() || first & 0xffc0 == 0xfec0;
    let documentation = (first, second) == (0x2001, 0xdb8) || first == 0x3fff && second < 0x1000;
    let protocol_assignment = first == 0x2001 && second < 0x200;
    let local_translator = (first, second, third) == (0x64, 0xff9b, 1);
    let unroutable = first == 0x100 && ip.segments()[1..4] == [0; 3] || first == 0x5f00;
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_multicast()
        || local
        || documentation
        || protocol_assignment
        || local_translator
        || unroutable
}

/// The IPv4 address inside an IPv6 address of a translator (RFC 6052), of a 6to4 relay (RFC 3056), or in the old form
/// `::a.b.c.d`.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] | [0, 0, 0, 0, 0, 0, high, low] => {
            Some(joined(high, low))
        }
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
            "::ffff:100.64.0.1",
            "::10.0.0.1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00::1",
            "ff02::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "64:ff9b:1::808:808",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.19.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(is_private(ip.parse().expect(ip)), "{ip}");
        }
        for ip in ["8.8.8.8", "192.0.1.1", "2606:4700::1111", "100.128.0.1", "64:ff9b::808:808", "2001:4860:4860::8888"]
        {
            assert!(!is_private(ip.parse().expect(ip)), "{ip}");
        }
    }

    #[test]
    fn every_spelling_of_this_machine_is_loopback() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "017700000001",
            "2130706433",
            "127.0.0.1.",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_loopback(&Url::parse(&format!("http://{host}:80/")).expect(host)), "{host}");
        }
        for host in ["localhost.example.com", "a.localhost", "localhost..", "128.0.0.1", "[::ffff:8.8.8.8]"] {
            assert!(Url::parse(&format!("http://{host}/")).is_ok_and(|url| !is_loopback(&url)), "{host}");
        }
    }
}
