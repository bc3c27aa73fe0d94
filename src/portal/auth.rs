//! Tokens: read when first needed, renewed once when the portal refuses them, under a lock that other processes respect.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use tokio::sync::Mutex;

use super::address::PortalAddress;
use super::failure::{DeadToken, Failure, RenewalError};
use super::notice::{Moved, Notice, Observer};
use super::oauth::{ClientKeys, OAuthServer, TokenPair, fresh_refresh_expires};
use crate::redact::{Scrubber, Secret};
use crate::signals::CriticalSection;
use crate::store::lock::FileLock;
use crate::wire::envelope::PortalError;

/// What an application has to show.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Lives an hour.
    pub access_token: Secret,
    /// Lives 180 days, and is replaced at each use.
    pub refresh_token: Option<Secret>,
    /// Needed together with the refresh token.
    pub client: Option<ClientKeys>,
    /// Unix seconds at which the access token ends, where that is known.
    pub expires: Option<i64>,
    /// Unix seconds at which the refresh token ends, where that is known.
    pub refresh_expires: Option<i64>,
}

impl Credentials {
    /// The same application's credentials with a new pair.
    #[must_use]
    pub fn renewed(self, fresh: &TokenPair) -> Self {
        Self {
            access_token: fresh.access_token.clone(),
            refresh_token: Some(fresh.refresh_token.clone()),
            client: self.client,
            expires: fresh.expires,
            refresh_expires: Some(fresh_refresh_expires()),
        }
    }

    /// Whether a new access token can be had when this one has ended.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.refresh_token.is_some() && self.client.is_some()
    }
}

/// Where renewed tokens went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Into a store that the next run reads.
    Stored,
    /// Nowhere but this process: where they came from cannot be written.
    InMemory {
        /// Where new ones have to go.
        place: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Not where they belong, because that could not be written.
    Unsaved {
        /// For this reason.
        why: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Not in the file that was to get a copy, for this reason.
    NotCopied(String),
}

/// Where credentials come from and where renewed ones go.
pub trait TokenSource: Send + Sync {
    /// The newest credentials.
    fn read(&self) -> anyhow::Result<Credentials>;

    /// Keeps a renewed pair. The old one stays until the new one is safe.
    fn write(&self, fresh: &TokenPair) -> anyhow::Result<Kept>;

    /// Remembers the portal's new address, if there is a place for it.
    fn moved(&self, to: &PortalAddress) -> anyhow::Result<Moved>;

    /// How the user gets new tokens when these are dead.
    fn advice(&self) -> String;

    /// The lock that keeps other processes from renewing the same tokens.
    fn lock_file(&self) -> Option<PathBuf> {
        None
    }

    /// Makes sure that a renewed pair can be kept. Called with the lock held.
    fn prepare(&self) -> anyhow::Result<()> {
        Ok(())
    }

    /// Whether reading is cheap enough to look for another process's tokens before the lock is taken.
    fn is_cheap(&self) -> bool {
        true
    }
}

/// The tokens of one portal in this process.
pub struct Auth {
    source: Arc<dyn TokenSource>,
    server: OAuthServer,
    current: Mutex<Option<Credentials>>,
    scrubber: std::sync::Mutex<Scrubber>,
    critical: CriticalSection,
    lock_patience: Duration,
    observer: Observer,
}

/// What a renewal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// Another process had renewed the tokens: its pair is used.
    Reread,
    /// The auth server gave a new pair, kept as said.
    Refreshed(Kept),
}

impl Auth {
    /// Nothing is read before the first request. `critical` is entered while a refresh token is replaced, and a lock that
    /// another process holds is waited for as long as `lock_patience`.
    pub fn new(
        source: Arc<dyn TokenSource>,
        server: OAuthServer,
        critical: CriticalSection,
        lock_patience: Duration,
        observer: Observer,
    ) -> Self {
        let (current, scrubber) = (Mutex::new(None), std::sync::Mutex::default());
        Self { source, server, current, scrubber, critical, lock_patience, observer }
    }

    /// The access token to use now.
    ///
    /// # Errors
    /// [`Failure::Local`] when the source cannot be read.
    pub async fn token(&self) -> Result<Secret, Failure> {
        Ok(self.credentials().await?.access_token)
    }

    /// The credentials to use now.
    ///
    /// # Errors
    /// [`Failure::Local`] when the source cannot be read.
    pub async fn credentials(&self) -> Result<Credentials, Failure> {
        let mut current = self.current.lock().await;
        let credentials = match current.take() {
            Some(credentials) => credentials,
            None => self.read().await?,
        };
        Ok(current.insert(credentials).clone())
    }

    /// The secrets that this process has seen.
    #[must_use]
    pub fn secrets(&self) -> Scrubber {
        self.scrubber().clone()
    }

    /// Remembers the portal's new address, where there is something to remember it in.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn moved(&self, to: &PortalAddress) -> anyhow::Result<Moved> {
        let to = to.clone();
        self.blocking(move |source| source.moved(&to)).await
    }

    /// Replaces an access token that the portal refused: by the one another process has stored meanwhile, or by a
    /// new one from the auth server.
    ///
    /// It runs as a task of its own: when Ctrl-C drops the one who waits, a refresh token that is used up already must
    /// still be replaced in the store. The critical section is entered meanwhile, so that the process knows when it may end.
    ///
    /// # Errors
    /// [`Failure::TokenDead`] when there is nothing to renew it with or the auth server refuses;
    /// [`Failure::Transport`] when the auth server cannot be reached; [`Failure::Local`] for the store and its lock.
    pub async fn renew(self: &Arc<Self>, refused: &Secret, refusal: &PortalError) -> Result<Renewal, Failure> {
        let (auth, refused, refusal) = (Arc::clone(self), refused.clone(), refusal.clone());
        let task = tokio::spawn(async move { auth.renew_now(&refused, &refusal).await });
        task.await.unwrap_or_else(|error| Err(Failure::local(anyhow!(error).context("the token renewal was cut off"))))
    }

    async fn renew_now(&self, refused: &Secret, refusal: &PortalError) -> Result<Renewal, Failure> {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|credentials| credentials.access_token != *refused) {
            return Ok(Renewal::Reread);
        }
        if self.source.is_cheap() && self.adopt_if_newer(&mut current, refused).await? {
            return Ok(Renewal::Reread);
        }
        let _lock = self.lock().await?;
        if self.adopt_if_newer(&mut current, refused).await? {
            return Ok(Renewal::Reread);
        }
        let dead = |renewal| self.dead(refusal, renewal);
        let Some(old) = current.clone() else { return Err(dead(RenewalError::Impossible)) };
        let Some((client, refresh_token)) = old.client.as_ref().zip(old.refresh_token.as_ref()) else {
            return Err(dead(RenewalError::Impossible));
        };
        let _critical = self.critical.enter().await;
        // A refresh token can die at its first use: without a place for the new one it must not be used.
        self.blocking(|source| source.prepare()).await.map_err(Failure::local)?;
        let fresh = match self.server.refresh(client, refresh_token, &self.secrets()).await {
            Ok(fresh) => fresh,
            Err(Failure::Refused(error)) => return Err(dead(RenewalError::Refused(error))),
            Err(other) => return Err(other),
        };
        // The old refresh token may be used up: whatever becomes of the store, this process has the new pair and uses it.
        let pair = fresh.clone();
        let kept = self.blocking(move |source| source.write(&pair)).await;
        let kept = kept.unwrap_or_else(|error| Kept::Unsaved { why: format!("{error:#}"), copy: None });
        *current = Some(self.learn(old.renewed(&fresh)));
        Ok(Renewal::Refreshed(kept))
    }

    /// The end of a token that nothing can be done about here.
    #[must_use]
    pub fn dead(&self, refusal: &PortalError, renewal: RenewalError) -> Failure {
        Failure::TokenDead(Box::new(DeadToken { refusal: refusal.clone(), renewal, advice: self.source.advice() }))
    }

    async fn adopt_if_newer(&self, current: &mut Option<Credentials>, refused: &Secret) -> Result<bool, Failure> {
        let stored = self.read().await?;
        let newer = stored.access_token != *refused;
        *current = Some(stored);
        Ok(newer)
    }

    async fn read(&self) -> Result<Credentials, Failure> {
        let credentials = self.blocking(|source| source.read()).await.map_err(Failure::local)?;
        Ok(self.learn(credentials))
    }

    /// A source may have to wait for a lock or a program: that must not keep Ctrl-C waiting.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn TokenSource) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let source = Arc::clone(&self.source);
        tokio::task::spawn_blocking(move || work(source.as_ref())).await?
    }

    /// Remembers what must not be shown.
    fn learn(&self, credentials: Credentials) -> Credentials {
        let mut scrubber = self.scrubber();
        scrubber.learn(&credentials.access_token);
        credentials.refresh_token.iter().for_each(|token| scrubber.learn(token));
        credentials.client.iter().for_each(|client| scrubber.learn(&client.secret));
        credentials
    }

    fn scrubber(&self) -> std::sync::MutexGuard<'_, Scrubber> {
        self.scrubber.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn lock(&self) -> Result<Option<FileLock>, Failure> {
        let Some(path) = self.source.lock_file() else { return Ok(None) };
        let report = || (self.observer)(Notice::WaitingForLock { name: path.display().to_string() });
        FileLock::acquire(&path, self.lock_patience, report).await.map(Some).map_err(Failure::local)
    }
}
