//! The REST client: calls and batches against one portal, with tokens, retries, pacing and renames behind them.

pub mod address;
pub mod auth;
pub mod failure;
pub mod http;
pub mod methods;
pub mod oauth;
pub mod retry;
pub mod tls;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde_json::{Map, Value};
use tracing::{debug, info};

use self::address::PortalAddress;
use self::auth::{Auth, Kept, Renewal};
use self::failure::{Failure, RenewalError};
use self::http::{Http, RawAnswer};
use self::retry::{Attempts, Replay, is_passing, may_have_happened};
use crate::redact::{Secret, mask_urls};
use crate::wire::batch::{self, Command, MAX_COMMANDS, Outcome};
use crate::wire::envelope::{self, Answer, Oddity, Unusable};
use crate::wire::excerpt::printable;

/// The portal's bucket (`portal-protocol` section 1): it holds 50 requests and drains two a second.
const BUCKET: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
const DRAIN_PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("not zero");
/// How many renames are followed one after another.
const MAX_RENAMES: usize = 3;

/// What a person may want to know while a request is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A request is being made.
    Waiting,
    /// The request ended, one way or the other.
    Answered,
    /// Trying again after a pause.
    Retrying {
        /// What went wrong.
        reason: String,
        /// How long the pause is.
        after: Duration,
    },
    /// The portal has a new address.
    Renamed {
        /// The address as it was.
        from: String,
        /// The address from now on.
        to: String,
        /// Whether the profile was updated.
        remembered: bool,
    },
    /// Tokens from the environment were replaced, and the environment cannot be.
    RefreshTokenReplaced,
}

/// Receives [`Notice`]s.
pub type Observer = Arc<dyn Fn(Notice) + Send + Sync>;

/// One portal.
pub struct Portal {
    address: RwLock<PortalAddress>,
    http: Http,
    auth: Auth,
    retries: usize,
    pace: DefaultDirectRateLimiter,
    window_end: AtomicI64,
    observer: Observer,
}

/// What became of the commands of a batch.
#[derive(Debug)]
pub struct BatchReply {
    /// One outcome a command, in order; [`Outcome::Missing`] for those that `broken` kept from being answered.
    pub outcomes: Vec<Outcome>,
    /// Whether a request was repeated whose first answer was lost, so that it may have been carried out twice.
    pub repeated: bool,
    /// What ended the work after some commands had been answered.
    pub broken: Option<Failure>,
}

impl Portal {
    /// A client for `address`; nothing is opened or read before the first request.
    #[must_use]
    pub fn new(address: PortalAddress, http: Http, auth: Auth, retries: usize, observer: Observer) -> Self {
        let quota = Quota::per_second(DRAIN_PER_SECOND).allow_burst(BUCKET);
        Self {
            address: RwLock::new(address),
            http,
            auth,
            retries,
            pace: RateLimiter::direct(quota),
            window_end: AtomicI64::new(0),
            observer,
        }
    }

    /// Where the portal is now; a rename changes it.
    #[must_use]
    pub fn address(&self) -> PortalAddress {
        self.address.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls one method.
    ///
    /// # Errors
    /// [`Failure`], after all retries that `replay` allows.
    pub async fn call(&self, method: &str, params: &Map<String, Value>, replay: Replay) -> Result<Answer, Failure> {
        let mut attempts = Attempts::new(self.retries, replay);
        self.send(method, params, &mut attempts).await.map(|sent| sent.answer)
    }

    /// Runs commands in order, 50 to a request. Commands that were refused for a passing reason are repeated alone.
    ///
    /// All commands must be safe to repeat: a lost answer leads to a second request.
    ///
    /// # Errors
    /// [`Failure`] when not one command was answered. Refusals of single commands are in the outcomes, and what ended
    /// a batch in the middle is in [`BatchReply::broken`].
    pub async fn batch(&self, commands: &[Command]) -> Result<BatchReply, Failure> {
        let mut reply = BatchReply { outcomes: Vec::with_capacity(commands.len()), repeated: false, broken: None };
        for chunk in commands.chunks(MAX_COMMANDS) {
            match self.batch_chunk(chunk, &mut reply.repeated).await {
                Ok(outcomes) => reply.outcomes.extend(outcomes),
                Err(failure) if reply.outcomes.is_empty() => return Err(failure),
                Err(failure) => {
                    reply.broken = Some(failure);
                    break;
                }
            }
        }
        reply.outcomes.resize(commands.len(), Outcome::Missing);
        Ok(reply)
    }

    async fn batch_chunk(&self, commands: &[Command], repeated: &mut bool) -> Result<Vec<Outcome>, Failure> {
        let mut attempts = Attempts::new(self.retries, Replay::Safe);
        let mut outcomes = self.batch_once(commands, &mut attempts, repeated).await?;
        loop {
            let passing = |i: &usize| matches!(&outcomes[*i], Outcome::Refused(error) if is_passing(error));
            let open: Vec<usize> = (0..commands.len()).filter(passing).collect();
            let Some(Outcome::Refused(first)) = open.first().map(|&i| &outcomes[i]) else { break };
            if !self.pause(&mut attempts, &Failure::Refused(first.clone())).await {
                break;
            }
            let again: Vec<Command> = open.iter().map(|&i| commands[i].clone()).collect();
            // When this request fails as a whole, what is known of the commands is still the refusal from before.
            let Ok(answered) = self.batch_once(&again, &mut attempts, repeated).await else { break };
            for (index, outcome) in open.into_iter().zip(answered) {
                outcomes[index] = outcome;
            }
        }
        Ok(outcomes)
    }

    async fn batch_once(
        &self,
        commands: &[Command],
        attempts: &mut Attempts,
        repeated: &mut bool,
    ) -> Result<Vec<Outcome>, Failure> {
        let sent = self.send("batch", &batch::encode(commands), attempts).await?;
        *repeated |= sent.repeated;
        batch::decode(&sent.answer.result, commands.len()).map_err(|member| self.wrong_shape(member))
    }

    /// Makes one request until it is answered, refused for good, or given up.
    async fn send(&self, method: &str, params: &Map<String, Value>, attempts: &mut Attempts) -> Result<Sent, Failure> {
        let (mut rereads, mut refreshed, mut renames, mut repeated) = (0, false, 0, false);
        loop {
            let token = self.auth.token().await?;
            let failure = match self.attempt(method, params, &token).await {
                Ok(Attempt::Answered(answer)) => return Ok(Sent { answer, repeated }),
                Ok(Attempt::Moved(to)) if renames < MAX_RENAMES => {
                    renames += 1;
                    self.follow(to)?;
                    continue;
                }
                Ok(Attempt::Moved(to)) => {
                    Failure::Redirected { host: self.address().host(), status: 302, to: to.to_string() }
                }
                Err(failure) => failure,
            };
            if let Failure::Refused(refusal) = &failure
                && refusal.code.is_stale_token()
            {
                if refreshed || rereads > 1 {
                    return Err(Failure::TokenDead { refusal: refusal.clone(), renewal: RenewalError::Useless });
                }
                match self.auth.renew(&token, refusal).await? {
                    Renewal::Reread => rereads += 1,
                    Renewal::Refreshed(kept) => {
                        refreshed = true;
                        if kept == Kept::InMemory {
                            (self.observer)(Notice::RefreshTokenReplaced);
                        }
                    }
                }
                continue;
            }
            repeated |= may_have_happened(&failure);
            if !self.pause(attempts, &failure).await {
                return Err(failure);
            }
        }
    }

    /// Waits before the next attempt; false when there is none to be made.
    async fn pause(&self, attempts: &mut Attempts, failure: &Failure) -> bool {
        let window_end = Some(self.window_end.load(Ordering::Relaxed)).filter(|&end| end > 0);
        let Some(after) = attempts.next(failure, window_end) else { return false };
        (self.observer)(Notice::Retrying { reason: failure.to_string(), after });
        tokio::time::sleep(after).await;
        true
    }

    fn follow(&self, to: PortalAddress) -> Result<(), Failure> {
        let from = self.address();
        let remembered = self.auth.moved(&to)?;
        (self.observer)(Notice::Renamed { from: from.host(), to: to.host(), remembered });
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = to;
        Ok(())
    }

    async fn attempt(&self, method: &str, params: &Map<String, Value>, token: &Secret) -> Result<Attempt, Failure> {
        self.pace.until_ready().await;
        let address = self.address();
        let mut body = params.clone();
        body.insert("auth".to_owned(), token.expose().into());
        let began = Instant::now();
        (self.observer)(Notice::Waiting);
        let answer = self.http.post(address.method(method), "application/json", Value::Object(body).to_string()).await;
        (self.observer)(Notice::Answered);
        let elapsed = began.elapsed().as_millis();
        let answer = answer.inspect_err(|failure| info!("POST {method}: {failure} after {elapsed} ms"))?;
        info!("POST {method}: HTTP {} in {elapsed} ms, {} bytes", answer.status, answer.body.len());
        self.understand(method, &address, answer)
    }

    fn understand(&self, method: &str, address: &PortalAddress, answer: RawAnswer) -> Result<Attempt, Failure> {
        let RawAnswer { status, content_type, location, body } = answer;
        if let (300..400, Some(location)) = (status, location) {
            if status == 302
                && let Some(to) = address.renamed_to(&location, method)
            {
                return Ok(Attempt::Moved(to));
            }
            let shown: String = printable(&self.auth.scrub_text(&location)).chars().take(120).collect();
            return Err(Failure::Redirected { host: address.host(), status, to: mask_urls(&shown) });
        }
        let body = self.auth.scrub(body);
        match envelope::decode(status, content_type.as_deref(), &body) {
            Ok(answer) => {
                if let Some(end) = answer.operating_reset_at {
                    self.window_end.store(end, Ordering::Relaxed);
                }
                Ok(Attempt::Answered(answer))
            }
            Err(envelope::Failure::Portal(error)) => {
                debug!("refused: {error}");
                Err(Failure::Refused(error))
            }
            Err(envelope::Failure::Unusable(what)) => Err(Failure::Unusable { host: address.host(), what }),
        }
    }

    fn wrong_shape(&self, member: &'static str) -> Failure {
        let what = Unusable {
            status: 200,
            content_type: "application/json".to_owned(),
            oddity: Oddity::WrongShape,
            excerpt: format!("batch without a readable {member}"),
        };
        Failure::Unusable { host: self.address().host(), what }
    }
}

enum Attempt {
    Answered(Answer),
    Moved(PortalAddress),
}

struct Sent {
    answer: Answer,
    repeated: bool,
}
