//! From a request to an answer: authorisation, then the method.

use serde_json::Value;

use super::call::{Call, Caller};
use super::faults::FaultKind;
use super::methods;
use super::reply::{RestError, RestResult};
use super::request::RestRequest;
use super::state::{State, now};

/// Finds out who calls (`portal-protocol` section 1).
///
/// # Errors
/// 401 with the portal's code for a missing, unknown or expired token.
pub fn authorise(state: &State, request: &RestRequest) -> Result<Caller, RestError> {
    let no_user = || RestError::new(401, "INVALID_CREDENTIALS", "Invalid request credentials");
    if let Some((user, code)) = &request.webhook {
        let user = state.user(*user).filter(|_| *code == state.webhook_code).ok_or_else(no_user)?;
        return Ok(Caller { user: user.clone(), webhook: true });
    }
    let Some((token, _)) = &request.token else {
        return Err(RestError::new(401, "NO_AUTH_FOUND", "Wrong authorization data"));
    };
    let Some(known) = state.tokens.iter().find(|known| known.access == *token) else {
        return Err(RestError::new(401, "invalid_token", "Unable to get application by token"));
    };
    if known.expires <= now() {
        return Err(RestError::new(401, "expired_token", "The access token provided has expired."));
    }
    Ok(Caller { user: state.user(known.user).ok_or_else(no_user)?.clone(), webhook: false })
}

/// Runs one method.
///
/// # Errors
/// What the portal would answer.
pub fn run(method: &str, mut call: Call<'_>) -> Result<RestResult, RestError> {
    if call.in_batch
        && let Some(kind) = call.faults.take_for_command(method)
    {
        return Err(refusal(&kind));
    }
    let plain = |result: Result<Value, RestError>| result.map(RestResult::from);
    match method {
        "batch" => plain(methods::batch::run(&mut call, run)),
        "event.bind" => plain(methods::event::bind(&mut call)),
        "event.unbind" => plain(methods::event::unbind(&mut call)),
        "event.get" => plain(methods::event::get(&call)),
        "event.test" => plain(methods::event::test(&mut call)),
        "events" => plain(methods::application::events(&call)),
        "scope" => plain(Ok(methods::application::scope(&call))),
        "app.info" => plain(methods::application::info(&call)),
        "user.admin" => plain(Ok(Value::Bool(call.caller.user.admin))),
        "profile" => plain(Ok(methods::application::profile(&call))),
        "feature.get" => plain(methods::application::feature(&call)),
        "method.get" => plain(methods::application::method(&call)),
        "event.offline.get" => plain(methods::offline::get(&mut call)),
        "event.offline.list" => methods::offline::list(&call),
        "event.offline.clear" => plain(methods::offline::clear(&mut call)),
        "event.offline.error" => plain(methods::offline::error(&mut call)),
        _ => Err(RestError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
    }
}

/// The refusal that a fault stands for, for those that are refusals.
#[must_use]
pub fn refusal(kind: &FaultKind) -> RestError {
    match kind {
        FaultKind::Limit => RestError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
        FaultKind::OperationLimit => {
            RestError::new(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
        }
        _ => RestError::new(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
    }
}
