//! Names and certificates of servers: portals and handlers.

use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use url::{Host, Url};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::{Check, plural};
use crate::http::hosts::is_loopback;

/// Longest time for a lookup.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);
/// Days before the end of a certificate that are worth a warning.
const SOON: i64 = 14;
/// How many addresses are shown.
const SHOWN: usize = 4;

/// The addresses of a name, as far as this machine can tell: none if it does not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lookup {
    Found(Vec<SocketAddr>),
    /// A proxy of the environment is responsible for the name, and resolves it again.
    ByProxy(Vec<SocketAddr>),
}

impl Lookup {
    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        match self {
            Self::Found(addresses) | Self::ByProxy(addresses) => addresses,
        }
    }
}

pub(crate) async fn look_up(url: &Url) -> Lookup {
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = match url.host() {
        Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
        Some(Host::Domain(name)) => resolve(name, port).await,
        None => Vec::new(),
    };
    if is_proxied(url) { Lookup::ByProxy(addresses) } else { Lookup::Found(addresses) }
}

async fn resolve(name: &str, port: u16) -> Vec<SocketAddr> {
    match tokio::time::timeout(LOOKUP_TIMEOUT, tokio::net::lookup_host((name, port))).await {
        Ok(Ok(addresses)) => addresses.collect(),
        _ => Vec::new(),
    }
}

fn is_proxied(url: &Url) -> bool {
    // A proxy cannot reach this machine's loopback addresses, and is not asked for them.
    !is_loopback(url) && url.as_str().parse().is_ok_and(|uri| Matcher::from_env().intercept(&uri).is_some())
}

/// Addresses, as evidence.
pub(crate) fn list(addresses: &[SocketAddr]) -> String {
    let mut shown: Vec<String> = addresses.iter().take(SHOWN).map(|address| address.ip().to_string()).collect();
    if addresses.len() > SHOWN {
        shown.push(format!("{} more", addresses.len() - SHOWN));
    }
    shown.join(", ")
}

/// Fills in a check with the end of a certificate that was accepted.
pub(crate) fn certificate_check(check: Check, certificate: Option<&[u8]>) -> Check {
    let Some(days) = certificate.and_then(days_left) else { return Check { evidence: "valid".into(), ..check } };
    let check = Check { evidence: format!("valid, expires in {}", plural(days, "day")), ..check };
    if days < SOON { check.warn("renew the certificate") } else { check }
}

/// Whole days until a certificate (DER) expires.
fn days_left(certificate: &[u8]) -> Option<i64> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
    let left = i64::try_from(end).ok()? - Timestamp::now().as_second();
    Some(left.div_euclid(24 * 3600))
}
