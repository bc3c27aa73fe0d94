//! What to type next, for everything that can go wrong.

use super::has_trouble;
use crate::http::transport::{TlsFault, TransportError};
use crate::portal::failure::{DeadToken, Failure, RenewalError};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::{Oddity, PortalError};

/// What helps against a failure.
#[must_use]
pub fn hint_for(failure: &Failure) -> Option<String> {
    let text = match failure {
        Failure::Refused(error) => return hint_for_refusal(error),
        Failure::Unusable { what, .. } if what.status >= 500 => "the portal has trouble; try again in a while",
        Failure::Unusable { what, .. } if what.oddity == Oddity::WrongShape => {
            "the answer is not as documented; -v shows the requests, and a newer imconn may know it"
        }
        Failure::Unusable { .. } => {
            "check the address: a closed portal, a proxy or a login page answers like this, a REST interface does not"
        }
        Failure::Transport { cause, .. } => match cause {
            TransportError::Connect(_) | TransportError::ConnectTimeout => {
                "check the address, the network, and HTTPS_PROXY if there is a proxy"
            }
            TransportError::Timeout(_) => "try again, or allow more time with --timeout SECONDS",
            TransportError::RetryTimeout => "the portal has trouble; try again in a while",
            TransportError::Tls { fault: TlsFault::UnknownAuthority, .. } => {
                "for a private certificate authority, name its PEM file with --ca-cert FILE"
            }
            TransportError::Tls { .. } => "check the address, this machine's clock, and the server's certificate",
            TransportError::Closed => "try again; `list` shows what the portal has done until now",
            TransportError::NotHttp => "check the address and the port",
            TransportError::TooLarge(_) => "check the address: a REST answer is never that long",
        },
        Failure::Redirected { .. } => {
            "nothing was sent there; if it has moved, log in at its new address: imconn login HOST (an auth server is named in \
             IMCONN_OAUTH_SERVER)"
        }
        Failure::TokenDead(dead) => return Some(hint_for_dead_token(dead)),
        Failure::Local(error) => return hint_for_file(error),
    };
    Some(text.to_owned())
}

const NEW_TOKENS: &str = "log in again with imconn login PORTAL; in CI, put a new token into IMCONN_ACCESS_TOKEN, which \
     imconn renews by itself with IMCONN_REFRESH_TOKEN, IMCONN_CLIENT_ID and IMCONN_CLIENT_SECRET beside it";

/// What helps against a refusal.
#[must_use]
pub fn hint_for_refusal(error: &PortalError) -> Option<String> {
    let text = match &error.code {
        ErrorCode::WrongAuthType => {
            "an incoming webhook cannot subscribe to events; use an application's access token (OAuth)"
        }
        ErrorCode::ExpiredToken
        | ErrorCode::InvalidToken
        | ErrorCode::NoAuthFound
        | ErrorCode::InvalidCredentials
        | ErrorCode::InvalidGrant
        | ErrorCode::WrongClient => NEW_TOKENS,
        ErrorCode::InsufficientScope => "add the scope to the application's rights and install it again",
        ErrorCode::AccessDenied => {
            "use the token of a portal administrator; if it is one, check that the portal's plan includes REST"
        }
        ErrorCode::UserAccessError => "the application is restricted to other users; ask an administrator for access",
        ErrorCode::WrongLicense => "the portal's plan does not include this feature",
        ErrorCode::QueryLimitExceeded => {
            "too many requests reach this portal; try again, or allow more with --retries N"
        }
        ErrorCode::OperationTimeLimit => {
            "this method is blocked for the application for up to ten minutes; wait and try again"
        }
        ErrorCode::OverloadLimit => "REST is blocked on this portal; ask the vendor's support, and do not retry",
        ErrorCode::MethodNotFound => "check the spelling of the method, and that the application has its scope",
        ErrorCode::PortalDeleted => "the portal is gone; check the address",
        ErrorCode::InternalServerError | ErrorCode::UnexpectedAnswer => "the portal has trouble; try again in a while",
        ErrorCode::PaymentRequired => "the portal's plan or the application is not paid",
        ErrorCode::InvalidClient => {
            "check the client id and secret, and that the application is installed on this portal"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// What helps when a token is dead: whatever gives a new one.
fn hint_for_dead_token(dead: &DeadToken) -> String {
    let is_dead =
        |code: &ErrorCode| matches!(code, ErrorCode::InvalidGrant | ErrorCode::ExpiredToken | ErrorCode::InvalidToken);
    let reason = match &dead.renewal {
        RenewalError::Refused(error) if has_trouble(error) => {
            Some("the auth server has trouble; the token may be good as ever: try again in a while".to_owned())
        }
        RenewalError::Refused(error) if !is_dead(&error.code) => hint_for_refusal(error),
        _ => None,
    };
    reason.unwrap_or_else(|| dead.advice.clone())
}

/// What helps when the auth server did not take a code.
pub(super) fn hint_for_login(refusal: &PortalError) -> Option<String> {
    let text = match refusal.code {
        ErrorCode::InvalidGrant => "nothing was stored; get a new code, and hand it over at once",
        ErrorCode::InvalidClient => {
            "nothing was stored; copy both from the application's settings on the portal, and check that it is installed"
        }
        ErrorCode::WrongClient => "nothing was stored; use the client id of the application that was let in",
        ErrorCode::PaymentRequired => "nothing was stored; renew the subscription on the portal, then log in again",
        _ => return hint_for_refusal(refusal),
    };
    Some(text.to_owned())
}

/// What helps when a file cannot be written where it should be.
pub(super) fn hint_for_file(error: &anyhow::Error) -> Option<String> {
    let denied = |error: &std::io::Error| {
        matches!(error.kind(), std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem)
    };
    let text = "name folders that you can write in IMCONN_CONFIG_DIR and IMCONN_DATA_DIR";
    error.chain().filter_map(|cause| cause.downcast_ref()).any(denied).then(|| text.to_owned())
}
