//! One REST request: posted with a fresh token, to the portal's newest address, and understood.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tracing::{debug, info};

use super::Portal;
use super::address::{PortalAddress, Rename};
use super::auth::Renewal;
use super::failure::{Failure, RenewalError};
use super::progress::Progress;
use super::retry::{Attempt, Attempts, Request, may_have_happened};
use super::token_source::Persisted;
use crate::http::client::{RawAnswer, TimeLimit};
use crate::redact::{Secret, known_secrets, mask_urls, scrub};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::{self, Answer, DecodeError, PortalError};
use crate::wire::excerpt::printable;

/// How many renames are followed in a row.
const MAX_RENAMES: usize = 3;

/// A request and its history so far.
pub(super) struct PortalRequest<'a> {
    portal: &'a Portal,
    method: &'a str,
    params: &'a Map<String, Value>,
    /// The portal's addresses, after each rename one more; the last one gets the request.
    route: Vec<PortalAddress>,
    rereads: usize,
    refreshed: bool,
    /// Whether an earlier attempt may have been carried out.
    repeated: bool,
}

/// The answer to a request.
pub(super) struct Sent {
    pub(super) answer: Answer,
    /// Whether an earlier attempt may have been carried out, too.
    pub(super) repeated: bool,
}

/// What came back from one address.
enum Reply {
    Answer(Answer),
    MovedTo(PortalAddress),
}

impl<'a> PortalRequest<'a> {
    pub(super) fn new(portal: &'a Portal, method: &'a str, params: &'a Map<String, Value>) -> Self {
        let route = vec![portal.address()];
        Self { portal, method, params, route, rereads: 0, refreshed: false, repeated: false }
    }

    fn address(&self) -> &PortalAddress {
        &self.route[self.route.len() - 1]
    }

    fn follow(&mut self, to: PortalAddress) -> Result<(), Failure> {
        if self.route.len() > MAX_RENAMES {
            let server = self.address().server();
            return Err(Failure::Redirected { server, status: 302, to: to.to_string(), portal: None });
        }
        self.route.push(to);
        Ok(())
    }

    /// Replaces a token that was refused: at most two re-reads and one refresh per request.
    async fn renew(&mut self, refused: &Secret, refusal: &PortalError) -> Result<(), Failure> {
        let auth = &self.portal.auth;
        if self.refreshed || self.rereads > 1 {
            return Err(auth.dead(refusal, RenewalError::Useless));
        }
        match auth.renew(refused, refusal).await? {
            Renewal::AlreadyRefreshed => self.rereads += 1,
            Renewal::Refreshed(persisted) => {
                self.refreshed = true;
                self.portal.report_renewal(persisted)?;
            }
        }
        Ok(())
    }

    async fn post(&self, token: &Secret, limit: TimeLimit) -> Result<Reply, Failure> {
        let Self { portal, method, .. } = *self;
        portal.wait_for_room().await;
        let body = with_token(self.params, token);
        let began = Instant::now();
        (portal.observer)(Progress::Waiting);
        let url = self.address().method(method);
        debug!("POST {method} to {}, {} bytes", self.address().host(), body.len());
        let answer = portal.http.post(url, "application/json", body, limit).await;
        (portal.observer)(Progress::Answered);
        let elapsed = began.elapsed().as_millis();
        match answer {
            Ok(answer) => {
                info!("POST {method}: HTTP {} in {elapsed} ms, {} bytes", answer.status, answer.body.len());
                self.understand(answer)
            }
            Err(error) => {
                info!("POST {method}: {error} after {elapsed} ms");
                Err(Failure::transport(self.address().server(), error))
            }
        }
    }

    fn understand(&self, answer: RawAnswer) -> Result<Reply, Failure> {
        let secrets = known_secrets();
        let RawAnswer { status, content_type, location, body, .. } = answer;
        if let (300..400, Some(location)) = (status, location) {
            return self.redirected(status, &location);
        }
        match envelope::decode(status, content_type.as_deref(), &body, &secrets) {
            Ok(answer) => {
                self.portal.remember_window(self.method, answer.operating_reset_at);
                Ok(Reply::Answer(answer))
            }
            Err(DecodeError::Portal(error)) => {
                debug!("refused: {error}");
                if error.code == ErrorCode::QueryLimitExceeded {
                    self.portal.slow_down();
                }
                Err(Failure::Refused(error))
            }
            Err(DecodeError::Invalid(response)) => {
                Err(Failure::InvalidResponse { server: self.address().server(), response })
            }
        }
    }

    fn redirected(&self, status: u16, location: &str) -> Result<Reply, Failure> {
        let address = self.address();
        let portal = match address.renamed_to(location, self.method) {
            Rename::Trusted(to) if status == 302 => return Ok(Reply::MovedTo(to)),
            Rename::Trusted(to) | Rename::Stranger(to) => Some(Box::new(to)),
            Rename::No => None,
        };
        let shown: String = printable(&scrub(location)).chars().take(120).collect();
        Err(Failure::Redirected { server: address.server(), status, to: mask_urls(&shown), portal })
    }
}

impl Request for PortalRequest<'_> {
    type Answer = Sent;

    async fn attempt(&mut self, attempts: &Attempts) -> Attempt<Sent> {
        loop {
            let token = match self.portal.auth.token().await {
                Ok(token) => token,
                Err(failure) => return Attempt::GaveUp(failure),
            };
            let next_step = match self.post(&token, attempts.limit(self.portal.http.timeout())).await {
                Ok(Reply::Answer(answer)) => {
                    // A refusal proves nothing: most web services can say "unauthorised".
                    if answer.has_time {
                        self.portal.commit_new_address(&self.route).await;
                    }
                    return Attempt::Answered(Sent { answer, repeated: self.repeated });
                }
                Ok(Reply::MovedTo(to)) => self.follow(to),
                Err(Failure::Refused(refusal)) if refusal.code.is_stale_token() => self.renew(&token, &refusal).await,
                Err(failure) => {
                    self.portal.lost_answers.fetch_or(failure.may_be_done(), Ordering::Relaxed);
                    return Attempt::Failed(failure);
                }
            };
            if let Err(failure) = next_step {
                return Attempt::GaveUp(failure);
            }
        }
    }

    fn window_end(&self) -> Option<i64> {
        self.portal.window_end(self.method)
    }

    fn will_retry(&mut self, failure: &Failure, after: Duration) {
        self.repeated |= may_have_happened(failure);
        self.portal.report_retry(failure, after);
    }
}

impl Portal {
    /// Fails when a copy was asked for and could not be written: another program counts on that file.
    fn report_renewal(&self, persisted: Persisted) -> Result<(), Failure> {
        match persisted {
            Persisted::Stored => {}
            Persisted::InMemory { place, copy } => (self.observer)(Progress::RefreshTokenReplaced { place, copy }),
            Persisted::Rescued { why, path } => (self.observer)(Progress::TokensRescued { why, path }),
            Persisted::Unsaved { why, copy } => (self.observer)(Progress::TokensNotStored { why, copy }),
            Persisted::NotCopied(why) => return Err(Failure::local(anyhow::Error::msg(why))),
        }
        Ok(())
    }
}

fn with_token(params: &Map<String, Value>, token: &Secret) -> String {
    let mut body = params.clone();
    body.insert("auth".to_owned(), token.expose().into());
    Value::Object(body).to_string()
}
