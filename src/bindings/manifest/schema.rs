//! The JSON schema of the manifest, for editors.

use serde_json::{Value, json};

use super::Remove;
use crate::catalog::{all_events, is_managed_by_bots};

/// Draft 2020-12.
pub(crate) fn schema() -> Value {
    let shorts = all_events().filter_map(|event| event.short);
    let bindable = all_events().map(|event| event.name).filter(|name| !is_managed_by_bots(name));
    let names: Vec<&str> = shorts.chain(bindable).collect();
    let event = json!({
        "description": "A short name, or a full name in any case",
        "anyOf": [{"enum": names}, {"type": "string", "pattern": "^[Oo][Nn][A-Za-z0-9_]{3,}$|\\.[Oo][Nn]\\.|\\$\\{"}],
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imconn.toml",
        "description": "Event subscriptions of a Bitrix24 application. ${NAME} and ${NAME:-default} are replaced by environment variables.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "handler": {"$ref": "#/$defs/handler"},
            "subscription": {"type": "array", "items": {"$ref": "#/$defs/subscription"}},
            "manage": {"$ref": "#/$defs/manage"},
        },
        "$defs": {
            "handler": {
                "description": "The URL that the portal calls",
                "type": "string",
                "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://|\\$\\{",
            },
            "event": event,
            "subscription": subscription(),
            "manage": manage(),
        },
    })
}

fn subscription() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["events"],
        "properties": {
            "events": {
                "description": "\"connector\" for the seven connector events, one name, or a list of names",
                "anyOf": [
                    {"const": "connector"},
                    {"$ref": "#/$defs/event"},
                    {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/event"}},
                ],
            },
            "handler": {"$ref": "#/$defs/handler"},
            "type": {"enum": ["online", "offline"], "default": "online"},
            "auth_user": {
                "description": "Whose rights the handler gets; 0 is the event's user",
                "type": "integer",
                "minimum": 0,
                "default": 0,
            },
            "auth_connector": {"description": "Source key of an offline queue", "type": "string", "minLength": 1},
        },
    })
}

fn manage() -> Value {
    let remove: Vec<&str> = Remove::ALL.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "remove": {
                "description": "Which bindings may be removed if they are not listed",
                "enum": remove,
                "default": "listed",
            },
            "ignore": {
                "description": "Handlers to leave alone; * matches any text",
                "type": "array",
                "items": {"type": "string"},
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse::{MANAGE, SUBSCRIPTION, TOP};
    use super::*;

    #[test]
    fn schema_and_parser_have_the_same_keys() {
        let schema = schema();
        for (place, members) in [
            ("", TOP.as_slice()),
            ("/$defs/subscription", SUBSCRIPTION.as_slice()),
            ("/$defs/manage", MANAGE.as_slice()),
        ] {
            let known = schema.pointer(&format!("{place}/properties")).and_then(Value::as_object).expect("an object");
            assert_eq!(known.keys().collect::<Vec<_>>(), members, "{place}");
        }
    }
}
