//! Posts deliveries.

use std::time::{Duration, Instant};

use url::Url;

use crate::http::client::{Http, HttpOptions};
use crate::http::transport::RequestError;
use crate::wire::delivery::Delivery;

const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";
/// What portals call themselves; some handlers and firewalls let nothing else through.
const USER_AGENT: &str = "Bitrix24 Webhook Engine";

/// One attempt to deliver.
#[derive(Debug)]
pub(crate) struct DeliveryAttempt {
    pub(crate) outcome: Result<Response, RequestError>,
    /// From the first byte sent to the head of the response.
    pub(crate) elapsed: Duration,
}

/// The head of a handler's response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The target of a redirect, which is not followed: a portal does not follow it either.
    pub(crate) location: Option<String>,
    /// The handler's certificate (DER), over TLS.
    pub(crate) certificate: Option<Vec<u8>>,
}

/// Posts a delivery to a handler, on a connection of its own like a portal: one that is used again may just be closing.
/// `options` can pin the handler's name to addresses that have been checked.
pub(crate) async fn send(delivery: &Delivery, handler: &Url, options: HttpOptions) -> DeliveryAttempt {
    let http = Http::new(options);
    if let Err(error) = http.prepare(handler).await {
        return DeliveryAttempt { outcome: Err(RequestError::Setup(error)), elapsed: Duration::ZERO };
    }
    let began = Instant::now();
    let answer = http.probe(handler.clone(), CONTENT_TYPE, USER_AGENT, delivery.encode()).await;
    let elapsed = began.elapsed();
    let outcome = answer.map(|answer| Response {
        status: answer.status,
        location: answer.location,
        certificate: answer.certificate,
    });
    DeliveryAttempt { outcome, elapsed }
}
