//! `imconn undo`.

use anyhow::anyhow;
use serde::Serialize;

use super::Run;
use super::shared::confirm::{self, Confirmation, bindings};
use super::shared::identity::moment;
use super::shared::own_view::USE_ADMINISTRATOR;
use super::shared::{changes, history};
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Event, Type};
use crate::context::{Connection, Context};
use crate::error::Error;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::reconcile::apply::apply;
use crate::reconcile::history::{Entry, State};
use crate::reconcile::undo::Reversal;
use crate::reconcile::{Change, View};
use crate::wire::profile::Caller;

/// Undo the last change imconn made on a portal
///
/// Examples:
///   imconn undo         show it, ask, undo it
///   imconn undo --yes
///   imconn undo --dry-run
///   imconn undo --list  the latest ten changes, newest first
///
/// Changes made by bind, unbind and apply are recorded on this machine. What others changed since then stays.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Args {
    /// Show what can be undone
    #[arg(long)]
    pub(crate) list: bool,

    /// Show what would change, and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Also remove what may be older, or the last handler of an event
    #[arg(long)]
    pub(crate) force: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let connection = context.connect().await?;
        let Some(history) = history::of(context, &connection) else {
            return Err(anyhow!("no home folder to record changes in; set IMCONN_DATA_DIR to a folder").into());
        };
        let entries = history.entries()?;
        if self.list {
            return Ok(list(&connection.name, entries));
        }
        let Some(last) = entries.last() else {
            let message = Message::Info(format!("nothing to undo on {}", connection.name));
            return Ok(changes::report(&connection.name, &[], vec![message], &context.invocation()));
        };
        let view = View::read(&connection.portal).await?;
        require_visible(&last.undo, &view)?;
        let reversal = Reversal::of(last, &view);
        let blocked = if self.force { None } else { obstacle(&reversal, last, context) };
        if reversal.plan.is_empty() && blocked.is_none() {
            if !self.dry_run {
                history.remove(&last.id)?;
            }
            let message = Message::Info(format!("{}: already undone", described(last)));
            return Ok(changes::report(&connection.name, &[], vec![message], &context.invocation()));
        }
        let planned = reversal.plan.changes();
        if self.dry_run {
            let mut messages = vec![Message::Info(format!("this would undo {}", described(last)))];
            messages.extend(blocked.map(|(message, _)| Message::warning("unsafe_undo", message)));
            messages.push(changes::dry_run());
            return Ok(changes::report(&connection.name, &planned, messages, &context.invocation()));
        }
        if let Some((message, hint)) = blocked {
            confirm::show(&planned, context);
            return Err(Error::usage(message, hint));
        }
        if !self.yes {
            confirm(&planned, last, &connection, context).await?;
            // Another program may have changed something while the question waited for its answer.
            if View::read(&connection.portal).await?.bindings != view.bindings {
                return Err(Error::PlanIsOld { command: "undo --dry-run".to_owned() });
            }
        }
        history.begin_undo(&last.id)?;
        let applied = apply(&connection.portal, &reversal.plan, view.caller).await?;
        let is_reached = applied.end.is_ok_and(|end| Reversal::of(last, &end).plan.is_empty());
        if is_reached && applied.changes.iter().all(|change| change.error().is_none()) {
            history.remove(&last.id)?;
        }
        Ok(changes::report(&connection.name, &applied.changes, Vec::new(), &context.invocation()))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

async fn confirm(planned: &[Change], entry: &Entry, connection: &Connection, context: &Context) -> Result<(), Error> {
    if context.printer.terminal().interactive {
        context.printer.message(&Message::Info(format!("this will undo {}", described(entry))));
    } else {
        confirm::show(planned, context);
    }
    let confirmation = Confirmation {
        portal: &connection.name,
        changes: planned,
        purpose: format!("undo the last change on {}", connection.name),
        options: "add --yes to undo it, or --dry-run to see it",
    };
    confirmation.ask(context).await
}

/// "`bind` of 14:03".
fn described(entry: &Entry) -> String {
    let interrupted = match entry.state {
        State::Made => "",
        State::Planned => ", whose answer was lost",
        State::Undoing => ", whose undo was interrupted",
    };
    format!("`{}` of {}{interrupted}", entry.command, moment(entry.time))
}

/// What keeps the last change from being undone, and what to do about it.
fn obstacle(reversal: &Reversal, entry: &Entry, context: &Context) -> Option<(String, String)> {
    if reversal.is_safe() {
        return None;
    }
    let mut reasons = Vec::new();
    if !reversal.uncertain.is_empty() {
        let count = bindings(reversal.uncertain.len());
        reasons.push(format!("its answer was lost, so {count} to remove may be older than it"));
    }
    if !reversal.inseparable.is_empty() {
        let events: Vec<&str> = reversal.inseparable.iter().map(|binding| binding.event.as_str()).collect();
        let events = events.join(", ");
        reasons.push(format!("the portal removes a handler of {events} with all of its source keys, older ones too"));
    }
    if !reversal.orphaned.is_empty() {
        let events: Vec<&str> = reversal.orphaned.iter().map(Event::as_str).collect();
        reasons.push(format!("it would leave no handler for {}", events.join(", ")));
    }
    if !reversal.unrestorable.is_empty() {
        let events: Vec<&str> = reversal.unrestorable.iter().map(|binding| binding.event.as_str()).collect();
        reasons.push(format!("only imbot.v2.Bot methods can restore {}", events.join(", ")));
    }
    let message = format!("cannot safely undo {}: {}", described(entry), reasons.join("; "));
    Some((message, format!("to undo what can be undone all the same, run `{}`", context.typed("undo --force"))))
}

/// A non-admin sees and changes only its own online bindings, and cannot know whether others are undone.
fn require_visible(recorded: &Plan, view: &View) -> Result<(), Error> {
    let mut bindings = recorded.bind.iter().chain(&recorded.unbind);
    if view.caller.admin || bindings.all(|binding| is_own(binding, view.caller)) {
        return Ok(());
    }
    Err(Error::NotAuthorised {
        message: format!("the last change is not limited to the bindings of user {}", view.caller.id),
        hint: Some(USE_ADMINISTRATOR.to_owned()),
    })
}

fn is_own(binding: &Binding, caller: Caller) -> bool {
    binding.kind() == Type::Online && binding.auth_user() == Some(caller.id)
}

fn list(portal: &str, entries: Vec<Entry>) -> Report {
    let newest_first = entries.into_iter().rev().collect();
    Report::of(Output::list(HistoryDocument { portal: portal.to_owned(), entries: newest_first }))
}

#[derive(Serialize)]
struct HistoryDocument {
    portal: String,
    entries: Vec<Entry>,
}

impl Document for HistoryDocument {
    type Row = Entry;

    fn rows(&self) -> &[Entry] {
        &self.entries
    }
}

impl Row for Entry {
    const COLUMNS: &'static [Column] = &[
        Column::new("time", "When"),
        Column::new("command", "Command").elastic(),
        Column::new("bind", "To add"),
        Column::new("unbind", "To remove"),
        Column::raw("id"),
        Column::raw("state"),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(moment(self.time)).with_raw(self.time),
            Cell::new(&self.command),
            Cell::new(self.undo.bind.len()),
            Cell::new(self.undo.unbind.len()),
            Cell::from(self.id.as_str()),
            Cell::from(self.state.as_str()),
        ]
    }
}
