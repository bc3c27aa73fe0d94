//! The certificate of a handler.

use url::Url;

use super::{Check, DeliveryAttempt, TLS};
use crate::doctor::endpoint::certificate_check;
use crate::http::transport::{RequestError, TlsFault, TransportError};

pub(super) fn check(handler: &Url, attempt: &DeliveryAttempt, portal_is_local: bool) -> Check {
    if handler.scheme() == "http" {
        return plain_http(portal_is_local);
    }
    match &attempt.outcome {
        Ok(response) => certificate_check(TLS.ok(""), response.certificate.as_deref()),
        Err(RequestError::Transport { cause: TransportError::Tls { why, fault }, .. }) => {
            TLS.ok(why.clone()).fail(fix(*fault))
        }
        Err(_) => TLS.skipped("no answer"),
    }
}

fn plain_http(portal_is_local: bool) -> Check {
    if portal_is_local {
        return TLS.skipped("plain http");
    }
    TLS.ok("plain http: messages and tokens are sent unencrypted")
        .warn("serve the handler over https and bind that URL")
}

fn fix(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::Expired => "renew the handler's certificate",
        TlsFault::WrongHost => "install a certificate for this host",
        TlsFault::UnknownAuthority | TlsFault::Other => {
            "install a certificate of a public authority, with its whole chain"
        }
    }
}
