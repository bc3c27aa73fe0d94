//! The arguments that several commands share: which events.

use clap::Args;

use crate::bindings::{Event, UnknownEvent};
use crate::error::Error;

/// Which events.
#[derive(Debug, Args)]
pub struct EventSelection {
    /// Events: short names (message-add), or full names in any case
    #[arg(value_name = "EVENT")]
    pub events: Vec<String>,

    /// The seven connector events
    #[arg(short, long)]
    pub all: bool,
}

impl EventSelection {
    /// The events meant, each once; empty when none is named.
    ///
    /// # Errors
    /// [`Error::Usage`] for a name that is none, with the nearest ones.
    pub fn resolve(&self) -> Result<Vec<Event>, Error> {
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
        [] => "imconn events lists the names".to_owned(),
        names => format!("did you mean {}? imconn events lists the names", names.join(" or ")),
    };
    Error::usage(error.to_string(), hint)
}
