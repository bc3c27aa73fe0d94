//! Whether a handler refuses a wrong `application_token`.

use super::{Check, DeliveryAttempt, TOKEN};

/// Judges the answer to a wrong token. A handler that accepts it accepts events from anyone.
pub(super) fn check(attempt: &DeliveryAttempt, accepts_events: bool) -> Check {
    let response = match &attempt.outcome {
        Ok(response) => response,
        Err(failure) if accepts_events => {
            return TOKEN.skipped(format!("no answer to a wrong application_token: {failure}"));
        }
        Err(_) => return TOKEN.skipped("the handler does not accept events"),
    };
    let evidence = format!("HTTP {} to a wrong application_token", response.status);
    match response.status {
        200..=299 => TOKEN.ok(evidence).warn(
            "compare auth[application_token] with the one of the installation and answer 403 if they differ: anyone \
             can post to this URL",
        ),
        400..=499 if accepts_events => TOKEN.ok(evidence),
        _ if accepts_events => TOKEN.skipped(format!("{evidence}, which is not a refusal")),
        _ => TOKEN.skipped("the handler does not accept events"),
    }
}
