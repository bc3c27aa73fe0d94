//! One authorised call of a method.

use super::faults::Faults;
use super::limits::Operating;
use super::reply::RestError;
use super::request::Params;
use super::state::{State, User};

/// Who calls.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user behind the token or webhook.
    pub user: User,
    /// Whether an incoming webhook calls instead of the application.
    pub webhook: bool,
}

/// Everything a method may look at and change.
pub struct Call<'a> {
    /// The portal.
    pub state: &'a mut State,
    /// Who calls.
    pub caller: &'a Caller,
    /// With what.
    pub params: Params,
    /// Whether the parameters came out of the command string of a batch.
    pub in_batch: bool,
    /// Faults that a test has asked for.
    pub faults: &'a Faults,
    /// Working time used.
    pub operating: &'a Operating,
}

impl Call<'_> {
    /// Event methods want an application's token.
    ///
    /// # Errors
    /// 403 `WRONG_AUTH_TYPE` for a webhook.
    pub fn require_application(&self) -> Result<(), RestError> {
        if self.caller.webhook {
            let text = "Current authorization type is denied for this method";
            return Err(RestError::new(403, "WRONG_AUTH_TYPE", text));
        }
        Ok(())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// 400 `ERROR_ARGUMENT`.
    pub fn required(&self, name: &str) -> Result<String, RestError> {
        Some(self.params.text(name)).filter(|text| !text.is_empty()).ok_or_else(|| RestError::missing(name))
    }
}
