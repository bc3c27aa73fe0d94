//! The REST methods this program uses, as commands without I/O, and their results decoded strictly.

use serde_json::Value;

use crate::wire::batch::Command;
use crate::wire::event_row::EventRow;

/// A result that has not the documented shape: the method, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer to {method} has an unexpected shape ({member})")]
pub struct WrongShape {
    /// The REST method.
    pub method: &'static str,
    /// The member that is missing or of a wrong type.
    pub member: &'static str,
}

/// `event.get`: the bindings of this application.
pub mod event_get {
    use super::{Command, EventRow, Value, WrongShape};

    /// The call.
    #[must_use]
    pub fn command() -> Command {
        Command::new("event.get")
    }

    /// Rows in order of creation.
    ///
    /// # Errors
    /// [`WrongShape`] when any row cannot be read: a plan made from half a list would be wrong.
    pub fn decode(result: &Value) -> Result<Vec<EventRow>, WrongShape> {
        EventRow::decode_list(result).map_err(|member| WrongShape { method: "event.get", member })
    }
}

/// `event.unbind`: removes handlers and says how many.
pub mod event_unbind {
    use super::{Value, WrongShape};

    /// The number of handlers removed; 0 is no error.
    ///
    /// # Errors
    /// [`WrongShape`] when there is no count.
    pub fn decode(result: &Value) -> Result<u64, WrongShape> {
        result.get("count").and_then(Value::as_u64).ok_or(WrongShape { method: "event.unbind", member: "count" })
    }
}

/// `profile`: who the token speaks for.
pub mod profile {
    use super::{Command, Value, WrongShape};

    /// The user behind the token.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Caller {
        /// User id.
        pub id: u64,
        /// Whether the user administers the portal, and so sees and removes everybody's bindings.
        pub admin: bool,
    }

    /// The call.
    #[must_use]
    pub fn command() -> Command {
        Command::new("profile")
    }

    /// Reads the id, which comes as a text or a number, and the flag.
    ///
    /// # Errors
    /// [`WrongShape`] when either is missing.
    pub fn decode(result: &Value) -> Result<Caller, WrongShape> {
        let wrong = |member| WrongShape { method: "profile", member };
        let id =
            result.get("ID").and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok())).ok_or(wrong("ID"))?;
        let admin = result.get("ADMIN").and_then(Value::as_bool).ok_or(wrong("ADMIN"))?;
        Ok(Caller { id, admin })
    }
}

/// `app.info`: the application itself.
pub mod app_info {
    use super::{Command, Value, WrongShape};

    /// The call.
    #[must_use]
    pub fn command() -> Command {
        Command::new("app.info")
    }

    /// Whether the application's installation is finished: before that nothing is delivered to it.
    ///
    /// # Errors
    /// [`WrongShape`] when the flag is missing.
    pub fn decode_installed(result: &Value) -> Result<bool, WrongShape> {
        result.get("INSTALLED").and_then(Value::as_bool).ok_or(WrongShape { method: "app.info", member: "INSTALLED" })
    }
}

/// `scope` and `events`: lists of names.
pub mod names {
    use super::{Command, Value, WrongShape};

    /// The application's scopes.
    #[must_use]
    pub fn scope() -> Command {
        Command::new("scope")
    }

    /// The events within those scopes.
    #[must_use]
    pub fn events() -> Command {
        Command::new("events")
    }

    /// # Errors
    /// [`WrongShape`] when the answer is no list of texts.
    pub fn decode(method: &'static str, result: &Value) -> Result<Vec<String>, WrongShape> {
        let wrong = WrongShape { method, member: "list" };
        let list = result.as_array().ok_or(wrong.clone())?;
        list.iter().map(|name| name.as_str().map(str::to_owned).ok_or(wrong.clone())).collect()
    }
}
