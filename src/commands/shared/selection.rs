//! Which events: arguments that several commands have.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};

use crate::bindings::{Event, UnknownEvent};
use crate::catalog::CONNECTOR_EVENTS;
use crate::error::Error;

#[derive(Debug, Args)]
pub(crate) struct EventSelection {
    /// Short names (message-add), or full names in any case
    #[arg(value_name = "EVENT", value_parser = EventName, hide_possible_values = true)]
    pub events: Vec<String>,

    /// All seven connector events
    #[arg(short, long)]
    pub all: bool,
}

/// Accepts any text, and offers the short names for completion.
#[derive(Debug, Clone)]
struct EventName;

impl TypedValueParser for EventName {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(CONNECTOR_EVENTS.iter().filter_map(|event| event.short).map(PossibleValue::new)))
    }
}

impl EventSelection {
    /// The selected events, each once.
    pub(crate) fn resolve(&self) -> Result<Vec<Event>, Error> {
        let mut events = if self.all { Event::connector_events() } else { Vec::new() };
        for typed in &self.events {
            let event = Event::parse(typed).map_err(|error| unknown(&error))?;
            if !events.contains(&event) {
                events.push(event);
            }
        }
        Ok(events)
    }
}

fn unknown(error: &UnknownEvent) -> Error {
    let hint = match error.nearest.as_slice() {
        [] => "to see all events, run `imconn events`".to_owned(),
        names => format!("did you mean {}? to see all events, run `imconn events`", names.join(" or ")),
    };
    Error::usage(error.to_string(), hint)
}
