//! Tokens: read when first needed, renewed once when the portal refuses them, under a lock that other processes respect.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use tokio::sync::{Mutex, MutexGuard};

use super::address::PortalAddress;
use super::failure::{Failure, RenewalError};
use super::oauth::{ClientKeys, OAuthServer, TokenPair};
use crate::redact::{Scrubber, Secret};
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
}

/// Where renewed tokens went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Into a store that the next run reads.
    Stored,
    /// Nowhere but this process: they came from the environment.
    InMemory,
}

/// Holds the lock until dropped.
pub type LockGuard = Box<dyn Send>;

/// Where credentials are kept. Implemented for the environment, the store, and the sandbox.
pub trait TokenSource: Send + Sync {
    /// The newest credentials there are.
    ///
    /// # Errors
    /// When a store cannot be read.
    fn read(&self) -> anyhow::Result<Credentials>;

    /// Takes the lock that keeps other processes from renewing the same tokens; `None` while somebody else has it.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    fn try_lock(&self) -> anyhow::Result<Option<LockGuard>>;

    /// What to call the lock when it cannot be had.
    fn lock_name(&self) -> String;

    /// Keeps a renewed pair. The old one stays until the new one is safe.
    ///
    /// # Errors
    /// When a store cannot be written.
    fn write(&self, fresh: &TokenPair) -> anyhow::Result<Kept>;

    /// Remembers the portal's new address; false where there is nothing to remember it in.
    ///
    /// # Errors
    /// When a store cannot be written.
    fn moved(&self, to: &PortalAddress) -> anyhow::Result<bool>;
}

/// The tokens of one portal in this process.
pub struct Auth {
    source: Box<dyn TokenSource>,
    server: OAuthServer,
    current: Mutex<Option<Credentials>>,
    scrubber: std::sync::Mutex<Scrubber>,
}

/// What a renewal did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// Another process had renewed the tokens: its pair is used.
    Reread,
    /// The auth server gave a new pair, kept as said.
    Refreshed(Kept),
}

impl Auth {
    /// Nothing is read before the first request.
    #[must_use]
    pub fn new(source: Box<dyn TokenSource>, server: OAuthServer) -> Self {
        Self { source, server, current: Mutex::new(None), scrubber: std::sync::Mutex::default() }
    }

    /// The access token to use now.
    ///
    /// # Errors
    /// [`Failure::Local`] when the source cannot be read.
    pub async fn token(&self) -> Result<Secret, Failure> {
        let mut current = self.current.lock().await;
        let credentials = match current.take() {
            Some(credentials) => credentials,
            None => self.read()?,
        };
        Ok(current.insert(credentials).access_token.clone())
    }

    /// Removes every secret this process has seen from an answer.
    #[must_use]
    pub fn scrub(&self, body: Vec<u8>) -> Vec<u8> {
        self.scrubber().scrub(body)
    }

    /// [`Auth::scrub`] for text.
    #[must_use]
    pub fn scrub_text(&self, text: &str) -> String {
        self.scrubber().scrub_text(text)
    }

    /// Remembers the portal's new address; false where there is nothing to remember it in.
    ///
    /// # Errors
    /// [`Failure::Local`] when the source cannot be written.
    pub fn moved(&self, to: &PortalAddress) -> Result<bool, Failure> {
        self.source.moved(to).map_err(Failure::Local)
    }

    /// Replaces an access token that the portal refused: by the one another process has stored meanwhile, or by a
    /// new one from the auth server.
    ///
    /// # Errors
    /// [`Failure::TokenDead`] when there is nothing to renew it with or the auth server refuses;
    /// [`Failure::Transport`] when the auth server cannot be reached; [`Failure::Local`] for the store and its lock.
    pub async fn renew(&self, refused: &Secret, refusal: &PortalError) -> Result<Renewal, Failure> {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|credentials| credentials.access_token != *refused) {
            return Ok(Renewal::Reread);
        }
        if self.adopt_if_newer(&mut current, refused)? {
            return Ok(Renewal::Reread);
        }
        let _lock = self.lock().await?;
        if self.adopt_if_newer(&mut current, refused)? {
            return Ok(Renewal::Reread);
        }
        let dead = |renewal| Failure::TokenDead { refusal: refusal.clone(), renewal };
        let Some(Credentials { refresh_token: Some(refresh_token), client: Some(client), .. }) = current.clone() else {
            return Err(dead(RenewalError::Impossible));
        };
        let fresh = match self.server.refresh(&client, &refresh_token).await {
            Ok(fresh) => fresh,
            Err(Failure::Refused(error)) => return Err(dead(RenewalError::Refused(error))),
            Err(other) => return Err(other),
        };
        let kept = self.source.write(&fresh).map_err(Failure::Local)?;
        *current = Some(self.read()?);
        Ok(Renewal::Refreshed(kept))
    }

    fn adopt_if_newer(
        &self,
        current: &mut MutexGuard<'_, Option<Credentials>>,
        refused: &Secret,
    ) -> Result<bool, Failure> {
        let stored = self.read()?;
        let newer = stored.access_token != *refused;
        **current = Some(stored);
        Ok(newer)
    }

    fn read(&self) -> Result<Credentials, Failure> {
        let credentials = self.source.read().map_err(Failure::Local)?;
        let mut scrubber = self.scrubber();
        scrubber.learn(&credentials.access_token);
        credentials.refresh_token.iter().for_each(|token| scrubber.learn(token));
        credentials.client.iter().for_each(|client| scrubber.learn(&client.secret));
        Ok(credentials)
    }

    fn scrubber(&self) -> std::sync::MutexGuard<'_, Scrubber> {
        self.scrubber.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for the lock as long as one refresh may take in another process, and a little more.
    async fn lock(&self) -> Result<LockGuard, Failure> {
        let patience = self.server.timeout() + Duration::from_secs(5);
        let began = Instant::now();
        loop {
            if let Some(guard) = self.source.try_lock().map_err(Failure::Local)? {
                return Ok(guard);
            }
            if began.elapsed() >= patience {
                let (name, seconds) = (self.source.lock_name(), patience.as_secs());
                return Err(Failure::Local(anyhow!("another process has held {name} for more than {seconds} s")));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
