//! The REST client: calls and batches against one portal, with tokens, retries, pacing and renames behind them.

pub mod address;
pub mod auth;
pub(crate) mod batch;
pub(crate) mod calls;
pub mod failure;
pub(crate) mod identity;
pub mod notice;
pub mod oauth;
pub mod retry;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde_json::{Map, Value};
use tracing::{debug, info};

use self::address::PortalAddress;
use self::auth::{Auth, Credentials, Kept, Renewal};
use self::calls::Call;
use self::failure::{Failure, RenewalError, Server};
use self::notice::{Notice, Observer};
use self::retry::{Attempts, Replay, may_have_happened};
use crate::http::client::{Http, RawAnswer};
use crate::redact::{Secret, mask_urls};
use crate::wire::envelope::{self, Answer, PortalError};
use crate::wire::excerpt::printable;

/// The portal's bucket (`portal-protocol` section 1) holds 50 requests and drains two a second. It counts a request when
/// it arrives and we when it leaves: two requests are room for a second of difference.
const BUCKET: NonZeroU32 = NonZeroU32::new(48).expect("not zero");
const DRAIN_PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("not zero");
/// How many renames are followed one after another.
const MAX_RENAMES: usize = 3;

/// One portal.
pub struct Portal {
    address: RwLock<PortalAddress>,
    http: Arc<Http>,
    auth: Arc<Auth>,
    retries: usize,
    pace: DefaultDirectRateLimiter,
    /// When each method's working-time window ends, in Unix seconds, as far as answers have told.
    windows: Mutex<HashMap<String, i64>>,
    observer: Observer,
}

impl Portal {
    /// A client for `address`; nothing is opened or read before the first request.
    pub(crate) fn new(address: PortalAddress, http: Arc<Http>, auth: Auth, retries: usize, observer: Observer) -> Self {
        let quota = Quota::per_second(DRAIN_PER_SECOND).allow_burst(BUCKET);
        Self {
            address: RwLock::new(address),
            http,
            auth: Arc::new(auth),
            retries,
            pace: RateLimiter::direct(quota),
            windows: Mutex::default(),
            observer,
        }
    }

    /// Where the portal is now; a rename changes it.
    #[must_use]
    pub fn address(&self) -> PortalAddress {
        self.address.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The credentials that requests are made with now: others after a renewal.
    ///
    /// # Errors
    /// [`Failure::Local`] when they cannot be read.
    pub async fn credentials(&self) -> Result<Credentials, Failure> {
        self.auth.credentials().await
    }

    /// Calls one method.
    ///
    /// # Errors
    /// [`Failure`], after all retries that `replay` allows.
    pub async fn call(&self, method: &str, params: &Map<String, Value>, replay: Replay) -> Result<Answer, Failure> {
        let mut attempts = Attempts::new(self.retries, replay);
        let sent = self.send(method, params, &mut attempts).await?;
        Ok(sent.answer)
    }

    /// Makes one typed call that is safe to repeat.
    pub(crate) async fn ask<C: Call>(&self, call: C) -> Result<C::Answer, Failure> {
        let command = call.command();
        let answer = self.call(command.method, &command.params, Replay::Safe).await?;
        C::decode(&answer.result)
            .map_err(|wrong| Failure::UnexpectedResult { server: self.server(), problem: wrong.to_string() })
    }

    fn server(&self) -> Server {
        self.address().server()
    }

    /// Makes one request until it is answered, refused for good, or given up.
    async fn send(&self, method: &str, params: &Map<String, Value>, attempts: &mut Attempts) -> Result<Sent, Failure> {
        let (mut tokens, mut repeated) = (Renewals::default(), false);
        let mut way = vec![self.address()];
        loop {
            let (token, address) = (self.auth.token().await?, &way[way.len() - 1]);
            let failure = match self.attempt(method, params, &token, address, attempts).await {
                Ok(Attempt::Answered(answer)) => {
                    if answer.has_time {
                        self.settle(&way).await;
                    }
                    return Ok(Sent { answer, repeated });
                }
                Ok(Attempt::Moved(to)) if way.len() > MAX_RENAMES => {
                    Failure::Redirected { server: address.server(), status: 302, to: to.to_string() }
                }
                Ok(Attempt::Moved(to)) => {
                    way.push(to);
                    continue;
                }
                Err(failure) => failure,
            };
            if let Failure::Refused(refusal) = &failure
                && refusal.code.is_stale_token()
            {
                self.renew(&mut tokens, &token, refusal).await?;
                continue;
            }
            repeated |= may_have_happened(&failure);
            if !self.pause(attempts, &failure, method).await {
                return Err(failure);
            }
        }
    }

    /// Replaces a token that was refused: at most two re-reads and one refresh for each request.
    async fn renew(&self, tokens: &mut Renewals, refused: &Secret, refusal: &PortalError) -> Result<(), Failure> {
        if tokens.refreshed || tokens.rereads > 1 {
            return Err(self.auth.dead(refusal, RenewalError::Useless));
        }
        match self.auth.renew(refused, refusal).await? {
            Renewal::Reread => tokens.rereads += 1,
            Renewal::Refreshed(kept) => {
                tokens.refreshed = true;
                match kept {
                    Kept::Stored => {}
                    Kept::InMemory { place, copy } => (self.observer)(Notice::RefreshTokenReplaced { place, copy }),
                    Kept::Unsaved { why, copy } => (self.observer)(Notice::TokensNotStored { why, copy }),
                    // Somebody counts on that file: to go on as if it were there would lose the tokens for him.
                    Kept::NotCopied(why) => return Err(Failure::local(anyhow::Error::msg(why))),
                }
            }
        }
        Ok(())
    }

    /// Waits before the next attempt; false when there is none to be made.
    async fn pause(&self, attempts: &mut Attempts, failure: &Failure, method: &str) -> bool {
        let window_end = self.windows().get(method).copied();
        let Some(after) = attempts.next(failure, window_end) else { return false };
        (self.observer)(Notice::Retrying { reason: failure.to_string(), after });
        tokio::time::sleep(after).await;
        true
    }

    /// Whether there is time to wait until the method may be asked again.
    fn is_worth_waiting(&self, attempts: &Attempts, failure: &Failure, method: &str) -> bool {
        attempts.has_time_for(failure, self.windows().get(method).copied())
    }

    /// Once the new address of a renamed portal has answered as only a portal does, it is the address. A refusal proves
    /// nothing: most web services can say "unauthorised".
    async fn settle(&self, way: &[PortalAddress]) {
        let [from, .., to] = way else { return };
        if self.address() == *to {
            return;
        }
        // A store that cannot be written is no reason to stop: the old address leads here next time as well.
        let remembered = self.auth.moved(to).await.map_err(|error| format!("{error:#}"));
        (self.observer)(Notice::Renamed { from: from.host(), to: to.host(), remembered });
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = to.clone();
    }

    async fn attempt(
        &self,
        method: &str,
        params: &Map<String, Value>,
        token: &Secret,
        address: &PortalAddress,
        attempts: &Attempts,
    ) -> Result<Attempt, Failure> {
        self.pace.until_ready().await;
        let mut body = params.clone();
        body.insert("auth".to_owned(), token.expose().into());
        let (began, body) = (Instant::now(), Value::Object(body).to_string());
        (self.observer)(Notice::Waiting);
        let limit = attempts.limit(self.http.timeout());
        let answer = self.http.post(address.method(method), "application/json", body, limit).await;
        let answer = answer.map_err(|error| Failure::transport(address.server(), error));
        (self.observer)(Notice::Answered);
        let elapsed = began.elapsed().as_millis();
        let answer = answer.inspect_err(|failure| info!("POST {method}: {failure} after {elapsed} ms"))?;
        info!("POST {method}: HTTP {} in {elapsed} ms, {} bytes", answer.status, answer.body.len());
        self.understand(method, address, answer)
    }

    fn understand(&self, method: &str, address: &PortalAddress, answer: RawAnswer) -> Result<Attempt, Failure> {
        let secrets = self.auth.secrets();
        let RawAnswer { status, content_type, location, body, .. } = answer.scrubbed(&secrets);
        if let (300..400, Some(location)) = (status, location) {
            if status == 302
                && let Some(to) = address.renamed_to(&location, method)
            {
                return Ok(Attempt::Moved(to));
            }
            let shown: String = printable(&location).chars().take(120).collect();
            return Err(Failure::Redirected { server: address.server(), status, to: mask_urls(&shown) });
        }
        match envelope::decode(status, content_type.as_deref(), &body, &secrets) {
            Ok(answer) => {
                self.remember_window(method, answer.operating_reset_at);
                Ok(Attempt::Answered(answer))
            }
            Err(envelope::DecodeError::Portal(error)) => {
                debug!("refused: {error}");
                Err(Failure::Refused(error))
            }
            Err(envelope::DecodeError::Invalid(response)) => {
                Err(Failure::InvalidResponse { server: address.server(), response })
            }
        }
    }

    fn remember_window(&self, method: &str, end: Option<i64>) {
        if let Some(end) = end {
            self.windows().insert(method.to_owned(), end);
        }
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was done about refused tokens within one request.
#[derive(Default)]
struct Renewals {
    rereads: usize,
    refreshed: bool,
}

enum Attempt {
    Answered(Answer),
    Moved(PortalAddress),
}

struct Sent {
    answer: Answer,
    /// Whether an earlier attempt may have been carried out, too.
    repeated: bool,
}
