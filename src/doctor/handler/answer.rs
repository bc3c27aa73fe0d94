//! How a handler answers a test event.

use std::time::Duration;

use super::{ANSWER, Check, DeliveryAttempt, Probe, Subject};
use crate::delivery::sample::MemberId;
use crate::delivery::send::Response;
use crate::http::transport::{RequestError, TransportError};
use crate::redact::mask_urls;
use crate::wire::excerpt::printable;

/// A handler slower than this makes the portal slow down (`protocol` section 4).
const SLOW: Duration = Duration::from_secs(1);
/// Longest redirect target that is shown, in characters.
const MAX_LOCATION: usize = 120;

impl Probe {
    /// Judges the answer to a test event that was sent with the right `application_token`, or with a wrong one.
    pub(super) fn answer(&self, subject: &Subject, attempt: &DeliveryAttempt, with_right_token: bool) -> Check {
        let response = match &attempt.outcome {
            Ok(response) => response,
            Err(RequestError::Transport { cause: TransportError::Tls { .. }, .. }) => {
                return ANSWER.skipped("no secure connection");
            }
            Err(failure) => {
                let repair = "start the handler, and check that its server accepts connections at this URL";
                return ANSWER.ok(failure.to_string()).fail(self.removal_or(repair.to_owned(), subject));
            }
        };
        let check = judge(response, attempt.elapsed, with_right_token);
        match self.sender.member_id {
            MemberId::Known(_) => check,
            MemberId::MadeUp(_) => {
                Check { evidence: format!("{} (member_id unknown, a made-up one was sent)", check.evidence), ..check }
            }
        }
    }
}

fn judge(response: &Response, elapsed: Duration, with_right_token: bool) -> Check {
    let evidence = format!("HTTP {} in {} ms", response.status, elapsed.as_millis());
    match response.status {
        200..=299 if elapsed > SLOW => {
            ANSWER.ok(evidence).warn("answer before processing the event: portals call slow handlers less often")
        }
        200..=299 => ANSWER.ok(evidence),
        300..=399 => ANSWER
            .ok(format!("{evidence}, a redirect to {}", location(response)))
            .fail("bind the final URL: portals do not follow redirects"),
        401 | 403 if with_right_token => ANSWER.ok(format!("{evidence} to the right application_token")).fail(
            "configure the handler with this installation's application_token: it changes with a new client secret and \
             with an update of the application",
        ),
        400..=499 if !with_right_token => {
            let evidence = format!("{evidence} to a wrong application_token; the right one was not sent");
            let fix = "to test an https handler with the right one, set IMCONN_APPLICATION_TOKEN";
            Check { fix: Some(fix.to_owned()), ..ANSWER.skipped(evidence) }
        }
        404 | 405 => ANSWER.ok(evidence).fail("check the URL: nothing accepts a POST at this path"),
        _ => ANSWER.ok(evidence).fail("check the handler's log: it must answer a form POST with 2xx"),
    }
}

fn location(response: &Response) -> String {
    let location = response.location.as_deref().unwrap_or_default();
    printable(&mask_urls(location)).chars().take(MAX_LOCATION).collect()
}
