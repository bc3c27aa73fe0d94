//! What the sandbox answers: results and errors in the portal's envelope.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::wire::envelope::Time;

/// A refusal in the portal's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RestError {
    /// HTTP status.
    pub(super) status: u16,
    /// `error`.
    pub(super) code: &'static str,
    /// `error_description`.
    pub(super) text: String,
    /// The parameter that caused an argument error.
    argument: Option<String>,
}

impl RestError {
    pub(super) fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), argument: None }
    }

    /// 400 `ERROR_ARGUMENT` that names the parameter.
    pub(super) fn argument(name: &str, text: impl Into<String>) -> Self {
        Self { argument: Some(name.to_owned()), ..Self::new(400, "ERROR_ARGUMENT", text) }
    }

    /// 400 `ERROR_ARGUMENT` for a missing parameter.
    pub(super) fn missing(name: &str) -> Self {
        Self::argument(name, format!("Argument '{name}' is null or empty"))
    }

    /// 403 `WRONG_LICENSE`: the portal's plan lacks a feature.
    pub(super) fn not_in_plan(feature: &str) -> Self {
        let text = format!("This feature is not enabled for the current license: {feature}");
        Self::new(403, "WRONG_LICENSE", text)
    }

    /// 403 `ACCESS_DENIED`.
    pub(super) fn denied(what: &str) -> Self {
        Self::new(403, "ACCESS_DENIED", format!("Access denied! {what}"))
    }

    pub(super) fn to_json(&self) -> Value {
        let mut body = json!({"error": self.code, "error_description": self.text});
        if let Some(argument) = &self.argument {
            body["argument"] = argument.as_str().into();
        }
        body
    }
}

/// A result, with what list methods add to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RestResult {
    /// `result`.
    pub(super) result: Value,
    /// `total` of a list method.
    pub(super) total: Option<usize>,
    /// `next` of a list method.
    pub(super) next: Option<usize>,
}

impl From<Value> for RestResult {
    fn from(result: Value) -> Self {
        Self { result, total: None, next: None }
    }
}

impl RestResult {
    pub(super) fn to_json(&self, time: &Time) -> Value {
        let mut body = Map::new();
        body.insert("result".into(), self.result.clone());
        if let Some(next) = self.next {
            body.insert("next".into(), next.into());
        }
        if let Some(total) = self.total {
            body.insert("total".into(), total.into());
        }
        body.insert("time".into(), json!(time));
        Value::Object(body)
    }
}

/// Unix seconds, with fractions.
pub(super) fn precise_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// The `time` block of something that began at `start`.
pub(super) fn time_since(start: f64) -> Time {
    let finish = precise_now();
    Time {
        start,
        finish,
        duration: finish - start,
        processing: finish - start,
        date_start: iso(start),
        date_finish: iso(finish),
        operating_reset_at: None,
        operating: None,
    }
}

/// A point in time in the portal's format: `2026-11-22T12:00:00+00:00`.
#[expect(clippy::cast_possible_truncation, reason = "only whole seconds are used, and they fit")]
pub(super) fn iso(unix: f64) -> String {
    let stamp = Timestamp::from_second(unix as i64).unwrap_or_default();
    stamp.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
