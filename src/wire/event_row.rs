//! One row of `event.get` (`protocol` section 2).

use serde_json::Value;

/// One binding as the portal lists it, without its id and options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Event name, upper case.
    pub event: String,
    /// Online or offline, with the members that only this kind has.
    pub kind: RowKind,
    /// Key of an offline queue; `None` if the portal sent none or an empty one.
    pub connector: Option<String>,
}

/// The two kinds of binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// The portal calls a URL.
    Online {
        /// The URL, byte for byte.
        handler: String,
        /// User whose rights the handler gets; 0 stands for the user whose action fires the event.
        auth_user: u64,
    },
    /// The portal stores the event in a queue.
    Offline,
}

impl EventRow {
    /// Reads one row. `auth_type` and `offline` are a string or a number; offline rows have no handler. Fails with the name
    /// of the member that is missing or has the wrong type.
    pub(crate) fn decode(row: &Value) -> Result<Self, &'static str> {
        let event = text(row, "event").filter(|event| !event.is_empty()).ok_or("event")?.to_owned();
        let connector = match row.get("connector_id") {
            None | Some(Value::Null) => None,
            Some(Value::String(key)) => Some(key.clone()).filter(|key| !key.is_empty()),
            Some(Value::Number(key)) => Some(key.to_string()),
            Some(_) => return Err("connector_id"),
        };
        let kind = match row.get("offline").map(number) {
            None | Some(Some(0)) => RowKind::Online {
                handler: text(row, "handler").ok_or("handler")?.to_owned(),
                auth_user: row.get("auth_type").map_or(Some(0), number).ok_or("auth_type")?,
            },
            Some(Some(_)) => RowKind::Offline,
            Some(None) => return Err("offline"),
        };
        Ok(Self { event, kind, connector })
    }

    /// Reads the whole list. Fails as [`EventRow::decode`], or with `"list"` if it is not one.
    pub(crate) fn decode_list(rows: &Value) -> Result<Vec<Self>, &'static str> {
        rows.as_array().ok_or("list")?.iter().map(Self::decode).collect()
    }
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// A number that PHP may have sent as a number, a string, a boolean or null.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.is_empty() => Some(0),
        Value::String(text) => text.parse().ok(),
        Value::Bool(flag) => Some(u64::from(*flag)),
        Value::Null => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn auth_type_is_read_as_string_and_as_number() {
        for auth_type in [json!("7"), json!(7)] {
            let row = json!({"event": "ONX", "handler": "https://a.b", "auth_type": auth_type, "offline": 0});
            let kind = EventRow::decode(&row).expect("a row").kind;
            assert_eq!(kind, RowKind::Online { handler: "https://a.b".into(), auth_user: 7 });
        }
    }

    #[test]
    fn offline_rows_need_no_handler() {
        let row = json!({"event": "ONX", "connector_id": "", "offline": "1"});
        assert_eq!(
            EventRow::decode(&row),
            Ok(EventRow { event: "ONX".into(), kind: RowKind::Offline, connector: None })
        );
    }

    #[test]
    fn a_row_of_the_wrong_shape_is_refused_by_the_members_name() {
        assert_eq!(EventRow::decode(&json!({"handler": "x"})), Err("event"));
        assert_eq!(EventRow::decode(&json!({"event": "ONX", "offline": 0})), Err("handler"));
        assert_eq!(EventRow::decode(&json!({"event": "ONX", "handler": "h", "auth_type": []})), Err("auth_type"));
        assert_eq!(EventRow::decode_list(&json!({})), Err("list"));
    }
}
