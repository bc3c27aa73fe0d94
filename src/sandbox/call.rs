//! One authorised call of a method.

use super::faults::Faults;
use super::limits::Operating;
use super::reply::RestError;
use super::request::Params;
use super::state::{State, User};

/// The authorisation of a request.
#[derive(Debug, Clone)]
pub(super) struct Principal {
    pub(super) user: User,
    /// Whether the request came through an incoming webhook instead of the application.
    pub(super) webhook: bool,
    /// Unix seconds at which the token ends; 0 for a webhook.
    pub(super) expires: i64,
    /// `auth_connector` of the request; empty if it had none. All commands of a batch share it.
    pub(super) connector: String,
    /// Names of the request's parameters that carried the authorisation.
    pub(super) auth_names: Vec<&'static str>,
}

/// What a method reads and changes.
pub(super) struct MethodCall<'a> {
    pub(super) state: &'a mut State,
    pub(super) caller: &'a Principal,
    pub(super) params: Params,
    /// Whether the parameters came from the command string of a batch.
    pub(super) in_batch: bool,
    /// Address of the portal, without a slash at the end.
    pub(super) base: &'a str,
    pub(super) faults: &'a Faults,
    pub(super) operating: &'a Operating,
}

impl MethodCall<'_> {
    /// 403 `WRONG_AUTH_TYPE` for a webhook: event methods require an application's token.
    pub(super) fn require_application(&self) -> Result<(), RestError> {
        if self.caller.webhook {
            let text = "Current authorization type is denied for this method";
            return Err(RestError::new(403, "WRONG_AUTH_TYPE", text));
        }
        Ok(())
    }

    /// 403 `ACCESS_DENIED` for a webhook: some methods word the same requirement differently.
    pub(super) fn require_application_context(&self) -> Result<(), RestError> {
        if self.caller.webhook { Err(RestError::denied("Application context required")) } else { Ok(()) }
    }

    /// A parameter's text; 400 `ERROR_ARGUMENT` if it is missing or empty.
    pub(super) fn required(&self, name: &str) -> Result<String, RestError> {
        Some(self.params.text(name)).filter(|text| !text.is_empty()).ok_or_else(|| RestError::missing(name))
    }
}
