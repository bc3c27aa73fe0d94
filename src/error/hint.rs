//! The one action that helps. A command stands alone in backticks and works when pasted.

use std::io::ErrorKind;

use super::Error;
use super::invocation::{Invocation, login};
use super::refusal::auth_server_has_trouble;
use crate::http::transport::{TlsFault, TransportError};
use crate::portal::failure::{DeadToken, Failure, RenewalError, ServerName};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::{InvalidResponse, PortalError, ResponseKind};

/// For changes that were cut off: a second run does not repeat what was done.
pub(super) const ONLY_MISSING: &str = "run the same command again: it makes only the missing changes";

const LATER: &str = "the portal has problems; try again later";

pub(super) fn for_error(error: &Error, invocation: &Invocation) -> Option<String> {
    match error {
        Error::Usage { hint, .. } | Error::NotAuthorised { hint, .. } => hint.clone(),
        Error::Login { refusal } => for_login(refusal, invocation),
        Error::ForeignTokens { theirs, .. } => {
            let login = login(Some(&theirs.stored()));
            Some(format!("nothing was stored; to log in to that portal, run `{login}`"))
        }
        Error::PlanIsOld { command } => {
            Some(format!("nothing was changed; to see the difference now, run `{}`", invocation.command(command)))
        }
        Error::Senders(_) => {
            Some("no rules were printed, because a wrong list would block all traffic; try again later".to_owned())
        }
        Error::Portal(failure) => for_failure(failure, invocation),
        Error::Local(error) => for_file(error),
        Error::Interrupted { portal_may_have_changed: true } => Some(show_bindings(invocation)),
        Error::Interrupted { portal_may_have_changed: false } => None,
    }
}

pub(super) fn for_failure(failure: &Failure, invocation: &Invocation) -> Option<String> {
    match failure {
        Failure::Refused(error) => for_refusal(error, invocation),
        Failure::InvalidResponse { response, .. } => Some(for_response(response).to_owned()),
        Failure::UnexpectedResult { .. } => Some("to see the requests, add -vv".to_owned()),
        Failure::Transport {
            server: ServerName::Auth(_),
            cause: TransportError::Connect(_) | TransportError::ConnectTimeout,
        } => {
            Some("check the network; if the portal uses another auth server, set IMCONN_OAUTH_SERVER to it".to_owned())
        }
        Failure::Transport { cause, .. } => Some(for_transport(cause, invocation)),
        Failure::Redirected { portal: Some(portal), .. } => {
            let login = login(Some(&portal.stored()));
            Some(format!("nothing was sent there; if the portal has moved, run `{login}`"))
        }
        Failure::Redirected { server: ServerName::Portal(_) | ServerName::Other(_), .. } => {
            Some("nothing was sent there; check the address: a proxy or a login page answers like this".to_owned())
        }
        Failure::Redirected { server: ServerName::Auth(_), .. } => Some(
            "nothing was sent there; if the auth server has moved, set IMCONN_OAUTH_SERVER to its address".to_owned(),
        ),
        Failure::TokenDead(dead) => Some(for_dead_token(dead, invocation)),
        Failure::Local(error) => for_file(error.inner()),
    }
}

fn for_response(response: &InvalidResponse) -> &'static str {
    match response.kind {
        _ if response.status >= 500 => LATER,
        ResponseKind::ByteOrderMark => {
            "one of the portal's PHP files was saved with a byte order mark: ask its administrator to remove it"
        }
        ResponseKind::WrongShape | ResponseKind::NoTokens => "to see the requests, add -vv",
        ResponseKind::Html | ResponseKind::Empty | ResponseKind::Truncated | ResponseKind::NotJson => {
            "check the address: a closed portal, a proxy or a login page answers like this"
        }
    }
}

fn for_transport(cause: &TransportError, invocation: &Invocation) -> String {
    let text = match cause {
        TransportError::Connect(_) | TransportError::ConnectTimeout => {
            "check the address, the network, and HTTPS_PROXY if you use a proxy"
        }
        TransportError::Timeout(_) => "allow more time with --timeout, in seconds",
        TransportError::RetryTimeout => LATER,
        TransportError::Tls { fault: TlsFault::UnknownAuthority, .. } => {
            "for a private certificate authority, pass its PEM file with --ca-cert"
        }
        TransportError::Tls { fault: TlsFault::Expired | TlsFault::WrongHost | TlsFault::Other, .. } => {
            "check the address, this machine's clock, and the server's certificate"
        }
        TransportError::Closed => return show_bindings(invocation),
        TransportError::NotHttp => "check the address and the port",
        TransportError::TooLarge(_) => "ask for less in one request; for a list, use `filter` or `start`",
    };
    text.to_owned()
}

pub(super) fn for_refusal(error: &PortalError, invocation: &Invocation) -> Option<String> {
    let text = match &error.code {
        ErrorCode::WrongAuthType => {
            "use an application's access token (OAuth): an incoming webhook cannot subscribe to events"
        }
        ErrorCode::ExpiredToken
        | ErrorCode::InvalidToken
        | ErrorCode::NoAuthFound
        | ErrorCode::InvalidCredentials
        | ErrorCode::InvalidGrant
        | ErrorCode::WrongClient => {
            return Some(invocation.renewal());
        }
        ErrorCode::ApplicationNotFound => {
            "the application was deleted or switched off on this portal; install it again, then log in again"
        }
        ErrorCode::AuthorizationError => "the token's user is not active; use the token of another user",
        ErrorCode::ConnectionError => "the portal cannot reach its auth server now; try again later",
        ErrorCode::MethodConfirmWaiting => "ask an administrator of the portal to allow this method, then try again",
        ErrorCode::MethodConfirmDenied => "an administrator of the portal has denied this method; ask them to allow it",
        ErrorCode::InsufficientScope => "add the scope to the application's rights and install it again",
        ErrorCode::AccessDenied => {
            "use the token of a portal administrator; if it is one, check that the portal's plan includes REST"
        }
        ErrorCode::UserAccessError => "the application is restricted to other users; ask an administrator for access",
        ErrorCode::WrongLicense => "the portal's plan does not include this feature",
        ErrorCode::QueryLimitExceeded => "too many requests reach this portal; allow more attempts with --retries",
        ErrorCode::OperationTimeLimit => {
            "this method is blocked for the application for up to ten minutes; try again after that"
        }
        ErrorCode::OverloadLimit => "REST is blocked on this portal; ask the vendor's support before any other attempt",
        ErrorCode::MethodNotFound => "check the spelling of the method, and that the application has its scope",
        ErrorCode::PortalDeleted => "the portal was deleted; check the address",
        ErrorCode::InternalServerError | ErrorCode::UnexpectedAnswer => LATER,
        ErrorCode::PaymentRequired => "the portal's plan or the application is not paid",
        ErrorCode::InvalidClient => {
            "check the client id and secret, and that the application is installed on this portal"
        }
        ErrorCode::BatchLengthExceeded
        | ErrorCode::BatchMethodNotAllowed
        | ErrorCode::InvalidRequest
        | ErrorCode::EventNotFound
        | ErrorCode::Argument
        | ErrorCode::WrongHandlerUrl
        | ErrorCode::UnsupportedProtocol
        | ErrorCode::Core
        | ErrorCode::EventBindingExists
        | ErrorCode::InvalidScope
        | ErrorCode::Other(_) => return None,
    };
    Some(text.to_owned())
}

/// How to get a new token, unless the old one may still be valid.
fn for_dead_token(dead: &DeadToken, invocation: &Invocation) -> String {
    if auth_server_has_trouble(dead) {
        return "the auth server has problems, and the token may still be good; try again later".to_owned();
    }
    let own = match &dead.renewal {
        RenewalError::Refused(error) if !is_dead(&error.code) => for_refusal(error, invocation),
        RenewalError::Refused(_) | RenewalError::Impossible | RenewalError::Useless => None,
    };
    own.unwrap_or_else(|| dead.advice.clone())
}

fn is_dead(code: &ErrorCode) -> bool {
    matches!(code, ErrorCode::InvalidGrant | ErrorCode::ExpiredToken | ErrorCode::InvalidToken)
}

fn for_login(refusal: &PortalError, invocation: &Invocation) -> Option<String> {
    let text = match refusal.code {
        ErrorCode::InvalidGrant => "nothing was stored; get a new code and use it at once",
        ErrorCode::InvalidClient => {
            "nothing was stored; copy both from the application's settings on the portal, and check that it is installed"
        }
        ErrorCode::WrongClient => "nothing was stored; use the client id of the application that issued the code",
        ErrorCode::PaymentRequired => "nothing was stored; renew the subscription on the portal, then log in again",
        _ => return for_refusal(refusal, invocation),
    };
    Some(text.to_owned())
}

/// For folders and files that cannot be read or written.
fn for_file(error: &anyhow::Error) -> Option<String> {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    let is_reading = error.to_string().starts_with("cannot read");
    causes.find_map(|cause| for_io(cause.kind(), is_reading)).map(str::to_owned)
}

fn for_io(kind: ErrorKind, is_reading: bool) -> Option<&'static str> {
    match kind {
        ErrorKind::PermissionDenied if is_reading => Some("check the owner and the mode of the file"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Some("set IMCONN_CONFIG_DIR and IMCONN_DATA_DIR to writable folders")
        }
        ErrorKind::AddrInUse => Some("choose another port; port 0 lets the system choose a free one"),
        _ => None,
    }
}

fn show_bindings(invocation: &Invocation) -> String {
    format!("to see what is bound, run `{}`", invocation.command("list"))
}
