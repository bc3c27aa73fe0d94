//! The REST methods this program uses, one per file: the request next to the decoder of its answer. No I/O.

mod app_info;
mod event_bind;
mod event_get;
mod event_unbind;
mod events;
mod feature_get;
mod profile;
mod scope;
mod user_admin;

pub(crate) use app_info::{AppInfo, Application};
pub(crate) use event_bind::EventBind;
pub(crate) use event_get::EventGet;
pub(crate) use event_unbind::EventUnbind;
pub(crate) use events::{Events, EventsOf};
pub(crate) use feature_get::FeatureGet;
pub(crate) use profile::Profile;
pub(crate) use scope::Scope;
pub(crate) use user_admin::UserAdmin;

use serde_json::Value;
use thiserror::Error;

use crate::bindings::{Binding, Channel};
use crate::wire::batch::Command;

/// One call of a REST method. Its type says what comes back.
pub(crate) trait Call {
    type Answer;

    fn command(self) -> Command;

    /// Reads the `result` of the answer.
    fn decode(result: &Value) -> Result<Self::Answer, WrongShape>;
}

/// A result that does not have the documented shape.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unexpected answer to {method}: {problem}")]
pub(crate) struct WrongShape {
    pub(crate) method: &'static str,
    /// As a clause: "`ID` is missing or has the wrong type".
    pub(crate) problem: String,
}

impl WrongShape {
    fn new(method: &'static str, problem: impl Into<String>) -> Self {
        Self { method, problem: problem.into() }
    }

    fn member(method: &'static str, name: &str) -> Self {
        Self::new(method, format!("`{name}` is missing or has the wrong type"))
    }
}

/// The parameters that `event.bind` and `event.unbind` share.
fn binding_command(method: &'static str, binding: &Binding) -> Command {
    let mut command = Command::new(method).with("event", binding.event.as_str());
    match &binding.channel {
        Channel::Online { handler, auth_user } => {
            command = command.with("handler", handler.as_str());
            if let Some(user) = auth_user {
                command = command.with("auth_type", *user);
            }
        }
        Channel::Offline => command = command.with("event_type", "offline"),
    }
    command
}

/// A list of names.
fn decode_names(method: &'static str, result: &Value) -> Result<Vec<String>, WrongShape> {
    let names = result.as_array().and_then(|list| list.iter().map(string).collect());
    names.ok_or_else(|| WrongShape::new(method, "expected a list of strings"))
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
