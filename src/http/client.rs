//! The HTTP client: built when first needed, answers bounded, no redirects followed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio::sync::OnceCell;
use url::Url;

use super::hosts::{host_of, is_loopback};
use super::tls::{Trust, client_config};
use super::transport::{RequestError, TransportError};
use crate::redact::Scrubber;

/// Longest answer that is read, in bytes.
const MAX_ANSWER: usize = 8 << 20;

/// How requests are made.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Longest time for one request, from the first byte sent to the last byte read, unless the request sets its own.
    pub timeout: Duration,
    /// PEM file with certificate authorities to trust in addition to the platform's.
    pub ca_cert: Option<PathBuf>,
    /// A host name with the addresses to use instead of a lookup.
    pub pinned: Option<(String, Vec<SocketAddr>)>,
}

/// Longest time for one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimit {
    pub(crate) length: Duration,
    /// Whether the limit for all attempts together has shortened it.
    pub(crate) is_rest: bool,
}

impl From<Duration> for TimeLimit {
    fn from(length: Duration) -> Self {
        Self { length, is_rest: false }
    }
}

/// A whole answer, not yet decoded.
#[derive(Debug, Clone)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) date: Option<String>,
    /// The server's own certificate (DER), over TLS.
    pub(crate) certificate: Option<Vec<u8>>,
    /// At most [`MAX_ANSWER`] bytes.
    pub(crate) body: Vec<u8>,
}

impl RawAnswer {
    /// Masks secrets that the server sent back, wherever they stand.
    pub(crate) fn scrubbed(self, scrubber: &Scrubber) -> Self {
        Self {
            content_type: self.content_type.map(|text| scrubber.scrub_text(&text)),
            location: self.location.map(|text| scrubber.scrub_text(&text)),
            body: scrubber.scrub(self.body),
            ..self
        }
    }
}

/// The HTTP client of the process. HTTP/1.1 only: a command makes one or two requests, and a second protocol would slow
/// the start.
///
/// reqwest's clients behind it are built when first needed, because reading the platform's certificate authorities takes
/// longer than all the rest.
#[derive(Debug)]
pub(crate) struct Http {
    options: HttpOptions,
    plain_loopback: OnceCell<Client>,
    tls_loopback: OnceCell<Client>,
    remote: OnceCell<Client>,
}

impl Http {
    pub(crate) fn new(options: HttpOptions) -> Self {
        let [plain_loopback, tls_loopback, remote] = std::array::from_fn(|_| OnceCell::new());
        Self { options, plain_loopback, tls_loopback, remote }
    }

    /// Builds the client for this URL, so that building it does not count as the server's time.
    pub(crate) async fn prepare(&self, url: &Url) -> anyhow::Result<()> {
        self.client(Route::to(url)).await.map(drop)
    }

    /// Longest time for a request that sets no limit of its own.
    pub(crate) fn timeout(&self) -> Duration {
        self.options.timeout
    }

    /// Posts a body and reads the answer, whatever its status.
    pub(crate) async fn post(
        &self,
        url: Url,
        content_type: &str,
        body: String,
        limit: TimeLimit,
    ) -> Result<RawAnswer, RequestError> {
        let request = self.request(Method::POST, &url, limit.length).await?;
        let answer = exchange(request.header(CONTENT_TYPE, content_type).body(body), limit.length).await;
        answer.map_err(|cause| match cause {
            TransportError::Timeout(_) if limit.is_rest => transport(&url, TransportError::RetryTimeout),
            cause => transport(&url, cause),
        })
    }

    /// Posts a body under another user agent and reads the head of the answer, not its body.
    pub(crate) async fn probe(
        &self,
        url: Url,
        content_type: &str,
        user_agent: &str,
        body: String,
    ) -> Result<RawAnswer, RequestError> {
        let timeout = self.options.timeout;
        let request = self.request(Method::POST, &url, timeout).await?;
        let request = request.header(CONTENT_TYPE, content_type).header(USER_AGENT, user_agent);
        match request.body(body).send().await {
            Ok(response) => Ok(head(&response)),
            Err(error) => Err(transport(&url, TransportError::from_reqwest(&error, timeout))),
        }
    }

    /// Requests a page without a body.
    pub(crate) async fn fetch(&self, method: Method, url: Url) -> Result<RawAnswer, RequestError> {
        let timeout = self.options.timeout;
        let request = self.request(method, &url, timeout).await?;
        exchange(request, timeout).await.map_err(|cause| transport(&url, cause))
    }

    async fn request(&self, method: Method, url: &Url, timeout: Duration) -> Result<RequestBuilder, RequestError> {
        let client = self.client(Route::to(url)).await.map_err(RequestError::Setup)?;
        Ok(client.request(method, url.clone()).timeout(timeout))
    }

    async fn client(&self, route: Route) -> anyhow::Result<&Client> {
        let cell = match route {
            Route::PlainLoopback => &self.plain_loopback,
            Route::TlsLoopback => &self.tls_loopback,
            Route::Remote => &self.remote,
        };
        cell.get_or_try_init(|| build_off_thread(self.options.clone(), route)).await
    }
}

/// Which client a URL needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// No certificates, no proxy.
    PlainLoopback,
    /// No proxy: it could not reach this machine's loopback addresses.
    TlsLoopback,
    Remote,
}

impl Route {
    fn to(url: &Url) -> Self {
        match (is_loopback(url), url.scheme()) {
            (true, "http") => Self::PlainLoopback,
            (true, _) => Self::TlsLoopback,
            (false, _) => Self::Remote,
        }
    }

    fn trust(self, ca_cert: Option<&Path>) -> Trust<'_> {
        match self {
            Self::PlainLoopback => Trust::Nothing,
            Self::TlsLoopback | Self::Remote => Trust::Platform { extra: ca_cert },
        }
    }
}

/// Reading the platform's authorities takes tens of milliseconds; other tasks go on meanwhile.
async fn build_off_thread(options: HttpOptions, route: Route) -> anyhow::Result<Client> {
    if route == Route::PlainLoopback {
        return build(&options, route);
    }
    tokio::task::spawn_blocking(move || build(&options, route)).await?
}

fn build(options: &HttpOptions, route: Route) -> anyhow::Result<Client> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(client_config(route.trust(options.ca_cert.as_deref()))?)
        .user_agent(concat!("imconn/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .http1_only()
        .tls_info(true)
        // The retry loop of the portal decides, after it has understood the answer.
        .retry(reqwest::retry::never())
        .connect_timeout(connect_timeout(options.timeout));
    if let Some((name, addresses)) = &options.pinned {
        builder = builder.resolve_to_addrs(name, addresses);
    }
    if route != Route::Remote {
        builder = builder.no_proxy();
    }
    builder.build().context("cannot set up the HTTP client")
}

async fn exchange(request: RequestBuilder, timeout: Duration) -> Result<RawAnswer, TransportError> {
    let sent = request.send().await;
    let mut response = sent.map_err(|error| TransportError::from_reqwest(&error, timeout))?;
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if announced > MAX_ANSWER {
        return Err(TransportError::TooLarge(MAX_ANSWER));
    }
    let mut body = Vec::with_capacity(announced);
    loop {
        let chunk = response.chunk().await.map_err(|error| TransportError::from_reqwest(&error, timeout))?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(TransportError::TooLarge(MAX_ANSWER));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(RawAnswer { body, ..head(&response) })
}

/// Everything of an answer but its body.
fn head(response: &Response) -> RawAnswer {
    let tls = response.extensions().get::<TlsInfo>();
    RawAnswer {
        status: response.status().as_u16(),
        content_type: header(response.headers(), &CONTENT_TYPE),
        location: header(response.headers(), &LOCATION),
        date: header(response.headers(), &DATE),
        certificate: tls.and_then(TlsInfo::peer_certificate).map(<[u8]>::to_vec),
        body: Vec::new(),
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn transport(url: &Url, cause: TransportError) -> RequestError {
    RequestError::Transport { host: host_of(url), cause }
}

/// Shorter than the time-out of a request: a failed connection must show before that, because only then it is certain
/// that the request was not sent and may be sent again.
fn connect_timeout(whole: Duration) -> Duration {
    (whole / 2).min(Duration::from_secs(10))
}
