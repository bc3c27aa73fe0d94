//! Doing it: commands out of bindings, and changes out of what the portal answered.

use super::change::{Action, Change, ChangeError, Status};
use super::read::View;
use crate::bindings::{Binding, Channel};
use crate::error::ExitCode;
use crate::portal::Portal;
use crate::portal::batching::CommandReply;
use crate::portal::calls::profile::Caller;
use crate::portal::calls::{app_info, event_unbind, profile};
use crate::portal::failure::Failure;
use crate::redact::Scrubber;
use crate::wire::batch::{Command, Outcome};
use crate::wire::excerpt::excerpt;

/// What binding did.
#[derive(Debug)]
pub struct Bound {
    /// One change a binding, in order.
    pub changes: Vec<Change>,
    /// Who bound, where the portal said so.
    pub caller: Option<Caller>,
    /// Whether the application is installed, where the portal said so. If not, nothing is delivered.
    pub installed: Option<bool>,
    /// What is bound after it, when that was asked for, or why that cannot be told.
    pub view: Option<Result<View, Failure>>,
}

/// Binds, in one request for up to 48 bindings. `look` adds a look at the result to the same request.
///
/// The caller's profile comes along in the batch, because a non-admin binds as itself whatever was asked for, and the
/// application's state, because a binding of an application that is not installed looks good and is not.
///
/// # Errors
/// [`Failure`] when not one command was answered. A refused command is a failed change.
pub async fn bind(portal: &Portal, wanted: &[Binding], look: bool) -> Result<Bound, Failure> {
    let mut commands: Vec<Command> = wanted.iter().map(Binding::bind_command).collect();
    commands.extend([app_info::command(), profile::command()]);
    if look {
        commands.extend(View::commands());
    }
    let mut reply = portal.batch(&commands).await?;
    let count = wanted.len();
    let installed = reply.look(count, app_info::decode_installed);
    let caller = reply.look(count + 1, profile::decode);
    let change = |(binding, answered): (&Binding, &CommandReply)| Change {
        action: Action::Bind,
        binding: as_bound(binding, caller),
        status: bind_status(answered, reply.broken.as_ref()),
    };
    let changes = wanted.iter().zip(&reply.replies).map(change).collect();
    let view = look.then(|| View::decode(portal, &mut reply, count + 2));
    Ok(Bound { changes, caller, installed, view })
}

/// A binding as the portal has it: 0 stands for whoever fires the event, and only an administrator gets that; anybody
/// else binds for itself.
#[must_use]
pub fn as_bound(binding: &Binding, caller: Option<Caller>) -> Binding {
    let mut bound = binding.clone();
    if let (Channel::Online { auth_user, .. }, Some(caller)) = (&mut bound.channel, caller)
        && auth_user.is_none_or(|user| user == 0)
    {
        *auth_user = Some(if caller.admin { 0 } else { caller.id });
    }
    bound
}

pub(super) fn bind_status(answered: &CommandReply, broken: Option<&Failure>) -> Status {
    match &answered.outcome {
        Outcome::Done(value) if value.as_bool() == Some(true) => Status::Bound,
        Outcome::Done(value) => {
            let shown = excerpt(value.to_string().as_bytes(), &Scrubber::default());
            Status::Failed(odd_answer(format!("the portal answered {shown} instead of true")))
        }
        Outcome::Refused(error) if error.is_already_bound() => Status::Unchanged,
        Outcome::Refused(error) => Status::Failed(ChangeError::from(error)),
        Outcome::Missing => Status::Failed(unanswered(broken)),
    }
}

/// Removes exactly these bindings, in one request for up to 50.
///
/// An administrator names the auth user in each command, so that nobody else's binding goes with it; anybody else must
/// leave it out (`portal-protocol` section 2).
///
/// What was not done is a failed change, also when the portal could not be reached any more.
pub async fn unbind(portal: &Portal, doomed: &[Binding], caller: Caller) -> Vec<Change> {
    let commands: Vec<Command> = doomed.iter().map(|binding| as_asked(binding, caller).unbind_command()).collect();
    let change = |binding: &Binding, status| Change { action: Action::Unbind, binding: binding.clone(), status };
    match portal.batch(&commands).await {
        Ok(reply) => {
            let status = |answered| unbind_status(answered, reply.broken.as_ref());
            doomed.iter().zip(&reply.replies).map(|(binding, answered)| change(binding, status(answered))).collect()
        }
        Err(failure) => {
            let failed = Status::Failed(ChangeError::from(&failure));
            doomed.iter().map(|binding| change(binding, failed.clone())).collect()
        }
    }
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

pub(super) fn unbind_status(answered: &CommandReply, broken: Option<&Failure>) -> Status {
    match &answered.outcome {
        Outcome::Done(value) => match event_unbind::decode(value) {
            // It was there when we looked: the request whose answer was lost has removed it.
            Ok(0) if answered.repeated => Status::Unbound,
            Ok(0) => Status::Unchanged,
            Ok(_) => Status::Unbound,
            Err(wrong) => Status::Failed(odd_answer(wrong.to_string())),
        },
        Outcome::Refused(error) => Status::Failed(ChangeError::from(error)),
        Outcome::Missing => Status::Failed(unanswered(broken)),
    }
}

fn odd_answer(message: String) -> ChangeError {
    let kind = "unusable_answer";
    ChangeError { code: kind.to_owned(), message, hint: None, exit: ExitCode::Refused, kind, refusal: None }
}

fn unanswered(broken: Option<&Failure>) -> ChangeError {
    match broken {
        Some(failure) => ChangeError::from(failure),
        None => ChangeError {
            code: "unanswered".to_owned(),
            message: "the portal did not answer this command".to_owned(),
            hint: Some("run the same command again: it does only what is missing".to_owned()),
            exit: ExitCode::Unreachable,
            kind: "unusable_answer",
            refusal: None,
        },
    }
}
