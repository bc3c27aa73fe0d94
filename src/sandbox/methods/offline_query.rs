//! `filter` and `order` of the offline queue: unknown fields, operators and directions are refused.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::sandbox::php;
use crate::sandbox::reply::RestError;
use crate::sandbox::request::Params;
use crate::sandbox::state::QueueRecord;

/// The fields that a method filters and orders by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fields {
    Get,
    List,
}

impl Fields {
    fn contains(self, name: &str) -> bool {
        let always = ["ID", "TIMESTAMP_X", "EVENT_NAME", "MESSAGE_ID"];
        always.contains(&name) || matches!(self, Self::List) && ["PROCESS_ID", "ERROR"].contains(&name)
    }
}

#[derive(Debug)]
pub(super) struct Filter(Vec<Condition>);

#[derive(Debug)]
struct Condition {
    operator: Operator,
    field: String,
    /// One of them must match.
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Equal,
    Contains,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

impl Operator {
    fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "" | "=" | "@" => Self::Equal,
            "%" => Self::Contains,
            ">" => Self::Greater,
            "<" => Self::Less,
            ">=" => Self::GreaterOrEqual,
            "<=" => Self::LessOrEqual,
            _ => return None,
        })
    }

    fn holds(self, actual: &str, given: &str) -> bool {
        match self {
            Self::Equal => compare(actual, given).is_eq(),
            Self::Contains => actual.contains(given),
            Self::Greater => compare(actual, given).is_gt(),
            Self::Less => compare(actual, given).is_lt(),
            Self::GreaterOrEqual => compare(actual, given).is_ge(),
            Self::LessOrEqual => compare(actual, given).is_le(),
        }
    }
}

impl Filter {
    /// Reads `filter`. Its keys are an operator and a field, its values scalars, or lists that mean any of theirs.
    pub(super) fn read(params: &Params, fields: Fields, only_scalars: bool) -> Result<Self, RestError> {
        let given = map_of(params, "filter")?;
        let conditions = given.iter().map(|(key, value)| condition(key, value, fields, only_scalars));
        conditions.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn passes(&self, record: &QueueRecord) -> bool {
        self.0.iter().all(|Condition { operator, field, values }| {
            let actual = value_of(record, field);
            values.iter().any(|value| operator.holds(&actual, value))
        })
    }
}

fn condition(key: &str, value: &Value, fields: Fields, only_scalars: bool) -> Result<Condition, RestError> {
    let key = key.to_ascii_uppercase();
    let (sign, field) = key.split_at(key.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(key.len()));
    let operator = Operator::of(sign).ok_or_else(|| refused(format!("Filter operation not allowed: {sign}")))?;
    if !fields.contains(field) {
        return Err(refused(format!("Filter field not allowed: {field}")));
    }
    let values: Vec<&Value> = match value {
        Value::Array(_) | Value::Object(_) if only_scalars => {
            return Err(RestError::argument(&key, format!("The value of an argument '{key}' has an invalid type")));
        }
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        scalar => vec![scalar],
    };
    let values = values.into_iter().map(|value| normal(field, php::text(value))).collect();
    Ok(Condition { operator, field: field.to_owned(), values })
}

#[derive(Debug)]
pub(super) struct Order(Vec<(String, bool)>);

impl Order {
    /// Reads `order`: fields with `ASC` or `DESC`. By default `get` takes the oldest first, and `list` orders by id.
    pub(super) fn read(params: &Params, fields: Fields) -> Result<Self, RestError> {
        let given = map_of(params, "order")?;
        if params.get("order").is_none() && matches!(fields, Fields::Get) {
            return Ok(Self(vec![("TIMESTAMP_X".to_owned(), false)]));
        }
        given.iter().map(|(key, way)| direction(key, way, fields)).collect::<Result<_, _>>().map(Self)
    }

    /// Records that are equal by the order keep that of their ids.
    pub(super) fn compare(&self, left: &QueueRecord, right: &QueueRecord) -> Ordering {
        let by_field = self.0.iter().map(|(field, descending)| {
            let ordering = compare(&value_of(left, field), &value_of(right, field));
            if *descending { ordering.reverse() } else { ordering }
        });
        by_field.fold(Ordering::Equal, Ordering::then).then(left.id.cmp(&right.id))
    }
}

/// Field and whether the order is descending. A list has fields as values, in ascending order.
fn direction(key: &str, way: &Value, fields: Fields) -> Result<(String, bool), RestError> {
    let key = key.to_ascii_uppercase();
    let is_list = key.bytes().all(|b| b.is_ascii_digit());
    let field = if is_list { php::text(way) } else { key };
    if !fields.contains(&field) {
        return Err(refused(format!("Order field not allowed: {field}")));
    }
    match php::text(way).to_ascii_uppercase().as_str() {
        "DESC" => Ok((field, true)),
        "ASC" => Ok((field, false)),
        _ if is_list => Ok((field, false)),
        _ => Err(refused("Order direction should be one of {ASC|DESC}".to_owned())),
    }
}

/// A parameter that is a map or a list; empty if it is missing.
fn map_of(params: &Params, name: &str) -> Result<Map<String, Value>, RestError> {
    match params.get(name) {
        None => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map.clone()),
        Some(Value::Array(list)) => Ok(list.iter().enumerate().map(|(i, v)| (i.to_string(), v.clone())).collect()),
        Some(_) => Err(refused(format!("The {name} is not an array."))),
    }
}

fn refused(text: String) -> RestError {
    RestError::new(400, "ERROR_ARGUMENT", text)
}

/// A field of a record; times are Unix seconds.
fn value_of(record: &QueueRecord, field: &str) -> String {
    match field {
        "ID" => record.id.to_string(),
        "TIMESTAMP_X" => record.timestamp.to_string(),
        "EVENT_NAME" => record.event.clone(),
        "MESSAGE_ID" => record.message_id.clone(),
        "PROCESS_ID" => record.process_id.clone(),
        _ => u8::from(record.error).to_string(),
    }
}

/// A value to compare with: ISO 8601 times become Unix seconds.
fn normal(field: &str, value: String) -> String {
    if field != "TIMESTAMP_X" {
        return value;
    }
    value.parse::<Timestamp>().map_or(value, |time| time.as_second().to_string())
}

fn compare(left: &str, right: &str) -> Ordering {
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}
