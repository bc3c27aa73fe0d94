//! HTTP responses.

use axum::http::header::{ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;

use super::reply::RestError;

pub(super) fn json(status: u16, body: &Value) -> Response {
    with_type(status, "application/json; charset=utf-8", body.to_string())
}

pub(super) fn error(error: &RestError) -> Response {
    json(error.status, &error.to_json())
}

pub(super) fn page(status: u16, html: String) -> Response {
    with_type(status, "text/html; charset=utf-8", html)
}

pub(super) fn redirect(to: String) -> Response {
    (StatusCode::FOUND, [(LOCATION, to)]).into_response()
}

/// The state file cannot be read or written.
pub(super) fn broken_state(cause: &anyhow::Error) -> Response {
    error(&RestError::new(500, "INTERNAL_SERVER_ERROR", format!("{cause:#}")))
}

/// Lets scripts of any origin read the answer, as a portal does: a token is needed anyway.
pub(super) fn open_to_browsers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers
        .insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("origin, content-type, accept, authorization"));
    response
}

fn with_type(status: u16, content_type: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, content_type)], body).into_response()
}
