//! HTTP below REST: one lazily built client, bounded answers, no redirects.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION};
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio::sync::OnceCell;
use url::Url;

use super::tls::{Trust, client_config};
use crate::portal::address::is_loopback;
use crate::portal::failure::{Failure, TransportError};
use crate::redact::Scrubber;

/// Longest answer that is read, in bytes.
pub const MAX_ANSWER: usize = 8 << 20;

/// How requests are made.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// From the first byte sent to the last byte read, for one request.
    pub timeout: Duration,
    /// PEM file with authorities to trust beside the platform's.
    pub ca_cert: Option<PathBuf>,
    /// A name that is not looked up any more, and its addresses.
    pub pinned: Option<(String, Vec<SocketAddr>)>,
}

/// A whole answer, not yet understood.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// The other side's own certificate (DER), over TLS.
    pub certificate: Option<Vec<u8>>,
    /// At most [`MAX_ANSWER`] bytes.
    pub body: Vec<u8>,
}

impl RawAnswer {
    /// The answer without the secrets that the other side may have sent back, wherever they stand.
    #[must_use]
    pub fn scrubbed(self, scrubber: &Scrubber) -> Self {
        let clean = |text: Option<String>| text.map(|text| scrubber.scrub_text(&text));
        Self {
            content_type: clean(self.content_type),
            location: clean(self.location),
            body: scrubber.scrub(self.body),
            ..self
        }
    }
}

/// The HTTP client. HTTP/1.1 only: a command makes one or two requests, and a second protocol would cost start-up.
#[derive(Debug)]
pub struct Http {
    options: HttpOptions,
    loopback: OnceCell<Client>,
    remote: OnceCell<Client>,
}

impl Http {
    /// Keeps the options; nothing is built before the first request.
    #[must_use]
    pub fn new(options: HttpOptions) -> Self {
        Self { options, loopback: OnceCell::new(), remote: OnceCell::new() }
    }

    /// A client that is built already for this address, so that building it does not count as its server's time. It is
    /// built beside other work: reading the platform's roots takes a while.
    ///
    /// # Errors
    /// When it cannot be built.
    pub async fn prepared(options: HttpOptions, url: &Url) -> anyhow::Result<Self> {
        let http = Self::new(options);
        let (options, plain, direct) = (http.options.clone(), is_plain_loopback(url), is_loopback(url));
        let client = tokio::task::spawn_blocking(move || Self::new(options).built(plain, direct)).await??;
        let cell = if plain { &http.loopback } else { &http.remote };
        // Nobody else has it yet.
        let _ = cell.set(client);
        Ok(http)
    }

    /// Longest time for one request.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.options.timeout
    }

    /// Posts a body and reads the answer, whatever its status. `within` shortens the time-out, and never lengthens it.
    ///
    /// # Errors
    /// [`Failure::Transport`] when no whole answer came, [`Failure::Local`] when the client cannot be built.
    pub async fn post(&self, url: Url, kind: &str, body: String, within: Duration) -> Result<RawAnswer, Failure> {
        let client = self.client(&url).await.map_err(Failure::Local)?;
        let host = host_of(&url);
        let timeout = self.options.timeout.min(within);
        let request = client.post(url).header(CONTENT_TYPE, kind).body(body).timeout(timeout);
        exchange(request, timeout).await.map_err(|cause| {
            let shortened = within < self.options.timeout && matches!(cause, TransportError::Timeout(_));
            Failure::Transport { host, cause: if shortened { TransportError::OutOfTime } else { cause } }
        })
    }

    /// Posts a body and reads what is said about the answer, but not the answer: what comes of that does not matter.
    ///
    /// # Errors
    /// As for [`Http::post`], but not for a body that breaks off or is too long.
    pub async fn probe(&self, url: Url, kind: &str, body: String) -> Result<RawAnswer, Failure> {
        let client = self.client(&url).await.map_err(Failure::Local)?;
        let (host, timeout) = (host_of(&url), self.options.timeout);
        let request = client.post(url).header(CONTENT_TYPE, kind).body(body).timeout(timeout);
        let sent = request.send().await.map_err(|error| TransportError::from_reqwest(&error, timeout));
        sent.map(|response| head(&response)).map_err(|cause| Failure::Transport { host, cause })
    }

    /// Gets a page, or with `Method::HEAD` only what is said about it.
    ///
    /// # Errors
    /// As for [`Http::post`].
    pub async fn fetch(&self, method: Method, url: Url) -> Result<RawAnswer, Failure> {
        let client = self.client(&url).await.map_err(Failure::Local)?;
        let (host, timeout) = (host_of(&url), self.options.timeout);
        let request = client.request(method, url).timeout(timeout);
        exchange(request, timeout).await.map_err(|cause| Failure::Transport { host, cause })
    }

    async fn client(&self, url: &Url) -> anyhow::Result<&Client> {
        let (plain, direct) = (is_plain_loopback(url), is_loopback(url));
        let cell = if plain { &self.loopback } else { &self.remote };
        cell.get_or_try_init(|| async { self.built(plain, direct) }).await
    }

    fn built(&self, plain: bool, direct: bool) -> anyhow::Result<Client> {
        let extra = self.options.ca_cert.as_deref();
        self.build(if plain { Trust::Nobody } else { Trust::Platform { extra } }, direct)
    }

    fn build(&self, trust: Trust<'_>, direct: bool) -> anyhow::Result<Client> {
        let mut builder = Client::builder()
            .tls_backend_preconfigured(client_config(trust)?)
            .user_agent(concat!("imconn/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .http1_only()
            .tls_info(true)
            // A retry is a decision of ours, taken after the answer is understood.
            .retry(reqwest::retry::never())
            .connect_timeout(connect_timeout(self.options.timeout));
        if let Some((name, addresses)) = &self.options.pinned {
            builder = builder.resolve_to_addrs(name, addresses);
        }
        if direct {
            // A proxy cannot reach this machine's loopback addresses.
            builder = builder.no_proxy();
        }
        builder.build().context("cannot set up the HTTP client")
    }
}

/// Where no certificate is looked at.
fn is_plain_loopback(url: &Url) -> bool {
    is_loopback(url) && url.scheme() == "http"
}

async fn exchange(request: RequestBuilder, timeout: Duration) -> Result<RawAnswer, TransportError> {
    let named = |error: reqwest::Error| TransportError::from_reqwest(&error, timeout);
    let mut response = request.send().await.map_err(named)?;
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if announced > MAX_ANSWER {
        return Err(TransportError::TooLarge(MAX_ANSWER));
    }
    let mut body = Vec::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(named)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(TransportError::TooLarge(MAX_ANSWER));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(RawAnswer { body, ..head(&response) })
}

/// What is said about an answer; its body is not read.
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

/// Shorter than the time-out of the whole request: that no connection was made must show before the time is up, because
/// only then it is known that the request never left, and safe to try again.
fn connect_timeout(whole: Duration) -> Duration {
    (whole / 2).min(Duration::from_secs(10))
}

/// Host and port for messages.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
