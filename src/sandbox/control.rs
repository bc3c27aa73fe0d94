//! The sandbox's address for tests of clients: faults, the request log, the application, the offline queue.
//! `imconn sandbox --help` describes its use.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRequest, Request, State as Shared};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value, json};
use url::Url;

use super::faults::Fault;
use super::listener::Peer;
use super::request_log::LogEntry;
use super::server::Server;
use super::state::App;

/// Longest request body, in bytes.
const MAX_BODY: usize = 1 << 20;

/// The routes of the control address, which listens on `address`.
pub(super) fn router(server: Arc<Server>, address: SocketAddr) -> Router {
    Router::new()
        .route("/requests", get(requests).delete(clear_requests))
        .route("/faults", get(waiting_faults).post(add_fault).delete(clear_faults))
        .route("/app", post(change_app))
        .route("/events", post(queue_event))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(address, guard))
        .with_state(server)
}

/// Why a request is refused: always an object with the member `error`.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"))
    }
}

impl Refusal {
    #[expect(clippy::needless_pass_by_value, reason = "map_err passes the error by value")]
    fn body(text: impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, text.to_string())
    }
}

/// Refuses browsers. A web page can post to a loopback address, but not without an `Origin`; a page whose host name
/// was rebound to a loopback address sends that name as `Host`.
async fn guard(
    Shared(address): Shared<SocketAddr>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    if headers.contains_key(header::ORIGIN) {
        return Err(Refusal(StatusCode::FORBIDDEN, "browsers are not served here".to_owned()));
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_own_host(host, address) {
        return Err(Refusal(StatusCode::FORBIDDEN, format!("the Host header must be {address}")));
    }
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.map_err(Refusal::body)?;
    peer.request_arrived();
    Ok(next.run(Request::from_parts(head, Body::from(body))).await)
}

fn is_own_host(host: &str, address: SocketAddr) -> bool {
    let host = if host.ends_with(']') || !host.contains(':') { format!("{host}:80") } else { host.to_owned() };
    host == address.to_string() || host.eq_ignore_ascii_case(&format!("localhost:{}", address.port()))
}

/// JSON in any content type: `curl -d` sends that of a form.
struct AnyJson<T>(T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for AnyJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state).await.map_err(Refusal::body)?;
        Json::from_bytes(&bytes).map(|Json(value)| Self(value)).map_err(|error| Refusal::body(error.body_text()))
    }
}

async fn requests(Shared(server): Shared<Arc<Server>>) -> Json<Vec<LogEntry>> {
    Json(server.log.entries())
}

async fn clear_requests(Shared(server): Shared<Arc<Server>>) -> Json<bool> {
    server.log.clear();
    Json(true)
}

async fn waiting_faults(Shared(server): Shared<Arc<Server>>) -> Json<Vec<Fault>> {
    Json(server.faults.waiting())
}

async fn add_fault(Shared(server): Shared<Arc<Server>>, AnyJson(fault): AnyJson<Value>) -> Result<Json<bool>, Refusal> {
    server.faults.add(Fault::from_json(fault).map_err(Refusal::body)?);
    Ok(Json(true))
}

async fn clear_faults(Shared(server): Shared<Arc<Server>>) -> Json<bool> {
    server.faults.clear();
    Json(true)
}

/// Changes the given members of the application and answers with all of them, except its secrets.
async fn change_app(
    Shared(server): Shared<Arc<Server>>,
    AnyJson(change): AnyJson<Map<String, Value>>,
) -> Result<Json<Value>, Refusal> {
    let app = server.state.with_async(|state| changed(&mut state.app, change)).await?;
    app.map(Json).map_err(Refusal::body)
}

fn changed(app: &mut App, change: Map<String, Value>) -> serde_json::Result<Value> {
    let mut members = serde_json::to_value(&*app)?;
    for (key, value) in change {
        members[key] = value;
    }
    let new: App = serde_json::from_value(members)?;
    // Any other would make a relative redirect.
    if let Some(address) = new.return_address.as_deref().filter(|address| !is_absolute(address)) {
        return Err(Error::custom(format!("return_address must be an http or https URL or null, and is {address:?}")));
    }
    *app = new;
    let mut shown = serde_json::to_value(&*app)?;
    if let Some(members) = shown.as_object_mut() {
        members.retain(|key, _| key != "client_secret" && key != "application_token");
    }
    Ok(shown)
}

fn is_absolute(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// An event for the offline queue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewEvent {
    event: String,
    #[serde(default)]
    data: Value,
    #[serde(default = "administrator")]
    user: u64,
}

fn administrator() -> u64 {
    super::ADMINISTRATOR
}

async fn queue_event(
    Shared(server): Shared<Arc<Server>>,
    AnyJson(new): AnyJson<NewEvent>,
) -> Result<Json<bool>, Refusal> {
    server.state.with_async(|state| state.enqueue(&new.event, &new.data, new.user)).await?;
    Ok(Json(true))
}

async fn unknown() -> Refusal {
    Refusal(StatusCode::NOT_FOUND, "unknown path or method; see `imconn sandbox --help`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_address_itself_is_accepted_as_host() {
        let address = SocketAddr::from(([127, 0, 0, 1], 8025));
        for host in ["127.0.0.1:8025", "localhost:8025", "LOCALHOST:8025"] {
            assert!(is_own_host(host, address), "{host}");
        }
        for host in ["", "127.0.0.1", "evil.example.com:8025", "localhost:80", "127.0.0.1:8025.evil.example.com"] {
            assert!(!is_own_host(host, address), "{host}");
        }
        assert!(is_own_host("[::1]:8025", SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 8025))));
        assert!(is_own_host("localhost", SocketAddr::from(([127, 0, 0, 1], 80))));
    }
}
