//! `batch` (`portal-protocol` section 1).

use serde_json::{Map, Value, json};

use crate::sandbox::call::Call;
use crate::sandbox::reply::{RestError, RestResult, php_array, precise_now, time_since};
use crate::sandbox::request::Params;
use crate::wire::batch::{Entries, MAX_COMMANDS};
use crate::wire::envelope::Time;
use crate::wire::form::{self, Limits};

/// Runs one command: the dispatcher that has led here.
pub(in crate::sandbox) type Run = fn(&str, Call<'_>) -> Result<RestResult, RestError>;

/// `batch`: commands in order, each with its own result or error; 200 whatever became of them.
///
/// # Errors
/// 400 for more than 50 commands, or for what is no list of them.
pub(in crate::sandbox) fn run(call: &mut Call<'_>, run: Run) -> Result<Value, RestError> {
    let commands = Entries::of(call.params.get("cmd")).ok_or_else(|| RestError::missing("cmd"))?;
    let commands: Vec<(String, String)> =
        commands.pairs().into_iter().map(|(key, value)| (key, value.as_str().unwrap_or_default().to_owned())).collect();
    if commands.len() > MAX_COMMANDS {
        return Err(RestError::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"));
    }
    let halt = call.params.flag("halt");
    let mut maps = Maps::default();
    for (key, command) in commands {
        let start = precise_now();
        match one(call, run, &command, &maps.results) {
            Ok(done) => {
                let mut time = time_since(start);
                call.operating.count(method_of(&command), &mut time);
                maps.add(key, done, &time);
            }
            Err(error) => {
                maps.errors.insert(key, error.to_json());
                if halt {
                    break;
                }
            }
        }
    }
    Ok(maps.into_json())
}

/// The method of a command, without what stands around it.
fn method_of(command: &str) -> &str {
    command.split('?').next().unwrap_or_default().trim_matches('/')
}

fn one(call: &mut Call<'_>, run: Run, command: &str, results: &Map<String, Value>) -> Result<RestResult, RestError> {
    let query = command.split_once('?').map_or("", |(_, query)| query);
    let method = method_of(command).to_ascii_lowercase();
    let method = method.strip_suffix(".json").unwrap_or(&method);
    if method == "batch" {
        return Err(RestError::new(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"));
    }
    let mut members = form::decode(query, Limits::default())
        .map_err(|error| RestError::new(400, "INVALID_REQUEST", error.to_string()))?;
    members.values_mut().for_each(|value| substitute(value, results));
    let inner = Call {
        state: &mut *call.state,
        caller: call.caller,
        params: Params::new(members),
        in_batch: true,
        faults: call.faults,
        operating: call.operating,
    };
    run(method, inner)
}

/// Puts the results of earlier commands in the place of `$result[key][field]`.
fn substitute(value: &mut Value, results: &Map<String, Value>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|item| substitute(item, results)),
        Value::Object(map) => map.values_mut().for_each(|item| substitute(item, results)),
        Value::String(text) => {
            if let Some(replaced) = replace_references(text, results) {
                *value = replaced;
            }
        }
        _ => {}
    }
}

fn replace_references(text: &str, results: &Map<String, Value>) -> Option<Value> {
    const LEAD: &str = "$result[";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(LEAD) {
        let keys_start = at + LEAD.len() - 1;
        let (keys, length) = bracketed(&rest[keys_start..]);
        let found = look_up(results, &keys);
        let end = keys_start + length;
        if at == 0 && end == rest.len() && out.is_empty() {
            return Some(found.cloned().unwrap_or(Value::Null));
        }
        out.push_str(&rest[..at]);
        out.push_str(
            &found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default(),
        );
        rest = &rest[end..];
    }
    (rest.len() != text.len()).then(|| Value::String(out + rest))
}

/// The keys of `[a][b]…`, and how many bytes they take.
fn bracketed(text: &str) -> (Vec<&str>, usize) {
    let (mut keys, mut at) = (Vec::new(), 0);
    while let Some(inner) = text[at..].strip_prefix('[') {
        let Some(close) = inner.find(']') else { break };
        keys.push(&inner[..close]);
        at += close + 2;
    }
    (keys, at.max(1))
}

fn look_up<'a>(results: &'a Map<String, Value>, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(results.get(*first)?, |value, key| match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        other => other.get(*key),
    })
}

#[derive(Default)]
struct Maps {
    results: Map<String, Value>,
    errors: Map<String, Value>,
    totals: Map<String, Value>,
    nexts: Map<String, Value>,
    times: Map<String, Value>,
}

impl Maps {
    fn add(&mut self, key: String, done: RestResult, time: &Time) {
        if let Some(total) = done.total {
            self.totals.insert(key.clone(), total.into());
        }
        if let Some(next) = done.next {
            self.nexts.insert(key.clone(), next.into());
        }
        self.times.insert(key.clone(), json!(time));
        self.results.insert(key, done.result);
    }

    fn into_json(self) -> Value {
        json!({
            "result": php_array(self.results),
            "result_error": php_array(self.errors),
            "result_total": php_array(self.totals),
            "result_next": php_array(self.nexts),
            "result_time": php_array(self.times),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_whole_and_inside_a_text() {
        let Value::Object(results) = json!({"a": {"id": 7, "list": ["x"]}}) else { unreachable!() };
        assert_eq!(replace_references("$result[a][id]", &results), Some(json!(7)));
        assert_eq!(replace_references("n-$result[a][id]-$result[a][list][0]", &results), Some(json!("n-7-x")));
        assert_eq!(replace_references("$result[nope]", &results), Some(Value::Null));
        assert_eq!(replace_references("plain", &results), None);
        assert_eq!(replace_references("$result[", &results), Some(Value::Null));
    }
}
