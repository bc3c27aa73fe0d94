//! `imconn events`.

use clap::Args;
use serde_json::{Value, json};

use crate::bindings::Event;
use crate::catalog::{self, CONNECTOR_SCOPE};
use crate::context::Context;
use crate::error::Error;
use crate::output::table::Table;
use crate::output::{Message, Output, Records, Report};
use crate::portal::calls::names;

/// Members of an event, as CSV and plain show them.
const COLUMNS: [&str; 5] = ["event", "short", "scope", "fired", "available"];

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

struct Entry {
    event: Event,
    available: Option<bool>,
}

/// Lists events.
///
/// # Errors
/// [`Error`] when the portal had to be asked and could not.
pub async fn run(args: &EventsArgs, context: &Context) -> Result<Report, Error> {
    let mut messages = Vec::new();
    let entries = if args.available { ask(context, &mut messages).await? } else { catalogue() };
    let document = json!({"events": entries.iter().map(Entry::to_json).collect::<Vec<Value>>()});
    if !args.available {
        messages.push(Message::Hint(format!(
            "{} asks the portal what this application may bind",
            context.typed("events --available")
        )));
    }
    let output = Output::Records(Records {
        document,
        list: "events",
        columns: &COLUMNS,
        table: table(&entries, args.available),
        markdown: None,
    });
    Ok(Report::of(output).with_messages(messages))
}

fn catalogue() -> Vec<Entry> {
    catalog::known_events().map(|known| Entry { event: Event::from_portal(known.name), available: None }).collect()
}

/// One batch: the events in the application's scopes, and the scopes.
async fn ask(context: &Context, messages: &mut Vec<Message>) -> Result<Vec<Entry>, Error> {
    let connection = context.connect().await?;
    let portal = &connection.portal;
    let mut reply = portal.batch(&[names::events(), names::scope()]).await?;
    let available = reply.result(0, portal, |value| names::decode("events", value))?;
    let available: Vec<Event> = available.iter().map(|name| Event::from_portal(name)).collect();
    let scopes = reply.result(1, portal, |value| names::decode("scope", value))?;
    messages.push(Message::Info(format!("scopes of the application: {}", scopes.join(", "))));
    if !scopes.iter().any(|scope| scope == CONNECTOR_SCOPE) {
        let text = format!("the application lacks the scope {CONNECTOR_SCOPE}: connector events cannot be bound");
        messages.push(Message::Warning(text));
    }
    let mut entries: Vec<Entry> = catalogue()
        .into_iter()
        .map(|entry| Entry { available: Some(available.contains(&entry.event)), ..entry })
        .collect();
    for event in available {
        if !entries.iter().any(|entry| entry.event == event) {
            entries.push(Entry { event, available: Some(true) });
        }
    }
    Ok(entries)
}

impl Entry {
    fn to_json(&self) -> Value {
        let known = self.event.known();
        json!({
            "event": self.event,
            "short": known.and_then(|known| known.short),
            "scope": known.and_then(|known| known.scope),
            "fired": known.map(|known| known.fired),
            "available": self.available,
        })
    }
}

fn table(entries: &[Entry], asked: bool) -> Table {
    let row = |entry: &Entry| {
        let known = entry.event.known();
        let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let mut row = vec![
            entry.event.to_string(),
            or_dash(known.and_then(|known| known.short)),
            or_dash(known.and_then(|known| known.scope)),
            or_dash(known.map(|known| known.fired)),
        ];
        if asked {
            row.push(if entry.available == Some(true) { "yes" } else { "no" }.to_owned());
        }
        row
    };
    let mut headers = vec!["Event", "Short", "Scope", "Fired when"];
    if asked {
        headers.push("Available");
    }
    Table { headers, elastic: 3, rows: entries.iter().map(row).collect(), tint: None }
}
