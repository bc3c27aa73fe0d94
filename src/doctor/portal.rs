//! Whether the portal can be reached, and whether it takes the token.

use std::time::Instant;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Method;
use url::Url;

use super::endpoint::{Lookup, certificate_check, list, look_up};
use super::{Check, Verdict};
use crate::http::client::{Http, RawAnswer};
use crate::http::transport::{RequestError, TransportError};
use crate::portal::address::PortalAddress;
use crate::portal::auth::Credentials;
use crate::portal::failure::{Failure, RenewalError};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// Seconds of difference between two clocks that are worth a warning.
const SKEW: i64 = 30;

const ADDRESS: (&str, &str) = ("address", "Portal's address");
const TLS: (&str, &str) = ("tls", "Portal's certificate");
const CLOCK: (&str, &str) = ("clock", "Clocks agree");
const KIND: (&str, &str) = ("token-kind", "Kind of token");
const TOKEN: (&str, &str) = ("token", "Token is accepted");

fn check((id, title): (&str, &str), evidence: impl Into<String>) -> Check {
    Check::ok(id, title, evidence)
}

fn skipped((id, title): (&str, &str), evidence: &str) -> Check {
    Check::skipped(id, title, evidence)
}

/// Looks at the portal from outside, without a token: its name, its certificate, its clock.
pub(crate) async fn reach(address: &PortalAddress, http: &Http) -> Vec<Check> {
    let Ok(url) = Url::parse(&address.to_string()) else { return Vec::new() };
    let resolved = match look_up(&url).await {
        Lookup::Found(addresses) if !addresses.is_empty() => format!("{} is at {}", address.host(), list(&addresses)),
        Lookup::ByProxy(_) => format!("{} is looked up by the proxy", address.host()),
        Lookup::Found(_) => {
            let evidence = format!("{} does not resolve", address.host());
            let fix = "check the spelling of the host and this machine's DNS; a portal that has moved has a new host";
            let unreached = "the portal was not reached";
            return vec![
                check(ADDRESS, evidence).but(Verdict::Fail, fix),
                skipped(TLS, unreached),
                skipped(CLOCK, unreached),
            ];
        }
    };
    let answered = match http.prepare(&url).await {
        Ok(()) => {
            let began = Instant::now();
            http.fetch(Method::HEAD, url.clone()).await.map(|answer| (answer, began.elapsed().as_millis()))
        }
        Err(error) => Err(RequestError::Setup(error)),
    };
    match answered {
        Ok((answer, milliseconds)) => {
            let address = check(ADDRESS, format!("{resolved}, and answers in {milliseconds} ms"));
            vec![address, tls(&url, &answer), clock(&answer)]
        }
        Err(RequestError::Transport { cause: TransportError::Tls { why, .. }, .. }) => {
            let fix =
                "check this machine's clock and proxies; for a private authority, name its PEM file with --ca-cert";
            let tls = check(TLS, why).but(Verdict::Fail, fix);
            vec![check(ADDRESS, resolved), tls, skipped(CLOCK, "the portal was not asked")]
        }
        Err(failure) => {
            let fix = "check the network, and HTTPS_PROXY if there is a proxy";
            let address = check(ADDRESS, format!("{resolved}; {failure}")).but(Verdict::Fail, fix);
            vec![address, skipped(TLS, "the portal did not answer"), skipped(CLOCK, "the portal did not answer")]
        }
    }
}

fn tls(url: &Url, answer: &RawAnswer) -> Check {
    if url.scheme() == "http" {
        return skipped(TLS, "plain http on this machine");
    }
    certificate_check(check(TLS, ""), answer.certificate.as_deref())
}

/// Compares the portal's clock with this machine's; both are rounded to seconds.
fn clock(answer: &RawAnswer) -> Check {
    let theirs = answer.date.as_deref().and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    let Some(theirs) = theirs else { return skipped(CLOCK, "the portal's answer has no date") };
    let skew = Timestamp::now().as_second() - theirs.as_second();
    let check = check(CLOCK, format!("this machine is {} s {}", skew.abs(), if skew < 0 { "behind" } else { "ahead" }));
    if skew.abs() < SKEW {
        return Check { evidence: "within a few seconds of each other".into(), ..check };
    }
    check.but(Verdict::Warn, "set this machine's clock: tokens and certificates seem to end too early or too late")
}

/// The token was accepted.
#[must_use]
pub fn accepted(credentials: &Credentials) -> Vec<Check> {
    let evidence = match credentials.expires.map(|expires| (expires - Timestamp::now().as_second() + 30) / 60) {
        Some(minutes) if minutes >= 0 => format!("accepted, for {minutes} minutes yet"),
        _ => "accepted".to_owned(),
    };
    vec![check(KIND, "an application's: the portal answers event methods"), check(TOKEN, evidence)]
}

/// The portal was not asked, because it cannot be reached.
#[must_use]
pub fn unreached() -> Vec<Check> {
    vec![skipped(KIND, "the portal was not reached"), skipped(TOKEN, "the portal was not reached")]
}

/// The portal could not be asked with a token, because there is none.
#[must_use]
pub fn without_token(message: &str, fix: Option<String>) -> Vec<Check> {
    let missing = check(TOKEN, message).but(Verdict::Fail, fix.unwrap_or_default());
    vec![skipped(KIND, "there is no token"), missing]
}

/// The portal was asked with the token, and did not answer as it should. `command` is how `imconn` has to be called for
/// it.
#[must_use]
pub fn refused(failure: &Failure, fix: Option<String>, command: &str) -> Vec<Check> {
    let fix = fix.unwrap_or_else(|| format!("{command} call app.info -v shows the request"));
    let refusal = match failure {
        Failure::Refused(refusal) => Some(refusal),
        Failure::TokenDead(dead) => Some(&dead.refusal),
        _ => None,
    };
    if refusal.is_some_and(|refusal| refusal.code == ErrorCode::WrongAuthType) {
        let kind = check(KIND, failure.to_string()).but(Verdict::Fail, fix);
        return vec![kind, skipped(TOKEN, "it is of the wrong kind")];
    }
    vec![skipped(KIND, "the token was not accepted"), check(TOKEN, evidence(failure, refusal)).but(Verdict::Fail, fix)]
}

fn evidence(failure: &Failure, refusal: Option<&PortalError>) -> String {
    match (failure, refusal) {
        (Failure::TokenDead(dead), Some(refusal)) if matches!(dead.renewal, RenewalError::Impossible) => {
            format!("{refusal}; it cannot be renewed: there is no refresh token, or no client id and secret")
        }
        _ => failure.to_string(),
    }
}
