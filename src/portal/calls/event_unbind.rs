//! `event.unbind`: removes handlers.

use serde_json::Value;

use super::{Call, WrongShape, binding_command};
use crate::bindings::{Binding, Channel};
use crate::wire::batch::Command;

const METHOD: &str = "event.unbind";

/// Without an auth user, an administrator removes every user's bindings of this handler, and any other user only their
/// own.
pub(crate) struct EventUnbind(pub(crate) Binding);

impl Call for EventUnbind {
    /// The number of handlers removed; 0 is not an error.
    type Answer = u64;

    fn command(self) -> Command {
        let command = binding_command(METHOD, &self.0);
        match self.0.channel {
            Channel::Offline => command.for_connector(self.0.auth_connector.as_deref().unwrap_or_default()),
            // The portal ignores it here (`protocol` section 2).
            Channel::Online { .. } => command,
        }
    }

    fn decode(result: &Value) -> Result<u64, WrongShape> {
        result.get("count").and_then(Value::as_u64).ok_or_else(|| WrongShape::member(METHOD, "count"))
    }
}
