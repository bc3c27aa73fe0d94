//! Names, certificates and answers of a server, whoever's it is.

use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use url::{Host, Url};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Check, Verdict};
use crate::http::hosts::is_loopback;

/// How long a name may take to be looked up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Days before the end of a certificate that are worth a warning.
const SOON: i64 = 14;
/// How many addresses are shown.
const SHOWN: usize = 4;

/// Where a name leads, as far as this machine can tell; nowhere when there are no addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// To these addresses.
    Found(Vec<SocketAddr>),
    /// A proxy of the environment is responsible for it, and looks it up again.
    ByProxy(Vec<SocketAddr>),
}

/// Looks the host of a URL up.
pub async fn look_up(url: &Url) -> Lookup {
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Domain(name)) => {
            let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, port))).await;
            found.ok().and_then(Result::ok).map(Iterator::collect).unwrap_or_default()
        }
        None => Vec::new(),
    };
    if is_proxied(url) { Lookup::ByProxy(addresses) } else { Lookup::Found(addresses) }
}

fn is_proxied(url: &Url) -> bool {
    // A proxy cannot reach this machine's loopback addresses, and is not asked for them.
    !is_loopback(url) && url.as_str().parse().is_ok_and(|uri| Matcher::from_env().intercept(&uri).is_some())
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
