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

    /// First and last name, as far as they are there.
    #[must_use]
    pub fn decode_name(result: &Value) -> String {
        let part = |name| result.get(name).and_then(Value::as_str).map(str::trim).filter(|part| !part.is_empty());
        [part("NAME"), part("LAST_NAME")].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// `user.admin`: whether the token's user administers the portal.
pub mod user_admin {
    use super::{Command, Value, WrongShape};

    /// The call.
    #[must_use]
    pub fn command() -> Command {
        Command::new("user.admin")
    }

    /// # Errors
    /// [`WrongShape`] when the answer is no flag.
    pub fn decode(result: &Value) -> Result<bool, WrongShape> {
        result.as_bool().ok_or(WrongShape { method: "user.admin", member: "flag" })
    }
}

/// `feature.get`: what the portal's plan includes.
pub mod feature {
    use super::{Command, Value, WrongShape};

    /// The call.
    #[must_use]
    pub fn command(code: &str) -> Command {
        Command::new("feature.get").with("CODE", code)
    }

    /// # Errors
    /// [`WrongShape`] when the answer is neither yes nor no.
    pub fn decode(result: &Value) -> Result<bool, WrongShape> {
        match result.get("value").and_then(Value::as_str) {
            Some("Y") => Ok(true),
            Some("N") => Ok(false),
            _ => Err(WrongShape { method: "feature.get", member: "value" }),
        }
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

    /// The application as its portal knows it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Application {
        /// `CODE`: the client id of a local application, `VENDOR.NAME` of one from the market.
        pub code: String,
        /// `VERSION`.
        pub version: Option<u64>,
        /// `STATUS`: L local, F free, D demo, T trial, P paid, S subscription.
        pub status: String,
        /// `INSTALLED`: nothing is delivered before that.
        pub installed: bool,
        /// `PAYMENT_EXPIRED`.
        pub payment_expired: bool,
        /// `DAYS` that are paid for yet; negative in the days of grace, `None` where nothing has to be paid.
        pub days: Option<i64>,
        /// `LICENSE`: the portal's plan.
        pub license: Option<String>,
    }

    impl Application {
        /// What the letter of the status means.
        #[must_use]
        pub fn status_word(&self) -> &str {
            match self.status.as_str() {
                "L" => "local",
                "F" => "free",
                "D" => "demo",
                "T" => "trial",
                "P" => "paid",
                "S" => "subscription",
                other => other,
            }
        }
    }

    /// Reads the application.
    ///
    /// # Errors
    /// [`WrongShape`] when its code or the flag of its installation is missing.
    pub fn decode(result: &Value) -> Result<Application, WrongShape> {
        let text = |name: &str| result.get(name).and_then(Value::as_str).map(str::to_owned);
        let number =
            |name: &str| result.get(name).and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        Ok(Application {
            code: text("CODE").ok_or(WrongShape { method: "app.info", member: "CODE" })?,
            version: number("VERSION").and_then(|version| u64::try_from(version).ok()),
            status: text("STATUS").unwrap_or_default(),
            installed: decode_installed(result)?,
            payment_expired: text("PAYMENT_EXPIRED").as_deref() == Some("Y"),
            days: number("DAYS"),
            license: text("LICENSE"),
        })
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
