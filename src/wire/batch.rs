//! `batch`: up to 50 commands in one request (`protocol` section 1).

use serde_json::{Map, Value, json};

use super::envelope::PortalError;
use super::form;

/// How many commands the portal takes in one batch.
pub const MAX_COMMANDS: usize = 50;

/// One REST call: a method and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// As documented: `event.bind`.
    pub method: &'static str,
    /// Parameters by name.
    pub params: Map<String, Value>,
    /// The `auth_connector` that the request must have, empty for none; `None` if it does not matter. Inside a command
    /// portals ignore it (`protocol` section 2).
    connector: Option<String>,
}

impl Command {
    /// A call without parameters.
    #[must_use]
    pub fn new(method: &'static str) -> Self {
        Self { method, params: Map::new(), connector: None }
    }

    /// Requires an `auth_connector` of the request; an empty one requires that it has none.
    #[must_use]
    pub fn for_connector(mut self, connector: &str) -> Self {
        self.connector = Some(connector.to_owned());
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// `method?query`, as in `cmd`: the values are URL-encoded, the string itself is not encoded again.
    #[must_use]
    pub fn encode(&self) -> String {
        if self.params.is_empty() {
            return self.method.to_owned();
        }
        format!("{}?{}", self.method, form::encode(&self.params))
    }
}

/// A key that PHP cannot mistake for a list index.
fn key(index: usize) -> String {
    format!("c{index}")
}

/// The parameters of `batch` for the commands of one request, with `halt` 0: a refusal does not stop the rest.
#[must_use]
pub fn encode(commands: &[Command]) -> Map<String, Value> {
    encode_with(commands, false)
}

/// As [`encode`], with `halt` 1: nothing is carried out after the first refusal.
#[must_use]
pub fn encode_halting(commands: &[Command]) -> Map<String, Value> {
    encode_with(commands, true)
}

/// Splits commands into requests: at most [`MAX_COMMANDS`] each, and one `auth_connector`. Their order stays.
#[must_use]
pub fn requests(commands: &[Command]) -> Vec<&[Command]> {
    let mut requests = Vec::new();
    let mut rest = commands;
    while !rest.is_empty() {
        let (request, after) = rest.split_at(request_length(rest));
        requests.push(request);
        rest = after;
    }
    requests
}

/// How many of the commands fit into the first request.
fn request_length(commands: &[Command]) -> usize {
    let own = connector(commands);
    let is_other = |command: &Command| command.connector.is_some() && command.connector.as_deref() != own;
    commands.iter().position(is_other).unwrap_or(commands.len()).min(MAX_COMMANDS)
}

/// The `auth_connector` that the first command to require one requires.
fn connector(commands: &[Command]) -> Option<&str> {
    commands.iter().find_map(|command| command.connector.as_deref())
}

fn encode_with(commands: &[Command], halt: bool) -> Map<String, Value> {
    let cmd: Map<String, Value> =
        commands.iter().enumerate().map(|(i, command)| (key(i), command.encode().into())).collect();
    let mut body = Map::new();
    body.insert("halt".to_owned(), json!(u8::from(halt)));
    if let Some(connector) = connector(commands).filter(|connector| !connector.is_empty()) {
        body.insert("auth_connector".to_owned(), connector.into());
    }
    body.insert("cmd".to_owned(), Value::Object(cmd));
    body
}

/// What became of one command.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It ran, and this is its result.
    Done(Value),
    /// It was refused.
    Refused(PortalError),
    /// The answer has neither a result nor an error for it.
    Missing,
}

/// Splits the `result` of a batch by command. PHP writes an empty map as `[]` and a map with the keys 0..n-1 as a list,
/// so both are accepted.
///
/// # Errors
/// The name of the member that is neither a map nor a list.
pub fn decode(result: &Value, count: usize) -> Result<Vec<Outcome>, &'static str> {
    if !result.is_object() {
        return Err("result");
    }
    let results = Entries::of(result.get("result")).ok_or("result.result")?;
    let errors = Entries::of(result.get("result_error")).ok_or("result.result_error")?;
    Ok((0..count).map(|i| outcome(&key(i), results, errors)).collect())
}

fn outcome(key: &str, results: Entries<'_>, errors: Entries<'_>) -> Outcome {
    if let Some(error) = errors.get(key).and_then(PortalError::of_command) {
        return Outcome::Refused(error);
    }
    results.get(key).map_or(Outcome::Missing, |value| Outcome::Done(value.clone()))
}

/// When the working-time window of each command's method ends, in Unix seconds, if the answer reports it.
#[must_use]
pub fn window_ends(result: &Value, count: usize) -> Vec<Option<i64>> {
    let times = Entries::of(result.get("result_time")).unwrap_or(Entries::Absent);
    (0..count).map(|i| times.get(&key(i))?.get("operating_reset_at")?.as_i64()).collect()
}

/// A PHP array as `json_encode` writes it.
#[derive(Debug, Clone, Copy)]
pub enum Entries<'a> {
    /// No such member, or `null`.
    Absent,
    /// Keys 0..n-1.
    List(&'a [Value]),
    /// Any other keys.
    Map(&'a Map<String, Value>),
}

impl<'a> Entries<'a> {
    /// Reads a member; `None` if it is neither missing, nor a map, nor a list.
    #[must_use]
    pub fn of(member: Option<&'a Value>) -> Option<Self> {
        match member {
            None | Some(Value::Null) => Some(Self::Absent),
            Some(Value::Array(list)) => Some(Self::List(list)),
            Some(Value::Object(map)) => Some(Self::Map(map)),
            Some(_) => None,
        }
    }

    /// The value under a key, or under the number that the key spells.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        match self {
            Self::Absent => None,
            Self::List(list) => key.parse::<usize>().ok().and_then(|index| list.get(index)),
            Self::Map(map) => map.get(key),
        }
    }

    /// Keys and values in order.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, &'a Value)> {
        match self {
            Self::Absent => Vec::new(),
            Self::List(list) => list.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
            Self::Map(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::code::ErrorCode;

    #[test]
    fn a_command_is_method_and_encoded_query() {
        let command = Command::new("event.bind").with("event", "OnX").with("handler", "https://a.b/?x=1&y=2");
        assert_eq!(command.encode(), "event.bind?event=OnX&handler=https%3A%2F%2Fa.b%2F%3Fx%3D1%26y%3D2");
        assert_eq!(Command::new("event.get").encode(), "event.get");
    }

    #[test]
    fn commands_are_split_by_connector_and_by_number() {
        let any = Command::new("profile");
        let keyed = |key: &str| Command::new("event.bind").for_connector(key);
        let lengths = |commands: &[Command]| requests(commands).iter().map(|request| request.len()).collect::<Vec<_>>();
        assert_eq!(lengths(&[]), Vec::<usize>::new());
        assert_eq!(lengths(&[any.clone(), keyed("a"), any.clone(), keyed("a"), keyed(""), any.clone()]), [4, 2]);
        assert_eq!(lengths(&[keyed("a"), keyed("b"), keyed("a")]), [1, 1, 1]);
        assert_eq!(lengths(&vec![any.clone(); 101]), [50, 50, 1]);
    }

    #[test]
    fn the_connector_stands_next_to_the_commands() {
        let body = encode(&[Command::new("profile"), Command::new("event.bind").for_connector("shop")]);
        assert_eq!(body["auth_connector"], "shop");
        assert!(!body["cmd"].to_string().contains("shop"), "{body:?}");
        assert!(!encode(&[Command::new("event.bind").for_connector("")]).contains_key("auth_connector"));
    }

    #[test]
    fn empty_maps_that_became_lists_are_read() {
        let answer = json!({"result": {"c0": true}, "result_error": [], "result_total": []});
        assert_eq!(decode(&answer, 1), Ok(vec![Outcome::Done(json!(true))]));
        let refused = json!({"result": [], "result_error": {"c0": {"error": "ERROR_CORE", "error_description": "no"}}});
        assert!(matches!(&decode(&refused, 1).expect("a shape")[0], Outcome::Refused(e) if e.code == ErrorCode::Core));
    }

    #[test]
    fn whatever_stands_under_an_error_is_an_error_unless_it_is_empty() {
        for error in [json!("ERROR_CORE"), json!({"error": {"code": "ERROR_CORE"}}), json!({"code": "ERROR_CORE"})] {
            let answer = json!({"result": {"c0": true}, "result_error": {"c0": error}});
            let outcome = decode(&answer, 1).expect("a shape").remove(0);
            assert!(matches!(&outcome, Outcome::Refused(e) if e.code == ErrorCode::Core), "{outcome:?}");
        }
        for empty in [json!(null), json!(false), json!(""), json!([]), json!({})] {
            let answer = json!({"result": {"c0": true}, "result_error": {"c0": empty}});
            assert_eq!(decode(&answer, 1), Ok(vec![Outcome::Done(json!(true))]));
        }
    }

    #[test]
    fn a_command_without_an_answer_is_missing_and_not_done() {
        assert_eq!(decode(&json!({"result": [], "result_error": []}), 1), Ok(vec![Outcome::Missing]));
    }

    #[test]
    fn a_wrong_shape_is_refused() {
        assert_eq!(decode(&json!({"result": "x"}), 1), Err("result.result"));
        assert_eq!(decode(&json!([]), 1), Err("result"));
    }
}
