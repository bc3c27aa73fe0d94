//! Names, certificates and answers of a server, whoever's it is.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use url::{Host, Url};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Check, Verdict};

/// How long a name may take to be looked up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Days before the end of a certificate that are worth a warning.
const SOON: i64 = 14;
/// How many addresses are shown.
const SHOWN: usize = 4;

/// Where a name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// To these addresses.
    Found(Vec<SocketAddr>),
    /// Nowhere.
    Nowhere,
    /// It was not looked up: a proxy does that.
    ByProxy,
}

/// Looks the host of a URL up, unless a proxy of the environment is responsible for it.
pub async fn look_up(url: &Url) -> Lookup {
    let port = url.port_or_known_default().unwrap_or(443);
    let (host, ip): (String, Option<IpAddr>) = match url.host() {
        Some(Host::Ipv4(ip)) => (ip.to_string(), Some(ip.into())),
        Some(Host::Ipv6(ip)) => (ip.to_string(), Some(ip.into())),
        Some(Host::Domain(name)) => (name.to_owned(), None),
        None => return Lookup::Nowhere,
    };
    if let Some(ip) = ip {
        return Lookup::Found(vec![SocketAddr::new(ip, port)]);
    }
    if is_proxied(url) {
        return Lookup::ByProxy;
    }
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
    match found.map(|found| found.map(Iterator::collect::<Vec<_>>)) {
        Ok(Ok(addresses)) if !addresses.is_empty() => Lookup::Found(addresses),
        _ => Lookup::Nowhere,
    }
}

fn is_proxied(url: &Url) -> bool {
    url.as_str().parse().is_ok_and(|uri| Matcher::from_env().intercept(&uri).is_some())
}

/// Addresses, as evidence.
#[must_use]
pub fn list(addresses: &[SocketAddr]) -> String {
    let mut shown: Vec<String> = addresses.iter().take(SHOWN).map(|address| address.ip().to_string()).collect();
    if addresses.len() > SHOWN {
        shown.push(format!("and {} more", addresses.len() - SHOWN));
    }
    shown.join(", ")
}

/// What a certificate that was accepted says of its end.
#[must_use]
pub fn certificate_check(check: Check, certificate: Option<&[u8]>) -> Check {
    let days = certificate.and_then(days_left);
    let Some(days) = days else { return Check { evidence: "its certificate is accepted".into(), ..check } };
    let check = Check { evidence: format!("its certificate is accepted, and good for {days} days"), ..check };
    if days < SOON { check.but(Verdict::Warn, "renew the certificate before it ends") } else { check }
}

/// Whole days until a certificate (DER) ends.
fn days_left(certificate: &[u8]) -> Option<i64> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
    let left = i64::try_from(end).ok()? - Timestamp::now().as_second();
    Some(left.div_euclid(24 * 3600))
}
