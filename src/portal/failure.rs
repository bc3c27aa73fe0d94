//! Why a request to a portal did not end with a result.

use std::sync::Arc;

use thiserror::Error;

use super::address::PortalAddress;
use super::retry::command_may_have_happened;
use crate::http::transport::{RequestError, TransportError};
use crate::wire::envelope::{InvalidResponse, PortalError};

/// Everything that a request can end with, except a result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Failure {
    /// The portal understood and refused.
    #[error(transparent)]
    Refused(PortalError),
    /// The response is not a REST answer.
    #[error("{server} answered {response}")]
    InvalidResponse {
        /// The server that answered.
        server: ServerName,
        /// What it answered.
        #[source]
        response: InvalidResponse,
    },
    /// A REST answer, but not what the method is documented to answer.
    #[error("{server}: {problem}")]
    UnexpectedResult {
        /// The server that answered.
        server: ServerName,
        /// What is wrong with the answer.
        problem: String,
    },
    /// No whole answer came over the network.
    #[error("{server}: {cause}")]
    Transport {
        /// The server that was asked.
        server: ServerName,
        /// What went wrong.
        #[source]
        cause: TransportError,
    },
    /// A redirect that is not, or not certainly, the new address of a renamed portal.
    #[error("{server} answered HTTP {status} and points to {to}, which is not followed")]
    Redirected {
        /// The server that answered.
        server: ServerName,
        /// Its status.
        status: u16,
        /// The target, masked.
        to: String,
        /// The portal that the target may be, but nothing proves that it is this one.
        portal: Option<Box<PortalAddress>>,
    },
    /// The tokens are dead and cannot be renewed.
    #[error(transparent)]
    TokenDead(Box<DeadToken>),
    /// A local fault: a file, a lock, a certificate.
    #[error(transparent)]
    Local(LocalError),
}

/// Who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerName {
    /// A portal, by its host.
    Portal(String),
    /// An auth server, by its host.
    Auth(String),
    /// Any other server, by its host.
    Other(String),
}

impl std::fmt::Display for ServerName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Portal(host) | Self::Other(host) => out.write_str(host),
            Self::Auth(host) => write!(out, "the auth server {host}"),
        }
    }
}

/// A refused token that could not be replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeadToken {
    /// What the portal said about the access token.
    pub(crate) refusal: PortalError,
    /// Why it could not be renewed.
    pub(crate) renewal: RenewalError,
    /// How the user gets new tokens.
    pub(crate) advice: String,
}

/// Why a token could not be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RenewalError {
    /// The refresh token, or the client id and secret to use it with, are missing.
    Impossible,
    /// The auth server refused.
    Refused(PortalError),
    /// The portal refused the new token, too.
    Useless,
}

impl std::fmt::Display for DeadToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let refusal = &self.refusal;
        match &self.renewal {
            RenewalError::Impossible => write!(out, "{refusal}"),
            RenewalError::Refused(error) => {
                write!(out, "{refusal}, and the auth server refused to renew the token: {error}")
            }
            RenewalError::Useless => write!(out, "{refusal}, even with a new token"),
        }
    }
}

impl std::error::Error for DeadToken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.renewal {
            RenewalError::Refused(error) => Some(error),
            RenewalError::Impossible | RenewalError::Useless => Some(&self.refusal),
        }
    }
}

/// A local fault. Several calls of a batch can fail for the same one.
#[derive(Debug, Clone, Error)]
#[error("{0:#}")]
pub(crate) struct LocalError(#[source] Arc<anyhow::Error>);

impl LocalError {
    pub(crate) fn inner(&self) -> &anyhow::Error {
        &self.0
    }
}

impl From<anyhow::Error> for LocalError {
    fn from(error: anyhow::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl PartialEq for LocalError {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for LocalError {}

impl Failure {
    pub(crate) fn local(error: anyhow::Error) -> Self {
        Self::Local(error.into())
    }

    /// A request to this server did not get an answer.
    pub(crate) fn transport(server: ServerName, error: RequestError) -> Self {
        match error {
            RequestError::Transport { cause, .. } => Self::Transport { server, cause },
            RequestError::Setup(error) => Self::local(error),
        }
    }

    /// Whether the request may have been carried out all the same. A time-out says nothing about it.
    pub(crate) fn may_be_done(&self) -> bool {
        match self {
            Self::Refused(error) => command_may_have_happened(error),
            Self::Transport { cause, .. } => !matches!(
                cause,
                TransportError::Connect(_) | TransportError::ConnectTimeout | TransportError::Tls { .. }
            ),
            Self::InvalidResponse { .. } | Self::UnexpectedResult { .. } => true,
            Self::Redirected { .. } | Self::TokenDead(_) | Self::Local(_) => false,
        }
    }

    /// What the portal itself said.
    pub(crate) fn portal_error(&self) -> Option<&PortalError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::TokenDead(dead) => Some(&dead.refusal),
            Self::InvalidResponse { .. }
            | Self::UnexpectedResult { .. }
            | Self::Transport { .. }
            | Self::Redirected { .. }
            | Self::Local(_) => None,
        }
    }
}
