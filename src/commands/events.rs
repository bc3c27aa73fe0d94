//! `imconn events`.

use std::collections::HashSet;

use serde::Serialize;

use super::Run;
use crate::bindings::Event;
use crate::catalog::{self, CONNECTOR_SCOPES};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::portal::batch::Batch;
use crate::portal::calls::{Events, Scope};
use crate::reconcile::change::named_scopes;

/// Show the events that can be bound
///
/// Examples:
///   imconn events              the events imconn knows, without asking a portal
///   imconn events --full       all documented events
///   imconn events --available  what this application can bind on this portal
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Ask the portal which events the application can bind
    #[arg(long)]
    pub(crate) available: bool,

    /// List all documented events, not only those of connectors and applications
    #[arg(long)]
    pub(crate) full: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let mut messages = Vec::new();
        let known = catalogue(self.full);
        let events = if self.available { ask(known, context, &mut messages).await? } else { known };
        if !self.available && !self.full {
            messages.push(Message::next("see all documented events", "imconn events --full"));
        }
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

fn catalogue(full: bool) -> Vec<EventRow> {
    let all = catalog::all_events().filter(|_| full);
    let main = catalog::main_events().filter(|_| !full);
    all.chain(main).map(|known| EventRow::new(Event::from_portal(known.name), None)).collect()
}

/// One batch: the events in the application's scopes, and the scopes. The portal overrules the catalogue.
async fn ask(mut rows: Vec<EventRow>, context: &Context, messages: &mut Vec<Message>) -> Result<Vec<EventRow>, Error> {
    let connection = context.connect().await?;
    let mut batch = Batch::new();
    let available = batch.add(Events);
    let scopes = batch.add(Scope);
    let reply = connection.portal.batch(batch).await?;
    let available: Vec<Event> = reply.take(available)?.iter().map(|name| Event::from_portal(name)).collect();
    let scopes = reply.take(scopes)?;
    messages.push(Message::Info(format!("scopes of the application: {}", scopes.join(", "))));
    messages.extend(connector_warning(&available, &scopes).map(|text| Message::warning("missing_scope", text)));
    let offered: HashSet<&Event> = available.iter().collect();
    for row in &mut rows {
        row.available = Some(offered.contains(&row.event));
    }
    let mut listed: HashSet<Event> = rows.iter().map(|row| row.event.clone()).collect();
    for event in available {
        if listed.insert(event.clone()) {
            rows.push(EventRow::new(event, Some(true)));
        }
    }
    Ok(rows)
}

/// Judged by what the portal offers: which scope the connector events belong to depends on the portal.
fn connector_warning(available: &[Event], scopes: &[String]) -> Option<String> {
    if Event::connector_events().iter().any(|event| available.contains(event)) {
        return None;
    }
    let missing: Vec<&str> =
        CONNECTOR_SCOPES.into_iter().filter(|required| !scopes.iter().any(|scope| scope == required)).collect();
    Some(match missing.as_slice() {
        [] => "the portal offers this application no connector events, although it has their scopes".to_owned(),
        missing => format!("the application lacks the {}, so connector events cannot be bound", named_scopes(missing)),
    })
}
