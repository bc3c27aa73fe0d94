//! The envelope of every REST answer: `{"result": …, "time": …}` or `{"error": …, "error_description": …}`
//! (`protocol` section 1).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::code::ErrorCode;
use super::excerpt::{excerpt, is_html, printable};
use crate::redact::{Scrubber, mask_urls};

/// The `time` block. All points in time are Unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Time {
    /// When the portal started.
    pub start: f64,
    /// When the portal finished.
    pub finish: f64,
    /// Seconds between the two.
    pub duration: f64,
    /// Seconds of work, without waiting.
    pub processing: f64,
    /// `start` as ISO 8601.
    pub date_start: String,
    /// `finish` as ISO 8601.
    pub date_finish: String,
    /// When the ten-minute window of `operating` ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating_reset_at: Option<i64>,
    /// Seconds of this method's working time already used in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating: Option<f64>,
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the method returned.
    pub result: Value,
    /// When the method's working-time window ends, in Unix seconds, if the portal reported it.
    pub operating_reset_at: Option<i64>,
    /// Whether the answer has a `time` block; those of a portal do.
    pub has_time: bool,
}

/// The portal understood the request and refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalError {
    /// HTTP status; 0 for a command inside a batch.
    pub status: u16,
    /// The `error` member.
    pub code: ErrorCode,
    /// The `error_description` member, cleaned and masked.
    pub description: String,
}

impl PortalError {
    /// Reads `error` and `error_description`; `None` if the object has no error. An error that is not text is an error all
    /// the same: PHP's empty values alone stand for none.
    pub(crate) fn from_json(status: u16, object: &Value) -> Option<Self> {
        let error = object.get("error").filter(|error| !is_empty(error))?;
        let description = object.get("error_description").and_then(Value::as_str);
        Some(Self::new(status, error, description))
    }

    /// Reads an entry of a batch's `result_error`, whose place alone says that it is an error; `None` if it is empty.
    pub(crate) fn of_command(entry: &Value) -> Option<Self> {
        if is_empty(entry) {
            return None;
        }
        Some(Self::from_json(0, entry).unwrap_or_else(|| Self::new(0, entry, None)))
    }

    fn new(status: u16, error: &Value, description: Option<&str>) -> Self {
        let code = match error {
            Value::String(code) => code.clone(),
            other => text_of(other, ["code", "error"]).map_or_else(|| other.to_string(), str::to_owned),
        };
        let description = description.or_else(|| text_of(error, ["message", "error_description"])).unwrap_or_default();
        Self { status, code: ErrorCode::from(cleaned(&code).as_str()), description: cleaned(description) }
    }

    /// Whether the same binding exists already. The module has one code for all its refusals, so the text decides.
    pub(crate) fn is_already_bound(&self) -> bool {
        match self.code {
            ErrorCode::EventBindingExists => true,
            ErrorCode::Core => {
                let text = self.description.to_ascii_lowercase();
                text.contains("already binded") || text.contains("already bound")
            }
            _ => false,
        }
    }

    /// Whether another request is binding the same handler right now.
    pub(crate) fn is_being_bound(&self) -> bool {
        self.code == ErrorCode::Core && self.description.to_ascii_lowercase().contains("has already started")
    }
}

/// The first of two members that is a text.
fn text_of<'a>(object: &'a Value, names: [&str; 2]) -> Option<&'a str> {
    names.iter().find_map(|name| object.get(name)?.as_str())
}

/// Whether PHP counts a value as empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

/// Text of a portal, safe to show.
fn cleaned(text: &str) -> String {
    mask_urls(&printable(text)).chars().take(300).collect()
}

impl fmt::Display for PortalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.description.is_empty() {
            write!(out, "{}", self.code)
        } else {
            write!(out, "{} ({})", self.description, self.code)
        }
    }
}

/// The kind of a response that is not a REST answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// A web page.
    Html,
    /// No body at all.
    Empty,
    /// Truncated JSON.
    Truncated,
    /// JSON after a byte order mark, which JSON must not have.
    ByteOrderMark,
    /// Anything else that is not JSON.
    NotJson,
    /// JSON without `result` and without `error`.
    WrongShape,
    /// JSON of an auth server without tokens and without `error`.
    NoTokens,
}

/// A response that is not a REST answer, with enough of it to recognise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidResponse {
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type` header, cleaned; empty if there was none.
    pub content_type: String,
    /// What it is instead.
    pub kind: ResponseKind,
    /// Its first words, cleaned.
    pub excerpt: String,
}

impl InvalidResponse {
    /// Describes a response; everything shown of it is cleaned here.
    pub(crate) fn new(
        status: u16,
        content_type: Option<&str>,
        kind: ResponseKind,
        body: &[u8],
        secrets: &Scrubber,
    ) -> Self {
        let content_type = secrets.scrub_text(&printable(content_type.unwrap_or_default())).chars().take(60).collect();
        Self { status, content_type, kind, excerpt: excerpt(body, secrets) }
    }
}

impl std::error::Error for PortalError {}

impl std::error::Error for InvalidResponse {}

impl fmt::Display for InvalidResponse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ResponseKind::Html => "a web page",
            ResponseKind::Empty => "an empty body",
            ResponseKind::Truncated => "truncated JSON",
            ResponseKind::ByteOrderMark => "JSON that begins with a byte order mark",
            ResponseKind::NotJson => "something that is not JSON",
            ResponseKind::WrongShape => "JSON without `result` or `error`",
            ResponseKind::NoTokens => "JSON without tokens",
        };
        write!(out, "HTTP {} with {what}", self.status)?;
        if !self.content_type.is_empty() {
            write!(out, " ({})", self.content_type)?;
        }
        if !self.excerpt.is_empty() {
            write!(out, ": \"{}\"", self.excerpt)?;
        }
        Ok(())
    }
}

/// Why a response carries no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// A REST error.
    Portal(PortalError),
    /// Not a REST answer.
    Invalid(InvalidResponse),
}

/// Decodes one REST answer. A result is as the portal has sent it, because a handler that holds a secret must be removed
/// by its true URL; an error is rid of secrets that the other side may have echoed.
///
/// An error in the body counts whatever the HTTP status, also inside `result`.
pub(crate) fn decode(
    status: u16,
    content_type: Option<&str>,
    body: &[u8],
    scrubber: &Scrubber,
) -> Result<Answer, DecodeError> {
    let invalid = |kind| DecodeError::Invalid(InvalidResponse::new(status, content_type, kind, body, scrubber));
    let refusal = |document: &Value| {
        PortalError::from_json(status, document)?;
        let mut clean = document.clone();
        scrubber.scrub_value(&mut clean);
        PortalError::from_json(status, &clean)
    };
    let document = parse(body).map_err(invalid)?;
    if let Some(error) = refusal(&document) {
        return Err(DecodeError::Portal(error));
    }
    let has_time = document.get("time").is_some_and(Value::is_object);
    let Value::Object(mut members) = document else { return Err(invalid(ResponseKind::WrongShape)) };
    let Some(result) = members.remove("result") else { return Err(invalid(ResponseKind::WrongShape)) };
    let is_only_an_error =
        |members: &Map<String, Value>| members.len() == 1 || members.contains_key("error_description");
    if result.as_object().is_some_and(is_only_an_error)
        && let Some(error) = refusal(&result)
    {
        return Err(DecodeError::Portal(error));
    }
    if !(200..300).contains(&status) {
        return Err(invalid(ResponseKind::WrongShape));
    }
    let operating_reset_at =
        members.get("time").and_then(|time| time.get("operating_reset_at")).and_then(Value::as_i64);
    Ok(Answer { result, operating_reset_at, has_time })
}

/// Parses JSON, or classifies what came instead.
///
/// # Errors
/// The [`ResponseKind`] of a body that is not one whole JSON document.
pub(crate) fn parse(body: &[u8]) -> Result<Value, ResponseKind> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ResponseKind::Empty);
    }
    serde_json::from_slice(body).map_err(|error| {
        if is_html(body) {
            ResponseKind::Html
        } else if body.starts_with("\u{feff}".as_bytes()) {
            ResponseKind::ByteOrderMark
        } else if error.is_eof() {
            ResponseKind::Truncated
        } else {
            ResponseKind::NotJson
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> ResponseKind {
        match decode(status, Some("text/html"), body.as_bytes(), &Scrubber::default()) {
            Err(DecodeError::Invalid(response)) => response.kind,
            other => panic!("expected an invalid response, got {other:?}"),
        }
    }

    #[test]
    fn a_result_is_returned_with_the_reset_time() {
        let body = br#"{"result":true,"time":{"start":1.5,"operating_reset_at":17}}"#;
        assert_eq!(
            decode(200, None, body, &Scrubber::default()),
            Ok(Answer { result: Value::Bool(true), operating_reset_at: Some(17), has_time: true })
        );
    }

    #[test]
    fn an_error_counts_whatever_the_status_and_also_inside_the_result() {
        for body in [
            r#"{"error":"expired_token","error_description":"The access token provided has expired."}"#,
            r#"{"result":{"error":"expired_token","error_description":"x"}}"#,
            r#"{"result":{"error":"expired_token"}}"#,
            r#"{"result":true,"error":{"code":"expired_token","message":"x"}}"#,
            r#"{"result":true,"error":{"error":"expired_token"}}"#,
        ] {
            assert!(
                matches!(decode(200, None, body.as_bytes(), &Scrubber::default()), Err(DecodeError::Portal(e)) if e.code == ErrorCode::ExpiredToken)
            );
        }
    }

    #[test]
    fn an_error_of_any_type_is_an_error_unless_it_is_empty() {
        for (error, shown) in [("true", "true"), ("7", "7"), (r#"{"x":1}"#, r#"{"x":1}"#), ("[1]", "[1]")] {
            let body = format!(r#"{{"result":true,"error":{error}}}"#);
            let Err(DecodeError::Portal(error)) = decode(200, None, body.as_bytes(), &Scrubber::default()) else {
                panic!("expected an error: {body}")
            };
            assert_eq!(error.to_string(), shown);
        }
        for empty in ["null", "false", "0", "\"\"", "[]", "{}"] {
            let body = format!(r#"{{"result":true,"error":{empty}}}"#);
            assert!(decode(200, None, body.as_bytes(), &Scrubber::default()).is_ok(), "{body}");
        }
    }

    #[test]
    fn a_response_that_is_not_a_rest_answer_is_described() {
        assert_eq!(kind(200, "<!DOCTYPE html><p>hi"), ResponseKind::Html);
        assert_eq!(kind(200, " "), ResponseKind::Empty);
        assert_eq!(kind(200, r#"{"result":[1,"#), ResponseKind::Truncated);
        assert_eq!(kind(200, "nope"), ResponseKind::NotJson);
        assert_eq!(kind(200, "\u{feff}{\"result\":1}"), ResponseKind::ByteOrderMark);
        assert_eq!(kind(200, "[]"), ResponseKind::WrongShape);
        assert_eq!(kind(500, r#"{"result":true}"#), ResponseKind::WrongShape);
    }

    #[test]
    fn descriptions_are_cleaned() {
        let body = "{\"error\":\"X\\u001b[2J\",\"error_description\":\"see https://a.b/rest/1/abcdef/x \\u0007\"}";
        let Err(DecodeError::Portal(error)) = decode(400, None, body.as_bytes(), &Scrubber::default()) else {
            panic!("an error")
        };
        assert_eq!(error.to_string(), "see https://a.b/rest/1/***/x  (X[2J)");
    }
}
