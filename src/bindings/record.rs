//! A binding as files of our own hold it: saved plans and the history.

use serde::{Deserialize, Serialize};

use super::{Binding, Channel, Event, Type};

#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    event: Event,
    r#type: Type,
    handler: Option<String>,
    auth_user: Option<u64>,
    auth_connector: Option<String>,
}

impl From<Binding> for Record {
    fn from(binding: Binding) -> Self {
        let kind = binding.kind();
        let (handler, auth_user) = match binding.channel {
            Channel::Online { handler, auth_user } => (Some(handler), auth_user),
            Channel::Offline => (None, None),
        };
        Self { event: binding.event, r#type: kind, handler, auth_user, auth_connector: binding.auth_connector }
    }
}

impl TryFrom<Record> for Binding {
    type Error = &'static str;

    fn try_from(record: Record) -> Result<Self, Self::Error> {
        let channel = match (record.r#type, record.handler) {
            (Type::Offline, _) => Channel::Offline,
            (Type::Online, Some(handler)) => Channel::Online { handler, auth_user: record.auth_user },
            (Type::Online, None) => return Err("an online binding without a handler"),
        };
        Ok(Self { event: record.event, channel, auth_connector: record.auth_connector })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn a_binding_is_read_back_as_it_was() {
        let event = Event::from_portal("ONIMCONNECTORMESSAGEADD");
        let offline = Binding { event, channel: Channel::Offline, auth_connector: Some("key".into()) };
        for binding in [online("OnX", "https://a.b/", 7), offline] {
            let text = serde_json::to_string(&binding).expect("JSON");
            assert_eq!(serde_json::from_str::<Binding>(&text).expect("a binding"), binding);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in
            [r#"{"event": "OnX", "type": "other"}"#, r#"{"event": "OnX", "type": "online"}"#, r#"{"event": 1}"#]
        {
            assert!(serde_json::from_str::<Binding>(wrong).is_err(), "{wrong}");
        }
    }
}
