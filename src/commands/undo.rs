//! `imconn undo`.

use std::collections::HashSet;

use anyhow::anyhow;
use serde::Serialize;

use super::Run;
use super::shared::confirm::Confirmation;
use super::shared::identity::moment;
use super::shared::own_view::USE_ADMINISTRATOR;
use super::shared::{changes, history};
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Type};
use crate::context::{Connection, Context};
use crate::error::Error;
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::reconcile::View;
use crate::reconcile::apply::apply;
use crate::reconcile::execute::as_bound;
use crate::reconcile::history::Entry;
use crate::wire::profile::Caller;

/// Undo the last change imconn made on a portal
///
/// Examples:
///   imconn undo         show it, ask, undo it
///   imconn undo --yes
///   imconn undo --list  the latest ten changes, newest first
///
/// Changes made by bind, unbind and apply are recorded on this machine. What others changed since then stays.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Show what can be undone
    #[arg(long)]
    pub(crate) list: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,
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
        let recorded = &last.undo;
        let view = View::read(&connection.portal).await?;
        require_visible(recorded, &view)?;
        let plan = still_to_do(recorded, &view);
        if plan.is_empty() {
            history.remove(last)?;
            let message = Message::Info("already undone".to_owned());
            return Ok(changes::report(&connection.name, &[], vec![message], &context.invocation()));
        }
        if !self.yes {
            confirm(&plan, &connection, context).await?;
        }
        let applied = apply(&connection.portal, &plan, view.caller).await?;
        let is_reached = applied.end.is_ok_and(|end| still_to_do(recorded, &end).is_empty());
        if is_reached && applied.changes.iter().all(|change| change.error().is_none()) {
            history.remove(last)?;
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

async fn confirm(plan: &Plan, connection: &Connection, context: &Context) -> Result<(), Error> {
    let confirmation = Confirmation {
        portal: &connection.name,
        changes: &plan.changes(),
        purpose: format!("undo the last change on {}", connection.name),
        options: "add --yes to undo it, or --list to see what can be undone",
    };
    confirmation.ask(context).await
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

/// What of a recorded change is not undone yet.
fn still_to_do(recorded: &Plan, view: &View) -> Plan {
    let bound: HashSet<&Binding> = view.bindings.iter().collect();
    let is_there = |binding: &&Binding| bound.contains(&as_listed(binding, view));
    Plan {
        bind: recorded.bind.iter().filter(|binding| !is_there(binding)).cloned().collect(),
        unbind: recorded.unbind.iter().filter(is_there).cloned().collect(),
    }
}

/// A binding as a portal lists it: without the source key of an online one.
fn as_listed(binding: &Binding, view: &View) -> Binding {
    let bound = as_bound(binding, Some(view.caller));
    if bound.kind() == Type::Online { Binding { auth_connector: None, ..bound } } else { bound }
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
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(moment(self.time)).with_raw(self.time),
            Cell::new(&self.command),
            bindings_cell(&self.undo.bind),
            bindings_cell(&self.undo.unbind),
        ]
    }
}

/// People read how many; programs get them as JSON.
fn bindings_cell(bindings: &[Binding]) -> Cell {
    Cell::new(bindings.len()).with_raw(serde_json::to_string(bindings).unwrap_or_default())
}
