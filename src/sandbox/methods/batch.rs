//! `batch` (`protocol` section 1).

use serde_json::{Map, Value, json};

use super::references::{Answers, substitute};
use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::{RestError, RestResult, precise_now, time_since};
use crate::sandbox::request::Params;
use crate::sandbox::rest;
use crate::wire::batch::{Entries, MAX_COMMANDS};
use crate::wire::form::{self, Limits};

/// Methods that a batch refuses.
const NOT_ALLOWED: [&str; 3] = ["batch", "upload", "download"];

/// `batch`: commands in order, each with its own result or error; 200 whatever became of them.
pub(super) fn run(call: &mut MethodCall<'_>) -> Value {
    let halt = call.params.is_truthy("halt");
    let mut sections = Sections::default();
    for (position, (key, command)) in commands(call).into_iter().enumerate() {
        let outcome = match command {
            _ if position >= MAX_COMMANDS => {
                Err(RestError::new(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded"))
            }
            // What is not a string disappears without a trace.
            None => continue,
            Some(command) => one(call, &command, &sections.answers),
        };
        let failed = outcome.is_err();
        sections.add(&key, outcome);
        if failed && halt {
            break;
        }
    }
    sections.into_json()
}

/// Keys and commands; `None` stands for a command that is not a string.
fn commands(call: &MethodCall<'_>) -> Vec<(String, Option<String>)> {
    let commands = Entries::of(call.params.get("cmd")).map(|commands| commands.pairs()).unwrap_or_default();
    commands.into_iter().map(|(key, command)| (key, command.as_str().map(str::to_owned))).collect()
}

fn one(call: &mut MethodCall<'_>, command: &str, answers: &Answers) -> Result<(RestResult, Value), RestError> {
    let start = precise_now();
    let command = command.split('#').next().unwrap_or_default();
    let (path, query) = command.split_once('?').unwrap_or((command, ""));
    let method = path.trim_matches('/').to_ascii_lowercase();
    let method = method.strip_suffix(".json").unwrap_or(&method);
    if NOT_ALLOWED.contains(&method) {
        return Err(RestError::new(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage"));
    }
    let method = rest::method(method)?;
    let mut members = form::decode(query, Limits::default())
        .map_err(|error| RestError::new(400, "INVALID_REQUEST", error.to_string()))?;
    members.values_mut().for_each(|value| substitute(value, answers));
    // A command cannot carry an authorisation of its own.
    members.retain(|name, _| !call.caller.auth_names.contains(&name.as_str()));
    let inner = MethodCall {
        state: &mut *call.state,
        caller: call.caller,
        params: Params::new(members),
        in_batch: true,
        base: call.base,
        faults: call.faults,
        operating: call.operating,
    };
    let done = rest::run(method, inner)?;
    let mut time = time_since(start);
    call.operating.count(method.name, &mut time);
    Ok((done, json!(time)))
}

/// The parts of the answer, each by command.
struct Sections {
    answers: Answers,
    times: Map<String, Value>,
}

impl Default for Sections {
    fn default() -> Self {
        let answers = ["result", "error", "total", "next"].map(|name| (name, Map::new()));
        Self { answers, times: Map::new() }
    }
}

impl Sections {
    fn add(&mut self, key: &str, outcome: Result<(RestResult, Value), RestError>) {
        let [(_, results), (_, errors), (_, totals), (_, nexts)] = &mut self.answers;
        match outcome {
            Err(error) => drop(errors.insert(key.to_owned(), error.to_json())),
            Ok((done, time)) => {
                totals.extend(done.total.map(|total| (key.to_owned(), total.into())));
                nexts.extend(done.next.map(|next| (key.to_owned(), next.into())));
                results.insert(key.to_owned(), done.result);
                self.times.insert(key.to_owned(), time);
            }
        }
    }

    fn into_json(self) -> Value {
        let [(_, results), (_, errors), (_, totals), (_, nexts)] = self.answers;
        json!({
            "result": php::array(results),
            "result_error": php::array(errors),
            "result_total": php::array(totals),
            "result_next": php::array(nexts),
            "result_time": php::array(self.times),
        })
    }
}
