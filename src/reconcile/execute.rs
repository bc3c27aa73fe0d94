//! Doing it: commands out of bindings, and changes out of what the portal answered.

use super::change::{Action, Change, ChangeError, Status};
use super::read::{Listed, View};
use super::settle::confirm;
use crate::bindings::{Binding, Channel};
use crate::portal::Portal;
use crate::portal::batch::{Batch, BatchReply, Key, Outcome};
use crate::portal::calls::{AppInfo, Application, EventBind, EventGet, EventUnbind, Profile};
use crate::portal::failure::Failure;
use crate::wire::profile::Caller;

/// What binding did.
#[derive(Debug)]
pub(crate) struct Bound {
    /// One change per binding, in order.
    pub(crate) changes: Vec<Change>,
    /// Bound now, as far as is known, and perhaps before: an answer was lost.
    pub(crate) uncertain: Vec<Binding>,
    /// Who bound, where the portal said so.
    pub(crate) caller: Option<Caller>,
    /// The application, where the portal said so. Nothing is delivered before it is installed.
    pub(crate) application: Option<Application>,
    /// What is bound after it, or why that is unknown.
    pub(crate) view: Result<View, Failure>,
}

/// Binds, in one request for up to 47 bindings.
///
/// The caller's profile comes along in the batch, because a non-admin binds as itself whatever was asked for; the
/// application's state, because `event.bind` succeeds for an application that gets no events; and the bindings after it.
///
/// # Errors
/// [`Failure`] when not one command was answered. A refused command is a failed change.
pub(crate) async fn bind(portal: &Portal, desired: &[Binding]) -> Result<Bound, Failure> {
    let mut batch = Batch::new();
    let binds = batch.add_all(desired.iter().cloned().map(EventBind));
    let application = batch.add(AppInfo);
    let profile = batch.add(Profile);
    let rows = batch.add(EventGet);
    let reply = portal.batch(batch).await?;
    let caller = reply.take(profile).map(|profile| profile.caller);
    let view = caller.clone().and_then(|caller| Ok(View::of(reply.take(rows)?, caller)));
    let caller = caller.ok();
    let listed = view.as_ref().ok().map(View::listed);
    let mut changes = Vec::with_capacity(desired.len());
    let mut uncertain = Vec::new();
    for (binding, key) in desired.iter().zip(binds) {
        let change =
            Change { action: Action::Bind, binding: as_bound(binding, caller), status: bind_status(&reply, key) };
        if may_be_older(&change, reply.was_retried(key), listed.as_ref()) {
            uncertain.push(change.binding.clone());
        }
        changes.push(change);
    }
    Ok(Bound { changes, uncertain, caller, application: reply.optional(application), view })
}

/// Whether a binding is, or may be, on the portal, and it is unknown whether this request has put it there.
fn may_be_older(change: &Change, was_retried: bool, listed: Option<&Listed<'_>>) -> bool {
    match change.status {
        Status::Unchanged => was_retried,
        Status::Failed(_) => listed.is_none_or(|listed| listed.contains(&change.binding)),
        Status::Bound | Status::Unbound | Status::Planned => false,
    }
}

/// A binding as the portal stores it: 0, the event's user, requires an administrator; any other user binds for itself.
#[must_use]
pub(crate) fn as_bound(binding: &Binding, caller: Option<Caller>) -> Binding {
    let mut bound = binding.clone();
    if let (Channel::Online { auth_user, .. }, Some(caller)) = (&mut bound.channel, caller)
        && auth_user.is_none_or(|user| user == 0)
    {
        *auth_user = Some(if caller.admin { 0 } else { caller.id });
    }
    bound
}

pub(super) fn bind_status(reply: &BatchReply, key: Key<EventBind>) -> Status {
    match reply.outcome(key) {
        Outcome::Done(()) => Status::Bound,
        Outcome::Refused(error) if error.is_already_bound() => Status::Unchanged,
        Outcome::Refused(error) => Status::Failed(ChangeError::Refused(error.clone())),
        Outcome::Unreadable(wrong) => Status::Failed(ChangeError::UnexpectedResult(wrong.to_string())),
        Outcome::NotAnswered(reason) => Status::Failed(unanswered(reason)),
    }
}

/// What removing did.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) changes: Vec<Change>,
    /// What is bound after it; `None` if that is unknown.
    pub(crate) end: Option<View>,
}

/// Removes exactly these bindings, in one request for up to 49, and reads what is left in the same request.
///
/// An administrator gives the auth user in each command, so that no other user's binding is removed with it; any other
/// user must omit it (`protocol` section 2).
///
/// What was not done is a failed change, also when the portal could not be reached any more.
pub(crate) async fn unbind(portal: &Portal, to_remove: &[Binding], caller: Caller) -> Removed {
    let mut batch = Batch::new();
    let keys = batch.add_all(to_remove.iter().map(|binding| EventUnbind(as_asked(binding, caller))));
    let rows = batch.add(EventGet);
    let (statuses, end): (Vec<Status>, Option<View>) = match portal.batch(batch).await {
        Ok(reply) => (
            keys.into_iter().map(|key| unbind_status(&reply, key)).collect(),
            reply.optional(rows).map(|rows| View::of(rows, caller)),
        ),
        Err(failure) => (vec![Status::Failed(failure.into()); to_remove.len()], None),
    };
    let changes = to_remove.iter().cloned().zip(statuses);
    let mut changes: Vec<Change> =
        changes.map(|(binding, status)| Change { action: Action::Unbind, binding, status }).collect();
    let end = confirm(portal, &mut changes, end).await;
    Removed { changes, end }
}

pub(super) fn as_asked(binding: &Binding, caller: Caller) -> Binding {
    let mut asked = binding.clone();
    if let Channel::Online { auth_user, .. } = &mut asked.channel
        && !caller.admin
    {
        *auth_user = None;
    }
    asked
}

pub(super) fn unbind_status(reply: &BatchReply, key: Key<EventUnbind>) -> Status {
    match reply.outcome(key) {
        // It was there when we looked: the request whose answer was lost has removed it.
        Outcome::Done(0) if reply.was_retried(key) => Status::Unbound,
        Outcome::Done(0) => Status::Unchanged,
        Outcome::Done(_) => Status::Unbound,
        Outcome::Refused(error) => Status::Failed(ChangeError::Refused(error.clone())),
        Outcome::Unreadable(wrong) => Status::Failed(ChangeError::UnexpectedResult(wrong.to_string())),
        Outcome::NotAnswered(reason) => Status::Failed(unanswered(reason)),
    }
}

fn unanswered(reason: Option<&Failure>) -> ChangeError {
    reason.map_or(ChangeError::NotAnswered, |failure| failure.clone().into())
}
