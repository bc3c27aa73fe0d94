//! Doing it: commands out of bindings, and changes out of what the portal answered.

use super::change::{Action, Change, ChangeError, Status};
use super::read::View;
use crate::bindings::{Binding, Channel};
use crate::portal::Portal;
use crate::portal::batch::{Batch, BatchReply, Key, Outcome};
use crate::portal::calls::{AppInfo, EventBind, EventUnbind, Profile};
use crate::portal::failure::Failure;
use crate::wire::profile::Caller;

/// What binding did.
#[derive(Debug)]
pub(crate) struct Bound {
    /// One change per binding, in order.
    pub(crate) changes: Vec<Change>,
    /// Who bound, where the portal said so.
    pub(crate) caller: Option<Caller>,
    /// Whether the application is installed, where the portal said so. If not, nothing is delivered.
    pub(crate) installed: Option<bool>,
    /// What is bound afterwards, if requested, or why that is unknown.
    pub(crate) view: Option<Result<View, Failure>>,
}

/// Binds, in one request while the batch has room (50 commands). `look` also reads the result in the same request.
///
/// The caller's profile comes along in the batch, because a non-admin binds as itself whatever was asked for, and the
/// application's state, because `event.bind` succeeds for an application that is not installed, but nothing is delivered.
///
/// # Errors
/// [`Failure`] when not one command was answered. A refused command is a failed change.
pub(crate) async fn bind(portal: &Portal, desired: &[Binding], look: bool) -> Result<Bound, Failure> {
    let mut batch = Batch::new();
    let binds = batch.add_all(desired.iter().cloned().map(EventBind));
    let application = batch.add(AppInfo);
    let profile = batch.add(Profile);
    let view = look.then(|| View::add_to(&mut batch));
    let reply = portal.batch(batch).await?;
    let caller = reply.optional(profile).map(|profile| profile.caller);
    let mut changes = Vec::with_capacity(desired.len());
    for (binding, key) in desired.iter().zip(binds) {
        let status = bind_status(&reply, key);
        changes.push(Change { action: Action::Bind, binding: as_bound(binding, caller), status });
    }
    let installed = reply.optional(application).map(|application| application.installed);
    Ok(Bound { changes, caller, installed, view: view.map(|keys| keys.take(&reply)) })
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

/// Removes exactly these bindings, in one request for up to 50.
///
/// An administrator gives the auth user in each command, so that no other user's binding is removed with it; any other
/// user must omit it (`protocol` section 2).
///
/// What was not done is a failed change, also when the portal could not be reached any more.
pub(crate) async fn unbind(portal: &Portal, to_remove: &[Binding], caller: Caller) -> Vec<Change> {
    let mut batch = Batch::new();
    let keys = batch.add_all(to_remove.iter().map(|binding| EventUnbind(as_asked(binding, caller))));
    let statuses: Vec<Status> = match portal.batch(batch).await {
        Ok(reply) => keys.into_iter().map(|key| unbind_status(&reply, key)).collect(),
        Err(failure) => vec![Status::Failed(failure.into()); to_remove.len()],
    };
    let changes = to_remove.iter().cloned().zip(statuses);
    changes.map(|(binding, status)| Change { action: Action::Unbind, binding, status }).collect()
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
