//! The sandbox over HTTP.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body::{Frame, SizeHint};
use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use super::faults::{Fault, FaultKind, Faults};
use super::file::StateFile;
use super::limits::{Buckets, Operating};
use super::listener::Peer;
use super::oauth::{self, Authorised};
use super::reply::{RestError, RestResult, precise_now, time_since};
use super::request::{HttpParts, Params, RestRequest, TokenPlace};
use super::rest;
use super::state::{State, Token, now};
use crate::wire::batch::Entries;
use crate::wire::form::{self, Limits};

/// Longest body that the sandbox reads, in bytes.
const MAX_BODY: usize = 8 << 20;
/// Requests that are remembered for `GET /requests`.
const MAX_LOG: usize = 10_000;

/// What all requests share.
#[derive(Debug)]
pub struct Server {
    /// The state on disk.
    pub state: StateFile,
    /// `http://127.0.0.1:8024`, without a slash at the end.
    pub base: String,
    /// Whether the leaky bucket is on.
    pub limits: bool,
    /// Faults that wait for their request.
    pub faults: Faults,
    /// What was asked.
    pub log: Mutex<Vec<LogEntry>>,
    /// How full the buckets are.
    pub buckets: Buckets,
    /// Working time used.
    pub operating: Operating,
}

/// One request, as tests see it.
#[derive(Debug, Clone, Serialize)]
pub struct LogEntry {
    /// The REST method, or the path of anything else.
    pub method: String,
    /// GET or POST.
    pub http_method: String,
    /// Methods of a batch's commands.
    pub commands: Vec<String>,
    /// Where the token stood.
    pub token_in: Option<TokenPlace>,
    /// Whether there was a query string.
    pub query: bool,
    /// The user behind the token.
    pub user: Option<u64>,
    /// `User-Agent`.
    pub user_agent: String,
    /// HTTP status; 0 when the connection was reset.
    pub status: u16,
}

/// The routes of a portal: everything goes through one function, because the portal's own addresses are that loose.
pub fn router(server: Arc<Server>) -> Router {
    Router::new().fallback(answer).with_state(server)
}

async fn answer(
    Shared(server): Shared<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return json_response(413, &RestError::new(413, "INVALID_REQUEST", "The body is too long").to_json());
    };
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (content_type, authorization) = (text(CONTENT_TYPE), text(AUTHORIZATION));
    let parts = HttpParts {
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        content_type: &content_type,
        authorization: &authorization,
        body: &body,
    };
    let mut entry = LogEntry {
        method: head.uri.path().to_owned(),
        http_method: head.method.to_string(),
        commands: Vec::new(),
        token_in: None,
        query: !parts.query.is_empty(),
        user: None,
        user_agent: user_agent(&head.headers),
        status: 0,
    };
    let response = match RestRequest::read(&parts) {
        None => server.other(&parts).await,
        Some(Err(error)) => json_response(error.status, &error.to_json()),
        Some(Ok(request)) => server.rest(request, &peer, &mut entry).await,
    };
    if response.extensions().get::<WasReset>().is_none() {
        entry.status = response.status().as_u16();
    }
    server.remember(entry);
    response
}

impl Server {
    /// Everything that is not REST: OAuth, and pages that are not there.
    async fn other(&self, parts: &HttpParts<'_>) -> Response {
        let mut fields = form::decode(parts.query, Limits::default()).unwrap_or_default();
        fields.extend(form::decode(&String::from_utf8_lossy(parts.body), Limits::default()).unwrap_or_default());
        let params = Params::new(fields);
        match parts.path.trim_end_matches('/') {
            "/oauth/token" => match self.state.with_async(|state| oauth::token(state, &params, &self.base)).await {
                Ok(Ok(tokens)) => json_response(200, &tokens),
                Ok(Err(error)) => json_response(error.status, &error.to_json()),
                Err(error) => broken_state(&error),
            },
            "/oauth/authorize" => {
                match self.state.with_async(|state| oauth::authorise(state, &params, &self.base)).await {
                    Ok(Authorised::Redirect(to)) => (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
                    Ok(Authorised::Page(page)) => page_response(200, page),
                    Ok(Authorised::Refused(error)) => page_response(
                        error.status,
                        format!("<!DOCTYPE html><title>Error</title><p>{}: {}</p>", error.code, error.text),
                    ),
                    Err(error) => broken_state(&error),
                }
            }
            _ => page_response(404, "<!DOCTYPE html><title>404 Not Found</title>".to_owned()),
        }
    }

    async fn rest(&self, request: RestRequest, peer: &Peer, entry: &mut LogEntry) -> Response {
        entry.method.clone_from(&request.method);
        entry.commands = command_methods(&request);
        entry.token_in = request.token.as_ref().map(|(_, place)| *place);
        if self.limits && !self.buckets.admit(peer.address.ip(), Instant::now()) {
            let error = rest::refusal(&FaultKind::Limit);
            return json_response(error.status, &error.to_json());
        }
        let method = request.method.clone();
        match self.faults.take_for_request(&method) {
            None => self.carry_out(&request, entry).await,
            Some(Fault { kind: FaultKind::Delay { seconds }, .. }) => {
                tokio::time::sleep(Duration::try_from_secs_f64(seconds).unwrap_or_default()).await;
                self.carry_out(&request, entry).await
            }
            Some(Fault { kind: FaultKind::ExpiredToken, .. }) => {
                if let Err(error) = self.expire(&request).await {
                    return broken_state(&error);
                }
                self.carry_out(&request, entry).await
            }
            Some(Fault { kind: kind @ FaultKind::Truncate, .. }) => {
                spoil(&kind, self.carry_out(&request, entry).await, peer, &method)
            }
            Some(Fault { kind, after, .. }) => {
                let response = if after { self.carry_out(&request, entry).await } else { Response::default() };
                spoil(&kind, response, peer, &method)
            }
        }
    }

    async fn expire(&self, request: &RestRequest) -> anyhow::Result<()> {
        let Some((token, _)) = &request.token else { return Ok(()) };
        let expire = |known: &mut Token| known.expires = now() - 1;
        let expire_all =
            |state: &mut State| state.tokens.iter_mut().filter(|known| known.access == *token).for_each(expire);
        self.state.with_async(expire_all).await
    }

    async fn carry_out(&self, request: &RestRequest, entry: &mut LogEntry) -> Response {
        let start = precise_now();
        let work = |state: &mut State| {
            let caller = rest::authorise(state, request)?;
            entry.user = Some(caller.user.id);
            let params = request.params.clone();
            let (faults, operating) = (&self.faults, &self.operating);
            rest::run(&request.method, Call { state, caller: &caller, params, in_batch: false, faults, operating })
        };
        match self.state.with_async(work).await {
            Ok(Ok(done)) => json_response(200, &self.envelope(&request.method, &done, start)),
            Ok(Err(error)) => json_response(error.status, &error.to_json()),
            Err(error) => broken_state(&error),
        }
    }

    fn envelope(&self, method: &str, done: &RestResult, start: f64) -> Value {
        let mut time = time_since(start);
        // The outer call of a batch is not counted (`portal-protocol` section 1).
        if method != "batch" {
            self.operating.count(method, &mut time);
        }
        done.to_json(&time)
    }

    fn remember(&self, entry: LogEntry) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() < MAX_LOG {
            log.push(entry);
        }
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn command_methods(request: &RestRequest) -> Vec<String> {
    let commands = Entries::of(request.params.get("cmd")).map(|commands| commands.pairs()).unwrap_or_default();
    let method = |value: &Value| value.as_str().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    commands.iter().map(|(_, value)| method(value)).collect()
}

/// Marks an answer that never reached the client.
#[derive(Debug, Clone, Copy)]
struct WasReset;

/// Puts the fault in the place of the answer.
fn spoil(kind: &FaultKind, response: Response, peer: &Peer, method: &str) -> Response {
    match kind {
        FaultKind::Html => page_response(
            200,
            "<!DOCTYPE html><html><head><title>Portal is closed</title></head><body>Back soon</body></html>".to_owned(),
        ),
        FaultKind::Truncate => {
            let (head, body) = response.into_parts();
            Response::from_parts(head, Body::new(Half::of(body)))
        }
        FaultKind::Reset => {
            peer.reset();
            let mut response = Response::default();
            response.extensions_mut().insert(WasReset);
            response
        }
        FaultKind::Rename { to } => {
            let to = format!("{}/rest/{method}", to.trim_end_matches('/'));
            (StatusCode::FOUND, [(LOCATION, to)]).into_response()
        }
        refused => {
            let error = rest::refusal(refused);
            json_response(error.status, &error.to_json())
        }
    }
}

/// A body that announces its whole length, sends half of it, and breaks off.
struct Half {
    whole: Body,
    length: u64,
    sent: bool,
}

impl Half {
    fn of(whole: Body) -> Self {
        let length = whole.size_hint().exact().unwrap_or_default();
        Self { whole, length, sent: false }
    }
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.sent {
            return Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other("cut on request")))));
        }
        let frame = Pin::new(&mut self.whole).poll_frame(cx);
        frame.map(|frame| {
            self.sent = true;
            let bytes = frame.and_then(Result::ok).and_then(|frame| frame.into_data().ok()).unwrap_or_default();
            Some(Ok(Frame::data(bytes.slice(..bytes.len() / 2))))
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

fn broken_state(error: &anyhow::Error) -> Response {
    json_response(500, &RestError::new(500, "INTERNAL_SERVER_ERROR", format!("{error:#}")).to_json())
}

fn json_response(status: u16, body: &Value) -> Response {
    response(status, "application/json; charset=utf-8", body.to_string())
}

fn page_response(status: u16, page: String) -> Response {
    response(status, "text/html; charset=utf-8", page)
}

fn response(status: u16, content_type: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// The address in a URL, as the sandbox prints it.
#[must_use]
pub fn base_url(address: SocketAddr, tls: bool) -> String {
    format!("{}://{address}", if tls { "https" } else { "http" })
}
