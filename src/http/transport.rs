//! What can go wrong below HTTP, in terms that decide about retries and hints.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use thiserror::Error;

/// Why a request got no answer.
#[derive(Debug, Error)]
pub(crate) enum RequestError {
    /// No whole answer came over the network.
    #[error("{host}: {cause}")]
    Transport {
        /// The server that was asked.
        host: String,
        /// What went wrong.
        #[source]
        cause: TransportError,
    },
    /// The HTTP client could not be built.
    #[error("{0:#}")]
    Setup(#[source] anyhow::Error),
}

/// What went wrong on the network.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum TransportError {
    /// No connection: the request was not sent.
    #[error("no connection: {0}")]
    Connect(String),
    /// No connection in time: the request was not sent.
    #[error("no connection in time")]
    ConnectTimeout,
    /// Connected, but the answer did not come in time.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The time for all attempts together ran out.
    #[error("gave up after 60 s of retries")]
    RetryTimeout,
    /// The TLS handshake failed.
    #[error("no secure connection: {why}")]
    Tls {
        /// The problem, as a clause.
        why: String,
        /// Its kind.
        fault: TlsFault,
    },
    /// The connection closed before or inside the answer.
    #[error("the connection closed before the answer was complete")]
    Closed,
    /// The answer is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp,
    /// The answer exceeds the limit, in bytes.
    #[error("the answer is longer than {} MiB", .0 >> 20)]
    TooLarge(usize),
}

/// Why a TLS handshake failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// Trusting another authority would help.
    UnknownAuthority,
    /// The certificate has expired.
    Expired,
    /// The certificate is for another host.
    WrongHost,
    /// Anything else.
    Other,
}

impl TransportError {
    /// Classifies an error of reqwest; `timeout` is the one of the request.
    pub(super) fn from_reqwest(error: &reqwest::Error, timeout: Duration) -> Self {
        if let Some(tls) = find::<rustls::Error>(error) {
            let (fault, why) = tls_fault(tls);
            return Self::Tls { why, fault };
        }
        if is_parse_error(error) {
            return Self::NotHttp;
        }
        match (error.is_connect(), error.is_timeout()) {
            (true, true) => Self::ConnectTimeout,
            (true, false) => Self::Connect(innermost(error)),
            (false, true) => Self::Timeout(timeout),
            (false, false) => Self::Closed,
        }
    }
}

/// Looks for an error of one type in the chain of causes. `io::Error::source` skips the very error that an `io::Error`
/// wraps, and that is where rustls puts its own.
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

/// Whether the answer could not be parsed as HTTP. hyper has a method for that, but would be a dependency for this one
/// call, tied to reqwest's version of it. A test against a server that does not speak HTTP holds these texts.
fn is_parse_error(error: &reqwest::Error) -> bool {
    let text = innermost(error);
    (text.starts_with("invalid ") || text.starts_with("unexpected ")) && text.contains(" parsed")
        || text == "message head is too large"
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
        // What `openssl req -x509` makes by default. rustls has no variant for it.
        Error::InvalidCertificate(CertificateError::Other(other))
            if other.to_string().contains("CaUsedAsEndEntity") =>
        {
            (TlsFault::Other, "its certificate is a self-signed CA certificate, not a server certificate")
        }
        Error::InvalidCertificate(_) => (TlsFault::Other, "its certificate is not valid"),
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
