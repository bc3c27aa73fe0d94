//! `imconn events`.

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
///   imconn events              the events imconn knows, without asking a portal
///   imconn events --available  what this application can bind on this portal
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Ask the portal which events the application can bind
    #[arg(long)]
    pub(crate) available: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let mut messages = Vec::new();
        let events = if self.available { ask(context, &mut messages).await? } else { catalogue() };
        if !self.available {
            messages.push(Message::next("see what this application can bind", &context.typed("events --available")));
        }
        Ok(Report::of(Output::list(EventsDocument { events })).with_messages(messages))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
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
        let text = format!("the application lacks the scope {CONNECTOR_SCOPE}, so connector events cannot be bound");
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
