//! `events`: the events within the application's scopes.

use serde_json::Value;

use super::{Call, WrongShape, decode_names};
use crate::wire::batch::Command;

const METHOD: &str = "events";

pub(crate) struct Events;

/// The events of one scope, whether or not the application has it.
pub(crate) struct EventsOf(pub(crate) &'static str);

impl Call for Events {
    type Answer = Vec<String>;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    fn decode(result: &Value) -> Result<Vec<String>, WrongShape> {
        decode_names(METHOD, result)
    }
}

impl Call for EventsOf {
    type Answer = Vec<String>;

    fn command(self) -> Command {
        Command::new(METHOD).with("SCOPE", self.0)
    }

    fn decode(result: &Value) -> Result<Vec<String>, WrongShape> {
        decode_names(METHOD, result)
    }
}
