//! `event.get`: the application's bindings.

use serde_json::Value;

use super::{Call, WrongShape};
use crate::wire::batch::Command;
use crate::wire::event_row::EventRow;

const METHOD: &str = "event.get";

pub(crate) struct EventGet;

impl Call for EventGet {
    /// In order of creation.
    type Answer = Vec<EventRow>;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    /// Fails for any row that cannot be read: a plan made from half a list would be wrong.
    fn decode(result: &Value) -> Result<Vec<EventRow>, WrongShape> {
        EventRow::decode_list(result).map_err(|member| WrongShape::member(METHOD, member))
    }
}
