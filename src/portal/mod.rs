//! The REST client: calls and batches against one portal, with tokens, retries, pacing and renames behind them.

pub(crate) mod address;
pub(crate) mod auth;
pub(crate) mod batch;
pub(crate) mod bucket;
pub(crate) mod calls;
pub(crate) mod failure;
pub(crate) mod identity;
pub(crate) mod oauth;
pub(crate) mod progress;
mod request;
pub(crate) mod retry;
pub(crate) mod token_source;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use self::address::PortalAddress;
use self::auth::Auth;
use self::bucket::Bucket;
use self::calls::Call;
use self::failure::{Failure, ServerName};
use self::progress::{Observer, Progress};
use self::request::{PortalRequest, Sent};
use self::retry::{Attempts, Replay};
use self::token_source::Credentials;
use crate::http::client::Http;
use crate::wire::envelope::Answer;

/// The portal's bucket holds 50 requests (`protocol` section 1). It counts a request on arrival and we count it
/// when it leaves: two requests leave room for a second of difference.
const BUCKET_CAPACITY: f64 = 48.0;
const BUCKET_DRAIN_PER_SECOND: f64 = 2.0;

/// One portal.
pub(crate) struct Portal {
    address: RwLock<PortalAddress>,
    http: Arc<Http>,
    auth: Arc<Auth>,
    retries: usize,
    bucket: Mutex<Bucket>,
    /// When each method's working-time window ends, in Unix seconds, if the portal ever said so.
    windows: Mutex<HashMap<String, i64>>,
    observer: Observer,
    /// Whether a request may have been carried out whose answer never arrived.
    lost_answers: AtomicBool,
}

impl Portal {
    /// Nothing is opened or read before the first request.
    pub(crate) fn new(address: PortalAddress, http: Arc<Http>, auth: Auth, retries: usize, observer: Observer) -> Self {
        Self {
            address: RwLock::new(address),
            http,
            auth: Arc::new(auth),
            retries,
            bucket: Mutex::new(Bucket::new(BUCKET_CAPACITY, BUCKET_DRAIN_PER_SECOND)),
            windows: Mutex::default(),
            observer,
            lost_answers: AtomicBool::new(false),
        }
    }

    /// The portal's address; a rename changes it.
    pub(crate) fn address(&self) -> PortalAddress {
        self.address.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether any request of this process may have been carried out although its answer never arrived.
    pub(crate) fn has_lost_answers(&self) -> bool {
        self.lost_answers.load(Ordering::Relaxed)
    }

    fn server(&self) -> ServerName {
        self.address().server()
    }

    /// The credentials of the next request; a renewal changes them.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Failure> {
        self.auth.credentials().await
    }

    /// Calls any method. `replay` says whether it is safe to repeat.
    pub(crate) async fn call(
        &self,
        method: &str,
        params: &Map<String, Value>,
        replay: Replay,
    ) -> Result<Answer, Failure> {
        let mut attempts = Attempts::new(self.retries, replay);
        Ok(self.send(method, params, &mut attempts).await?.answer)
    }

    /// Makes one typed call that is safe to repeat.
    pub(crate) async fn ask<C: Call>(&self, call: C) -> Result<C::Answer, Failure> {
        let command = call.command();
        let answer = self.call(command.method, &command.params, Replay::Safe).await?;
        C::decode(&answer.result)
            .map_err(|wrong| Failure::UnexpectedResult { server: self.server(), problem: wrong.to_string() })
    }

    async fn send(&self, method: &str, params: &Map<String, Value>, attempts: &mut Attempts) -> Result<Sent, Failure> {
        retry::run(&mut PortalRequest::new(self, method, params), attempts).await
    }

    async fn wait_for_room(&self) {
        while let Some(wait) = self.take_room() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Counts a request in the bucket; if it has no room, how long until it has.
    fn take_room(&self) -> Option<Duration> {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if bucket.admit(now) { None } else { Some(bucket.ready_in(now)) }
    }

    /// The portal's limit is reached: from now on as fast as its bucket drains.
    fn slow_down(&self) {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner).fill(Instant::now());
    }

    fn report_retry(&self, failure: &Failure, after: Duration) {
        (self.observer)(Progress::Retrying { reason: failure.to_string(), after });
    }

    /// Makes the last address of a route the portal's address, once it has answered as only a portal does.
    async fn commit_new_address(&self, route: &[PortalAddress]) {
        let [from, .., to] = route else { return };
        if self.address() == *to {
            return;
        }
        // If the store cannot be written, the old address leads here next time as well.
        let remembered = self.auth.moved(to).await.map_err(|error| format!("{error:#}"));
        (self.observer)(Progress::Renamed { from: from.host(), to: to.host(), remembered });
        *self.address.write().unwrap_or_else(PoisonError::into_inner) = to.clone();
    }

    fn window_end(&self, method: &str) -> Option<i64> {
        self.windows().get(method).copied()
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
