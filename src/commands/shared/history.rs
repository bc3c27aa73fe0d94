//! The history of the portal that a command works with.

use crate::bindings::plan::Plan;
use crate::context::{Connection, Context};
use crate::output::Message;
use crate::reconcile::Change;
use crate::reconcile::history::{History, Pending, made};

/// The portal's history; `None` without a data folder, as in a container without a home.
pub(in crate::commands) fn of(context: &Context, connection: &Connection) -> Option<History> {
    let data = context.settings.folders.data().ok()?;
    Some(History::of(&data, &connection.file_name()))
}

/// Writes down a plan before it is carried out.
pub(in crate::commands) fn record_planned(plan: &Plan, context: &Context, connection: &Connection) -> Option<Pending> {
    of(context, connection)?.begin("apply", plan.clone()).ok()
}

/// Replaces an entry of [`record_planned`] by what was done.
pub(in crate::commands) fn replace(
    planned: Option<Pending>,
    changes: &[Change],
    context: &Context,
    connection: &Connection,
) {
    match planned {
        // What failed may have been done all the same. undo does only what is not already so, and can have the whole plan.
        Some(_) if changes.iter().any(|change| change.error().is_some()) => {}
        // A planned entry that stays is as good as the settled one.
        Some(planned) => drop(planned.settle(made(changes))),
        None => record("apply", changes, context, connection),
    }
}

/// Writes down what these changes have done. A history that cannot be written is a warning: the changes are made.
pub(in crate::commands) fn record(command: &str, changes: &[Change], context: &Context, connection: &Connection) {
    if let Some(Err(error)) = of(context, connection).map(|history| history.record(command, made(changes))) {
        let text = format!("this change cannot be undone with `imconn undo`: {error:#}");
        context.printer.message(&Message::Warning(text));
    }
}
