//! The result of commands that change bindings.

use serde::Serialize;

use crate::bindings::{Action, Binding, Change, ChangeError, Channel, Event, Status, Summary};
use crate::output::table::Table;
use crate::output::{Cell, Column, Document, FinalError, Message, Output, Report, Row, Tone};
use crate::reconcile::change::exit_code;

/// What was changed on a portal, or would be.
#[derive(Serialize)]
pub(in crate::commands) struct ChangesDocument {
    pub(in crate::commands) portal: String,
    pub(in crate::commands) changes: Vec<ChangeRow>,
    pub(in crate::commands) summary: Summary,
}

#[derive(Serialize)]
pub(in crate::commands) struct ChangeRow {
    action: Action,
    event: Event,
    r#type: &'static str,
    handler: Option<String>,
    auth_user: Option<u64>,
    auth_connector: Option<String>,
    status: &'static str,
    error: Option<RowError>,
    #[serde(skip)]
    shown: Shown,
}

#[derive(Serialize)]
struct RowError {
    code: String,
    message: String,
    hint: Option<String>,
}

/// What people read instead of some of the members.
struct Shown {
    mark: char,
    destination: String,
    runs_as: String,
}

impl ChangesDocument {
    pub(in crate::commands) fn new(portal: &str, changes: &[Change]) -> Self {
        Self {
            portal: portal.to_owned(),
            changes: changes.iter().map(ChangeRow::from).collect(),
            summary: Summary::of(changes),
        }
    }
}

impl Document for ChangesDocument {
    type Row = ChangeRow;

    fn rows(&self) -> &[ChangeRow] {
        &self.changes
    }
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        let binding = &change.binding;
        Self {
            action: change.action,
            event: binding.event.clone(),
            r#type: binding.kind().as_str(),
            handler: binding.handler().map(str::to_owned),
            auth_user: binding.auth_user(),
            auth_connector: binding.auth_connector.clone(),
            status: change.status.word(),
            error: change.error().map(RowError::from),
            shown: Shown { mark: mark(change), destination: destination(binding), runs_as: runs_as(binding) },
        }
    }
}

impl From<&ChangeError> for RowError {
    fn from(error: &ChangeError) -> Self {
        Self { code: error.code.clone(), message: error.message.clone(), hint: error.hint.clone() }
    }
}

impl Row for ChangeRow {
    const COLUMNS: &'static [Column] = &[
        Column::raw("action"),
        Column::new("event", "Event"),
        Column::raw("type"),
        Column::new("handler", "Handler").elastic(),
        Column::new("auth_user", "Runs as"),
        Column::raw("auth_connector"),
        Column::new("status", "Status"),
        Column::raw("error"),
    ];

    fn cells(&self) -> Vec<Cell> {
        let action = match self.action {
            Action::Bind => "bind",
            Action::Unbind => "unbind",
        };
        let status = match &self.error {
            None => Cell::new(self.status),
            Some(error) => Cell::new(format!("failed: {}", error.code)).with_raw(self.status).toned(Tone::Bad),
        };
        vec![
            Cell::from(action),
            Cell::new(format!("{} {}", self.shown.mark, self.event)).with_raw(&self.event),
            Cell::from(self.r#type),
            Cell::new(&self.shown.destination).with_raw_option(self.handler.as_ref()),
            Cell::new(&self.shown.runs_as).with_raw_option(self.auth_user),
            Cell::from(self.auth_connector.as_ref()),
            status,
            Cell::from(self.error.as_ref().map(|error| &error.message)),
        ]
    }
}

/// Puts changes into every format, with a summary and the right exit code.
pub(in crate::commands) fn report(portal: &str, changes: &[Change], mut messages: Vec<Message>) -> Report {
    let document = ChangesDocument::new(portal, changes);
    if !changes.is_empty() {
        messages.insert(0, Message::Info(sentence(&document.summary)));
    }
    Report { output: Output::list(document), messages, error: final_error(changes), exit: exit_code(changes) }
}

fn final_error(changes: &[Change]) -> Option<FinalError> {
    let errors: Vec<_> = changes.iter().filter_map(Change::error).collect();
    if errors.is_empty() {
        return None;
    }
    let reasons = distinct(errors.iter().map(|error| error.message.clone()));
    let message = format!("{} of {} changes failed: {}", errors.len(), changes.len(), reasons.join("; "));
    let hints = distinct(errors.iter().filter_map(|error| error.hint.clone()));
    // The one that the exit code comes from.
    let worst = errors.iter().rev().max_by_key(|error| error.exit)?;
    Some(FinalError {
        code: if errors.len() < changes.len() { "partial" } else { worst.kind },
        message,
        refusal: worst.refusal.clone(),
        hint: (!hints.is_empty()).then(|| hints.join("; ")),
    })
}

/// Each text once, in order of appearance.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

pub(in crate::commands) fn table(changes: &[Change]) -> Table {
    ChangesDocument::new("", changes).table()
}

fn mark(change: &Change) -> char {
    match (&change.status, change.action) {
        (Status::Unchanged, _) => '=',
        (_, Action::Bind) => '+',
        (_, Action::Unbind) => '-',
    }
}

fn sentence(summary: &Summary) -> String {
    let parts = [
        (summary.bound, "bound"),
        (summary.unbound, "removed"),
        (summary.unchanged, "unchanged"),
        (summary.planned, "planned"),
        (summary.failed, "failed"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// Where the portal delivers the events.
pub(in crate::commands) fn destination(binding: &Binding) -> String {
    match (&binding.channel, &binding.auth_connector) {
        (Channel::Online { handler, .. }, None) => handler.clone(),
        (Channel::Online { handler, .. }, Some(key)) => format!("{handler} (source {key})"),
        (Channel::Offline, None) => "(offline queue)".to_owned(),
        (Channel::Offline, Some(key)) => format!("(offline queue, source {key})"),
    }
}

/// Whose rights the handler gets.
pub(in crate::commands) fn runs_as(binding: &Binding) -> String {
    match (&binding.channel, binding.auth_user()) {
        (Channel::Offline, _) => "-".to_owned(),
        (Channel::Online { .. }, Some(0)) => "who fired it".to_owned(),
        (Channel::Online { .. }, Some(user)) => format!("user {user}"),
        (Channel::Online { .. }, None) => "portal's choice".to_owned(),
    }
}
