//! Tokens of a profile in the store.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, TokenSource};
use crate::portal::notice::Moved;
use crate::portal::oauth::{ClientKeys, TokenPair, fresh_refresh_expires};
use crate::profiles::credentials::{CredentialStore, Renewed};
use crate::store::lock::FileLock;

/// Tokens of a profile.
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
        Ok(Credentials {
            access_token: profile.access_token,
            refresh_token: profile.refresh_token,
            client,
            expires: profile.expires,
            refresh_expires: profile.refresh_expires,
        })
    }

    fn lock_file(&self) -> Option<PathBuf> {
        Some(self.store.lock_path())
    }

    fn advice(&self) -> String {
        format!("log in again: imconn login {}", self.profile)
    }

    fn prepare(&self) -> Result<()> {
        self.store.check_writable()
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let renewed = Renewed {
            access_token: &fresh.access_token,
            refresh_token: &fresh.refresh_token,
            expires: fresh.expires,
            refresh_expires: Some(fresh_refresh_expires()),
        };
        self.store.renew(&self.profile, &renewed)?;
        Ok(Kept::Stored)
    }

    fn moved(&self, to: &PortalAddress) -> Result<Moved> {
        let _lock = FileLock::wait(&self.store.lock_path())?;
        self.store.move_to(&self.profile, &to.stored())?;
        Ok(Moved::Stored)
    }
}
