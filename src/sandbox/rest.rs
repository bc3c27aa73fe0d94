//! From a request to an answer: authorisation, then the method.

use serde_json::{Value, json};

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
pub(super) fn authorise(state: &State, request: &RestRequest) -> Result<Caller, RestError> {
    let no_user = || RestError::new(403, "INVALID_CREDENTIALS", "Invalid request credentials");
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
pub(super) fn run(method: &str, mut call: Call<'_>) -> Result<RestResult, RestError> {
    if call.in_batch
        && let Some(kind) = call.faults.take_for_command(method)
    {
        return Err(refusal(&kind));
    }
    let known = METHODS.iter().find(|(name, _)| *name == method);
    let (_, work) = known.ok_or_else(|| RestError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"))?;
    work(&mut call)
}

type Work = fn(&mut Call<'_>) -> Result<RestResult, RestError>;

/// Every method of the sandbox.
const METHODS: [(&str, Work); 16] = [
    ("batch", |call| Ok(methods::batch::run(call, run)?.into())),
    ("event.bind", |call| Ok(methods::event::bind(call)?.into())),
    ("event.unbind", |call| Ok(methods::event::unbind(call)?.into())),
    ("event.get", |call| Ok(methods::event::get(call)?.into())),
    ("event.test", |call| Ok(methods::event::test(call)?.into())),
    ("events", |call| Ok(methods::application::events(call)?.into())),
    ("scope", |call| Ok(methods::application::scope(call).into())),
    ("app.info", |call| Ok(methods::application::info(call)?.into())),
    ("user.admin", |call| Ok(Value::Bool(call.caller.user.admin).into())),
    ("profile", |call| Ok(methods::application::profile(call).into())),
    ("feature.get", |call| Ok(methods::application::feature(call)?.into())),
    ("method.get", |call| Ok(method_get(call)?.into())),
    ("event.offline.get", |call| Ok(methods::offline::get(call)?.into())),
    ("event.offline.list", methods::offline::list),
    ("event.offline.clear", |call| Ok(methods::offline::clear(call)?.into())),
    ("event.offline.error", |call| Ok(methods::offline::error(call)?.into())),
];

/// `method.get`: whether a method is there, and whether this caller may use it.
fn method_get(call: &Call<'_>) -> Result<Value, RestError> {
    let name = call.required("name")?.to_ascii_lowercase();
    let known = METHODS.iter().any(|(method, _)| *method == name);
    let for_applications = name.starts_with("event") || name == "app.info";
    Ok(json!({"isExisting": known, "isAvailable": known && !(call.caller.webhook && for_applications)}))
}

/// The refusal that a fault stands for, for those that are refusals.
pub(super) fn refusal(kind: &FaultKind) -> RestError {
    match kind {
        FaultKind::Limit => RestError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
        FaultKind::OperationLimit => {
            RestError::new(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
        }
        _ => RestError::new(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
    }
}
