//! The addresses that events come from (`protocol` section 4), and firewall rules made of them. They are the same
//! for portals in the cloud and self-hosted ones: events go through the vendor's servers (its course for administrators
//! says so of self-hosted portals, and names the same list).

use std::net::IpAddr;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Check, CheckKind};
use crate::http::client::Http;
use crate::http::transport::RequestError;

/// A list with more addresses is not a list of servers.
const MAX_SENDERS: usize = 10_000;

const SENDERS: CheckKind = CheckKind::new("senders", "Senders' addresses");

/// Why the list is not available.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendersError {
    #[error("{0}")]
    Fetch(#[from] RequestError),
    #[error("{0} did not return a list of addresses: {1}")]
    NotAList(String, &'static str),
}

/// Which firewall the rules are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Firewall {
    /// `allow` and `deny` lines to include in a location.
    Nginx,
    /// For `iptables-restore --noflush`; IPv4 only.
    Iptables,
    /// A list for other programs.
    Json,
}

/// The vendor's document.
#[derive(Deserialize)]
struct Published {
    nodes: Vec<String>,
}

/// Fetches the list. Rules are made of it, so that every entry has to be an address.
pub(crate) async fn fetch(list: &Url, http: &Http) -> Result<Vec<IpAddr>, SendersError> {
    let answer = http.fetch(Method::GET, list.clone()).await?;
    let parsed = if answer.status == 200 { parse(&answer.body) } else { Err("its status is not 200") };
    parsed.map_err(|why| SendersError::NotAList(list.host_str().unwrap_or_default().to_owned(), why))
}

/// Sorted, without duplicates.
fn parse(body: &[u8]) -> Result<Vec<IpAddr>, &'static str> {
    let Published { nodes } = serde_json::from_slice(body).map_err(|_| "it is not JSON with a list of `nodes`")?;
    if nodes.is_empty() || nodes.len() > MAX_SENDERS {
        return Err("its length is implausible");
    }
    let senders: Result<Vec<IpAddr>, _> = nodes.iter().map(|node| node.trim().parse()).collect();
    let mut senders = senders.map_err(|_| "an entry is not an IP address")?;
    senders.sort_unstable();
    senders.dedup();
    Ok(senders)
}

pub(crate) fn check(senders: &Result<Vec<IpAddr>, SendersError>) -> Check {
    match senders {
        Ok(senders) => SENDERS.ok(format!(
            "{} addresses, which change: fetch them every 5 to 10 minutes with `imconn doctor --firewall json`",
            senders.len()
        )),
        Err(error) => SENDERS
            .ok(error.to_string())
            .warn("if the handler is behind a firewall, fetch the list from a machine that can reach it"),
    }
}

/// The list was not fetched.
pub(crate) fn skipped(reason: &str) -> Check {
    SENDERS.skipped(reason)
}

/// Rules that let only the senders through; `None` if none would get through.
pub(crate) fn rules(senders: &[IpAddr], firewall: Firewall) -> Option<String> {
    match firewall {
        Firewall::Nginx => (!senders.is_empty()).then(|| nginx(senders)),
        Firewall::Iptables => senders.iter().any(IpAddr::is_ipv4).then(|| iptables(senders)),
        Firewall::Json => json(senders),
    }
}

fn nginx(senders: &[IpAddr]) -> String {
    let allow: String = senders.iter().map(|sender| format!("allow {sender};\n")).collect();
    format!("# Senders of Bitrix24 events; include this in the handler's location.\n{allow}deny all;\n")
}

/// A chain of its own, which `--noflush` replaces as a whole, without a moment in between.
fn iptables(senders: &[IpAddr]) -> String {
    let v4: Vec<&IpAddr> = senders.iter().filter(|sender| sender.is_ipv4()).collect();
    let omitted = match senders.len() - v4.len() {
        0 => String::new(),
        1 => "# 1 IPv6 address is omitted.\n".to_owned(),
        count => format!("# {count} IPv6 addresses are omitted.\n"),
    };
    let accept: String = v4.iter().map(|sender| format!("-A BITRIX24 -s {sender}/32 -j ACCEPT\n")).collect();
    format!(
        "# Senders of Bitrix24 events, for iptables-restore --noflush. The chain drops everything else, so use it only for\n\
         # a machine or port that serves nothing but the handler. Enable it once with\n\
         #   iptables -I INPUT -p tcp --dport PORT -j BITRIX24\n{omitted}*filter\n:BITRIX24 - [0:0]\n{accept}\
         -A BITRIX24 -j DROP\nCOMMIT\n"
    )
}

fn json(senders: &[IpAddr]) -> Option<String> {
    #[derive(Serialize)]
    struct Document<'a> {
        senders: &'a [IpAddr],
    }
    if senders.is_empty() {
        return None;
    }
    serde_json::to_string_pretty(&Document { senders }).ok().map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_firewall_gets_its_own_rules() {
        let senders: Vec<IpAddr> =
            ["3.217.33.54", "2a02::1"].iter().map(|text| text.parse().expect("an address")).collect();
        let rules = |senders: &[IpAddr], firewall| rules(senders, firewall).expect("rules");
        let nginx = rules(&senders, Firewall::Nginx);
        assert!(nginx.contains("allow 3.217.33.54;\nallow 2a02::1;\ndeny all;\n"), "{nginx}");
        let iptables = rules(&senders, Firewall::Iptables);
        assert!(iptables.contains("-A BITRIX24 -s 3.217.33.54/32 -j ACCEPT\n-A BITRIX24 -j DROP\nCOMMIT\n"));
        assert!(iptables.contains("# 1 IPv6 address is omitted") && !iptables.contains("-s 2a02"), "{iptables}");
        let json: Value = serde_json::from_str(&rules(&senders, Firewall::Json)).expect("JSON");
        assert_eq!(json, json!({"senders": ["3.217.33.54", "2a02::1"]}));
    }

    #[test]
    fn rules_that_would_block_everything_are_not_made() {
        let v6 = ["2a02::1".parse().expect("an address")];
        assert_eq!(rules(&v6, Firewall::Iptables), None);
        assert_eq!(rules(&[], Firewall::Nginx), None);
    }
}
