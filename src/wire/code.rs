//! Error codes of the REST interface (`protocol` sections 1, 2 and 6).

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// A portal's error code. Codes are case-insensitive: the portal mixes both cases.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
            /// Any other code, as the portal wrote it.
            Other(String),
        }

        impl ErrorCode {
            /// The code as the portal spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($text) {
                    return Self::$variant;
                })+
                Self::Other(text.to_owned())
            }
        }
    };
}

codes! {
    /// The access token has expired: refresh once, repeat.
    ExpiredToken = "expired_token",
    /// The token is unknown, or another process has replaced it.
    InvalidToken = "invalid_token",
    /// The request has no token, or an empty one.
    NoAuthFound = "NO_AUTH_FOUND",
    /// The credentials are not accepted.
    InvalidCredentials = "INVALID_CREDENTIALS",
    /// The application was deleted or switched off on this portal.
    ApplicationNotFound = "APPLICATION_NOT_FOUND",
    /// The token's user is not active.
    AuthorizationError = "authorization_error",
    /// The portal cannot reach its auth server: it says nothing about the token.
    ConnectionError = "CONNECTION_ERROR",
    /// An administrator has not yet allowed this method.
    MethodConfirmWaiting = "METHOD_CONFIRM_WAITING",
    /// An administrator has denied this method.
    MethodConfirmDenied = "METHOD_CONFIRM_DENIED",
    /// The method requires another kind of authorisation, usually an application's token instead of a webhook.
    WrongAuthType = "WRONG_AUTH_TYPE",
    /// The application lacks a scope.
    InsufficientScope = "insufficient_scope",
    /// No right, or no REST on this plan.
    AccessDenied = "ACCESS_DENIED",
    /// The application is restricted to other users.
    UserAccessError = "user_access_error",
    /// The plan lacks a feature.
    WrongLicense = "WRONG_LICENSE",
    /// No such REST method.
    MethodNotFound = "ERROR_METHOD_NOT_FOUND",
    /// More than 50 commands in a batch.
    BatchLengthExceeded = "ERROR_BATCH_LENGTH_EXCEEDED",
    /// A batch inside a batch.
    BatchMethodNotAllowed = "ERROR_BATCH_METHOD_NOT_ALLOWED",
    /// Too many requests per second.
    QueryLimitExceeded = "QUERY_LIMIT_EXCEEDED",
    /// Too much working time of this method within ten minutes.
    OperationTimeLimit = "OPERATION_TIME_LIMIT",
    /// Blocked manually by the vendor.
    OverloadLimit = "OVERLOAD_LIMIT",
    /// The portal failed.
    InternalServerError = "INTERNAL_SERVER_ERROR",
    /// The portal failed in another way.
    UnexpectedAnswer = "ERROR_UNEXPECTED_ANSWER",
    /// The portal was deleted.
    PortalDeleted = "PORTAL_DELETED",
    /// Plain http, or a malformed request.
    InvalidRequest = "INVALID_REQUEST",
    /// `event.bind`: unknown event, or one outside the application's scopes.
    EventNotFound = "ERROR_EVENT_NOT_FOUND",
    /// A parameter is missing or has a value that is not allowed.
    Argument = "ERROR_ARGUMENT",
    /// `event.bind`: no host, or no dot inside it.
    WrongHandlerUrl = "ERROR_WRONG_HANDLER_URL",
    /// `event.bind`: neither http nor https.
    UnsupportedProtocol = "ERROR_UNSUPPORTED_PROTOCOL",
    /// A refusal of the event module; the text says which.
    Core = "ERROR_CORE",
    /// Never sent by the portal's own module, but some clients expect it for a repeated binding.
    EventBindingExists = "ERROR_EVENT_BINDING_EXISTS",
    /// OAuth: the secret is wrong, or the application is not installed on that portal.
    InvalidClient = "invalid_client",
    /// OAuth: the code or refresh token is not valid, or no longer.
    InvalidGrant = "invalid_grant",
    /// OAuth: a scope that the application does not have.
    InvalidScope = "invalid_scope",
    /// OAuth: the client is unknown, or the token belongs to another one.
    WrongClient = "WRONG_CLIENT",
    /// OAuth: the portal's subscription or the application is not paid.
    PaymentRequired = "PAYMENT_REQUIRED",
}

impl ErrorCode {
    /// Whether new tokens can help (`protocol` section 1: refresh once, repeat).
    pub(crate) fn is_stale_token(&self) -> bool {
        matches!(self, Self::ExpiredToken | Self::InvalidToken)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_recognised_in_any_case() {
        assert_eq!(ErrorCode::from("EXPIRED_TOKEN"), ErrorCode::ExpiredToken);
        assert_eq!(ErrorCode::from("query_limit_exceeded"), ErrorCode::QueryLimitExceeded);
        assert_eq!(ErrorCode::from("SOMETHING").as_str(), "SOMETHING");
    }
}
