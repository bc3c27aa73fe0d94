//! `$result[key][field]` in a command of a batch: what earlier commands have answered.

use serde_json::{Map, Value};

use crate::sandbox::php;

/// What commands have answered so far, by the name under which a later command finds it.
pub(super) type Answers = [(&'static str, Map<String, Value>); 4];

/// Replaces the references in every text of a command's parameters.
pub(super) fn substitute(value: &mut Value, answers: &Answers) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| substitute(item, answers)),
        Value::Object(map) => map.values_mut().for_each(|item| substitute(item, answers)),
        Value::String(text) => {
            if let Some(replaced) = replaced(text, answers) {
                *value = replaced;
            }
        }
        _ => {}
    }
}

/// A reference reaches to the next white space. Text behind its brackets disappears with it. A missing key yields what
/// was found up to there.
fn replaced(text: &str, answers: &Answers) -> Option<Value> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(dollar) = text[at..].find('$').map(|found| at + found) {
        let end = text[dollar..].find(char::is_whitespace).map_or(text.len(), |length| dollar + length);
        let found = look_up(&text[dollar + 1..end], answers);
        let Some(found) = found else {
            at = dollar + 1;
            continue;
        };
        if dollar == 0 && end == text.len() {
            return Some(found);
        }
        out.push_str(&text[copied..dollar]);
        out.push_str(&inline(&found));
        copied = end;
        at = end;
    }
    (copied > 0).then(|| Value::String(out + &text[copied..]))
}

/// A value inside a longer text, as PHP converts it.
fn inline(value: &Value) -> String {
    if value.is_array() || value.is_object() { "Array".to_owned() } else { php::text(value) }
}

/// The value of `result[key][field]…`; `None` if that is not a reference.
fn look_up(reference: &str, answers: &Answers) -> Option<Value> {
    let (_, answers) = answers.iter().find(|(name, _)| reference.starts_with(name))?;
    let mut keys = bracketed(reference).peekable();
    keys.peek()?;
    let first = keys.next().and_then(|key| answers.get(key));
    let Some(first) = first else { return Some(php::array(answers.clone())) };
    let mut found = first;
    for key in keys {
        let Some(inner) = member(found, key) else { break };
        found = inner;
    }
    Some(found.clone())
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let member = match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    };
    member.filter(|member| !member.is_null())
}

/// What stands in brackets, wherever they are; empty brackets do not count.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|inner| inner.split_once(']')).map(|(key, _)| key).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn replace(text: &str) -> Value {
        let Value::Object(results) = json!({"a": {"id": 7, "list": ["x"], "yes": true}, "b": false}) else {
            unreachable!()
        };
        let Value::Object(totals) = json!({"a": 3}) else { unreachable!() };
        let answers = [("result", results), ("total", totals), ("next", Map::new()), ("error", Map::new())];
        let mut value = Value::from(text);
        substitute(&mut value, &answers);
        value
    }

    #[test]
    fn a_whole_reference_keeps_its_type() {
        assert_eq!(replace("$result[a][id]"), json!(7));
        assert_eq!(replace("$result[a][list]"), json!(["x"]));
        assert_eq!(replace("$total[a]"), json!(3));
    }

    #[test]
    fn a_reference_ends_at_white_space() {
        assert_eq!(replace("n-$result[a][id]-more $result[a][list][0] z"), json!("n-7 x z"));
        assert_eq!(replace("$result[a][list] and"), json!("Array and"));
        assert_eq!(replace("$result[a][yes] $result[b]."), json!("1 "));
    }

    #[test]
    fn a_missing_key_yields_what_was_found() {
        assert_eq!(replace("$result[a][list][5][x]"), json!(["x"]));
        assert_eq!(replace("$result[a][id][x]"), json!(7));
        assert_eq!(replace("$total[nope]"), json!({"a": 3}));
    }

    #[test]
    fn other_text_stays() {
        for text in ["plain", "$result", "$result[", "$result[]", "$5 off", "$other[a]", "a$"] {
            assert_eq!(replace(text), json!(text));
        }
    }
}
