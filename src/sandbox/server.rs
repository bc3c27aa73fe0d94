//! The sandbox over HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::Response;
use serde_json::Value;

use super::call::MethodCall;
use super::faults::{Fault, FaultKind, Faults};
use super::file::StateFile;
use super::limits::{Buckets, Operating};
use super::listener::Peer;
use super::oauth::{self, Authorised};
use super::reply::{RestError, RestResult, precise_now, time_since};
use super::request::{HttpParts, Params, RestRequest};
use super::request_log::{LogEntry, RequestLog, header};
use super::response;
use super::rest;
use super::spoiled::{spoil, status_seen};
use super::state::State;
use crate::wire::form::{self, Limits};

/// Longest request body, in bytes.
const MAX_BODY: usize = 8 << 20;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) state: StateFile,
    /// `http://127.0.0.1:8024`, without a slash at the end.
    pub(super) base: String,
    /// Whether the leaky bucket is on.
    pub(super) limits: bool,
    pub(super) faults: Faults,
    pub(super) log: RequestLog,
    pub(super) buckets: Buckets,
    pub(super) operating: Operating,
}

/// One handler for every path: a portal's addresses are too irregular for routes (`/rest//METHOD`, `METHOD.json`, any
/// case).
pub(super) fn router(server: Arc<Server>) -> Router {
    Router::new().fallback(answer).with_state(server)
}

async fn answer(
    Shared(server): Shared<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return response::error(&RestError::new(413, "INVALID_REQUEST", "The body is too long"));
    };
    peer.request_arrived();
    let parts = HttpParts {
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        content_type: header(&head, &CONTENT_TYPE),
        authorization: header(&head, &AUTHORIZATION),
        body: &body,
    };
    let mut entry = LogEntry::new(&head);
    let response = match RestRequest::read(&parts) {
        None => server.other(&parts).await,
        Some(_) if head.method == Method::OPTIONS => response::open_to_browsers(Response::default()),
        Some(Err(error)) => response::open_to_browsers(response::error(&error)),
        Some(Ok(request)) => response::open_to_browsers(server.rest(request, &peer, &mut entry).await),
    };
    entry.status = status_seen(&response);
    server.log.push(entry);
    response
}

impl Server {
    /// Everything that is not REST: OAuth, and pages that do not exist.
    async fn other(&self, parts: &HttpParts<'_>) -> Response {
        let mut fields = form::decode(parts.query, Limits::default()).unwrap_or_default();
        fields.extend(form::decode(&String::from_utf8_lossy(parts.body), Limits::default()).unwrap_or_default());
        let params = Params::new(fields);
        match parts.path.trim_end_matches('/') {
            "/oauth/token" => self.token(&params).await,
            "/oauth/authorize" => self.authorise(&params).await,
            _ => response::page(404, "<!DOCTYPE html><title>404 Not Found</title>".to_owned()),
        }
    }

    async fn token(&self, params: &Params) -> Response {
        match self.state.with_async(|state| oauth::token(state, params, &self.base)).await {
            Ok(Ok(tokens)) => response::json(200, &tokens),
            Ok(Err(error)) => response::error(&error),
            Err(error) => response::broken_state(&error),
        }
    }

    async fn authorise(&self, params: &Params) -> Response {
        match self.state.with_async(|state| oauth::authorise(state, params, &self.base)).await {
            Ok(Authorised::Redirect(to)) => response::redirect(to),
            Ok(Authorised::Page(page)) => response::page(200, page),
            Ok(Authorised::Refused(error)) => response::page(
                error.status,
                format!("<!DOCTYPE html><title>Error</title><p>{}: {}</p>", error.code, error.text),
            ),
            Err(error) => response::broken_state(&error),
        }
    }

    async fn rest(&self, request: RestRequest, peer: &Peer, entry: &mut LogEntry) -> Response {
        entry.describe(&request);
        if self.limits && !self.buckets.admit(peer.address.ip(), Instant::now()) {
            return response::error(&rest::refusal(&FaultKind::Limit));
        }
        let method = &request.method;
        match self.faults.take_for_request(method) {
            None => self.carry_out(&request, entry).await,
            Some(Fault { kind: FaultKind::Delay { seconds }, after, .. }) => {
                let pause = tokio::time::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default());
                if after {
                    let answer = self.carry_out(&request, entry).await;
                    pause.await;
                    return answer;
                }
                pause.await;
                self.carry_out(&request, entry).await
            }
            Some(Fault { kind: FaultKind::ExpiredToken, .. }) => {
                if let Err(error) = self.expire_token(&request).await {
                    return response::broken_state(&error);
                }
                self.carry_out(&request, entry).await
            }
            Some(Fault { kind, after, .. }) => {
                let is_carried_out = after || kind == FaultKind::Truncate;
                let answer = if is_carried_out { self.carry_out(&request, entry).await } else { Response::default() };
                spoil(&kind, answer, peer, method)
            }
        }
    }

    async fn expire_token(&self, request: &RestRequest) -> anyhow::Result<()> {
        let Some((token, _)) = &request.token else { return Ok(()) };
        self.state.with_async(|state| state.expire(token)).await
    }

    async fn carry_out(&self, request: &RestRequest, entry: &mut LogEntry) -> Response {
        let start = precise_now();
        match self.state.with_async(|state| self.call(state, request, entry)).await {
            Ok(Ok(done)) => response::json(200, &self.envelope(&request.method, &done, start)),
            Ok(Err(error)) => response::error(&error),
            Err(error) => response::broken_state(&error),
        }
    }

    fn call(&self, state: &mut State, request: &RestRequest, entry: &mut LogEntry) -> Result<RestResult, RestError> {
        let method = rest::method(&request.method)?;
        let caller = rest::authorise(state, request)?;
        entry.user = Some(caller.user.id);
        let call = MethodCall {
            state,
            caller: &caller,
            params: request.params.clone(),
            in_batch: false,
            base: &self.base,
            faults: &self.faults,
            operating: &self.operating,
        };
        rest::run(method, call)
    }

    fn envelope(&self, method: &str, done: &RestResult, start: f64) -> Value {
        let mut time = time_since(start);
        // The outer call of a batch is not counted (`protocol` section 1).
        if method != "batch" {
            self.operating.count(method, &mut time);
        }
        done.to_json(&time)
    }
}
