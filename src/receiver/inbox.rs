//! A small HTTP server that hands every request to the one who waits for it, and sends what he answers.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Longest body that is read, in bytes.
const MAX_BODY: usize = 1 << 20;
/// How long the last answer may take to reach its reader.
const FAREWELL: Duration = Duration::from_millis(500);

/// Where requests come in.
pub struct Inbox {
    address: SocketAddr,
    visits: mpsc::Receiver<Visit>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// One request. Whoever sent it waits for the answer.
pub struct Visit {
    /// `GET`, `POST`.
    pub method: String,
    /// The query string, as it came.
    pub query: String,
    /// The body; what is no UTF-8 in it is replaced.
    pub body: String,
    answer: oneshot::Sender<Page>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// HTML.
    pub html: String,
}

impl Page {
    /// A page with one sentence on it, which must not come from elsewhere.
    #[must_use]
    pub fn saying(status: u16, sentence: &str) -> Self {
        Self::with(status, sentence, "")
    }

    /// A page with one sentence and further HTML.
    #[must_use]
    pub fn with(status: u16, sentence: &str, more: &str) -> Self {
        Self {
            status,
            html: format!("<!DOCTYPE html><meta charset=\"utf-8\"><title>imconn</title><p>{sentence}</p>{more}\n"),
        }
    }
}

impl Visit {
    /// Answers. A visitor who has gone does not mind.
    pub fn answer(self, page: Page) {
        let _ = self.answer.send(page);
    }
}

impl Inbox {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn listen(address: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        let address = listener.local_addr().context("the listener has no address")?;
        let (sender, visits) = mpsc::channel(16);
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(receive).with_state(sender);
        let server = tokio::spawn(async move {
            let stopped = async { _ = stopped.await };
            let _ = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
        });
        Ok(Self { address, visits, stop, server })
    }

    /// Where it listens: the port that the system chose, when 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next request.
    pub async fn next(&mut self) -> Visit {
        match self.visits.recv().await {
            Some(visit) => visit,
            // The server ends with the inbox only.
            None => std::future::pending().await,
        }
    }

    /// Stops listening, once what was answered has been sent.
    pub async fn close(self) {
        let _ = self.stop.send(());
        let _ = tokio::time::timeout(FAREWELL, self.server).await;
    }
}

async fn receive(State(visits): State<mpsc::Sender<Visit>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return respond(Page::saying(413, "That is too long."));
    };
    let (answer, answered) = oneshot::channel();
    let visit = Visit {
        method: head.method.to_string(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
        answer,
    };
    let gone = || Page::saying(503, "Nobody is waiting here any more.");
    if visits.send(visit).await.is_err() {
        return respond(gone());
    }
    respond(answered.await.unwrap_or_else(|_| gone()))
}

fn respond(page: Page) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        // The address of this page may hold a code.
        (REFERRER_POLICY, "no-referrer"),
        (CONNECTION, "close"),
    ];
    (status, headers, page.html).into_response()
}
