//! The auth server (`protocol` section 6).

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::info;
use url::Url;

use super::failure::{Failure, ServerName};
use super::retry::{self, Attempt, Attempts, Replay, Request};
use crate::http::client::{Http, RawAnswer, TimeLimit};
use crate::http::hosts::host_of;
use crate::redact::{Scrubber, Secret, known_secrets, mask_urls, remember};
use crate::wire::envelope::{InvalidResponse, PortalError, ResponseKind, parse};
use crate::wire::excerpt::printable;
use crate::wire::form;
use crate::wire::tokens::TokenSet;

/// The application's own id and secret. They go to the auth server and nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct ClientKeys {
    /// `client_id`.
    pub(crate) id: String,
    /// `client_secret`.
    pub(crate) secret: Secret,
}

/// A pair that the auth server issued.
#[derive(Debug, Clone)]
pub(crate) struct TokenPair {
    pub(crate) access_token: Secret,
    /// Replaces the old one.
    pub(crate) refresh_token: Secret,
    /// When the access token expires, in Unix seconds.
    pub(crate) expires: Option<i64>,
    /// The REST address of the portal that the tokens are for.
    pub(crate) portal: Option<String>,
    /// The portal's permanent id; it survives renames.
    pub(crate) member_id: Option<String>,
}

impl From<TokenPair> for TokenSet {
    fn from(pair: TokenPair) -> Self {
        Self {
            access_token: pair.access_token,
            refresh_token: Some(pair.refresh_token),
            expires: pair.expires,
            lifetime: None,
            portal: pair.portal,
            member_id: pair.member_id,
            application_token: None,
            unverified_application_token: None,
            client_id: None,
            client_secret: None,
            from_frame: false,
            auth_server: None,
        }
    }
}

/// How long a refresh token is valid: 180 days, in seconds.
const REFRESH_TOKEN_SECONDS: i64 = 180 * 24 * 3600;

/// When a refresh token issued just now expires, in Unix seconds.
pub(crate) fn fresh_refresh_expires() -> i64 {
    Timestamp::now().as_second() + REFRESH_TOKEN_SECONDS
}

/// A client of the auth server.
#[derive(Debug)]
pub(crate) struct OAuthServer {
    /// `None` if it is not known: then nothing is sent.
    token_url: Option<Url>,
    http: Arc<Http>,
    timeout: Duration,
    retries: usize,
}

impl OAuthServer {
    /// `base` is `https://oauth.bitrix.info` or another address that the settings have checked; one request may take
    /// `timeout`.
    pub(crate) fn new(base: Option<&Url>, http: Arc<Http>, timeout: Duration, retries: usize) -> Self {
        let token_url = base.cloned().map(|mut url| {
            url.set_path("/oauth/token/");
            url.set_query(None);
            url
        });
        Self { token_url, http, timeout, retries }
    }

    /// Whether there is a server to ask.
    pub(crate) fn is_known(&self) -> bool {
        self.token_url.is_some()
    }

    /// Exchanges a refresh token for a new pair.
    ///
    /// The documentation shows a GET with everything in the query; the server accepts a form body as well, which keeps
    /// the client secret out of access logs (the vendor's own JavaScript SDK has done the same since June 2026).
    pub(crate) async fn refresh(&self, client: &ClientKeys, refresh_token: &Secret) -> Result<TokenPair, Failure> {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
        self.grant(client, grant, Replay::Safe).await
    }

    /// Exchanges an authorisation code for the first pair. A code is valid once: if the answer is lost, so is the code.
    pub(crate) async fn exchange(&self, client: &ClientKeys, code: &Secret) -> Result<TokenPair, Failure> {
        remember(&client.secret);
        remember(code);
        let grant = [("grant_type", "authorization_code"), ("code", code.expose())];
        self.grant(client, grant, Replay::Unsafe).await
    }

    async fn grant(&self, client: &ClientKeys, grant: [(&str, &str); 2], replay: Replay) -> Result<TokenPair, Failure> {
        let Some(url) = self.token_url.clone() else {
            return Err(Failure::local(anyhow!("no auth server is known")));
        };
        let keys = [("client_id", client.id.as_str()), ("client_secret", client.secret.expose())];
        let fields: Map<String, Value> =
            grant.into_iter().chain(keys).map(|(name, value)| (name.to_owned(), value.into())).collect();
        let mut attempts = Attempts::new(self.retries, replay);
        retry::run(&mut TokenRequest { server: self, url, fields }, &mut attempts).await
    }
}

/// A request for tokens.
struct TokenRequest<'a> {
    server: &'a OAuthServer,
    url: Url,
    fields: Map<String, Value>,
}

impl Request for TokenRequest<'_> {
    type Answer = TokenPair;

    async fn attempt(&mut self, attempts: &Attempts) -> Attempt<TokenPair> {
        match self.post(attempts.limit(self.server.timeout)).await {
            Ok(pair) => Attempt::Answered(pair),
            Err(failure) => Attempt::Failed(failure),
        }
    }

    fn window_end(&self) -> Option<i64> {
        None
    }

    fn will_retry(&mut self, _failure: &Failure, _after: Duration) {}
}

impl TokenRequest<'_> {
    async fn post(&self, limit: TimeLimit) -> Result<TokenPair, Failure> {
        let url = self.url.clone();
        let server = ServerName::Auth(host_of(&url));
        let body = form::encode(&self.fields);
        let answer = self.server.http.post(url, "application/x-www-form-urlencoded", body, limit).await;
        let answer = answer.map_err(|error| Failure::transport(server.clone(), error))?;
        info!("POST /oauth/token/: HTTP {}", answer.status);
        let secrets = known_secrets();
        let clean = answer.clone().scrubbed(&secrets);
        if let (300..400, Some(to)) = (clean.status, &clean.location) {
            let to = mask_urls(&printable(to));
            return Err(Failure::Redirected { server, status: clean.status, to, portal: None });
        }
        let invalid = |kind| invalid_response(&server, &clean, kind, &secrets);
        let mut document = parse(&clean.body).map_err(invalid)?;
        secrets.scrub_value(&mut document);
        if let Some(error) = PortalError::from_json(clean.status, &document) {
            return Err(Failure::Refused(error));
        }
        // An auth server may return the refresh token unchanged, and scrubbing would remove it: read the original.
        let document = parse(&answer.body).map_err(invalid)?;
        decode_pair(&document).ok_or_else(|| invalid(ResponseKind::NoTokens))
    }
}

/// Any JSON may hold new tokens, which the scrubber does not know yet: only a web page is quoted.
fn invalid_response(server: &ServerName, answer: &RawAnswer, kind: ResponseKind, secrets: &Scrubber) -> Failure {
    let quoted: &[u8] = if kind == ResponseKind::Html { &answer.body } else { b"" };
    let response = InvalidResponse::new(answer.status, answer.content_type.as_deref(), kind, quoted, secrets);
    Failure::InvalidResponse { server: server.clone(), response }
}

fn decode_pair(document: &Value) -> Option<TokenPair> {
    let TokenSet { access_token, refresh_token, expires, lifetime, portal, member_id, .. } =
        TokenSet::from_json(document).ok()?;
    // The pair was issued just now.
    let expires = expires.or_else(|| lifetime.map(|seconds| Timestamp::now().as_second() + seconds));
    Some(TokenPair { access_token, refresh_token: refresh_token?, expires, portal, member_id })
}
