//! Bindings in files of our own: plans and the journal.

use serde_json::{Value, json};

use super::{Binding, Channel, Event, Type};

impl Binding {
    /// The binding as output and files show it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "event": self.event,
            "type": self.kind().as_str(),
            "handler": self.handler(),
            "auth_user": self.auth_user(),
            "auth_connector": self.auth_connector,
        })
    }

    /// Reads what [`Binding::to_json`] has written; `None` for anything else.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("type")?;
        let channel = if kind == Type::Offline.as_str() {
            Channel::Offline
        } else if kind == Type::Online.as_str() {
            Channel::Online { handler: text("handler")?, auth_user: value.get("auth_user").and_then(Value::as_u64) }
        } else {
            return None;
        };
        Some(Self { event: Event::from_portal(&text("event")?), channel, auth_connector: text("auth_connector") })
    }

    /// A list of them.
    #[must_use]
    pub fn list_to_json(bindings: &[Self]) -> Value {
        bindings.iter().map(Self::to_json).collect()
    }

    /// Reads a list of them; `None` when any is none.
    #[must_use]
    pub fn list_from_json(value: Option<&Value>) -> Option<Vec<Self>> {
        value?.as_array()?.iter().map(Self::from_json).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_is_read_back_as_it_was() {
        let event = || Event::from_portal("ONIMCONNECTORMESSAGEADD");
        let online = Channel::Online { handler: "https://a.b/".into(), auth_user: Some(7) };
        for binding in [
            Binding { event: event(), channel: online, auth_connector: None },
            Binding { event: event(), channel: Channel::Offline, auth_connector: Some("key".into()) },
        ] {
            assert_eq!(Binding::from_json(&binding.to_json()), Some(binding));
        }
        assert_eq!(Binding::from_json(&json!({"event": "OnX", "type": "other"})), None);
        assert_eq!(Binding::list_from_json(Some(&json!([{"event": "OnX"}]))), None);
    }
}
