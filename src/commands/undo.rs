//! `imconn undo`.

use anyhow::anyhow;
use clap::Args;
use serde_json::{Value, json};

use super::Run;
use super::shared::identity::moment;
use super::shared::{changes, history as journal};
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Type, View};
use crate::context::{Connection, Context};
use crate::error::Error;
use crate::output::legacy::texts;
use crate::output::table::Table;
use crate::output::{Column, Message, Output, Records, Report};
use crate::reconcile::apply::apply;
use crate::reconcile::execute::as_bound;

/// Members of an entry, as CSV and plain show them.
const COLUMNS: [&str; 4] = ["time", "command", "bind", "unbind"];

/// Take back the last change that imconn has made on a portal
///
/// Examples:
///   imconn undo              shows it, asks, takes it back
///   imconn undo --yes
///   imconn undo --list       the newest ten, newest first
///
/// Changes of bind, unbind and apply are remembered on this machine. What others have changed since stays.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct UndoArgs {
    /// Show what can be taken back
    #[arg(long)]
    pub list: bool,

    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

impl Run for UndoArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

async fn run(args: &UndoArgs, context: &Context) -> Result<Report, Error> {
    let connection = context.connect().await?;
    let Some(journal) = journal::of(context, &connection) else {
        return Err(anyhow!("there is no home folder to remember changes in; name a folder in IMCONN_DATA_DIR").into());
    };
    let entries = journal.entries()?;
    if args.list {
        return Ok(list(&connection.name, &entries));
    }
    let Some(last) = entries.last() else {
        let note = Message::Info(format!("there is nothing to take back on {}", connection.name));
        return Ok(changes::report(&connection.name, &[], vec![note], &context.invocation()));
    };
    let recorded = journal::plan(last).ok_or_else(|| anyhow!("the last entry of the journal cannot be understood"))?;
    let view = View::read(&connection.portal).await?;
    refuse_blindness(&recorded, &view)?;
    let plan = still_to_do(&recorded, &view);
    if !plan.is_empty() {
        agree(&plan, args.yes, &connection, context)?;
    }
    let (changes, is_done) = if plan.is_empty() {
        (Vec::new(), true)
    } else {
        let applied = apply(&connection.portal, &plan, view.caller).await?;
        let is_so = applied.end.is_ok_and(|end| still_to_do(&recorded, &end).is_empty());
        let is_done = is_so && applied.changes.iter().all(|change| change.error().is_none());
        (applied.changes, is_done)
    };
    if is_done {
        journal.remove(last)?;
    }
    let messages =
        if changes.is_empty() { vec![Message::Info("that is taken back already".to_owned())] } else { Vec::new() };
    Ok(changes::report(&connection.name, &changes, messages, &context.invocation()))
}

/// A non-admin sees and changes its own online bindings only: of anything else it could not tell whether it is taken back.
fn refuse_blindness(recorded: &Plan, view: &View) -> Result<(), Error> {
    let is_own = |binding: &Binding| binding.kind() == Type::Online && binding.auth_user() == Some(view.caller.id);
    if view.caller.admin || recorded.bind.iter().chain(&recorded.unbind).all(is_own) {
        return Ok(());
    }
    Err(Error::NotAuthorised {
        message: format!(
            "the last change is not only of user {}'s bindings, and others are not visible",
            view.caller.id
        ),
        hint: Some("use the token of a portal administrator".into()),
    })
}

/// What of an entry is not so already.
fn still_to_do(recorded: &Plan, view: &View) -> Plan {
    let is_there = |binding: &&Binding| view.bindings.contains(&as_listed(binding, view));
    Plan {
        bind: recorded.bind.iter().filter(|binding| !is_there(binding)).cloned().collect(),
        unbind: recorded.unbind.iter().filter(is_there).cloned().collect(),
    }
}

/// A binding as a portal lists it, which does not tell an online one's source key.
fn as_listed(binding: &Binding, view: &View) -> Binding {
    let bound = as_bound(binding, Some(view.caller));
    if bound.kind() == Type::Online { Binding { auth_connector: None, ..bound } } else { bound }
}

fn agree(plan: &Plan, yes: bool, connection: &Connection, context: &Context) -> Result<(), Error> {
    if yes {
        return Ok(());
    }
    let terminal = context.printer.terminal();
    if !terminal.interactive {
        let message = format!("the last change of {} would be taken back, and nobody can be asked", connection.name);
        return Err(Error::usage(message, "add --yes to do it, or --list to see it"));
    }
    context.printer.plain(changes::table(&plan.changes()).draw(terminal.width, false).trim_end());
    if context.printer.confirm(&format!("Do this on {}?", connection.name))? {
        return Ok(());
    }
    Err(Error::Usage { message: "nothing was changed".to_owned(), hint: None })
}

fn list(portal: &str, entries: &[Value]) -> Report {
    let newest_first: Vec<Value> = entries.iter().rev().cloned().collect();
    let count =
        |entry: &Value, member: &str| entry.get(member).and_then(Value::as_array).map_or(0, Vec::len).to_string();
    let row = |entry: &Value| {
        vec![
            entry.get("time").and_then(Value::as_i64).map(moment).unwrap_or_default(),
            entry.get("command").and_then(Value::as_str).unwrap_or_default().to_owned(),
            count(entry, "bind"),
            count(entry, "unbind"),
        ]
    };
    let columns = ["When", "Command", "To bind", "To remove"].map(Column::titled);
    let columns = [columns[0], columns[1].elastic(), columns[2], columns[3]];
    let table = Table::new(&columns, newest_first.iter().map(row).map(texts).collect());
    let document = json!({"portal": portal, "entries": newest_first});
    Report::of(Output::Records(Records { document, list: "entries", columns: &COLUMNS, table, markdown: None }))
}
