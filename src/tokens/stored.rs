//! Tokens of a profile on disk.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::portal::address::PortalAddress;
use crate::portal::oauth::TokenPair;
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};
use crate::profiles::{ProfileStore, StoredProfile};
use crate::redact::shell_quoted;
use crate::store::lock::FileLock;

pub(crate) struct StoredTokens {
    store: ProfileStore,
    name: String,
    /// How long to wait for the lock when the portal has moved.
    patience: Duration,
    /// What was read when the portal was selected: the first request needs no second look.
    first: Mutex<Option<Credentials>>,
}

impl StoredTokens {
    /// The tokens of `profile`, which was just read.
    pub(crate) fn new(store: ProfileStore, name: String, profile: &StoredProfile, patience: Duration) -> Self {
        Self { store, name, patience, first: Mutex::new(Some(profile.credentials())) }
    }
}

impl TokenSource for StoredTokens {
    fn read(&self) -> Result<Credentials> {
        if let Some(first) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Ok(first);
        }
        let profile = self.store.read(&self.name)?;
        let profile = profile.with_context(|| format!("the profile `{}` no longer exists", self.name))?;
        Ok(profile.credentials())
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        self.store.renew(&self.name, fresh)?;
        Ok(Persisted::Stored)
    }

    fn moved(&self, to: &PortalAddress) -> Result<AddressUpdate> {
        let _lock = FileLock::wait_up_to(self.patience, &self.store.lock_path(&self.name))?;
        self.store.move_to(&self.name, &to.stored())?;
        Ok(AddressUpdate::Stored)
    }

    fn advice(&self) -> String {
        format!("to log in again, run `imconn login {}`", shell_quoted(&self.name))
    }

    fn lock_file(&self) -> Option<PathBuf> {
        Some(self.store.lock_path(&self.name))
    }

    fn prepare(&self) -> Result<()> {
        self.store.check_writable(&self.name)
    }
}
