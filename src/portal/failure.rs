//! Why a request to a portal did not end with a result.

use std::error::Error as StdError;
use std::fmt;

use crate::http::transport::{RequestError, TransportError};
use crate::redact::Scrubber;
use crate::wire::envelope::{Oddity, PortalError, Unusable};

/// Everything that can come of a request but a result.
#[derive(Debug)]
pub enum Failure {
    /// The portal understood and refused.
    Refused(PortalError),
    /// Something answered, but not with a REST answer.
    Unusable {
        /// Who answered.
        host: String,
        /// What it was.
        what: Unusable,
    },
    /// Nothing usable came over the network.
    Transport {
        /// Who was asked.
        host: String,
        /// What went wrong.
        cause: TransportError,
    },
    /// The portal sent us elsewhere, and not to its new address.
    Redirected {
        /// Who answered.
        host: String,
        /// Its status.
        status: u16,
        /// Where it pointed, masked.
        to: String,
    },
    /// The tokens are dead and cannot be renewed.
    TokenDead(Box<DeadToken>),
    /// A local fault: a file, a lock, a certificate.
    Local(anyhow::Error),
}

/// The end of a token.
#[derive(Debug)]
pub struct DeadToken {
    /// What the portal said of the access token.
    pub refusal: PortalError,
    /// Why it could not be renewed.
    pub renewal: RenewalError,
    /// Where new tokens have to go.
    pub advice: String,
}

/// Why no new access token could be had.
#[derive(Debug)]
pub enum RenewalError {
    /// There is no refresh token, or no client id and secret to use it with.
    Impossible,
    /// The auth server refused.
    Refused(PortalError),
    /// The new token was refused like the old one.
    Useless,
}

impl Failure {
    /// An answer that is JSON, but not what the method is documented to answer.
    pub(super) fn unreadable(host: &str, why: &str) -> Self {
        let (kind, scrubber) = (Some("application/json"), Scrubber::default());
        let what = Unusable::new(200, kind, Oddity::WrongShape, why.as_bytes(), &scrubber);
        Self::Unusable { host: host.to_owned(), what }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Transport { host, cause } => Self::Transport { host, cause },
            RequestError::Setup(error) => Self::Local(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(out, "{error}"),
            Self::Unusable { host, what } => write!(out, "{host} answered {what}"),
            Self::Transport { host, cause } => write!(out, "{host}: {cause}"),
            Self::Redirected { host, status, to } => {
                write!(out, "{host} answered HTTP {status} and points to {to}, which is not followed")
            }
            Self::TokenDead(dead) => write!(out, "{dead}"),
            Self::Local(error) => write!(out, "{error:#}"),
        }
    }
}

impl fmt::Display for DeadToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusal = &self.refusal;
        match &self.renewal {
            RenewalError::Impossible => write!(out, "{refusal}"),
            RenewalError::Refused(error) => {
                write!(out, "{refusal}, and the auth server refused to renew the token: {error}")
            }
            RenewalError::Useless => write!(out, "{refusal}, also with a new token"),
        }
    }
}

impl StdError for Failure {}
