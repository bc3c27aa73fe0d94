//! Where tokens come from and go to: the environment, the store, the sandbox.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use super::settings::Environment;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, LockGuard, TokenSource};
use crate::portal::oauth::{ClientKeys, TokenPair};
use crate::sandbox::Sandbox;
use crate::store::credentials::{CredentialStore, Update};
use crate::store::lock::FileLock;

/// Tokens from the environment. Renewed ones live in this process only.
pub struct EnvironmentTokens(Mutex<Credentials>);

impl EnvironmentTokens {
    /// `None` without an access token.
    #[must_use]
    pub fn from(environment: &Environment) -> Option<Self> {
        let client = match (&environment.client_id, &environment.client_secret) {
            (Some(id), Some(secret)) => Some(ClientKeys { id: id.clone(), secret: secret.clone() }),
            _ => None,
        };
        let access_token = environment.access_token.clone()?;
        Some(Self(Mutex::new(Credentials { access_token, refresh_token: environment.refresh_token.clone(), client })))
    }
}

impl TokenSource for EnvironmentTokens {
    fn read(&self) -> Result<Credentials> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn try_lock(&self) -> Result<Option<LockGuard>> {
        Ok(Some(Box::new(())))
    }

    fn lock_name(&self) -> String {
        "the environment".to_owned()
    }

    fn advice(&self) -> String {
        let credentials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut missing = Vec::new();
        if credentials.refresh_token.is_none() {
            missing.push("IMCONN_REFRESH_TOKEN");
        }
        if credentials.client.is_none() {
            missing.extend(["IMCONN_CLIENT_ID", "IMCONN_CLIENT_SECRET"]);
        }
        if missing.is_empty() {
            return "get new tokens, and put them into IMCONN_ACCESS_TOKEN and IMCONN_REFRESH_TOKEN".to_owned();
        }
        format!(
            "get a new token for IMCONN_ACCESS_TOKEN; imconn renews it by itself once it has {}",
            missing.join(", ")
        )
    }

    fn prepare(&self) -> Result<()> {
        Ok(())
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let mut credentials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        credentials.access_token = fresh.access_token.clone();
        credentials.refresh_token = Some(fresh.refresh_token.clone());
        Ok(Kept::InMemory)
    }

    fn moved(&self, _to: &PortalAddress) -> Result<bool> {
        Ok(false)
    }
}

/// Tokens of a profile in the store.
pub struct StoredTokens {
    store: CredentialStore,
    profile: String,
}

impl StoredTokens {
    /// The tokens of one profile; nothing is read yet.
    #[must_use]
    pub fn new(store: CredentialStore, profile: String) -> Self {
        Self { store, profile }
    }
}

impl TokenSource for StoredTokens {
    fn read(&self) -> Result<Credentials> {
        let name = &self.profile;
        let profile = self.store.profile(name)?.with_context(|| format!("there is no profile `{name}` any more"))?;
        let client = profile.client_id.zip(profile.client_secret).map(|(id, secret)| ClientKeys { id, secret });
        Ok(Credentials { access_token: profile.access_token, refresh_token: profile.refresh_token, client })
    }

    fn try_lock(&self) -> Result<Option<LockGuard>> {
        Ok(self.store.try_lock()?.map(|lock| Box::new(lock) as LockGuard))
    }

    fn lock_name(&self) -> String {
        self.store.lock_path().display().to_string()
    }

    fn advice(&self) -> String {
        let store = self.store.path().display();
        format!(
            "get new tokens, and put them with client_id and client_secret under [portals.{}] in {store}",
            self.profile
        )
    }

    fn prepare(&self) -> Result<()> {
        self.store.check_writable()
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let update = Update {
            access_token: Some(&fresh.access_token),
            refresh_token: Some(&fresh.refresh_token),
            expires: fresh.expires,
            host: None,
        };
        self.store.update(&self.profile, &update)?;
        Ok(Kept::Stored)
    }

    fn moved(&self, to: &PortalAddress) -> Result<bool> {
        let _lock = FileLock::wait(&self.store.lock_path())?;
        // A bare loopback host would be read as plain http.
        let host = if to.is_loopback() { to.to_string() } else { to.host() };
        self.store.update(&self.profile, &Update { host: Some(&host), ..Update::default() })?;
        Ok(true)
    }
}

/// Tokens of the embedded portal, which keeps them itself.
pub struct SandboxTokens(Sandbox);

impl SandboxTokens {
    /// The administrator's tokens of a sandbox.
    #[must_use]
    pub fn new(sandbox: Sandbox) -> Self {
        Self(sandbox)
    }
}

impl TokenSource for SandboxTokens {
    fn read(&self) -> Result<Credentials> {
        let (app, token) = self.0.credentials()?;
        let (access_token, refresh_token) = token.secrets();
        let client = ClientKeys { id: app.client_id, secret: app.client_secret.into() };
        Ok(Credentials { access_token, refresh_token: Some(refresh_token), client: Some(client) })
    }

    fn try_lock(&self) -> Result<Option<LockGuard>> {
        Ok(Some(Box::new(())))
    }

    fn lock_name(&self) -> String {
        "the sandbox".to_owned()
    }

    fn advice(&self) -> String {
        "imconn sandbox reset starts afresh".to_owned()
    }

    fn prepare(&self) -> Result<()> {
        Ok(())
    }

    fn write(&self, _fresh: &TokenPair) -> Result<Kept> {
        // The sandbox remembers what it has given out.
        Ok(Kept::Stored)
    }

    fn moved(&self, _to: &PortalAddress) -> Result<bool> {
        Ok(false)
    }
}
