//! The result of commands that change bindings.

use serde::Serialize;

use crate::bindings::{Binding, Channel, Event};
use crate::error::{Invocation, Problem};
use crate::output::table::Table;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row, Tone};
use crate::reconcile::{Action, Change, ChangeError, Status, Summary};

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
    pub(in crate::commands) fn new(portal: &str, changes: &[Change], invocation: &Invocation) -> Self {
        Self {
            portal: portal.to_owned(),
            changes: changes.iter().map(|change| ChangeRow::new(change, invocation)).collect(),
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

impl ChangeRow {
    pub(in crate::commands) fn new(change: &Change, invocation: &Invocation) -> Self {
        let binding = &change.binding;
        Self {
            action: change.action,
            event: binding.event.clone(),
            r#type: binding.kind().as_str(),
            handler: binding.handler().map(str::to_owned),
            auth_user: binding.auth_user(),
            auth_connector: binding.auth_connector.clone(),
            status: change.status.word(),
            error: change.error().map(|error| RowError::new(error, invocation)),
            shown: Shown { mark: mark(change), destination: destination(binding), runs_as: runs_as(binding) },
        }
    }
}

impl RowError {
    fn new(error: &ChangeError, invocation: &Invocation) -> Self {
        let problem = Problem::of_change(error, invocation);
        Self { code: error.code(), message: problem.message, hint: problem.hint }
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
pub(in crate::commands) fn report(
    portal: &str,
    changes: &[Change],
    messages: Vec<Message>,
    invocation: &Invocation,
) -> Report {
    let document = ChangesDocument::new(portal, changes, invocation);
    report_document(document, changes, messages, invocation)
}

/// The same for a document that holds more than the changes.
pub(in crate::commands) fn report_document(
    document: impl Document + 'static,
    changes: &[Change],
    mut messages: Vec<Message>,
    invocation: &Invocation,
) -> Report {
    if !changes.is_empty() {
        messages.insert(0, Message::Info(sentence(&Summary::of(changes))));
    }
    let report = Report::of(Output::list(document)).with_messages(messages);
    match Problem::of_changes(changes, invocation) {
        Some(problem) => report.with_error(problem),
        None => report,
    }
}

/// What a dry run says at its end.
pub(in crate::commands) fn dry_run() -> Message {
    Message::Hint("nothing was changed; run again without --dry-run to make these changes".to_owned())
}

pub(in crate::commands) fn table(changes: &[Change]) -> Table {
    ChangesDocument::new("", changes, &Invocation::default()).table()
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
        (Channel::Online { .. }, Some(0)) => "event's user".to_owned(),
        (Channel::Online { .. }, Some(user)) => format!("user {user}"),
        (Channel::Online { .. }, None) => "portal default".to_owned(),
    }
}
