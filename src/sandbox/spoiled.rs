//! Faults in the answer's place.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use http_body::{Frame, SizeHint};

use super::faults::FaultKind;
use super::listener::Peer;
use super::response;
use super::rest;

const CLOSED_PAGE: &str =
    "<!DOCTYPE html><html><head><title>Portal is closed</title></head><body>Back soon</body></html>";

/// Marks an answer that never reached the client.
#[derive(Debug, Clone, Copy)]
struct WasReset;

/// The fault instead of the answer, or the answer damaged by it.
pub(super) fn spoil(kind: &FaultKind, answer: Response, peer: &Peer, method: &str) -> Response {
    match kind {
        FaultKind::Html => response::page(200, CLOSED_PAGE.to_owned()),
        FaultKind::Truncate => answer.map(|body| Body::new(Half::of(body))),
        FaultKind::Reset => {
            peer.reset();
            let mut answer = Response::default();
            answer.extensions_mut().insert(WasReset);
            answer
        }
        FaultKind::Rename { to } => response::redirect(format!("{}/rest/{method}", to.trim_end_matches('/'))),
        FaultKind::Limit
        | FaultKind::OperationLimit
        | FaultKind::ServerError
        | FaultKind::Delay { .. }
        | FaultKind::ExpiredToken => response::error(&rest::refusal(kind)),
    }
}

/// The status as the client saw it; 0 for a connection that was reset.
pub(super) fn status_seen(response: &Response) -> u16 {
    if response.extensions().get::<WasReset>().is_some() { 0 } else { response.status().as_u16() }
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
