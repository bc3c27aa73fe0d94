//! Doing it: commands out of bindings, and changes out of what the portal answered.

use super::{Action, Binding, Change, ChangeError, Delivery, Status, View};
use crate::error::ExitCode;
use crate::portal::failure::Failure;
use crate::portal::methods::profile::Caller;
use crate::portal::methods::{event_unbind, profile};
use crate::portal::{BatchReply, Portal};
use crate::wire::batch::{Command, Outcome};

/// What binding did.
#[derive(Debug)]
pub struct Bound {
    /// One change a binding, in order.
    pub changes: Vec<Change>,
    /// Who bound, where the portal said so.
    pub caller: Option<Caller>,
    /// What is bound after it, when that was asked for, or why that cannot be told.
    pub view: Option<Result<View, Failure>>,
}

/// Binds, in one request for up to 49 bindings. `look` adds a look at the result to the same request.
///
/// The caller's profile comes along in the batch: a non-admin binds as itself whatever was asked for, and the report
/// has to say so.
///
/// # Errors
/// [`Failure`] when not one command was answered. A refused command is a failed change.
pub async fn bind(portal: &Portal, wanted: &[Binding], look: bool) -> Result<Bound, Failure> {
    let mut commands: Vec<Command> = wanted.iter().map(Binding::bind_command).collect();
    if look {
        commands.extend(View::commands());
    } else {
        commands.push(profile::command());
    }
    let reply = portal.batch(&commands).await?;
    let (bound, looked) = reply.outcomes.split_at(wanted.len());
    let caller = match looked.last() {
        Some(Outcome::Done(value)) => profile::decode(value).ok(),
        _ => None,
    };
    let change = |(binding, outcome): (&Binding, &Outcome)| Change {
        action: Action::Bind,
        binding: as_bound(binding, caller),
        status: bind_status(outcome, &reply),
    };
    let changes = wanted.iter().zip(bound).map(change).collect();
    let view = look.then(|| View::decode(portal, looked));
    Ok(Bound { changes, caller, view })
}

/// A binding as the portal has it: 0 stands for whoever fires the event, and only an administrator gets that.
#[must_use]
pub fn as_bound(binding: &Binding, caller: Option<Caller>) -> Binding {
    let mut bound = binding.clone();
    if let (Delivery::Online { auth_user, .. }, Some(caller)) = (&mut bound.delivery, caller)
        && auth_user.is_none()
    {
        *auth_user = Some(if caller.admin { 0 } else { caller.id });
    }
    bound
}

fn bind_status(outcome: &Outcome, reply: &BatchReply) -> Status {
    match outcome {
        Outcome::Done(value) if value.as_bool() == Some(true) => Status::Bound,
        Outcome::Done(value) => Status::Failed(odd_answer(&format!("the portal answered {value} instead of true"))),
        Outcome::Refused(error) if error.is_already_bound() => Status::Unchanged,
        Outcome::Refused(error) => Status::Failed(ChangeError::from(error)),
        Outcome::Missing => Status::Failed(unanswered(reply)),
    }
}

/// Removes exactly these bindings, in one request for up to 50.
///
/// An administrator names the auth user in each command, so that nobody else's binding goes with it; anybody else must
/// leave it out (`portal-protocol` section 2).
///
/// # Errors
/// [`Failure`] when not one command was answered. A refused command is a failed change.
pub async fn unbind(portal: &Portal, doomed: &[Binding], caller: Caller) -> Result<Vec<Change>, Failure> {
    let commands: Vec<Command> = doomed.iter().map(|binding| as_asked(binding, caller).unbind_command()).collect();
    let reply = portal.batch(&commands).await?;
    let change = |(binding, outcome): (&Binding, &Outcome)| Change {
        action: Action::Unbind,
        binding: binding.clone(),
        status: unbind_status(outcome, &reply),
    };
    Ok(doomed.iter().zip(&reply.outcomes).map(change).collect())
}

fn as_asked(binding: &Binding, caller: Caller) -> Binding {
    let mut asked = binding.clone();
    if let Delivery::Online { auth_user, .. } = &mut asked.delivery
        && !caller.admin
    {
        *auth_user = None;
    }
    asked
}

fn unbind_status(outcome: &Outcome, reply: &BatchReply) -> Status {
    match outcome {
        Outcome::Done(value) => match event_unbind::decode(value) {
            // It was there when we looked: the request whose answer was lost has removed it.
            Ok(0) if reply.repeated => Status::Unbound,
            Ok(0) => Status::Unchanged,
            Ok(_) => Status::Unbound,
            Err(wrong) => Status::Failed(odd_answer(&wrong.to_string())),
        },
        Outcome::Refused(error) => Status::Failed(ChangeError::from(error)),
        Outcome::Missing => Status::Failed(unanswered(reply)),
    }
}

fn odd_answer(message: &str) -> ChangeError {
    ChangeError { code: "unusable_answer".to_owned(), message: message.to_owned(), hint: None, exit: ExitCode::Refused }
}

fn unanswered(reply: &BatchReply) -> ChangeError {
    let message = match &reply.broken {
        Some(failure) => format!("not answered: {failure}"),
        None => "the portal did not answer this command".to_owned(),
    };
    let hint = Some("run the same command again: it does only what is missing".to_owned());
    ChangeError { code: "unanswered".to_owned(), message, hint, exit: ExitCode::Unreachable }
}
