//! Reading a request: address, authorisation and parameters, in all the ways that SDKs send them.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::php;
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
    /// The key of an offline queue. It belongs to the authorisation: methods never see it.
    pub(super) auth_connector: Option<String>,
    /// Names of the parameters that carried the authorisation.
    pub(super) auth_names: Vec<&'static str>,
    /// All other parameters.
    pub(super) params: Params,
}

/// Parameters; their names are case-insensitive.
#[derive(Debug, Clone, Default)]
pub(super) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// A parameter that is not null. Of two spellings the later one counts.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.0.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value).filter(|value| !value.is_null())
    }

    /// A parameter that is not null, of exactly this spelling: few methods are that strict.
    pub(super) fn exact(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A parameter as text; empty if it is missing or has no textual form.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).map(php::text).unwrap_or_default()
    }

    /// A parameter as a number; `None` if it is missing.
    pub(super) fn intval(&self, name: &str) -> Option<i64> {
        self.get(name).map(php::intval)
    }

    pub(super) fn is_truthy(&self, name: &str) -> bool {
        self.get(name).is_some_and(php::is_truthy)
    }

    pub(super) fn members(&self) -> &Map<String, Value> {
        &self.0
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

/// Parameters that may hold the access token, the stronger one first. Their names are case-sensitive.
const TOKEN_NAMES: [&str; 2] = ["auth", "access_token"];

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
        Some(Self::read_params(parts, method, webhook))
    }

    fn read_params(parts: &HttpParts<'_>, method: String, webhook: Option<(u64, String)>) -> Result<Self, RestError> {
        let mut members = decode_form(parts.query)?;
        let body = decode_body(parts)?;
        let in_body: Vec<&str> = TOKEN_NAMES.into_iter().filter(|name| body.contains_key(*name)).collect();
        members.extend(body);
        let token = bearer(parts.authorization).or_else(|| {
            let (name, value) = TOKEN_NAMES.iter().find_map(|name| Some((*name, scalar(members.get(*name)?)?)))?;
            let place = if in_body.contains(&name) { TokenPlace::Body } else { TokenPlace::Query };
            Some((value, place))
        });
        let auth_connector = members.get("auth_connector").filter(|key| !key.is_null()).map(php::text);
        let mut auth_names = vec![TOKEN_NAMES[0], TOKEN_NAMES[1], "auth_connector"];
        auth_names.retain(|name| members.shift_remove(*name).is_some());
        let token = token.filter(|(token, _)| !token.is_empty());
        Ok(Self { method, webhook, token, auth_connector, auth_names, params: Params(members) })
    }
}

/// A token in a header counts before any parameter, even if it is not valid.
fn bearer(authorization: &str) -> Option<(String, TokenPlace)> {
    let (kind, token) = authorization.split_once(char::is_whitespace)?;
    kind.eq_ignore_ascii_case("bearer").then(|| (token.trim().to_owned(), TokenPlace::Header))
}

fn scalar(value: &Value) -> Option<String> {
    (!value.is_array() && !value.is_object()).then(|| php::text(value))
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

    fn token(query: &str, authorization: &str, body: &str) -> Option<(String, TokenPlace)> {
        read("/rest/x", query, "application/json", authorization, body).token
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

    fn found(token: &str, place: TokenPlace) -> (String, TokenPlace) {
        (token.to_owned(), place)
    }

    #[test]
    fn the_token_is_taken_from_the_header_then_auth_then_access_token() {
        assert_eq!(token("", "", r#"{"auth":"t"}"#), Some(found("t", TokenPlace::Body)));
        assert_eq!(token("auth=t", "", ""), Some(found("t", TokenPlace::Query)));
        assert_eq!(token("", "Bearer t", ""), Some(found("t", TokenPlace::Header)));
        assert_eq!(token("auth=a", "bearer  b", r#"{"auth":"c"}"#), Some(found("b", TokenPlace::Header)));
        assert_eq!(token("auth=a", "", r#"{"access_token":"b"}"#), Some(found("a", TokenPlace::Query)));
        assert_eq!(token("access_token=b", "", r#"{"auth":["x"]}"#), Some(found("b", TokenPlace::Query)));
        assert_eq!(token("", "", r#"{"AUTH":"t"}"#), None);
    }

    #[test]
    fn parameters_come_from_query_and_body_with_names_in_any_case() {
        let request = read("/rest/x", "EVENT=a", "application/x-www-form-urlencoded", "", "options[minTimeout]=5");
        assert_eq!(request.params.text("event"), "a");
        assert_eq!(request.params.get("OPTIONS"), Some(&serde_json::json!({"minTimeout": "5"})));
    }

    #[test]
    fn what_authorises_is_not_a_parameter() {
        let request = read("/rest/x", "auth_connector=k", "application/json", "", r#"{"auth":"t","AUTH":1}"#);
        assert_eq!(request.auth_connector.as_deref(), Some("k"));
        assert_eq!(request.auth_names, ["auth", "auth_connector"]);
        assert_eq!(request.params.members().keys().collect::<Vec<_>>(), ["AUTH"]);
    }
}
