//! What a portal posts to a handler (`protocol` section 4).

use serde_json::{Map, Value, json};

use super::form::{self, FormError, Limits};
use crate::redact::Secret;

/// One event on its way to a handler. On the wire every value is a string.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Event name, upper case.
    pub event: String,
    /// `event_handler_id`, or `eventId` where a portal sends that.
    pub handler_id: Option<String>,
    /// The event's own data: a map, a list or, for a deleted line, a bare text.
    pub data: Value,
    /// Unix seconds at which the event was fired.
    pub timestamp: Option<i64>,
    /// Who sends, and the tokens that come along.
    pub auth: Auth,
}

/// The `auth` block: what is always there, and what only comes along when a user caused the event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// The portal's host, perhaps with a port; that of the auth server in `ONAPPUSERREADY`.
    pub domain: Option<String>,
    /// `https://PORTAL/rest/`.
    pub client_endpoint: Option<String>,
    /// The auth server's REST address.
    pub server_endpoint: Option<String>,
    /// Permanent portal id (survives renames).
    pub member_id: Option<String>,
    /// Proves to a handler that the portal sent the event.
    pub application_token: Option<Secret>,
    /// `None` when no user caused the event: agents, automatic texts, `ONAPPUNINSTALL`.
    pub user: Option<UserAuth>,
}

/// The part of an `auth` block that a user's action adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAuth {
    /// The user's access token.
    pub access_token: Secret,
    /// Never with the seven connector events; with `ONAPPINSTALL`, `ONAPPTEST`, `ONOFFLINEEVENT` and some others.
    pub refresh_token: Option<Secret>,
    /// Unix seconds at which `access_token` expires.
    pub expires: Option<i64>,
    /// Lifetime of `access_token` in seconds.
    pub expires_in: Option<i64>,
    /// Scopes, separated by commas.
    pub scope: Option<String>,
    /// The application's status letter, as in `app.info`.
    pub status: Option<String>,
    /// The user's id.
    pub user_id: Option<u64>,
}

/// Why a body is not a delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The form exceeds the limits.
    #[error(transparent)]
    Form(#[from] FormError),
    /// No event name.
    #[error("the form has no event name")]
    NoEvent,
}

impl Delivery {
    /// Reads a form body.
    ///
    /// # Errors
    /// If the form exceeds the limits or has no event name.
    pub fn decode(body: &str) -> Result<Self, DeliveryError> {
        let mut fields = form::decode(body, Limits::default())?;
        let event = text(&fields, "event").filter(|event| !event.is_empty()).ok_or(DeliveryError::NoEvent)?;
        let handler_id = text(&fields, "event_handler_id").or_else(|| text(&fields, "eventId"));
        let timestamp = text(&fields, "ts").and_then(|ts| ts.parse().ok());
        let auth = fields.get("auth").and_then(Value::as_object).map(Auth::decode).unwrap_or_default();
        let data = fields.remove("data").unwrap_or_else(|| Value::Array(Vec::new()));
        Ok(Self { event, handler_id, data, timestamp, auth })
    }

    /// The form body that a portal would send.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut fields = Map::new();
        fields.insert("event".to_owned(), self.event.clone().into());
        fields.insert("event_handler_id".to_owned(), self.handler_id.clone().into());
        fields.insert("data".to_owned(), self.data.clone());
        fields.insert("ts".to_owned(), self.timestamp.into());
        fields.insert("auth".to_owned(), self.auth.encode());
        form::encode(&fields)
    }
}

impl Auth {
    fn decode(fields: &Map<String, Value>) -> Self {
        Self {
            domain: text(fields, "domain"),
            client_endpoint: text(fields, "client_endpoint"),
            server_endpoint: text(fields, "server_endpoint"),
            member_id: text(fields, "member_id"),
            application_token: secret(fields, "application_token"),
            user: UserAuth::decode(fields),
        }
    }

    /// The order of the keys depends on whether a user caused the event, as the portal's does.
    fn encode(&self) -> Value {
        let application_token = exposed(self.application_token.as_ref());
        let Some(user) = &self.user else {
            return json!({
                "domain": self.domain,
                "client_endpoint": self.client_endpoint,
                "server_endpoint": self.server_endpoint,
                "member_id": self.member_id,
                "application_token": application_token,
            });
        };
        json!({
            "access_token": user.access_token.expose(),
            "expires": user.expires,
            "expires_in": user.expires_in,
            "scope": user.scope,
            "domain": self.domain,
            "server_endpoint": self.server_endpoint,
            "status": user.status,
            "client_endpoint": self.client_endpoint,
            "member_id": self.member_id,
            "user_id": user.user_id,
            "refresh_token": exposed(user.refresh_token.as_ref()),
            "application_token": application_token,
        })
    }
}

impl UserAuth {
    /// `None` without an access token.
    fn decode(fields: &Map<String, Value>) -> Option<Self> {
        Some(Self {
            access_token: secret(fields, "access_token")?,
            refresh_token: secret(fields, "refresh_token"),
            expires: number(fields, "expires"),
            expires_in: number(fields, "expires_in"),
            scope: text(fields, "scope"),
            status: text(fields, "status"),
            user_id: number(fields, "user_id"),
        })
    }
}

/// A token; an empty one is treated like an absent one.
fn secret(fields: &Map<String, Value>, name: &str) -> Option<Secret> {
    text(fields, name).filter(|token| !token.is_empty()).map(Secret::new)
}

fn exposed(secret: Option<&Secret>) -> Option<&str> {
    secret.map(Secret::expose)
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn number<T: std::str::FromStr>(fields: &Map<String, Value>, name: &str) -> Option<T> {
    fields.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserAuth {
        UserAuth {
            access_token: Secret::new("t"),
            refresh_token: None,
            expires: Some(5),
            expires_in: Some(3600),
            scope: Some("im,imconnector".into()),
            status: Some("L".into()),
            user_id: Some(7),
        }
    }

    fn delivery(user: Option<UserAuth>) -> Delivery {
        let auth = Auth {
            domain: Some("a.b".into()),
            client_endpoint: Some("https://a.b/rest/".into()),
            server_endpoint: Some("https://o.b/rest/".into()),
            member_id: Some("m".into()),
            application_token: Some(Secret::new("0123")),
            user,
        };
        Delivery {
            event: "ONX".into(),
            handler_id: Some("1".into()),
            data: json!({"a": ["x y"], "none": null, "list": [], "map": {}, "yes": true, "no": false}),
            timestamp: Some(3),
            auth,
        }
    }

    /// The names before `=`, without the part that all of them share.
    fn auth_keys(body: &str) -> Vec<&str> {
        let names = body.split('&').filter_map(|pair| pair.split('=').next());
        names.filter_map(|name| name.strip_prefix("auth%5B")?.strip_suffix("%5D")).collect()
    }

    #[test]
    fn decodes_the_data_and_the_sender_of_a_message() {
        let delivery = Delivery::decode(
            "event=ONIMCONNECTORMESSAGEADD&event_handler_id=555&data[CONNECTOR]=my&data[MESSAGES][0][im][chat_id]=1807\
             &ts=1700000000&auth[member_id]=abc&auth[application_token]=0123&auth[access_token]=t&auth[user_id]=7",
        )
        .expect("a delivery");
        assert_eq!(delivery.data, json!({"CONNECTOR": "my", "MESSAGES": [{"im": {"chat_id": "1807"}}]}));
        assert_eq!(delivery.timestamp, Some(1_700_000_000));
        assert_eq!(delivery.auth.application_token, Some(Secret::new("0123")));
        assert_eq!(delivery.auth.user.expect("a user").user_id, Some(7));
    }

    #[test]
    fn an_event_without_an_access_token_has_no_user() {
        let delivery = Delivery::decode("event=ONX&auth[member_id]=m&auth[access_token]=").expect("a delivery");
        assert_eq!(delivery.auth.user, None);
    }

    #[test]
    fn decodes_a_bare_number_and_the_other_name_of_the_handler_id() {
        let delivery = Delivery::decode("event=ONIMCONNECTORLINEDELETE&eventId=9&data=12").expect("a delivery");
        assert_eq!(delivery.data, json!("12"));
        assert_eq!(delivery.handler_id, Some("9".to_owned()));
    }

    #[test]
    fn encodes_as_the_portal_does() {
        assert_eq!(
            delivery(None).encode(),
            "event=ONX&event_handler_id=1&data%5Ba%5D%5B0%5D=x+y&data%5Byes%5D=1&data%5Bno%5D=0&ts=3\
             &auth%5Bdomain%5D=a.b&auth%5Bclient_endpoint%5D=https%3A%2F%2Fa.b%2Frest%2F\
             &auth%5Bserver_endpoint%5D=https%3A%2F%2Fo.b%2Frest%2F&auth%5Bmember_id%5D=m\
             &auth%5Bapplication_token%5D=0123"
        );
    }

    #[test]
    fn the_auth_block_of_a_user_has_its_own_order() {
        let with_refresh = UserAuth { refresh_token: Some(Secret::new("r")), ..user() };
        assert_eq!(
            auth_keys(&delivery(Some(with_refresh)).encode()),
            [
                "access_token",
                "expires",
                "expires_in",
                "scope",
                "domain",
                "server_endpoint",
                "status",
                "client_endpoint",
                "member_id",
                "user_id",
                "refresh_token",
                "application_token"
            ]
        );
    }

    #[test]
    fn decoding_an_encoded_delivery_returns_it() {
        for user in [None, Some(user())] {
            let delivery = Delivery { data: json!({"a": ["x y"]}), ..delivery(user) };
            assert_eq!(Delivery::decode(&delivery.encode()), Ok(delivery));
        }
    }

    #[test]
    fn a_form_without_an_event_is_an_error() {
        assert_eq!(Delivery::decode("data=1"), Err(DeliveryError::NoEvent));
    }
}
