//! Reading a request: address, token and parameters, in all the ways that SDKs send them.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::reply::RestError;
use crate::wire::form::{self, Limits};

/// Where the token was found; shown in the request log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TokenPlace {
    Body,
    /// The query string, which ends up in access logs.
    Query,
    /// `Authorization: Bearer`.
    Header,
}

/// A call of one method, before its authorisation.
#[derive(Debug, Clone)]
pub(super) struct RestRequest {
    /// Lower case, without `.json`.
    pub(super) method: String,
    /// User id and code of `/rest/1/CODE/METHOD`.
    pub(super) webhook: Option<(u64, String)>,
    /// The access token, and where it was found.
    pub(super) token: Option<(String, TokenPlace)>,
    /// Parameters without the token.
    pub(super) params: Params,
}

/// Parameters; their names are case-insensitive.
#[derive(Debug, Clone, Default)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A parameter as text; empty if it is missing or has no textual form.
    pub(super) fn text(&self, name: &str) -> String {
        match self.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(true)) => "1".to_owned(),
            _ => String::new(),
        }
    }

    /// A parameter as a whole number; `None` if it is missing, empty or not a number.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.text(name).parse().ok()
    }

    /// A user id as PHP's `intval` reads it: 0 unless it starts with digits; `None` if it is missing or empty.
    pub(super) fn user_id(&self, name: &str) -> Option<i64> {
        let text = self.text(name);
        let text = text.trim_start();
        let sign = usize::from(text.starts_with(['-', '+']));
        let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
        (!text.is_empty()).then(|| text[..sign + digits].parse().unwrap_or(0))
    }

    /// A parameter as a PHP boolean: false are null, `0`, `false` and an empty text or list.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| match value {
            Value::Null => false,
            Value::Bool(flag) => *flag,
            Value::Number(number) => number.as_f64() != Some(0.0),
            Value::String(text) => !matches!(text.to_ascii_lowercase().as_str(), "" | "0" | "false" | "n"),
            Value::Array(list) => !list.is_empty(),
            Value::Object(map) => !map.is_empty(),
        })
    }

    /// A list of texts; a single text is a list of one.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.iter().map(text).collect(),
            Some(Value::Object(map)) => map.values().map(text).collect(),
            Some(other) => vec![text(other)],
        }
    }

    pub(super) fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let key = self.0.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
        self.0.remove(&key)
    }
}

/// The parts of an HTTP request that matter here.
#[derive(Debug)]
pub(super) struct HttpParts<'a> {
    /// Still percent-encoded.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) content_type: &'a str,
    pub(super) authorization: &'a str,
    pub(super) body: &'a [u8],
}

impl RestRequest {
    /// Reads `/rest/METHOD`, `/rest/METHOD.json`, `/rest//METHOD` or `/rest/USER/CODE/METHOD`; `None` for any other path;
    /// 400 for a body that cannot be decoded.
    pub(super) fn read(parts: &HttpParts<'_>) -> Option<Result<Self, RestError>> {
        let path = percent_decode_str(parts.path).decode_utf8_lossy();
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let (webhook, method) = match segments.as_slice() {
            ["rest", method] => (None, *method),
            ["rest", user, code, method] => (Some((user.parse().ok()?, (*code).to_owned())), *method),
            _ => return None,
        };
        let method = method.to_ascii_lowercase();
        let method = method.strip_suffix(".json").unwrap_or(&method).to_owned();
        Some(Self::read_params(parts).map(|(token, params)| Self { method, webhook, token, params }))
    }

    fn read_params(parts: &HttpParts<'_>) -> Result<(Option<(String, TokenPlace)>, Params), RestError> {
        let mut query = Params(decode_form(parts.query)?);
        let mut body = Params(decode_body(parts)?);
        let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let from_body = text(body.take("auth")).or_else(|| text(body.take("access_token")));
        let from_query = text(query.take("auth")).or_else(|| text(query.take("access_token")));
        let bearer = parts.authorization.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let token = from_body
            .map(|token| (token, TokenPlace::Body))
            .or_else(|| from_query.map(|token| (token, TokenPlace::Query)))
            .or_else(|| bearer.map(|(_, token)| (token.trim().to_owned(), TokenPlace::Header)));
        let mut members = query.0;
        members.extend(body.0);
        Ok((token, Params(members)))
    }
}

fn decode_body(parts: &HttpParts<'_>) -> Result<Map<String, Value>, RestError> {
    let kind = parts.content_type.to_ascii_lowercase();
    if kind.starts_with("application/json") {
        if parts.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        return match serde_json::from_slice(parts.body) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(Value::Array(list)) if list.is_empty() => Ok(Map::new()),
            _ => Err(RestError::new(400, "INVALID_REQUEST", "The body is not a JSON object")),
        };
    }
    decode_form(&String::from_utf8_lossy(parts.body))
}

fn decode_form(text: &str) -> Result<Map<String, Value>, RestError> {
    form::decode(text, Limits::default()).map_err(|error| RestError::new(400, "INVALID_REQUEST", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, query: &str, content_type: &str, authorization: &str, body: &str) -> RestRequest {
        let parts = HttpParts { path, query, content_type, authorization, body: body.as_bytes() };
        RestRequest::read(&parts).expect("a REST path").expect("a readable request")
    }

    #[test]
    fn all_spellings_of_a_method_address_are_one() {
        for path in ["/rest/event.get", "/rest/Event.Get.json", "/rest//event.get", "/rest/event.get/"] {
            assert_eq!(read(path, "", "", "", "").method, "event.get", "{path}");
        }
        assert_eq!(read("/rest/1/abc/profile", "", "", "", "").webhook, Some((1, "abc".into())));
        let parts = HttpParts { path: "/other", query: "", content_type: "", authorization: "", body: b"" };
        assert!(RestRequest::read(&parts).is_none());
    }

    #[test]
    fn the_token_is_found_in_body_query_and_header() {
        let token = |request: RestRequest| request.token.expect("a token");
        assert_eq!(
            token(read("/rest/x", "", "application/json", "", r#"{"auth":"t"}"#)),
            ("t".into(), TokenPlace::Body)
        );
        assert_eq!(token(read("/rest/x", "auth=t", "", "", "")), ("t".into(), TokenPlace::Query));
        assert_eq!(token(read("/rest/x", "", "", "Bearer t", "")), ("t".into(), TokenPlace::Header));
    }

    #[test]
    fn parameters_come_from_query_and_body_with_names_in_any_case() {
        let request = read("/rest/x", "EVENT=a", "application/x-www-form-urlencoded", "", "options[minTimeout]=5");
        assert_eq!(request.params.text("event"), "a");
        assert_eq!(request.params.get("OPTIONS"), Some(&serde_json::json!({"minTimeout": "5"})));
    }
}
