//! The one shape in which every failure leaves the program.

use super::Error;
use super::exit::ExitCode;
use super::hint;
use super::invocation::Invocation;
use super::refusal::{Meaning, auth_server_has_trouble};
use crate::portal::failure::Failure;
use crate::wire::envelope::PortalError;

/// A failure as it is shown: instead of a result, or after one of which a part was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// A word for scripts; stays the same when the message changes.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What the portal itself said.
    pub(crate) portal: Option<PortalError>,
    /// The one action that helps.
    pub(crate) hint: Option<String>,
    /// What the process ends with.
    pub(crate) exit: ExitCode,
}

impl Problem {
    /// A command that failed as a whole. `invocation` is how to call imconn for the same portal.
    pub(crate) fn of(error: &Error, invocation: &Invocation) -> Self {
        let (code, exit) = match error {
            Error::Usage { .. } => ("usage", ExitCode::Usage),
            Error::NotAuthorised { .. } | Error::ForeignTokens { .. } => ("not_authorised", ExitCode::Unauthorised),
            Error::Login { refusal } => (Meaning::of(refusal).code(), Meaning::of(refusal).exit()),
            Error::PlanIsOld { .. } => ("plan_is_old", ExitCode::Differs),
            Error::Senders(_) => ("unusable_answer", ExitCode::Unreachable),
            Error::Local(_) => ("local", ExitCode::Failed),
            Error::Interrupted { .. } => ("interrupted", ExitCode::Interrupted),
            Error::Portal(failure) => return Self::of_failure(failure, invocation),
        };
        let portal = match error {
            Error::Login { refusal } => Some(refusal.clone()),
            _ => None,
        };
        Self { code, message: error.to_string(), portal, hint: hint::for_error(error, invocation), exit }
    }

    /// A request that failed.
    pub(crate) fn of_failure(failure: &Failure, invocation: &Invocation) -> Self {
        let (code, exit) = match failure {
            Failure::Refused(error) => (Meaning::of(error).code(), Meaning::of(error).exit()),
            Failure::InvalidResponse { .. } | Failure::UnexpectedResult { .. } => {
                ("unusable_answer", ExitCode::Unreachable)
            }
            Failure::Transport { .. } => ("unreachable", ExitCode::Unreachable),
            Failure::Redirected { .. } => ("redirected", ExitCode::Unreachable),
            Failure::TokenDead(dead) if auth_server_has_trouble(dead) => ("unreachable", ExitCode::Unreachable),
            Failure::TokenDead(_) => ("token_dead", ExitCode::Unauthorised),
            Failure::Local(_) => ("local", ExitCode::Failed),
        };
        let hint = hint::for_failure(failure, invocation);
        Self { code, message: failure.to_string(), portal: failure.portal_error().cloned(), hint, exit }
    }

    /// A part of a result that was refused.
    pub(crate) fn of_refusal(error: &PortalError, invocation: &Invocation) -> Self {
        let meaning = Meaning::of(error);
        let hint = hint::for_refusal(error, invocation);
        Self {
            code: meaning.code(),
            message: error.to_string(),
            portal: Some(error.clone()),
            hint,
            exit: meaning.exit(),
        }
    }

    /// A result that is not what was asked for.
    pub(crate) fn differs(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), Some(hint.into()));
        Self { code: "differs", message, portal: None, hint, exit: ExitCode::Differs }
    }

    /// The same problem as the reason why only a part was done.
    pub(crate) fn partial(self, message: impl Into<String>) -> Self {
        Self { code: "partial", message: message.into(), exit: ExitCode::Refused, ..self }
    }
}

impl From<&Error> for Problem {
    /// For errors before the portal is known.
    fn from(error: &Error) -> Self {
        Self::of(error, &Invocation::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::code::ErrorCode;

    fn exit(code: ErrorCode) -> ExitCode {
        let error = PortalError { status: 400, code, description: String::new() };
        Problem::from(&Error::Portal(Failure::Refused(error))).exit
    }

    #[test]
    fn refusals_end_with_different_exit_codes() {
        assert_eq!(exit(ErrorCode::WrongAuthType), ExitCode::Unauthorised);
        assert_eq!(exit(ErrorCode::EventNotFound), ExitCode::Refused);
        assert_eq!(exit(ErrorCode::QueryLimitExceeded), ExitCode::Unreachable);
    }
}
