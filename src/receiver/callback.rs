//! HTTP server for OAuth redirects and installations: queues each request, and replies with the page that the login chooses.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::connections::{ConnectedClient, Connections};

/// Longest body that is read, in bytes. An installation has less than 4 KiB.
const MAX_BODY: usize = 64 << 10;
/// How long a client may take for the body of its request.
const BODY_LIMIT: Duration = Duration::from_secs(10);
/// How long the last response may take to reach its reader.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// A server for the requests of one login.
pub(crate) struct CallbackServer {
    address: SocketAddr,
    requests: mpsc::Receiver<Request>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// A request whose client waits for the response.
pub(crate) struct Request {
    /// `GET`, `POST`.
    pub(crate) method: String,
    /// The query string, undecoded.
    pub(crate) query: String,
    /// The body; invalid UTF-8 in it is replaced.
    pub(crate) body: String,
    reply: oneshot::Sender<Page>,
}

/// What a client is shown.
struct Page {
    status: u16,
    html: String,
}

impl Request {
    /// Sends a page with one sentence; ignored if the client disconnected.
    pub(crate) fn reply(self, status: u16, sentence: &str) {
        self.reply_with(status, sentence, "");
    }

    /// The same with further HTML.
    pub(crate) fn reply_with(self, status: u16, sentence: &str, html: &str) {
        let _ = self.reply.send(html_page(status, sentence, html));
    }
}

/// Neither text may come from elsewhere: they are not escaped.
fn html_page(status: u16, sentence: &str, html: &str) -> Page {
    let html = format!("<!DOCTYPE html><meta charset=\"utf-8\"><title>imconn</title><p>{sentence}</p>{html}\n");
    Page { status, html }
}

impl CallbackServer {
    pub(crate) async fn listen(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr().context("the listener has no address")?;
        let (sender, requests) = mpsc::channel(16);
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(receive).with_state(sender);
        let server = tokio::spawn(async move {
            let stopped = async { _ = stopped.await };
            let service = router.into_make_service_with_connect_info::<ConnectedClient>();
            let _ = axum::serve(Connections::new(listener), service).with_graceful_shutdown(stopped).await;
        });
        Ok(Self { address, requests, stop, server })
    }

    /// Where it listens, with the port that the system chose if 0 was requested.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next request.
    pub(crate) async fn next(&mut self) -> Request {
        match self.requests.recv().await {
            Some(request) => request,
            // The sender lives as long as the server.
            None => std::future::pending().await,
        }
    }

    /// Stops listening, after the last response was sent.
    pub(crate) async fn close(self) {
        let _ = self.stop.send(());
        let _ = timeout(SHUTDOWN_TIMEOUT, self.server).await;
    }
}

async fn receive(
    State(requests): State<mpsc::Sender<Request>>,
    ConnectInfo(client): ConnectInfo<ConnectedClient>,
    request: axum::extract::Request,
) -> Response {
    client.head_arrived();
    let (head, body) = request.into_parts();
    let body = match timeout(BODY_LIMIT, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return respond(html_page(413, "The request is too long.", "")),
        Err(_) => return respond(html_page(408, "The request took too long.", "")),
    };
    client.request_arrived();
    let (reply, page) = oneshot::channel();
    let request = Request {
        method: head.method.to_string(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
        reply,
    };
    if requests.send(request).await.is_err() {
        return respond(no_longer_waiting());
    }
    respond(page.await.unwrap_or_else(|_| no_longer_waiting()))
}

fn no_longer_waiting() -> Page {
    html_page(503, "imconn no longer waits for a request here.", "")
}

fn respond(page: Page) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        // The address of this page may contain a code.
        (REFERRER_POLICY, "no-referrer"),
        (CONNECTION, "close"),
    ];
    (status, headers, page.html).into_response()
}
