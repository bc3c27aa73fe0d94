//! From a request to an answer: find the method, authorise, check the scope, run.

use super::call::{MethodCall, Principal};
use super::faults::FaultKind;
use super::methods::{self, Method};
use super::reply::{RestError, RestResult};
use super::request::RestRequest;
use super::state::{State, now};

/// The method of a request; 404 for an unknown one, whatever the token.
pub(super) fn method(name: &str) -> Result<&'static Method, RestError> {
    methods::find(name).ok_or_else(|| RestError::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"))
}

/// The authorisation of a request; 401 with the portal's code for a missing, unknown or expired token, 403 for an
/// `auth_connector` that the plan does not include (`protocol` sections 1 and 2).
pub(super) fn authorise(state: &State, request: &RestRequest) -> Result<Principal, RestError> {
    if let Some((user, code)) = &request.webhook {
        let user = state.user(*user).filter(|_| *code == state.webhook_code).ok_or_else(wrong_credentials)?;
        return Ok(Principal {
            user: user.clone(),
            webhook: true,
            expires: 0,
            connector: String::new(),
            auth_names: request.auth_names.clone(),
        });
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
    let user = state.user(known.user).ok_or_else(wrong_credentials)?.clone();
    if request.auth_connector.is_some() && !state.app.has_feature("rest_auth_connector") {
        return Err(RestError::not_in_plan("auth_connector"));
    }
    Ok(Principal {
        user,
        webhook: false,
        expires: known.expires,
        connector: request.auth_connector.clone().unwrap_or_default(),
        auth_names: request.auth_names.clone(),
    })
}

fn wrong_credentials() -> RestError {
    RestError::new(403, "INVALID_CREDENTIALS", "Invalid request credentials")
}

/// Runs one method, if the application has its scope.
pub(super) fn run(method: &Method, mut call: MethodCall<'_>) -> Result<RestResult, RestError> {
    if call.in_batch
        && let Some(kind) = call.faults.take_for_command(method.name)
    {
        return Err(refusal(&kind));
    }
    if !method.is_in_scope(&call.state.app.scopes) {
        let text = "The request requires higher privileges than provided by the access token";
        return Err(RestError::new(401, "insufficient_scope", text));
    }
    (method.run)(&mut call)
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
