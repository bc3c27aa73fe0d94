//! `imconn events`.

use clap::Args;
use serde::Serialize;

use super::Run;
use crate::bindings::Event;
use crate::catalog::{self, CONNECTOR_SCOPE};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::portal::batch::Batch;
use crate::portal::calls::{Events, Scope};

/// Show the events that can be bound
///
/// Examples:
///   imconn events                 the events this program knows; no portal is asked
///   imconn events --available     what this application may bind on this portal
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct EventsArgs {
    /// Ask the portal which events the application may bind
    #[arg(long)]
    pub available: bool,
}

#[derive(Serialize)]
struct EventsDocument {
    events: Vec<EventRow>,
}

impl Document for EventsDocument {
    type Row = EventRow;

    fn rows(&self) -> &[EventRow] {
        &self.events
    }
}

#[derive(Serialize)]
struct EventRow {
    event: Event,
    short: Option<&'static str>,
    scope: Option<&'static str>,
    fired: Option<&'static str>,
    /// `None` when no portal was asked.
    available: Option<bool>,
}

impl EventRow {
    fn new(event: Event, available: Option<bool>) -> Self {
        let known = event.known();
        Self {
            short: known.and_then(|known| known.short),
            scope: known.and_then(|known| known.scope),
            fired: known.map(|known| known.fired),
            event,
            available,
        }
    }
}

impl Row for EventRow {
    const COLUMNS: &'static [Column] = &[
        Column::new("event", "Event"),
        Column::new("short", "Short"),
        Column::new("scope", "Scope"),
        Column::new("fired", "Fired when").elastic(),
        Column::new("available", "Available").optional(),
    ];

    fn cells(&self) -> Vec<Cell> {
        let available = self.available.map(|available| if available { "yes" } else { "no" });
        vec![
            Cell::new(&self.event),
            Cell::or_dash(self.short),
            Cell::or_dash(self.scope),
            Cell::or_dash(self.fired),
            Cell::from(available).with_raw_option(self.available),
        ]
    }
}

impl Run for EventsArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn run(args: &EventsArgs, context: &Context) -> Result<Report, Error> {
    let mut messages = Vec::new();
    let events = if args.available { ask(context, &mut messages).await? } else { catalogue() };
    if !args.available {
        let command = context.typed("events --available");
        messages.push(Message::Hint(format!("to see what this application may bind, run `{command}`")));
    }
    Ok(Report::of(Output::list(EventsDocument { events })).with_messages(messages))
}

fn catalogue() -> Vec<EventRow> {
    catalog::known_events().map(|known| EventRow::new(Event::from_portal(known.name), None)).collect()
}

/// One batch: the events in the application's scopes, and the scopes.
async fn ask(context: &Context, messages: &mut Vec<Message>) -> Result<Vec<EventRow>, Error> {
    let connection = context.connect().await?;
    let mut batch = Batch::new();
    let available = batch.add(Events);
    let scopes = batch.add(Scope);
    let reply = connection.portal.batch(batch).await?;
    let available: Vec<Event> = reply.take(available)?.iter().map(|name| Event::from_portal(name)).collect();
    let scopes = reply.take(scopes)?;
    messages.push(Message::Info(format!("scopes of the application: {}", scopes.join(", "))));
    if !scopes.iter().any(|scope| scope == CONNECTOR_SCOPE) {
        let text = format!("the application lacks the scope {CONNECTOR_SCOPE}: connector events cannot be bound");
        messages.push(Message::Warning(text));
    }
    let mut rows = catalogue();
    for row in &mut rows {
        row.available = Some(available.contains(&row.event));
    }
    for event in available {
        if !rows.iter().any(|row| row.event == event) {
            rows.push(EventRow::new(event, Some(true)));
        }
    }
    Ok(rows)
}
