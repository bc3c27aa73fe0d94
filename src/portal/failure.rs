//! Why a request to a portal did not end with a result.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use crate::wire::envelope::{PortalError, Unusable};

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

/// What went wrong below the REST layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// No connection: the request never left.
    Connect(String),
    /// No connection within the time allowed.
    ConnectTimeout,
    /// The connection stands, but the answer did not come in time.
    Timeout(Duration),
    /// The time for all attempts together is over.
    OutOfTime,
    /// The other side's certificate, or the handshake, is not acceptable.
    Tls {
        /// What is wrong.
        why: String,
        /// What kind of fault that is.
        fault: TlsFault,
    },
    /// The connection ended before or inside the answer.
    Cut,
    /// What came is not HTTP.
    NotHttp,
    /// The answer is longer than we are willing to read, in bytes.
    TooLarge(usize),
}

/// Why a connection is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFault {
    /// Trusting another authority would help.
    UnknownAuthority,
    /// The certificate has ended.
    Expired,
    /// The certificate is another host's.
    WrongHost,
    /// Anything else.
    Other,
}

impl TransportError {
    /// Names what reqwest reports.
    #[must_use]
    pub fn from_reqwest(error: &reqwest::Error, timeout: Duration) -> Self {
        if let Some(tls) = find::<rustls::Error>(error) {
            let (fault, why) = tls_fault(tls);
            return Self::Tls { why, fault };
        }
        if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
            return Self::NotHttp;
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Self::ConnectTimeout,
            (true, false) => Self::Connect(innermost(error)),
            (false, true) => Self::Timeout(timeout),
            (false, false) => Self::Cut,
        }
    }
}

/// Looks for an error of one kind behind another. `io::Error::source` skips the very error that an `io::Error` wraps, and
/// that is where `rustls` puts its own.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source());
    }
    None
}

fn tls_fault(error: &rustls::Error) -> (TlsFault, String) {
    use rustls::{CertificateError, Error};
    let (fault, text) = match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            (TlsFault::UnknownAuthority, "its certificate is signed by an unknown authority")
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            (TlsFault::Expired, "its certificate has expired")
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => (TlsFault::WrongHost, "its certificate is for another host"),
        // What `openssl req -x509` makes unless it is told otherwise. The library has no name of its own for it.
        Error::InvalidCertificate(CertificateError::Other(other))
            if other.to_string().contains("CaUsedAsEndEntity") =>
        {
            (TlsFault::Other, "its certificate is self-signed, and an authority's instead of a server's")
        }
        Error::InvalidCertificate(_) => (TlsFault::Other, "its certificate is not acceptable"),
        other => return (TlsFault::Other, other.to_string()),
    };
    (fault, text.to_owned())
}

fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn StdError = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let text = deepest.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

impl fmt::Display for TransportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(why) => write!(out, "no connection: {why}"),
            Self::ConnectTimeout => out.write_str("no connection in time"),
            Self::Timeout(after) => write!(out, "no answer within {} s", after.as_secs()),
            Self::OutOfTime => out.write_str("no answer within the minute that all attempts may take"),
            Self::Tls { why, .. } => write!(out, "no safe connection: {why}"),
            Self::Cut => out.write_str("the connection ended before the whole answer was there"),
            Self::NotHttp => out.write_str("what came is not HTTP"),
            Self::TooLarge(limit) => write!(out, "the answer is longer than {} MiB", limit >> 20),
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
