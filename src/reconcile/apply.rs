//! Making a portal match a plan, so that no desired event is ever without a handler.
//!
//! One batch binds, removes, and reads the end state back. It halts at the first refusal: a handler must not be removed
//! when the one that takes its place could not be bound. What is left after a refusal is done step by step.

use std::collections::HashSet;

use super::change::{Action, Change, ChangeError, Status};
use super::execute::{as_asked, as_bound, bind_status, unbind, unbind_status};
use super::read::View;
use super::settle::confirm;
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Event};
use crate::portal::Portal;
use crate::portal::batch::{Batch, BatchReply, Key};
use crate::portal::calls::{EventBind, EventGet, EventUnbind};
use crate::portal::failure::Failure;
use crate::wire::profile::Caller;

/// What applying did.
#[derive(Debug)]
pub(crate) struct Applied {
    /// What became of every part of the plan: binds in order, then removals.
    pub(crate) changes: Vec<Change>,
    /// What is bound now, or why that is unknown.
    pub(crate) end: Result<View, Failure>,
}

/// Applies a plan that was made from what is bound.
///
/// # Errors
/// [`Failure`] when not one command was answered, and what is bound now could not be read either. A refused command is a
/// failed change.
pub(crate) async fn apply(portal: &Portal, plan: &Plan, caller: Caller) -> Result<Applied, Failure> {
    let mut batch = Batch::halting();
    let keys = PlanKeys {
        binds: batch.add_all(plan.bind.iter().cloned().map(EventBind)),
        unbinds: batch.add_all(plan.unbind.iter().map(|binding| EventUnbind(as_asked(binding, caller)))),
    };
    let rows = batch.add(EventGet);
    let reply = match portal.batch(batch).await {
        Ok(reply) => reply,
        Err(failure) => return without_answer(portal, plan, caller, failure).await,
    };
    let mut changes = keys.changes(plan, caller, &reply);
    let end = if reply.aborted_by().is_none() && reply.any_refused() {
        step_by_step(portal, plan, caller, &mut changes).await;
        if reply.any_retried() {
            changes.iter_mut().for_each(mark_applied);
        }
        View::read(portal).await
    } else if rebind_lost(portal, &mut changes).await {
        View::read(portal).await
    } else {
        reply.take(rows).map(|rows| View::of(rows, caller))
    };
    let end = confirmed(portal, &mut changes, end).await;
    Ok(Applied { changes, end })
}

/// The end state after a batch whose answer was lost, with the changes that it shows.
async fn without_answer(portal: &Portal, plan: &Plan, caller: Caller, failure: Failure) -> Result<Applied, Failure> {
    if !portal.has_lost_answers() && !failure.may_be_done() {
        return Err(failure);
    }
    let Ok(view) = View::read(portal).await else { return Err(failure) };
    let binds = plan.bind.iter().map(|binding| (Action::Bind, as_bound(binding, Some(caller))));
    let unbinds = plan.unbind.iter().map(|binding| (Action::Unbind, binding.clone()));
    let all = binds.chain(unbinds);
    let mut changes: Vec<Change> = all
        .map(|(action, binding)| Change { action, binding, status: Status::Failed(failure.clone().into()) })
        .collect();
    let end = confirmed(portal, &mut changes, Ok(view)).await;
    Ok(Applied { changes, end })
}

async fn confirmed(portal: &Portal, changes: &mut [Change], end: Result<View, Failure>) -> Result<View, Failure> {
    match (confirm(portal, changes, end.as_ref().ok().cloned()).await, end) {
        (Some(view), _) | (None, Ok(view)) => Ok(view),
        (None, Err(failure)) => Err(failure),
    }
}

/// The calls of a plan, in a batch.
struct PlanKeys {
    binds: Vec<Key<EventBind>>,
    unbinds: Vec<Key<EventUnbind>>,
}

impl PlanKeys {
    fn changes(&self, plan: &Plan, caller: Caller, reply: &BatchReply) -> Vec<Change> {
        let bound = plan.bind.iter().zip(&self.binds).map(|(binding, &key)| Change {
            action: Action::Bind,
            binding: as_bound(binding, Some(caller)),
            status: bind_status(reply, key),
        });
        let removed = plan.unbind.iter().zip(&self.unbinds).map(|(binding, &key)| Change {
            action: Action::Unbind,
            binding: binding.clone(),
            status: unbind_status(reply, key),
        });
        bound.chain(removed).collect()
    }
}

/// A portal may answer a bind with "no" and go on (`protocol` section 2: old versions did). What was removed for it
/// is bound again then. Whether there was anything to do.
async fn rebind_lost(portal: &Portal, changes: &mut [Change]) -> bool {
    let failed: HashSet<Event> = changes
        .iter()
        .filter(|change| change.action == Action::Bind && change.error().is_some())
        .map(|change| change.binding.event.clone())
        .collect();
    let removed = changes.iter_mut().filter(|change| change.status == Status::Unbound);
    let lost: Vec<&mut Change> = removed.filter(|change| failed.contains(&change.binding.event)).collect();
    if lost.is_empty() {
        return false;
    }
    let mut batch = Batch::new();
    let keys = batch.add_all(lost.iter().map(|change| EventBind(change.binding.clone())));
    // Where even that fails, the change stays what it is: removed.
    if let Ok(reply) = portal.batch(batch).await {
        for (change, key) in lost.into_iter().zip(keys) {
            if matches!(bind_status(&reply, key), Status::Bound | Status::Unchanged) {
                change.status = Status::Failed(ChangeError::SuccessorMissing);
            }
        }
    }
    true
}

/// What already is as desired, though it was not when read: the request whose answer was lost has done it.
fn mark_applied(change: &mut Change) {
    if change.status == Status::Unchanged {
        change.status = match change.action {
            Action::Bind => Status::Bound,
            Action::Unbind => Status::Unbound,
        };
    }
}

/// Binds what is not bound yet, then removes what has its successor in place.
async fn step_by_step(portal: &Portal, plan: &Plan, caller: Caller, changes: &mut [Change]) {
    let mut batch = Batch::new();
    let mut open = Vec::new();
    for (change, binding) in changes.iter_mut().zip(&plan.bind).filter(|(change, _)| change.error().is_some()) {
        open.push((change, batch.add(EventBind(binding.clone()))));
    }
    match portal.batch(batch).await {
        Ok(reply) => {
            for (change, key) in open {
                change.status = bind_status(&reply, key);
            }
        }
        Err(failure) => {
            for (change, _) in open {
                change.status = Status::Failed(failure.clone().into());
            }
        }
    }
    let (binds, unbinds) = changes.split_at_mut(plan.bind.len());
    // Of either type: an event that was to go to a queue instead must not go nowhere.
    let failed: HashSet<&Event> =
        binds.iter().filter(|bind| bind.error().is_some()).map(|bind| &bind.binding.event).collect();
    let mut safe: Vec<&mut Change> = Vec::new();
    for change in unbinds.iter_mut().filter(|change| change.error().is_some()) {
        if failed.contains(&change.binding.event) {
            change.status = Status::Failed(ChangeError::SuccessorMissing);
        } else {
            safe.push(change);
        }
    }
    if !safe.is_empty() {
        let to_remove: Vec<Binding> = safe.iter().map(|change| change.binding.clone()).collect();
        let removed = unbind(portal, &to_remove, caller).await;
        for (change, removed) in safe.into_iter().zip(removed.changes) {
            change.status = removed.status;
        }
    }
}
