//! The envelope of every REST answer: `{"result": …, "time": …}` or `{"error": …, "error_description": …}`
//! (`portal-protocol` section 1).

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
    /// When the portal began.
    pub start: f64,
    /// When it was done.
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
    /// When the method's working-time window ends, in Unix seconds, where the portal said so.
    pub operating_reset_at: Option<i64>,
    /// Whether there was a `time` block, as in every answer of a portal.
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
    /// Reads `error` and `error_description` out of an object; `None` when there is no error in it.
    #[must_use]
    pub fn from_json(status: u16, object: &Value) -> Option<Self> {
        let code = match object.get("error")? {
            Value::String(code) if !code.is_empty() => code.clone(),
            Value::Number(code) if code.as_f64() != Some(0.0) => code.to_string(),
            _ => return None,
        };
        let description = object.get("error_description").and_then(Value::as_str).unwrap_or_default();
        let clean = |text: &str| mask_urls(&printable(text)).chars().take(300).collect::<String>();
        Some(Self { status, code: ErrorCode::from(clean(&code).as_str()), description: clean(description) })
    }

    /// Whether the portal says that this very binding exists already. The module has one code for all its refusals,
    /// so that the text has to decide; "has already started" is another process doing the same at this moment.
    #[must_use]
    pub fn is_already_bound(&self) -> bool {
        match self.code {
            ErrorCode::EventBindingExists => true,
            ErrorCode::Core => {
                let text = self.description.to_ascii_lowercase();
                text.contains("already binded") || text.contains("already bound")
            }
            _ => false,
        }
    }

    /// Whether another request is binding the same handler at this moment.
    #[must_use]
    pub fn is_being_bound(&self) -> bool {
        self.code == ErrorCode::Core && self.description.to_ascii_lowercase().contains("has already started")
    }
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

/// What came instead of a REST answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// A web page.
    Html,
    /// No body at all.
    Empty,
    /// JSON that stops in the middle.
    Truncated,
    /// Something else that is not JSON.
    NotJson,
    /// JSON without `result` and without `error`.
    WrongShape,
}

/// An answer that cannot be used, with what a person needs to recognise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type` header, cleaned; empty when there was none.
    pub content_type: String,
    /// What it was.
    pub oddity: Oddity,
    /// Its first words, cleaned.
    pub excerpt: String,
}

impl Unusable {
    /// Describes an answer; what is shown of it is cleaned here.
    #[must_use]
    pub fn new(status: u16, content_type: Option<&str>, oddity: Oddity, body: &[u8], secrets: &Scrubber) -> Self {
        let content_type = secrets.scrub_text(&printable(content_type.unwrap_or_default())).chars().take(60).collect();
        Self { status, content_type, oddity, excerpt: excerpt(body, secrets) }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.oddity {
            Oddity::Html => "a web page",
            Oddity::Empty => "an empty body",
            Oddity::Truncated => "half a JSON document",
            Oddity::NotJson => "something that is not JSON",
            Oddity::WrongShape => "JSON that is no REST answer",
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

/// Why an answer carries no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// A REST error.
    Portal(PortalError),
    /// Not a REST answer.
    Unusable(Unusable),
}

/// Decodes one REST answer, without the secrets that the other side may have sent back.
///
/// # Errors
/// [`Rejection::Portal`] when the body carries an error, whatever the HTTP status, also inside `result`;
/// [`Rejection::Unusable`] when it is no REST answer.
pub fn decode(status: u16, content_type: Option<&str>, body: &[u8], scrubber: &Scrubber) -> Result<Answer, Rejection> {
    let unusable = |oddity| Rejection::Unusable(Unusable::new(status, content_type, oddity, body, scrubber));
    let mut document = parse(body).map_err(unusable)?;
    scrubber.scrub_value(&mut document);
    if let Some(error) = PortalError::from_json(status, &document) {
        return Err(Rejection::Portal(error));
    }
    let has_time = document.get("time").is_some_and(Value::is_object);
    let Value::Object(mut members) = document else { return Err(unusable(Oddity::WrongShape)) };
    let Some(result) = members.remove("result") else { return Err(unusable(Oddity::WrongShape)) };
    let is_only_an_error =
        |members: &Map<String, Value>| members.len() == 1 || members.contains_key("error_description");
    if result.as_object().is_some_and(is_only_an_error)
        && let Some(error) = PortalError::from_json(status, &result)
    {
        return Err(Rejection::Portal(error));
    }
    if !(200..300).contains(&status) {
        return Err(unusable(Oddity::WrongShape));
    }
    let operating_reset_at =
        members.get("time").and_then(|time| time.get("operating_reset_at")).and_then(Value::as_i64);
    Ok(Answer { result, operating_reset_at, has_time })
}

/// Parses JSON and names what else it was.
///
/// # Errors
/// The [`Oddity`] of a body that is not one whole JSON document.
pub fn parse(body: &[u8]) -> Result<Value, Oddity> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Oddity::Empty);
    }
    serde_json::from_slice(body).map_err(|error| {
        if is_html(body) {
            Oddity::Html
        } else if error.is_eof() {
            Oddity::Truncated
        } else {
            Oddity::NotJson
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oddity(status: u16, body: &str) -> Oddity {
        match decode(status, Some("text/html"), body.as_bytes(), &Scrubber::default()) {
            Err(Rejection::Unusable(unusable)) => unusable.oddity,
            other => panic!("expected an unusable answer, got {other:?}"),
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
        ] {
            assert!(
                matches!(decode(200, None, body.as_bytes(), &Scrubber::default()), Err(Rejection::Portal(e)) if e.code == ErrorCode::ExpiredToken)
            );
        }
    }

    #[test]
    fn what_is_no_rest_answer_is_named() {
        assert_eq!(oddity(200, "<!DOCTYPE html><p>hi"), Oddity::Html);
        assert_eq!(oddity(200, " "), Oddity::Empty);
        assert_eq!(oddity(200, r#"{"result":[1,"#), Oddity::Truncated);
        assert_eq!(oddity(200, "nope"), Oddity::NotJson);
        assert_eq!(oddity(200, "[]"), Oddity::WrongShape);
        assert_eq!(oddity(500, r#"{"result":true}"#), Oddity::WrongShape);
    }

    #[test]
    fn descriptions_are_cleaned() {
        let body = "{\"error\":\"X\\u001b[2J\",\"error_description\":\"see https://a.b/rest/1/abcdef/x \\u0007\"}";
        let Err(Rejection::Portal(error)) = decode(400, None, body.as_bytes(), &Scrubber::default()) else {
            panic!("an error")
        };
        assert_eq!(error.to_string(), "see https://a.b/rest/1/***/x  (X[2J)");
    }
}
