//! `events`: the events within the application's scopes.

use serde_json::Value;

use super::{Call, WrongShape, decode_names};
use crate::wire::batch::Command;

const METHOD: &str = "events";

pub(crate) struct Events;

impl Call for Events {
    type Answer = Vec<String>;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    fn decode(result: &Value) -> Result<Vec<String>, WrongShape> {
        decode_names(METHOD, result)
    }
}
