//! The one error type at the boundary: kinds of failure, their exit codes, stable codes and hints.

mod hint;

use std::fmt;

pub use self::hint::{hint_for, hint_for_refusal};
use self::hint::{hint_for_file, hint_for_login};
use crate::portal::address::PortalAddress;
use crate::portal::failure::{DeadToken, Failure, RenewalError};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// How the process ends. Scripts rely on these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitCode {
    /// Done.
    Done = 0,
    /// A local reason: a file, a lock, a fault in this program.
    Failed = 1,
    /// Wrong usage, invalid input, or a question answered with no; nothing was changed.
    Usage = 2,
    /// The portal differs from what was asked for.
    Differs = 3,
    /// Not authorised, or the token is dead.
    Unauthorised = 4,
    /// The portal refused, all or a part.
    Refused = 5,
    /// Unreachable, no usable answer, or still limited after all retries.
    Unreachable = 6,
    /// Ctrl-C.
    Interrupted = 130,
}

impl ExitCode {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Differs,
        Self::Unauthorised,
        Self::Refused,
        Self::Unreachable,
        Self::Interrupted,
    ];

    /// One line for the README and the manual.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed for a local reason (a file, a lock, a bug)",
            Self::Usage => "wrong usage, invalid input, or declined; nothing was changed",
            Self::Differs => "the portal differs from what was asked for",
            Self::Unauthorised => "not authorised, or the token is dead",
            Self::Refused => "the portal refused, all of it or any part",
            Self::Unreachable => "unreachable, no usable answer, or still limited after all retries",
            Self::Interrupted { .. } => "interrupted",
        }
    }
}

/// Why a command failed as a whole.
#[derive(Debug)]
pub enum Error {
    /// Wrong usage or invalid input.
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        hint: Option<String>,
    },
    /// There are no tokens to ask with, or they are not enough for what was asked.
    NotAuthorised {
        /// What is missing.
        message: String,
        /// Where it comes from.
        hint: Option<String>,
    },
    /// The auth server did not take a code.
    Login(PortalError),
    /// Tokens are another portal's.
    ForeignTokens {
        /// That portal.
        theirs: Box<PortalAddress>,
        /// The host of the portal that was meant.
        wanted: String,
    },
    /// A portal has changed since a plan was made for it.
    PlanIsOld,
    /// The list of senders' addresses is none.
    Senders(String),
    /// A request to a portal failed.
    Portal(Failure),
    /// A local fault.
    Local(anyhow::Error),
    /// Ctrl-C.
    Interrupted {
        /// Whether the portal may have done something already.
        portal_may_have_changed: bool,
    },
}

impl Error {
    /// Wrong usage, with what to type instead.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: Some(hint.into()) }
    }

    /// The number the process ends with.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage { .. } => ExitCode::Usage,
            Self::NotAuthorised { .. } | Self::ForeignTokens { .. } => ExitCode::Unauthorised,
            Self::Login(refusal) => exit_code_of_refusal(refusal),
            Self::PlanIsOld => ExitCode::Differs,
            Self::Senders(_) => ExitCode::Unreachable,
            Self::Portal(failure) => exit_code_of(failure),
            Self::Local(_) => ExitCode::Failed,
            Self::Interrupted { .. } => ExitCode::Interrupted,
        }
    }

    /// A word for scripts; stays the same when the message changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::NotAuthorised { .. } | Self::ForeignTokens { .. } => "not_authorised",
            Self::Login(refusal) => refusal_code(refusal),
            Self::PlanIsOld => "plan_is_old",
            Self::Senders(_) => "unusable_answer",
            Self::Local(_) => "local",
            Self::Portal(failure) => code_of(failure),
            Self::Interrupted { .. } => "interrupted",
        }
    }

    /// What to type next, if anything helps.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } | Self::NotAuthorised { hint, .. } => hint.clone(),
            Self::ForeignTokens { theirs, .. } => {
                Some(format!("nothing was stored; if you mean that portal: imconn login {}", theirs.stored()))
            }
            Self::PlanIsOld => Some(
                "nothing was changed; look at it again with imconn diff (--save-plan FILE makes a new plan)".to_owned(),
            ),
            Self::Login(refusal) => hint_for_login(refusal),
            Self::Senders(_) => {
                Some("nothing was printed, so that no rule locks everybody out; try again later".to_owned())
            }
            Self::Portal(failure) => hint_for(failure),
            Self::Local(error) => hint_for_file(error),
            Self::Interrupted { portal_may_have_changed } => {
                portal_may_have_changed.then(|| "`list` shows what the portal has done until now".to_owned())
            }
        }
    }

    /// What the portal itself said.
    #[must_use]
    pub fn portal_error(&self) -> Option<&PortalError> {
        match self {
            Self::Portal(Failure::Refused(error)) | Self::Login(error) => Some(error),
            Self::Portal(Failure::TokenDead(dead)) => Some(&dead.refusal),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, .. } | Self::NotAuthorised { message, .. } | Self::Senders(message) => {
                out.write_str(message)
            }
            Self::ForeignTokens { theirs, wanted } => {
                write!(out, "these tokens are for {}, and not for {wanted}", theirs.host())
            }
            Self::PlanIsOld => out.write_str("the portal has changed since it was looked at"),
            Self::Login(refusal) => write!(out, "{}: {refusal}", reason_of_login(refusal)),
            Self::Portal(failure) => write!(out, "{failure}"),
            Self::Local(error) => write!(out, "{error:#}"),
            Self::Interrupted { .. } => out.write_str("interrupted"),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Portal(failure)
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Local(error)
    }
}

/// What the auth server means when it does not take a code.
fn reason_of_login(refusal: &PortalError) -> &'static str {
    match refusal.code {
        ErrorCode::InvalidGrant => "the code is wrong, used already, or older than 30 seconds",
        ErrorCode::InvalidClient => {
            "the client id or secret is wrong, or the application is not installed on this portal"
        }
        ErrorCode::WrongClient => "the code was given to another application",
        ErrorCode::PaymentRequired => "the application, or the portal's plan, is not paid",
        _ => "the auth server refused",
    }
}

/// The exit code that a failure stands for when nothing else went on.
#[must_use]
pub fn exit_code_of(failure: &Failure) -> ExitCode {
    match failure {
        Failure::Refused(error) => exit_code_of_refusal(error),
        Failure::Unusable { .. } | Failure::Transport { .. } | Failure::Redirected { .. } => ExitCode::Unreachable,
        // The auth server may be in trouble, and the token as good as ever.
        Failure::TokenDead(dead) if auth_server_has_trouble(dead) => ExitCode::Unreachable,
        Failure::TokenDead(_) => ExitCode::Unauthorised,
        Failure::Local(_) => ExitCode::Failed,
    }
}

/// The stable code of a failure.
#[must_use]
pub fn code_of(failure: &Failure) -> &'static str {
    match failure {
        Failure::Local(_) => "local",
        Failure::Refused(error) => refusal_code(error),
        Failure::Unusable { .. } => "unusable_answer",
        Failure::Transport { .. } => "unreachable",
        Failure::Redirected { .. } => "redirected",
        Failure::TokenDead(dead) if auth_server_has_trouble(dead) => "unreachable",
        Failure::TokenDead(_) => "token_dead",
    }
}

fn auth_server_has_trouble(dead: &DeadToken) -> bool {
    matches!(&dead.renewal, RenewalError::Refused(error) if has_trouble(error))
}

/// Whether the other side refuses because it is overloaded or broken, and not because of what was asked.
fn has_trouble(error: &PortalError) -> bool {
    let broken = matches!(error.code, ErrorCode::InternalServerError | ErrorCode::UnexpectedAnswer);
    broken || error.code.is_limit() || error.status >= 500 && error.code != ErrorCode::PortalDeleted
}

/// The exit code that a portal's refusal stands for when nothing else went on.
#[must_use]
pub fn exit_code_of_refusal(error: &PortalError) -> ExitCode {
    if error.code.is_authorisation() {
        ExitCode::Unauthorised
    } else if has_trouble(error) {
        ExitCode::Unreachable
    } else {
        ExitCode::Refused
    }
}

/// The stable code of a refusal.
#[must_use]
pub fn refusal_code(error: &PortalError) -> &'static str {
    match exit_code_of_refusal(error) {
        ExitCode::Unauthorised => "not_authorised",
        ExitCode::Unreachable if error.code.is_limit() => "limited",
        ExitCode::Unreachable => "unreachable",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: ErrorCode) -> Error {
        Error::Portal(Failure::Refused(PortalError { status: 400, code, description: String::new() }))
    }

    #[test]
    fn exit_codes_are_the_documented_numbers() {
        let numbers: Vec<i32> = ExitCode::ALL.iter().map(|code| *code as i32).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 130]);
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(refused(ErrorCode::WrongAuthType).exit_code(), ExitCode::Unauthorised);
        assert_eq!(refused(ErrorCode::EventNotFound).exit_code(), ExitCode::Refused);
        assert_eq!(refused(ErrorCode::QueryLimitExceeded).exit_code(), ExitCode::Unreachable);
    }
}
