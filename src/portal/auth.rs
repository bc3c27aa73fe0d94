//! Tokens in use: read when first needed, renewed once the portal refuses them, under a lock that other processes respect.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use tokio::sync::Mutex;

use super::address::PortalAddress;
use super::failure::{DeadToken, Failure, RenewalError};
use super::oauth::{OAuthServer, TokenPair};
use super::progress::{AddressUpdate, Observer, Progress};
use super::token_source::{Credentials, Persisted, TokenSource};
use crate::redact::Secret;
use crate::signals::CriticalSection;
use crate::store::lock::FileLock;
use crate::wire::envelope::PortalError;

/// A source that takes longer is reported.
const PATIENCE: Duration = Duration::from_secs(1);

/// The tokens of one portal in this process.
pub(crate) struct Auth {
    source: Arc<dyn TokenSource>,
    server: OAuthServer,
    current: Mutex<Option<Credentials>>,
    critical: CriticalSection,
    lock_patience: Duration,
    observer: Observer,
}

/// What a renewal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Renewal {
    /// Another process had renewed the tokens: its pair is used.
    AlreadyRefreshed,
    /// The auth server issued a new pair.
    Refreshed(Persisted),
}

impl Auth {
    /// Nothing is read before the first request. `critical` is entered while a refresh token is replaced; another
    /// process's lock is waited for up to `lock_patience`.
    pub(crate) fn new(
        source: Arc<dyn TokenSource>,
        server: OAuthServer,
        critical: CriticalSection,
        lock_patience: Duration,
        observer: Observer,
    ) -> Self {
        let current = Mutex::new(None);
        Self { source, server, current, critical, lock_patience, observer }
    }

    /// The access token for the next request.
    pub(super) async fn token(&self) -> Result<Secret, Failure> {
        Ok(self.credentials().await?.access_token)
    }

    pub(super) async fn credentials(&self) -> Result<Credentials, Failure> {
        let mut current = self.current.lock().await;
        let credentials = match current.take() {
            Some(credentials) => credentials,
            None => self.read().await?,
        };
        Ok(current.insert(credentials).clone())
    }

    /// Remembers the portal's new address, if there is a place for it.
    pub(super) async fn moved(&self, to: &PortalAddress) -> anyhow::Result<AddressUpdate> {
        let to = to.clone();
        self.blocking(move |source| source.moved(&to)).await
    }

    /// Replaces an access token that the portal refused: by the one that another process has stored meanwhile, or by a
    /// new one from the auth server.
    ///
    /// Runs as a task of its own: when Ctrl-C drops the caller, a refresh token that is already used up must still be
    /// replaced in the store. The critical section keeps the process from ending before that.
    pub(super) async fn renew(self: &Arc<Self>, refused: &Secret, refusal: &PortalError) -> Result<Renewal, Failure> {
        let auth = Arc::clone(self);
        let refused = refused.clone();
        let refusal = refusal.clone();
        let task = tokio::spawn(async move { auth.renew_now(&refused, &refusal).await });
        match task.await {
            Ok(renewal) => renewal,
            Err(error) => Err(Failure::local(anyhow!(error).context("the token renewal was cut off"))),
        }
    }

    async fn renew_now(&self, refused: &Secret, refusal: &PortalError) -> Result<Renewal, Failure> {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|credentials| credentials.access_token != *refused) {
            return Ok(Renewal::AlreadyRefreshed);
        }
        if self.source.is_cheap() && self.adopt_newer(&mut current, refused).await? {
            return Ok(Renewal::AlreadyRefreshed);
        }
        let _lock = self.lock().await?;
        if self.adopt_newer(&mut current, refused).await? {
            return Ok(Renewal::AlreadyRefreshed);
        }
        let Some(old) = current.clone().filter(Credentials::is_renewable) else {
            return Err(self.dead(refusal, RenewalError::Impossible));
        };
        let _critical = self.critical.enter().await;
        let fresh = self.refresh(&old, refusal).await?;
        // The old refresh token may be used up: even if the store fails, this process has the new pair and uses it.
        let persisted = self.persist(fresh.clone()).await;
        *current = Some(old.renewed(&fresh).remembered());
        Ok(Renewal::Refreshed(persisted))
    }

    async fn refresh(&self, old: &Credentials, refusal: &PortalError) -> Result<TokenPair, Failure> {
        let Some((client, refresh_token)) = old.client.as_ref().zip(old.refresh_token.as_ref()) else {
            return Err(self.dead(refusal, RenewalError::Impossible));
        };
        if !self.server.is_known() {
            let advice = "to have it renewed, set IMCONN_OAUTH_SERVER to the portal's auth server".to_owned();
            return Err(dead(refusal, RenewalError::Impossible, advice));
        }
        // A refresh token can die at its first use: without a place for the new one it must not be used.
        self.blocking(|source| source.prepare()).await.map_err(Failure::local)?;
        match self.server.refresh(client, refresh_token).await {
            Err(Failure::Refused(error)) => Err(self.dead(refusal, RenewalError::Refused(error))),
            answered => answered,
        }
    }

    async fn persist(&self, fresh: TokenPair) -> Persisted {
        match self.blocking(move |source| source.write(&fresh)).await {
            Ok(persisted) => persisted,
            Err(error) => Persisted::Unsaved { why: format!("{error:#}"), copy: None },
        }
    }

    /// A token that cannot be replaced here.
    pub(super) fn dead(&self, refusal: &PortalError, renewal: RenewalError) -> Failure {
        dead(refusal, renewal, self.source.advice())
    }

    /// Reads the credentials again, and returns whether they differ from the refused ones.
    async fn adopt_newer(&self, current: &mut Option<Credentials>, refused: &Secret) -> Result<bool, Failure> {
        let stored = self.read().await?;
        let is_newer = stored.access_token != *refused;
        *current = Some(stored);
        Ok(is_newer)
    }

    async fn read(&self) -> Result<Credentials, Failure> {
        let reading = self.blocking(|source| source.read());
        tokio::pin!(reading);
        let read = tokio::select! {
            read = &mut reading => read,
            () = tokio::time::sleep(PATIENCE) => {
                (self.observer)(Progress::WaitingForTokens { from: self.source.name() });
                reading.await
            }
        };
        Ok(read.map_err(Failure::local)?.remembered())
    }

    /// A source may wait for a lock or a program, and Ctrl-C must work meanwhile.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn TokenSource) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let source = Arc::clone(&self.source);
        tokio::task::spawn_blocking(move || work(source.as_ref())).await?
    }

    async fn lock(&self) -> Result<Option<FileLock>, Failure> {
        let Some(path) = self.source.lock_file() else { return Ok(None) };
        let report = || (self.observer)(Progress::WaitingForLock { name: path.display().to_string() });
        FileLock::acquire(&path, self.lock_patience, report).await.map(Some).map_err(Failure::local)
    }
}

fn dead(refusal: &PortalError, renewal: RenewalError, advice: String) -> Failure {
    Failure::TokenDead(Box::new(DeadToken { refusal: refusal.clone(), renewal, advice }))
}
