//! What a portal's refusal means for scripts.

use super::exit::ExitCode;
use crate::portal::failure::{DeadToken, Failure, RenewalError};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    NotAuthorised,
    /// Too many requests, or too much working time.
    Limited,
    /// The portal is overloaded or broken: it says nothing about the request.
    Trouble,
    Refused,
}

impl Meaning {
    pub(super) fn of(error: &PortalError) -> Self {
        match &error.code {
            ErrorCode::ExpiredToken
            | ErrorCode::InvalidToken
            | ErrorCode::NoAuthFound
            | ErrorCode::InvalidCredentials
            | ErrorCode::ApplicationNotFound
            | ErrorCode::AuthorizationError
            | ErrorCode::MethodConfirmWaiting
            | ErrorCode::MethodConfirmDenied
            | ErrorCode::WrongAuthType
            | ErrorCode::InsufficientScope
            | ErrorCode::AccessDenied
            | ErrorCode::UserAccessError
            | ErrorCode::InvalidClient
            | ErrorCode::InvalidGrant
            | ErrorCode::InvalidScope
            | ErrorCode::WrongClient
            | ErrorCode::PaymentRequired => Self::NotAuthorised,
            ErrorCode::QueryLimitExceeded | ErrorCode::OperationTimeLimit | ErrorCode::OverloadLimit => Self::Limited,
            ErrorCode::InternalServerError | ErrorCode::UnexpectedAnswer | ErrorCode::ConnectionError => Self::Trouble,
            // It comes with status 500 and is final all the same.
            ErrorCode::PortalDeleted => Self::Refused,
            ErrorCode::WrongLicense
            | ErrorCode::MethodNotFound
            | ErrorCode::BatchLengthExceeded
            | ErrorCode::BatchMethodNotAllowed
            | ErrorCode::InvalidRequest
            | ErrorCode::EventNotFound
            | ErrorCode::Argument
            | ErrorCode::WrongHandlerUrl
            | ErrorCode::UnsupportedProtocol
            | ErrorCode::Core
            | ErrorCode::EventBindingExists
            | ErrorCode::Other(_) => {
                if error.status >= 500 {
                    Self::Trouble
                } else {
                    Self::Refused
                }
            }
        }
    }

    /// The word for scripts.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NotAuthorised => "not_authorised",
            Self::Limited => "limited",
            Self::Trouble => "unreachable",
            Self::Refused => "refused",
        }
    }

    pub(super) fn exit(self) -> ExitCode {
        match self {
            Self::NotAuthorised => ExitCode::Unauthorised,
            Self::Limited | Self::Trouble => ExitCode::Unreachable,
            Self::Refused => ExitCode::Refused,
        }
    }
}

/// Whether the token is as good as before, and only the auth server cannot renew it now.
pub(super) fn auth_server_has_trouble(dead: &DeadToken) -> bool {
    let RenewalError::Refused(error) = &dead.renewal else { return false };
    matches!(Meaning::of(error), Meaning::Limited | Meaning::Trouble)
        || error.status >= 500 && error.code != ErrorCode::PortalDeleted
}

/// Whether the portal does not accept the token.
pub(crate) fn is_not_authorised(failure: &Failure) -> bool {
    match failure {
        Failure::Refused(error) => Meaning::of(error) == Meaning::NotAuthorised,
        Failure::TokenDead(dead) => !auth_server_has_trouble(dead),
        Failure::InvalidResponse { .. }
        | Failure::UnexpectedResult { .. }
        | Failure::Transport { .. }
        | Failure::Redirected { .. }
        | Failure::Local(_) => false,
    }
}
