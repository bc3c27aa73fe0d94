//! The sandbox's own address for tests: faults, what was asked, the application, the queue. `sandbox --help` tells how
//! to use it.

use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State as Shared};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::Fault;
use super::server::Server;
use super::state::{App, State};

/// The routes of the control address.
pub fn router(server: Arc<Server>) -> Router {
    Router::new().fallback(control).with_state(server)
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
    1
}

async fn control(Shared(server): Shared<Arc<Server>>, request: Request) -> Response {
    // A page in a browser can post to loopback too; it cannot do so without this header.
    if request.headers().contains_key(header::ORIGIN) {
        return reply(StatusCode::FORBIDDEN, &json!({"error": "browsers are not served here"}));
    }
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    match act(&server, &head.method, head.uri.path(), &body).await {
        Ok(answer) => reply(StatusCode::OK, &answer),
        Err(Wrong::NotFound) => reply(StatusCode::NOT_FOUND, &json!({"error": "see imconn sandbox --help"})),
        Err(Wrong::Body(text)) => reply(StatusCode::BAD_REQUEST, &json!({"error": text})),
        Err(Wrong::State(text)) => reply(StatusCode::INTERNAL_SERVER_ERROR, &json!({"error": text})),
    }
}

enum Wrong {
    NotFound,
    Body(String),
    State(String),
}

impl From<serde_json::Error> for Wrong {
    fn from(error: serde_json::Error) -> Self {
        Self::Body(error.to_string())
    }
}

impl From<anyhow::Error> for Wrong {
    fn from(error: anyhow::Error) -> Self {
        Self::State(format!("{error:#}"))
    }
}

async fn act(server: &Server, method: &Method, path: &str, body: &[u8]) -> Result<Value, Wrong> {
    let log = || server.log.lock().unwrap_or_else(PoisonError::into_inner);
    match (method.as_str(), path.trim_end_matches('/')) {
        ("GET", "/requests") => Ok(json!(*log())),
        ("DELETE", "/requests") => {
            log().clear();
            Ok(json!(true))
        }
        ("GET", "/faults") => Ok(json!(server.faults.waiting())),
        ("DELETE", "/faults") => {
            server.faults.clear();
            Ok(json!(true))
        }
        ("POST", "/faults") => {
            server.faults.add(Fault::read(body).map_err(Wrong::Body)?);
            Ok(json!(true))
        }
        ("POST", "/app") => change_app(server, &serde_json::from_slice(body)?).await,
        ("POST", "/events") => {
            let new: NewEvent = serde_json::from_slice(body)?;
            server.state.with_async(|state| state.enqueue(&new.event, &new.data, new.user)).await?;
            Ok(json!(true))
        }
        _ => Err(Wrong::NotFound),
    }
}

/// Changes the named parts of the application and answers with the whole, without its secrets.
async fn change_app(server: &Server, change: &Value) -> Result<Value, Wrong> {
    let change = change.as_object().ok_or_else(|| Wrong::Body("an object is wanted".to_owned()))?;
    let work = |state: &mut State| {
        let mut app = serde_json::to_value(&state.app)?;
        for (key, value) in change {
            app[key] = value.clone();
        }
        state.app = serde_json::from_value::<App>(app.clone())?;
        if let Some(members) = app.as_object_mut() {
            members.retain(|key, _| !["client_secret", "application_token"].contains(&key.as_str()));
        }
        Ok(app)
    };
    server.state.with_async(work).await?
}

fn reply(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
