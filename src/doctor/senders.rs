//! The addresses that portals call from (`portal-protocol` section 4), and firewall rules made of them. Those in the cloud
//! and those on their owner's machines alike: events go through the vendor's servers (its course for administrators says so
//! of self-hosted portals, and names the same list).

use std::net::IpAddr;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::{Check, Verdict};
use crate::http::client::Http;
use crate::http::transport::RequestError;

/// More addresses than this are no list of servers.
const MAX_SENDERS: usize = 10_000;

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum SendersError {
    /// It could not be fetched.
    #[error("{0}")]
    Fetch(#[from] RequestError),
    /// It was fetched, and is no list.
    #[error("{0} is no list of addresses: {1}")]
    NotAList(String, &'static str),
}

/// For which firewall rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Firewall {
    /// `allow` and `deny` lines to include in a location.
    Nginx,
    /// For `iptables-restore --noflush`; IPv4 only.
    Iptables,
    /// A list for other programs.
    Json,
}

/// Fetches the list. Rules are made of it, so that every entry has to be an address.
///
/// # Errors
/// [`SendersError`] when it cannot be fetched, is empty, or holds anything but addresses.
pub(crate) async fn fetch(list: &Url, http: &Http) -> Result<Vec<IpAddr>, SendersError> {
    let answer = http.fetch(Method::GET, list.clone()).await?;
    let not_a_list = |why| SendersError::NotAList(list.host_str().unwrap_or_default().to_owned(), why);
    if answer.status != 200 {
        return Err(not_a_list("its status is not 200"));
    }
    let document: Value = serde_json::from_slice(&answer.body).map_err(|_| not_a_list("it is not JSON"))?;
    let nodes = document.get("nodes").and_then(Value::as_array).ok_or_else(|| not_a_list("it has no nodes"))?;
    if nodes.is_empty() || nodes.len() > MAX_SENDERS {
        return Err(not_a_list("its length cannot be right"));
    }
    let address = |node: &Value| node.as_str()?.trim().parse().ok();
    let mut senders = nodes.iter().map(address).collect::<Option<Vec<IpAddr>>>();
    if let Some(senders) = &mut senders {
        senders.sort_unstable();
        senders.dedup();
    }
    senders.ok_or_else(|| not_a_list("it holds something that is no address"))
}

/// What came of the list, as a check.
#[must_use]
pub fn check(senders: &Result<Vec<IpAddr>, SendersError>) -> Check {
    let check = |evidence: String| Check::ok(ID, TITLE, evidence);
    match senders {
        Ok(senders) => check(format!(
            "{} addresses; imconn doctor --firewall nginx prints them as rules, and they change: fetch them every 5 to \
             10 minutes",
            senders.len()
        )),
        Err(error) => check(error.to_string())
            .but(Verdict::Warn, "if a firewall stands before the handler, fetch the list from a machine that can"),
    }
}

/// The list was not fetched.
#[must_use]
pub fn skipped(reason: &str) -> Check {
    Check::skipped(ID, TITLE, reason)
}

const ID: &str = "senders";
const TITLE: &str = "Senders' addresses";

/// The list as rules that let senders through and nobody else; `None` when there would be nobody to let through.
#[must_use]
pub fn rules(senders: &[IpAddr], firewall: Firewall) -> Option<String> {
    let is_for = |sender: &IpAddr| firewall != Firewall::Iptables || sender.is_ipv4();
    if !senders.iter().any(is_for) {
        return None;
    }
    Some(match firewall {
        Firewall::Nginx => {
            let allow: String = senders.iter().map(|sender| format!("allow {sender};\n")).collect();
            format!("# Senders of Bitrix24 events; include this where the handler is.\n{allow}deny all;\n")
        }
        Firewall::Iptables => iptables(senders),
        Firewall::Json => format!("{:#}\n", json!({"senders": senders})),
    })
}

/// A chain of its own, which `--noflush` replaces as a whole and without a moment in between.
fn iptables(senders: &[IpAddr]) -> String {
    let v4: Vec<&IpAddr> = senders.iter().filter(|sender| sender.is_ipv4()).collect();
    let left_out = match senders.len() - v4.len() {
        0 => String::new(),
        count => format!("# {count} IPv6 addresses are left out.\n"),
    };
    let accept: String = v4.iter().map(|sender| format!("-A BITRIX24 -s {sender}/32 -j ACCEPT\n")).collect();
    format!(
        "# Senders of Bitrix24 events, for iptables-restore --noflush. Nobody else gets through this chain: lead only the\n\
         # traffic of a machine or port into it that serves nothing but the handler, once, with\n\
         #   iptables -I INPUT -p tcp --dport PORT -j BITRIX24\n{left_out}*filter\n:BITRIX24 - [0:0]\n{accept}\
         -A BITRIX24 -j DROP\nCOMMIT\n"
    )
}

#[cfg(test)]
mod tests {
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
        assert!(iptables.contains("# 1 IPv6 addresses are left out") && !iptables.contains("-s 2a02"), "{iptables}");
        let json: Value = serde_json::from_str(&rules(&senders, Firewall::Json)).expect("JSON");
        assert_eq!(json, json!({"senders": ["3.217.33.54", "2a02::1"]}));
    }

    #[test]
    fn a_list_without_anybody_makes_no_rules() {
        let v6 = ["2a02::1".parse().expect("an address")];
        assert_eq!(rules(&v6, Firewall::Iptables), None);
        assert_eq!(rules(&[], Firewall::Nginx), None);
    }
}
