//! Why a command failed, and the one shape in which every failure is shown.

mod change;
mod exit;
mod hint;
mod invocation;
mod problem;
mod refusal;

pub use self::exit::ExitCode;
pub(crate) use self::invocation::{Invocation, login};
pub(crate) use self::problem::Problem;
pub(crate) use self::refusal::is_not_authorised;

use thiserror::Error;

use crate::portal::address::PortalAddress;
use crate::portal::failure::Failure;
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// Why a command failed as a whole.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// Wrong usage or invalid input.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do instead.
        hint: Option<String>,
    },
    /// No tokens, or not enough rights.
    #[error("{message}")]
    NotAuthorised {
        /// What is missing.
        message: String,
        /// How to get it.
        hint: Option<String>,
    },
    /// The auth server did not accept an authorisation code.
    #[error("{}: {refusal}", login_reason(.refusal))]
    Login {
        /// What the auth server said.
        #[source]
        refusal: PortalError,
    },
    /// The tokens belong to another portal.
    #[error("these tokens are for {}, not for {selected}", .theirs.host())]
    ForeignTokens {
        /// That portal.
        theirs: Box<PortalAddress>,
        /// The host of the selected portal.
        selected: String,
    },
    /// A portal has changed since a plan was made for it.
    #[error("the portal has changed since the plan was made")]
    PlanIsOld {
        /// The command that shows what would be done now.
        command: String,
    },
    /// The list of the senders' addresses is not usable.
    #[error("{0}")]
    Senders(String),
    /// A request to a portal failed.
    #[error(transparent)]
    Portal(#[from] Failure),
    /// A local fault.
    #[error("{0:#}")]
    Local(#[from] anyhow::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted {
        /// Whether the portal may have done something already.
        portal_may_have_changed: bool,
    },
}

impl Error {
    /// Wrong usage, with what to do instead.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: Some(hint.into()) }
    }
}

/// The cause of a login that the auth server refused.
fn login_reason(refusal: &PortalError) -> &'static str {
    match refusal.code {
        ErrorCode::InvalidGrant => "the code is wrong, already used, or older than 30 seconds",
        ErrorCode::InvalidClient => {
            "the client id or secret is wrong, or the application is not installed on this portal"
        }
        ErrorCode::WrongClient => "the code was issued to another application",
        ErrorCode::PaymentRequired => "the application, or the portal's plan, is not paid",
        _ => "the auth server refused",
    }
}
