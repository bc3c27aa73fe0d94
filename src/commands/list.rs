//! `imconn list`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::shared::changes::{destination, runs_as};
use super::shared::selection::EventSelection;
use crate::bindings::filter::Filter;
use crate::bindings::{Binding, Event, Type, View};
use crate::context::Context;
use crate::error::Error;
use crate::output::table::Table;
use crate::output::{Message, Output, Records, Report};

/// Members of a binding, as CSV and plain show them.
const COLUMNS: [&str; 6] = ["event", "scope", "type", "handler", "auth_user", "auth_connector"];

/// Show what is bound now
///
/// Examples:
///   imconn list
///   imconn list --all                        the seven connector events only
///   imconn list message-add dialog-start
///   imconn list --handler ngrok              handlers with this text inside
///   imconn list -o json | jq '.bindings[].handler'
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct ListArgs {
    /// Which events.
    #[command(flatten)]
    pub selection: EventSelection,

    /// Only handlers with this text inside
    #[arg(long, value_name = "TEXT")]
    pub handler: Option<String>,

    /// Only bindings of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = kind())]
    pub kind: Option<Type>,
}

fn kind() -> impl TypedValueParser<Value = Type> {
    let names = [Type::Online, Type::Offline].map(Type::as_str);
    PossibleValuesParser::new(names).map(|name| if name == "offline" { Type::Offline } else { Type::Online })
}

/// Lists.
///
/// # Errors
/// [`Error`] when the portal could not be asked.
pub async fn run(args: &ListArgs, context: &Context) -> Result<Report, Error> {
    let filter = Filter {
        events: args.selection.resolve()?,
        kind: args.kind,
        handler_part: args.handler.clone(),
        ..Filter::default()
    };
    let connection = context.connect().await?;
    let view = View::read(&connection.portal).await?;
    let shown: Vec<&Binding> = view.bindings.iter().filter(|binding| filter.matches(binding)).collect();
    let document = json!({
        "portal": connection.name,
        "view": view.extent(),
        "bindings": shown.iter().map(|binding| to_json(binding)).collect::<Vec<Value>>(),
    });
    let messages = messages(&view, shown.is_empty(), filter != Filter::default());
    let output = Output::Records(Records {
        document,
        list: "bindings",
        columns: &COLUMNS,
        table: table(&shown),
        markdown: None,
    });
    Ok(Report::of(output).with_messages(messages))
}

fn to_json(binding: &Binding) -> Value {
    json!({
        "event": binding.event,
        "scope": binding.event.known().and_then(|known| known.scope),
        "type": binding.kind().as_str(),
        "handler": binding.handler(),
        "auth_user": binding.auth_user(),
        "auth_connector": binding.auth_connector,
    })
}

fn table(bindings: &[&Binding]) -> Table {
    let row = |binding: &&Binding| {
        let scope = binding.event.known().and_then(|known| known.scope).unwrap_or("-");
        vec![
            binding.event.to_string(),
            scope.to_owned(),
            binding.kind().as_str().to_owned(),
            destination(binding),
            runs_as(binding),
        ]
    };
    let headers = vec!["Event", "Scope", "Type", "Handler", "Runs as"];
    Table { headers, elastic: 3, rows: bindings.iter().map(row).collect(), tint: None }
}

fn messages(view: &View, nothing_shown: bool, filtered: bool) -> Vec<Message> {
    let mut messages = Vec::new();
    if nothing_shown && filtered && !view.bindings.is_empty() {
        messages.push(Message::Info("no binding matches".to_owned()));
    }
    let is_bound = |event: &Event| view.bindings.iter().any(|binding| binding.event == *event);
    let bound = Event::connector_events().iter().filter(|event| is_bound(event)).count();
    messages.push(Message::Info(format!("{bound} of the 7 connector events are bound")));
    if !view.caller.admin {
        let text = "the token's user is no administrator: only its own bindings are visible";
        messages.push(Message::Info(text.to_owned()));
    }
    messages
}
