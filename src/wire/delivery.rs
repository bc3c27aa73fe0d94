//! What a portal posts to a handler (`portal-protocol` section 4).

use serde_json::{Map, Value};

use super::form::{self, FormError, Limits};
use crate::redact::Secret;

/// One event as it arrives. Every value in it was a string on the wire.
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

/// The `auth` block. Tokens are missing when no user caused the event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// The portal's host.
    pub domain: Option<String>,
    /// `https://PORTAL/rest/`.
    pub client_endpoint: Option<String>,
    /// The auth server's REST address.
    pub server_endpoint: Option<String>,
    /// The portal's name for ever.
    pub member_id: Option<String>,
    /// How a handler knows that the portal sent it.
    pub application_token: Option<Secret>,
    /// Scopes, separated by commas.
    pub scope: Option<String>,
    /// The application's status letter.
    pub status: Option<String>,
    /// Token of the user who caused the event.
    pub access_token: Option<Secret>,
    /// Only with `ONAPPINSTALL` and `ONOFFLINEEVENT`.
    pub refresh_token: Option<Secret>,
    /// Unix seconds at which `access_token` ends.
    pub expires: Option<i64>,
    /// Seconds that `access_token` lasts.
    pub expires_in: Option<i64>,
    /// The user who caused the event.
    pub user_id: Option<u64>,
}

/// Why a body is no delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The form exceeds the limits.
    #[error(transparent)]
    Form(#[from] FormError),
    /// There is no event name in it.
    #[error("there is no event name in the form")]
    NoEvent,
}

impl Delivery {
    /// Reads a form body.
    ///
    /// # Errors
    /// [`DeliveryError`] when the form is over the limits or names no event.
    pub fn decode(body: &str) -> Result<Self, DeliveryError> {
        let mut fields = form::decode(body, Limits::default())?;
        let event = text(&fields, "event").filter(|event| !event.is_empty()).ok_or(DeliveryError::NoEvent)?;
        let handler_id = text(&fields, "event_handler_id").or_else(|| text(&fields, "eventId"));
        let timestamp = text(&fields, "ts").and_then(|ts| ts.parse().ok());
        let auth = fields.get("auth").and_then(Value::as_object).map(Auth::decode).unwrap_or_default();
        let data = fields.remove("data").unwrap_or_else(|| Value::Array(Vec::new()));
        Ok(Self { event, handler_id, data, timestamp, auth })
    }

    /// Writes the form body that a portal would send.
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
        let secret = |name| text(fields, name).filter(|token| !token.is_empty()).map(Secret::new);
        Self {
            domain: text(fields, "domain"),
            client_endpoint: text(fields, "client_endpoint"),
            server_endpoint: text(fields, "server_endpoint"),
            member_id: text(fields, "member_id"),
            application_token: secret("application_token"),
            scope: text(fields, "scope"),
            status: text(fields, "status"),
            access_token: secret("access_token"),
            refresh_token: secret("refresh_token"),
            expires: number(fields, "expires"),
            expires_in: number(fields, "expires_in"),
            user_id: number(fields, "user_id"),
        }
    }

    fn encode(&self) -> Value {
        let secret = |token: &Option<Secret>| token.as_ref().map(|token| token.expose().to_owned());
        serde_json::json!({
            "access_token": secret(&self.access_token),
            "expires": self.expires,
            "expires_in": self.expires_in,
            "scope": self.scope,
            "domain": self.domain,
            "server_endpoint": self.server_endpoint,
            "status": self.status,
            "client_endpoint": self.client_endpoint,
            "member_id": self.member_id,
            "user_id": self.user_id,
            "refresh_token": secret(&self.refresh_token),
            "application_token": secret(&self.application_token),
        })
    }
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
    use serde_json::json;

    #[test]
    fn a_message_is_read_with_its_data_and_sender() {
        let delivery = Delivery::decode(
            "event=ONIMCONNECTORMESSAGEADD&event_handler_id=555&data[CONNECTOR]=my&data[MESSAGES][0][im][chat_id]=1807\
             &ts=1700000000&auth[member_id]=abc&auth[application_token]=0123&auth[user_id]=7",
        )
        .expect("a delivery");
        assert_eq!(delivery.data, json!({"CONNECTOR": "my", "MESSAGES": [{"im": {"chat_id": "1807"}}]}));
        assert_eq!((delivery.timestamp, delivery.auth.user_id), (Some(1_700_000_000), Some(7)));
        assert_eq!(delivery.auth.application_token, Some(Secret::new("0123")));
        assert_eq!(delivery.auth.access_token, None);
    }

    #[test]
    fn a_bare_number_and_the_other_id_name_are_read() {
        let delivery = Delivery::decode("event=ONIMCONNECTORLINEDELETE&eventId=9&data=12").expect("a delivery");
        assert_eq!((delivery.data, delivery.handler_id), (json!("12"), Some("9".to_owned())));
    }

    #[test]
    fn encoding_and_decoding_return_the_same_delivery() {
        let auth = Auth {
            domain: Some("a.b".into()),
            access_token: Some(Secret::new("t")),
            expires: Some(5),
            ..Auth::default()
        };
        let delivery = Delivery {
            event: "ONX".into(),
            handler_id: Some("1".into()),
            data: json!({"a": ["x y"]}),
            timestamp: Some(3),
            auth,
        };
        assert_eq!(Delivery::decode(&delivery.encode()), Ok(delivery));
    }

    #[test]
    fn a_form_without_an_event_is_refused() {
        assert_eq!(Delivery::decode("data=1"), Err(DeliveryError::NoEvent));
    }
}
