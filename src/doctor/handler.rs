//! Whether a handler can be called, how it answers, and whether it checks who calls.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use url::Url;

use super::endpoint::{Lookup, certificate_check, list, look_up};
use super::{Check, Verdict};
use crate::bindings::HandlerUrl;
use crate::http::client::{Http, HttpOptions, RawAnswer};
use crate::http::hosts::{is_loopback, is_private};
use crate::http::transport::{RequestError, TlsFault, TransportError};
use crate::redact::{Secret, mask_urls, shell_quoted};
use crate::wire::delivery::{Auth, Delivery};
use crate::wire::excerpt::printable;

/// A handler slower than this makes the portal slow down (`portal-protocol` section 4).
const SLOW: Duration = Duration::from_secs(1);

/// What all handlers of a portal are looked at with.
#[derive(Debug, Clone)]
pub struct Probe {
    /// How to call them.
    pub options: HttpOptions,
    /// What the portal would show them; `None` where it is not known.
    pub application_token: Option<Secret>,
    /// The portal's host, as an event names it.
    pub portal: String,
    /// Whether the portal is on this machine, and reaches what this machine reaches.
    pub portal_is_local: bool,
    /// How imconn has to be called for this portal.
    pub command: String,
}

/// One handler to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its URL, as it is bound or was typed.
    pub url: String,
    /// Whether the user named it.
    pub named: bool,
    /// Whether an event is bound to it.
    pub bound: bool,
}

const ADDRESS: (&str, &str) = ("handler.address", "Address can be reached");
const DNS: (&str, &str) = ("handler.dns", "Host resolves");
const TLS: (&str, &str) = ("handler.tls", "Certificate");
const ANSWER: (&str, &str) = ("handler.answer", "Takes events");
const TOKEN: (&str, &str) = ("handler.token", "Checks who calls");

impl Probe {
    /// Every check of a handler, in order. It gets one or two test events.
    pub async fn examine(self: Arc<Self>, subject: Subject) -> Vec<Check> {
        let mut checks = self.look(&subject).await;
        for check in &mut checks {
            check.handler = Some(mask_urls(&subject.url));
        }
        checks
    }

    async fn look(&self, subject: &Subject) -> Vec<Check> {
        let mut checks = Vec::new();
        let handler = match HandlerUrl::parse(&subject.url) {
            Ok(handler) => handler,
            Err(error) => {
                checks.push(check(ADDRESS, error.to_string()).but(Verdict::Fail, self.unbind_or_correct(subject)));
                checks.extend(skip_rest(&checks, "the handler is no URL that a portal calls"));
                return checks;
            }
        };
        let Ok(url) = Url::parse(handler.as_str()) else { return checks };
        let addresses = match self.place(subject, &handler, &look_up(&url).await, &mut checks) {
            Ok(addresses) => addresses,
            Err(reason) => {
                checks.extend(skip_rest(&checks, reason));
                return checks;
            }
        };
        let options = HttpOptions { pinned: pin(&url, addresses), ..self.options.clone() };
        let call = Call { probe: self, options, url };
        // The token must not travel in the open.
        let is_safe = call.url.scheme() == "https" || is_loopback(&call.url);
        let (first, right) = match self.application_token.as_ref().filter(|_| is_safe) {
            Some(token) => (call.post(token).await, true),
            None => (call.post(&call.wrong_token()).await, false),
        };
        checks.push(call.tls(&first));
        let answer = self.answer(subject, &first, right);
        let good = answer.verdict != Verdict::Fail && first.outcome.is_ok();
        checks.push(answer);
        let with_wrong = if right && good { call.post(&call.wrong_token()).await } else { first };
        checks.push(token(&with_wrong, good));
        checks
    }

    /// Where the handler is, and whether it may be called. An address that came from a portal must not lead into this
    /// network, whatever its name says, nor through a proxy to where nobody can tell.
    fn place(
        &self,
        subject: &Subject,
        handler: &HandlerUrl,
        lookup: &Lookup,
        checks: &mut Vec<Check>,
    ) -> Result<Option<Vec<SocketAddr>>, &'static str> {
        const INSIDE: &str = "a handler inside a network is not called, unless it is named with --handler";
        // A portal on this machine may have this machine called, and nothing else of its network.
        let may_call = |ip: IpAddr| subject.named || !is_private(ip) || self.portal_is_local && ip.is_loopback();
        let fix = "use an address that the portal can reach from the internet; while developing, a tunnel's";
        let inner = handler.private_host();
        checks.push(match &inner {
            Some(host) if !self.portal_is_local => {
                check(ADDRESS, format!("{host} is inside a network: the portal cannot reach it"))
                    .but(Verdict::Fail, fix)
            }
            Some(host) => check(ADDRESS, format!("{host}, which a portal on this machine can reach")),
            None => check(ADDRESS, handler.host()),
        });
        let (addresses, by_proxy) = match lookup {
            Lookup::Found(addresses) => (addresses.as_slice(), false),
            Lookup::ByProxy(addresses) => (addresses.as_slice(), true),
        };
        let leads_inside = addresses.iter().any(|address| is_private(address.ip())) && !self.portal_is_local;
        match addresses {
            [] if by_proxy => checks.push(skipped(DNS, "this machine cannot look it up, and leaves that to the proxy")),
            [] => {
                let evidence = format!("{} does not resolve", handler.host());
                checks.push(check(DNS, evidence).but(Verdict::Fail, self.unbind_or_correct(subject)));
                return Err("the handler's host does not resolve");
            }
            _ if leads_inside => checks.push(check(DNS, list(addresses)).but(Verdict::Fail, fix)),
            _ => checks.push(check(DNS, list(addresses))),
        }
        if !addresses.iter().all(|address| may_call(address.ip())) {
            return Err(INSIDE);
        }
        if addresses.is_empty() && !subject.named {
            return Err("nobody here can tell where the proxy would find it; name it with --handler to call it");
        }
        Ok((!by_proxy).then(|| addresses.to_vec()))
    }

    fn answer(&self, subject: &Subject, answer: &Answer, right: bool) -> Check {
        let (status, within) = match &answer.outcome {
            Ok(raw) => (raw.status, answer.within),
            Err(RequestError::Transport { cause: TransportError::Tls { .. }, .. }) => {
                return skipped(ANSWER, "there is no safe connection");
            }
            Err(failure) => {
                return check(ANSWER, failure.to_string()).but(Verdict::Fail, self.unbind_or_correct(subject));
            }
        };
        let said = format!("HTTP {status} in {} ms", within.as_millis());
        match status {
            200..=299 if within > SLOW => check(ANSWER, said)
                .but(Verdict::Warn, "answer at once and work afterwards: the portal slows down for slow handlers"),
            200..=299 => check(ANSWER, said),
            300..=399 => {
                let to = answer.outcome.as_ref().ok().and_then(|raw| raw.location.clone()).unwrap_or_default();
                let to: String = printable(&mask_urls(&to)).chars().take(120).collect();
                check(ANSWER, format!("{said}, a redirect to {to}"))
                    .but(Verdict::Fail, "bind the address that it leads to: the portal does not follow redirects")
            }
            401 | 403 if right => check(ANSWER, format!("{said} to the portal's own application_token"))
                .but(Verdict::Fail, "give the handler the application_token of this installation"),
            400..=499 if !right => {
                let evidence = format!("{said} to a wrong application_token; the right one was not tried");
                let fix = "to try an https handler with the right one, put it into IMCONN_APPLICATION_TOKEN";
                check(ANSWER, evidence).but(Verdict::Skipped, fix)
            }
            404 | 405 => check(ANSWER, said).but(Verdict::Fail, "nothing takes a POST at this path; check the URL"),
            _ => check(ANSWER, said).but(Verdict::Fail, "the handler has to answer a form POST with 2xx; see its log"),
        }
    }

    fn unbind_or_correct(&self, subject: &Subject) -> String {
        if subject.bound {
            let url = shell_quoted(&mask_urls(&subject.url));
            return format!("start the handler again, or remove it: {} unbind --all --handler={url}", self.command);
        }
        "check the URL, and that the handler is up".to_owned()
    }
}

/// One handler, ready to be called.
struct Call<'a> {
    probe: &'a Probe,
    options: HttpOptions,
    url: Url,
}

struct Answer {
    outcome: Result<RawAnswer, RequestError>,
    within: Duration,
}

impl Call<'_> {
    /// Posts `ONAPPTEST`, which means nothing to an application that does not ask for it.
    async fn post(&self, application_token: &Secret) -> Answer {
        let delivery = Delivery {
            event: "ONAPPTEST".to_owned(),
            handler_id: Some("0".to_owned()),
            data: json!({"QUERY": {"from": "imconn doctor"}, "LANGUAGE_ID": "en"}),
            timestamp: Some(jiff::Timestamp::now().as_second()),
            auth: Auth {
                domain: Some(self.probe.portal.clone()),
                application_token: Some(application_token.clone()),
                ..Auth::default()
            },
        };
        // Each on a connection of its own, as the portal's: one that is used again may just be closing.
        let http = Http::new(self.options.clone());
        if let Err(error) = http.prepare(&self.url).await {
            return Answer { outcome: Err(RequestError::Setup(error)), within: Duration::ZERO };
        }
        let began = Instant::now();
        let form = "application/x-www-form-urlencoded";
        let outcome = http.probe(self.url.clone(), form, delivery.encode()).await;
        Answer { outcome, within: began.elapsed() }
    }

    /// As long as the right one, so that only its letters are wrong.
    fn wrong_token(&self) -> Secret {
        Secret::new("0".repeat(self.probe.application_token.as_ref().map_or(32, |token| token.expose().len())))
    }

    fn tls(&self, answer: &Answer) -> Check {
        if self.url.scheme() == "http" {
            if self.probe.portal_is_local {
                return skipped(TLS, "plain http");
            }
            return check(TLS, "plain http: messages and tokens travel in the open")
                .but(Verdict::Warn, "serve the handler over https, and bind that address");
        }
        match &answer.outcome {
            Ok(raw) => certificate_check(check(TLS, ""), raw.certificate.as_deref()),
            Err(RequestError::Transport { cause: TransportError::Tls { why, fault }, .. }) => check(TLS, why.clone())
                .but(
                    Verdict::Fail,
                    match fault {
                        TlsFault::Expired => "renew the handler's certificate",
                        TlsFault::WrongHost => "give the handler a certificate for this host",
                        TlsFault::UnknownAuthority | TlsFault::Other => {
                            "give the handler a certificate of a public authority, with the whole chain"
                        }
                    },
                ),
            Err(_) => skipped(TLS, "no answer came over it"),
        }
    }
}

/// A handler that takes a wrong token takes events from everybody.
fn token(answer: &Answer, is_good: bool) -> Check {
    match &answer.outcome {
        Ok(raw) if (200..300).contains(&raw.status) => check(
            TOKEN,
            format!("HTTP {} to a wrong application_token", raw.status),
        )
        .but(
            Verdict::Warn,
            "compare auth[application_token] with the one of the installation, and refuse others with 403: everybody \
             can post to this address (no matter if it drops such events silently)",
        ),
        Ok(raw) if is_good && (400..=499).contains(&raw.status) => {
            check(TOKEN, format!("HTTP {} to a wrong application_token", raw.status))
        }
        Ok(raw) if is_good => skipped(TOKEN, &format!("HTTP {} to a wrong application_token is no answer", raw.status)),
        Err(failure) if is_good => skipped(TOKEN, &format!("no answer to a wrong application_token: {failure}")),
        Ok(_) | Err(_) => skipped(TOKEN, "the handler does not take events"),
    }
}

/// The name keeps leading where it was looked up: what was allowed is what is called.
fn pin(url: &Url, addresses: Option<Vec<SocketAddr>>) -> Option<(String, Vec<SocketAddr>)> {
    Some((url.domain()?.to_owned(), addresses?))
}

fn skip_rest(done: &[Check], reason: &str) -> Vec<Check> {
    let missing = [DNS, TLS, ANSWER, TOKEN].into_iter().filter(|(id, _)| !done.iter().any(|check| check.id == *id));
    missing.map(|what| skipped(what, reason)).collect()
}

fn check((id, title): (&str, &str), evidence: impl Into<String>) -> Check {
    Check::ok(id, title, evidence)
}

fn skipped((id, title): (&str, &str), reason: &str) -> Check {
    Check::skipped(id, title, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Placed = Result<Option<Vec<SocketAddr>>, &'static str>;

    /// Judges a handler of a portal on the internet by where its name leads.
    fn judge(named: bool, lookup: &Lookup) -> (Placed, Vec<(String, Verdict)>) {
        let probe = Probe {
            options: HttpOptions { timeout: SLOW, ca_cert: None, pinned: None },
            application_token: None,
            portal: "acme.bitrix24.com".to_owned(),
            portal_is_local: false,
            command: "imconn".to_owned(),
        };
        let handler = HandlerUrl::parse("https://bot.example.com/b24").expect("a handler");
        let subject = Subject { url: handler.as_str().to_owned(), named, bound: true };
        let mut checks = Vec::new();
        let placed = probe.place(&subject, &handler, lookup, &mut checks);
        (placed, checks.into_iter().map(|check| (check.id, check.verdict)).collect())
    }

    fn at(address: &str) -> Vec<SocketAddr> {
        vec![address.parse().expect("an address")]
    }

    #[test]
    fn a_public_name_that_leads_inside_is_found_and_not_called_unless_it_is_named() {
        let inside = at("10.0.0.1:443");
        for lookup in [Lookup::Found(inside.clone()), Lookup::ByProxy(inside.clone())] {
            let (placed, checks) = judge(false, &lookup);
            assert!(placed.is_err(), "{lookup:?}");
            assert_eq!(checks[1], ("handler.dns".to_owned(), Verdict::Fail));
        }
        assert_eq!(judge(true, &Lookup::Found(inside.clone())).0, Ok(Some(inside)));
    }

    #[test]
    fn what_was_looked_up_is_what_is_called() {
        let outside = at("3.217.33.54:443");
        assert_eq!(judge(false, &Lookup::Found(outside.clone())).0, Ok(Some(outside.clone())));
        let url = Url::parse("https://bot.example.com/b24").expect("a URL");
        assert_eq!(pin(&url, Some(outside.clone())), Some(("bot.example.com".to_owned(), outside.clone())));
        assert_eq!(judge(false, &Lookup::ByProxy(outside)).0, Ok(None), "the proxy looks it up again");
        assert!(judge(false, &Lookup::ByProxy(Vec::new())).0.is_err(), "nobody can tell where that leads");
        assert_eq!(judge(true, &Lookup::ByProxy(Vec::new())).0, Ok(None));
    }
}
