//! Which host names belong to one owner, without the list of public suffixes: it is larger than this program's own code.

use url::{Host, Url};

/// Second-level names under which country registries sell to anyone: `example.co.uk`, `example.com.br`.
const SHARED_BELOW_COUNTRY: [&str; 26] = [
    "ac", "co", "com", "edu", "firm", "go", "gob", "gouv", "gov", "gv", "id", "in", "info", "kiev", "ltd", "me", "mil",
    "msk", "ne", "net", "nom", "or", "org", "plc", "pp", "spb",
];

/// Domains whose subdomains belong to their customers: dynamic DNS, tunnels and hosting.
const SHARED_DOMAINS: [&str; 30] = [
    "amazonaws.com",
    "azurewebsites.net",
    "cloudfront.net",
    "ddns.net",
    "duckdns.org",
    "dyndns.org",
    "eu.com",
    "firebaseapp.com",
    "fly.dev",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "hopto.org",
    "loca.lt",
    "netlify.app",
    "ngrok-free.app",
    "ngrok.app",
    "ngrok.io",
    "no-ip.org",
    "onrender.com",
    "pages.dev",
    "ru.com",
    "run.app",
    "sytes.net",
    "trycloudflare.com",
    "uk.com",
    "us.com",
    "vercel.app",
    "web.app",
    "workers.dev",
];

/// Whether two URLs lead to one host, or to hosts below one domain that has an owner. An IP address has no
/// domain.
pub(crate) fn same_owner(one: &Url, other: &Url) -> bool {
    match (one.host(), other.host()) {
        (Some(Host::Domain(one)), Some(Host::Domain(other))) => {
            let (one, other) = (one.trim_end_matches('.'), other.trim_end_matches('.'));
            one == other || is_registered(&common_domain(one, other))
        }
        (one, other) => one.is_some() && one == other,
    }
}

/// The labels that both names end with.
fn common_domain<'a>(one: &'a str, other: &str) -> Vec<&'a str> {
    let equal = one.rsplit('.').zip(other.rsplit('.')).take_while(|(one, other)| one == other);
    let mut labels: Vec<&str> = equal.map(|(label, _)| label).collect();
    labels.reverse();
    labels
}

/// Whether a domain has one owner, and is not one below which anyone can have a name.
fn is_registered(labels: &[&str]) -> bool {
    match labels {
        [] | [_] => false,
        [second, country] if country.len() == 2 && SHARED_BELOW_COUNTRY.contains(second) => false,
        labels => !SHARED_DOMAINS.contains(&labels.join(".").as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let url = |host: &str| Url::parse(&format!("https://{host}/")).expect(host);
        same_owner(&url(one), &url(other)) && same_owner(&url(other), &url(one))
    }

    #[test]
    fn hosts_below_a_registered_domain_have_one_owner() {
        for (one, other) in [
            ("crm.example.com", "crm2.example.com"),
            ("crm.example.com", "b24.it.example.com"),
            ("example.com", "crm.example.com"),
            ("crm.example.co.uk", "b24.example.co.uk"),
            ("crm.example.com", "CRM.example.com."),
            ("crm.example.com:8443", "crm.example.com"),
            ("10.0.0.1:8443", "10.0.0.1"),
            ("crm.github.com", "b24.github.com"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn public_suffixes_addresses_and_look_alikes_do_not_join_hosts() {
        for (one, other) in [
            ("crm.example.com", "crm.example.org"),
            ("example.com", "evil.com"),
            ("crm.example.com", "crm.badexample.com"),
            ("example.co.uk", "evil.co.uk"),
            ("acme.com.br", "evil.com.br"),
            ("acme.duckdns.org", "evil.duckdns.org"),
            ("acme.ngrok-free.app", "evil.ngrok-free.app"),
            ("10.0.0.1", "10.0.0.2"),
            ("127.0.0.1", "localhost"),
            ("crm", "b24"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
