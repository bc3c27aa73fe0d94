//! Every change of a portal is written down together with what takes it back.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bindings::reconcile::Plan;
use crate::bindings::{Binding, Change, Status};
use crate::context::{Connection, Context};
use crate::output::Note;
use crate::store::journal::Journal;

/// The portal's journal; `None` where there is no folder for it, as in a container without a home.
pub(super) fn of(context: &Context, connection: &Connection) -> Option<Journal> {
    let data = context.settings.folders.data().ok()?;
    // A profile is one application's, and only its own bindings are seen: what another one did is none of its business.
    // The sandbox has another port each time.
    let (name, host) = (&connection.name, connection.portal.address().host());
    let named = if connection.is_sandbox() || *name == host { name.clone() } else { format!("{host} {name}") };
    Some(Journal::of(&data, &named))
}

/// Writes down what takes these changes back. A journal that cannot be written is a warning: the changes are made.
pub(super) fn record(command: &str, changes: &[Change], context: &Context, connection: &Connection) {
    let with = |status: &Status| -> Vec<Value> {
        changes.iter().filter(|change| change.status == *status).map(|change| change.binding.to_json()).collect()
    };
    let (bound, unbound) = (with(&Status::Bound), with(&Status::Unbound));
    if bound.is_empty() && unbound.is_empty() {
        return;
    }
    let time = Timestamp::now().as_second();
    let entry = json!({"time": time, "command": command, "bind": unbound, "unbind": bound});
    if let Some(Err(error)) = of(context, connection).map(|journal| journal.add(entry)) {
        context.talk.note(&Note::Warning(format!("imconn undo will not know of this: {error:#}")));
    }
}

/// What an entry takes back; `None` for one that is none.
pub(super) fn plan(entry: &Value) -> Option<Plan> {
    Some(Plan {
        bind: Binding::list_from_json(entry.get("bind"))?,
        unbind: Binding::list_from_json(entry.get("unbind"))?,
    })
}
