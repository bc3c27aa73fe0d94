//! The report of commands that change bindings.

use serde_json::{Value, json};

use crate::bindings::{Action, Binding, Change, Channel, Status, Summary};
use crate::output::table::Table;
use crate::output::{FinalError, Message, Output, Records, Report};
use crate::reconcile::change::exit_code;

/// Members of a change, as CSV and plain show them.
const COLUMNS: [&str; 8] = ["action", "event", "type", "handler", "auth_user", "auth_connector", "status", "error"];

/// Puts changes into every format, with a summary and the right exit code.
pub(in crate::commands) fn report(portal: &str, changes: &[Change], mut messages: Vec<Message>) -> Report {
    let summary = Summary::of(changes);
    let exit = exit_code(changes);
    let document = json!({
        "portal": portal,
        "changes": changes.iter().map(Change::to_json).collect::<Vec<Value>>(),
        "summary": summary,
    });
    let output = Output::Records(Records {
        document,
        list: "changes",
        columns: &COLUMNS,
        table: table(changes),
        markdown: None,
    });
    if !changes.is_empty() {
        messages.insert(0, Message::Info(sentence(&summary)));
    }
    Report { output, messages, error: final_error(changes), exit }
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
    texts.fold(Vec::new(), |mut seen, text| {
        if !seen.contains(&text) {
            seen.push(text);
        }
        seen
    })
}

pub(in crate::commands) fn table(changes: &[Change]) -> Table {
    let mark = |change: &Change| match (&change.status, change.action) {
        (Status::Unchanged, _) => "=",
        (_, Action::Bind) => "+",
        (_, Action::Unbind) => "-",
    };
    let row = |change: &Change| {
        let status = match change.error() {
            None => change.status.word().to_owned(),
            Some(error) => format!("failed: {}", error.code),
        };
        vec![
            format!("{} {}", mark(change), change.binding.event),
            destination(&change.binding),
            runs_as(&change.binding),
            status,
        ]
    };
    let headers = vec!["Event", "Handler", "Runs as", "Status"];
    Table { headers, elastic: 1, rows: changes.iter().map(row).collect(), tint: None }
}

fn sentence(summary: &Summary) -> String {
    let parts = [
        (summary.bound, "bound"),
        (summary.unbound, "removed"),
        (summary.unchanged, "unchanged"),
        (summary.planned, "planned"),
        (summary.failed, "failed"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    told.join(", ")
}

/// Where a binding brings its events.
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
