//! Events that a portal did not send, complete enough for handlers that check every field.

use serde_json::{Value, json};

use crate::random;
use crate::redact::Secret;
use crate::wire::delivery::{Auth, Delivery, UserAuth};

/// Handlers that parse this id need a number, and some take 0 for a missing one.
const HANDLER_ID: u64 = 1;
/// Random bytes in a made-up access token: real ones have 70 letters.
const TOKEN_BYTES: usize = 35;
/// Lifetime of an access token in seconds.
const TOKEN_SECONDS: i64 = 3600;

/// An event that can be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sample {
    /// `ONAPPTEST`: the portal sends it on `event.test` only, so no application acts on it.
    AppTest {
        /// Shown to the handler as `data[QUERY][from]`.
        from: &'static str,
    },
}

/// The portal, application and user that a sample claims to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The portal's host, perhaps with a port.
    pub domain: String,
    /// The portal's REST address.
    pub client_endpoint: String,
    /// The auth server's REST address.
    pub server_endpoint: String,
    /// Permanent portal id.
    pub member_id: MemberId,
    /// Scopes of the application, separated by commas.
    pub scope: String,
    /// Status letter of the application.
    pub status: String,
    /// The user who seems to have caused the event.
    pub user_id: u64,
}

/// The permanent id of a portal. Handlers find their portal by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberId {
    /// The portal's own.
    Known(String),
    /// Random; a handler that serves several portals does not recognise it.
    MadeUp(String),
}

impl MemberId {
    /// The known id, or one that looks like it: 32 hexadecimal digits.
    #[must_use]
    pub fn or_made_up(known: Option<String>) -> Self {
        known.map_or_else(|| Self::MadeUp(random::hex(16)), Self::Known)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Known(id) | Self::MadeUp(id) => id,
        }
    }
}

impl Sample {
    /// The delivery of this event, fired now.
    pub(crate) fn delivery(&self, sender: &Sender, application_token: &Secret) -> Delivery {
        let now = jiff::Timestamp::now().as_second();
        Delivery {
            event: self.event().to_owned(),
            handler_id: Some(HANDLER_ID.to_string()),
            data: self.data(),
            timestamp: Some(now),
            auth: Auth {
                domain: Some(sender.domain.clone()),
                client_endpoint: Some(sender.client_endpoint.clone()),
                server_endpoint: Some(sender.server_endpoint.clone()),
                member_id: Some(sender.member_id.as_str().to_owned()),
                application_token: Some(application_token.clone()),
                user: Some(user(sender, now)),
            },
        }
    }

    fn event(&self) -> &'static str {
        match self {
            Self::AppTest { .. } => "ONAPPTEST",
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::AppTest { from } => json!({"QUERY": {"from": from}, "LANGUAGE_ID": "en"}),
        }
    }
}

/// What a user's action adds. The token opens nothing. A refresh token is left out: a handler that stores what it receives
/// would lose its own.
fn user(sender: &Sender, now: i64) -> UserAuth {
    UserAuth {
        access_token: Secret::new(random::hex(TOKEN_BYTES)),
        refresh_token: None,
        expires: Some(now + TOKEN_SECONDS),
        expires_in: Some(TOKEN_SECONDS),
        scope: Some(sender.scope.clone()),
        status: Some(sender.status.clone()),
        user_id: Some(sender.user_id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender {
            domain: "acme.bitrix24.com".into(),
            client_endpoint: "https://acme.bitrix24.com/rest/".into(),
            server_endpoint: "https://oauth.bitrix.info/rest/".into(),
            member_id: MemberId::or_made_up(None),
            scope: "imconnector,imopenlines".into(),
            status: "L".into(),
            user_id: 1,
        }
    }

    #[test]
    fn a_test_event_has_every_field_that_handlers_require() {
        let body = Sample::AppTest { from: "a test" }.delivery(&sender(), &Secret::new("0123")).encode();
        for name in ["access_token", "expires", "expires_in", "scope", "domain", "server_endpoint", "status"]
            .into_iter()
            .chain(["client_endpoint", "member_id", "user_id", "application_token"])
        {
            assert!(body.contains(&format!("&auth%5B{name}%5D=")), "{name}: {body}");
        }
        assert!(body.starts_with("event=ONAPPTEST&event_handler_id=1&data%5BQUERY%5D%5Bfrom%5D=a+test&"), "{body}");
        assert!(body.contains("&ts=") && !body.contains("refresh_token"), "{body}");
    }

    #[test]
    fn a_made_up_member_id_looks_like_a_real_one() {
        let MemberId::MadeUp(id) = MemberId::or_made_up(None) else { panic!("not made up") };
        assert!(id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit()), "{id}");
    }
}
