//! `imconn list`.

use std::collections::HashSet;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::Run;
use super::shared::changes::{destination, runs_as};
use super::shared::own_view::own_view;
use super::shared::repetition::repetition;
use super::shared::selection::EventSelection;
use crate::bindings::filter::Filter;
use crate::bindings::{Binding, Event, Type};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::reconcile::View;

/// Show the current bindings
///
/// Examples:
///   imconn list
///   imconn list --all            the seven connector events only
///   imconn list message-add dialog-start
///   imconn list --handler ngrok  handlers that contain this text
///   imconn list -o json | jq '.bindings[].handler'
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) selection: EventSelection,

    /// Only handlers that contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) handler: Option<String>,

    /// Only bindings of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = kind())]
    pub(crate) kind: Option<Type>,
}

fn kind() -> impl TypedValueParser<Value = Type> {
    let names = [Type::Online, Type::Offline].map(Type::as_str);
    PossibleValuesParser::new(names).map(|name| if name == "offline" { Type::Offline } else { Type::Online })
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let filter = Filter {
            events: self.selection.resolve()?,
            kind: self.kind,
            handler_part: self.handler.clone(),
            ..Filter::default()
        };
        let connection = context.connect().await?;
        let view = View::read(&connection.portal).await?;
        let shown = view.bindings.iter().filter(|binding| filter.matches(binding));
        let bindings: Vec<BindingRow> = shown.map(BindingRow::from).collect();
        let shown = view.bindings.iter().filter(|binding| filter.matches(binding));
        let mut messages = messages(&view, bindings.is_empty(), filter != Filter::default());
        messages.extend(repetition(shown, "`unbind` removes them together"));
        let document = ListDocument { portal: connection.name, view: view.visibility(), bindings };
        Ok(Report::of(Output::list(document)).with_messages(messages))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

#[derive(Serialize)]
struct ListDocument {
    portal: String,
    view: &'static str,
    bindings: Vec<BindingRow>,
}

impl Document for ListDocument {
    type Row = BindingRow;

    fn rows(&self) -> &[BindingRow] {
        &self.bindings
    }
}

#[derive(Serialize)]
struct BindingRow {
    event: Event,
    scope: Option<&'static str>,
    r#type: &'static str,
    handler: Option<String>,
    auth_user: Option<u64>,
    auth_connector: Option<String>,
    /// What people read instead of the handler and the source key.
    #[serde(skip)]
    destination: String,
    /// What people read instead of the user.
    #[serde(skip)]
    runs_as: String,
}

impl From<&Binding> for BindingRow {
    fn from(binding: &Binding) -> Self {
        Self {
            event: binding.event.clone(),
            scope: binding.event.known().and_then(|known| known.scope),
            r#type: binding.kind().as_str(),
            handler: binding.handler().map(str::to_owned),
            auth_user: binding.auth_user(),
            auth_connector: binding.auth_connector.clone(),
            destination: destination(binding),
            runs_as: runs_as(binding),
        }
    }
}

impl Row for BindingRow {
    const COLUMNS: &'static [Column] = &[
        Column::new("event", "Event"),
        Column::new("scope", "Scope"),
        Column::new("type", "Type"),
        Column::new("handler", "Handler").elastic(),
        Column::new("auth_user", "Runs as"),
        Column::raw("auth_connector"),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(&self.event),
            Cell::or_dash(self.scope),
            Cell::from(self.r#type),
            Cell::new(&self.destination).with_raw_option(self.handler.as_ref()),
            Cell::new(&self.runs_as).with_raw_option(self.auth_user),
            Cell::from(self.auth_connector.as_ref()),
        ]
    }
}

fn messages(view: &View, is_empty: bool, is_filtered: bool) -> Vec<Message> {
    let mut messages = Vec::new();
    if is_empty && is_filtered && !view.bindings.is_empty() {
        messages.push(Message::Info("no binding matches".to_owned()));
    }
    let events: HashSet<&Event> = view.bindings.iter().map(|binding| &binding.event).collect();
    let bound = Event::connector_events().iter().filter(|event| events.contains(event)).count();
    let verb = if bound == 1 { "is" } else { "are" };
    // A token that is not an administrator's cannot tell what others have bound.
    let by = if view.caller.admin { String::new() } else { format!(" by user {}", view.caller.id) };
    messages.push(Message::Info(format!("{bound} of the 7 connector events {verb} bound{by}")));
    messages.extend(own_view(view, "").map(Message::Info));
    messages
}
