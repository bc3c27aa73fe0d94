//! Whether the portal is reachable, and whether it accepts the token.

use std::time::Instant;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Method;
use url::Url;

use super::endpoint::{Lookup, certificate_check, list, look_up};
use super::{Check, CheckKind, fix};
use crate::http::client::{Http, RawAnswer};
use crate::http::transport::{RequestError, TransportError};
use crate::portal::address::PortalAddress;
use crate::portal::failure::{Failure, RenewalError};
use crate::portal::token_source::Credentials;
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// Seconds of difference between two clocks that are worth a warning.
const SKEW: i64 = 30;

const ADDRESS: CheckKind = CheckKind::new("address", "Portal's address");
const TLS: CheckKind = CheckKind::new("tls", "Portal's certificate");
const CLOCK: CheckKind = CheckKind::new("clock", "Clocks");
const KIND: CheckKind = CheckKind::new("token-kind", "Kind of token");
const TOKEN: CheckKind = CheckKind::new("token", "Access token");

const UNREACHED: &str = "the portal was not reached";

/// Checks the portal from outside, without a token: its name, its certificate, its clock.
pub(crate) async fn reach(address: &PortalAddress, http: &Http) -> Vec<Check> {
    let Ok(url) = Url::parse(&address.to_string()) else { return Vec::new() };
    let host = address.host();
    let resolved = match look_up(&url).await {
        Lookup::Found(addresses) if addresses.is_empty() => return unresolved(&host),
        Lookup::Found(addresses) => format!("{host} resolves to {}", list(&addresses)),
        Lookup::ByProxy(_) => format!("{host} is resolved by the proxy"),
    };
    match head(&url, http).await {
        Ok((answer, milliseconds)) => {
            let address = ADDRESS.ok(format!("{resolved}; answered in {milliseconds} ms"));
            vec![address, tls(&url, &answer), clock(&answer)]
        }
        Err(RequestError::Transport { cause: TransportError::Tls { why, .. }, .. }) => {
            let fix =
                "check this machine's clock and proxies; for a private authority, pass its PEM file with --ca-cert";
            vec![ADDRESS.ok(resolved), TLS.ok(why).fail(fix), CLOCK.skipped(UNREACHED)]
        }
        Err(failure) => {
            let fix = "check the network, and HTTPS_PROXY if you use a proxy";
            vec![
                ADDRESS.ok(format!("{resolved}; {failure}")).fail(fix),
                TLS.skipped(UNREACHED),
                CLOCK.skipped(UNREACHED),
            ]
        }
    }
}

fn unresolved(host: &str) -> Vec<Check> {
    let fix = "check the spelling of the host and this machine's DNS; a renamed portal has a new host";
    vec![ADDRESS.ok(format!("{host} does not resolve")).fail(fix), TLS.skipped(UNREACHED), CLOCK.skipped(UNREACHED)]
}

/// The answer to a `HEAD`, and how many milliseconds it took.
async fn head(url: &Url, http: &Http) -> Result<(RawAnswer, u128), RequestError> {
    http.prepare(url).await.map_err(RequestError::Setup)?;
    let began = Instant::now();
    let answer = http.fetch(Method::HEAD, url.clone()).await?;
    Ok((answer, began.elapsed().as_millis()))
}

fn tls(url: &Url, answer: &RawAnswer) -> Check {
    if url.scheme() == "http" {
        return TLS.skipped("plain http on this machine");
    }
    certificate_check(TLS.ok(""), answer.certificate.as_deref())
}

/// Compares the portal's clock with this machine's; both are rounded to seconds.
fn clock(answer: &RawAnswer) -> Check {
    let theirs = answer.date.as_deref().and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    let Some(theirs) = theirs else { return CLOCK.skipped("the portal's answer has no date") };
    let skew = Timestamp::now().as_second() - theirs.as_second();
    if skew.abs() < SKEW {
        return CLOCK.ok("within a few seconds of each other");
    }
    let direction = if skew < 0 { "behind" } else { "ahead of" };
    CLOCK
        .ok(format!("this machine is {} s {direction} the portal", skew.abs()))
        .warn("set this machine's clock: tokens and certificates seem to expire too early or too late")
}

/// The token was accepted.
pub(crate) fn accepted(credentials: &Credentials) -> Vec<Check> {
    let evidence = match credentials.expires.map(|expires| (expires - Timestamp::now().as_second() + 30) / 60) {
        Some(minutes) if minutes >= 0 => format!("accepted, expires in {minutes} min"),
        _ => "accepted".to_owned(),
    };
    vec![KIND.ok("access token of an application (OAuth)"), TOKEN.ok(evidence)]
}

/// The portal was not asked, because it is unreachable.
pub(crate) fn unreached() -> Vec<Check> {
    vec![KIND.skipped(UNREACHED), TOKEN.skipped(UNREACHED)]
}

/// The portal could not be asked, because no token is available.
pub(crate) fn without_token(message: &str, fix: Option<String>) -> Vec<Check> {
    let missing = TOKEN.ok(message).fail(fix.unwrap_or_default());
    vec![KIND.skipped("no token"), missing]
}

/// The portal was asked with the token, and did not answer as it should. `command` is how `imconn` has to be called for
/// it.
pub(crate) fn refused(failure: &Failure, fix: Option<String>, command: &str) -> Vec<Check> {
    let fix = fix.unwrap_or_else(|| format!("to see the request, run {}", fix::run(command, "call app.info -v")));
    let refusal = match failure {
        Failure::Refused(refusal) => Some(refusal),
        Failure::TokenDead(dead) => Some(&dead.refusal),
        _ => None,
    };
    if refusal.is_some_and(|refusal| refusal.code == ErrorCode::WrongAuthType) {
        return vec![KIND.ok(failure.to_string()).fail(fix), TOKEN.skipped("wrong kind of token")];
    }
    vec![KIND.skipped("the token was not accepted"), TOKEN.ok(evidence(failure, refusal)).fail(fix)]
}

fn evidence(failure: &Failure, refusal: Option<&PortalError>) -> String {
    match (failure, refusal) {
        (Failure::TokenDead(dead), Some(refusal)) if matches!(dead.renewal, RenewalError::Impossible) => {
            format!("{refusal}; it cannot be renewed without a refresh token, client id and secret")
        }
        _ => failure.to_string(),
    }
}
