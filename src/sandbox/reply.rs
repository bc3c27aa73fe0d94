//! What the sandbox answers: results and errors in the portal's envelope.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::wire::envelope::Time;

/// A refusal in the portal's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestError {
    /// HTTP status.
    pub status: u16,
    /// `error`.
    pub code: &'static str,
    /// `error_description`.
    pub text: String,
}

impl RestError {
    /// A refusal.
    pub fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into() }
    }

    /// 400 `ERROR_ARGUMENT` for a parameter that is not there.
    #[must_use]
    pub fn missing(name: &str) -> Self {
        Self::new(400, "ERROR_ARGUMENT", format!("Argument '{name}' is null or empty"))
    }

    /// 403 `ACCESS_DENIED`.
    #[must_use]
    pub fn denied(what: &str) -> Self {
        Self::new(403, "ACCESS_DENIED", format!("Access denied! {what}"))
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({"error": self.code, "error_description": self.text})
    }
}

/// A result, with what list methods add to it.
#[derive(Debug, Clone, PartialEq)]
pub struct RestResult {
    /// `result`.
    pub result: Value,
    /// `total` of a list method.
    pub total: Option<usize>,
    /// `next` of a list method.
    pub next: Option<usize>,
}

impl From<Value> for RestResult {
    fn from(result: Value) -> Self {
        Self { result, total: None, next: None }
    }
}

impl RestResult {
    /// The body.
    #[must_use]
    pub fn to_json(&self, time: &Time) -> Value {
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

/// Seconds since 1970, with fractions.
#[must_use]
pub fn precise_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// The `time` block of something that began at `start`.
#[must_use]
pub fn time_since(start: f64) -> Time {
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

/// A point in time as the portal writes it: `2026-11-22T12:00:00+00:00`.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted, and they fit for ages")]
pub fn iso(unix: f64) -> String {
    let stamp = Timestamp::from_second(unix as i64).unwrap_or_default();
    stamp.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// A map as PHP's `json_encode` writes it: a list when it is empty or its keys are 0..n-1.
#[must_use]
pub fn php_array(map: Map<String, Value>) -> Value {
    let is_list = map.keys().enumerate().all(|(i, key)| *key == i.to_string());
    if is_list { Value::Array(map.into_iter().map(|(_, value)| value).collect()) } else { Value::Object(map) }
}
