//! Every change of a portal is written down together with what takes it back.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Change, Status};
use crate::context::{Connection, Context};
use crate::output::Message;
use crate::reconcile::history::Journal;

/// The portal's journal; `None` where there is no folder for it, as in a container without a home.
pub(in crate::commands) fn of(context: &Context, connection: &Connection) -> Option<Journal> {
    let data = context.settings.folders.data().ok()?;
    Some(Journal::of(&data, &connection.file_name()))
}

/// Writes down what would take a plan back, before it is carried out: a process that is killed in between leaves at least
/// that. Returns the entry, to be replaced by what was really done.
pub(in crate::commands) fn record_planned(plan: &Plan, context: &Context, connection: &Connection) -> Option<Value> {
    let entry = entry("apply", &plan.bind, &plan.unbind);
    of(context, connection)?.add(entry.clone()).ok()?;
    Some(entry)
}

/// Replaces an entry of [`record_planned`] by what was really done.
pub(in crate::commands) fn replace(
    planned: Option<Value>,
    changes: &[Change],
    context: &Context,
    connection: &Connection,
) {
    // What failed may have been done all the same. undo does only what is not so already, and so can have the whole.
    if planned.is_some() && changes.iter().any(|change| change.error().is_some()) {
        return;
    }
    if let (Some(planned), Some(journal)) = (planned, of(context, connection)) {
        // An entry too many is found out by undo, which does only what is not so already.
        let _ = journal.remove(&planned);
    }
    record("apply", changes, context, connection);
}

/// Writes down what takes these changes back. A journal that cannot be written is a warning: the changes are made.
pub(in crate::commands) fn record(command: &str, changes: &[Change], context: &Context, connection: &Connection) {
    let with = |status: &Status| -> Vec<Binding> {
        changes.iter().filter(|change| change.status == *status).map(|change| change.binding.clone()).collect()
    };
    let (bound, unbound) = (with(&Status::Bound), with(&Status::Unbound));
    if bound.is_empty() && unbound.is_empty() {
        return;
    }
    let entry = entry(command, &bound, &unbound);
    if let Some(Err(error)) = of(context, connection).map(|journal| journal.add(entry)) {
        context.printer.message(&Message::Warning(format!("imconn undo will not know of this: {error:#}")));
    }
}

/// The inverse of what was bound and unbound.
fn entry(command: &str, bound: &[Binding], unbound: &[Binding]) -> Value {
    json!({
        "time": Timestamp::now().as_second(),
        "command": command,
        "bind": Binding::list_to_json(unbound),
        "unbind": Binding::list_to_json(bound),
    })
}

/// What an entry takes back; `None` for one that is none.
pub(in crate::commands) fn plan(entry: &Value) -> Option<Plan> {
    Some(Plan {
        bind: Binding::list_from_json(entry.get("bind"))?,
        unbind: Binding::list_from_json(entry.get("unbind"))?,
    })
}
