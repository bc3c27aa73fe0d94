//! Credentials, and what the portal client asks of the place where they are kept.

use std::path::PathBuf;

use super::address::PortalAddress;
use super::oauth::{ClientKeys, TokenPair, fresh_refresh_expires};
use super::progress::AddressUpdate;
use crate::redact::{Secret, remember};

/// What an application authorises its requests with.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    /// Valid for an hour.
    pub(crate) access_token: Secret,
    /// Valid for 180 days; each use replaces it.
    pub(crate) refresh_token: Option<Secret>,
    /// Needed together with the refresh token.
    pub(crate) client: Option<ClientKeys>,
    /// When the access token expires, in Unix seconds, if known.
    pub(crate) expires: Option<i64>,
    /// When the refresh token expires, in Unix seconds, if known.
    pub(crate) refresh_expires: Option<i64>,
}

impl Credentials {
    /// Keeps the secrets out of all output from now on.
    pub(crate) fn remembered(self) -> Self {
        remember(&self.access_token);
        self.refresh_token.iter().for_each(remember);
        self.client.iter().for_each(|client| remember(&client.secret));
        self
    }

    /// The same application's credentials with a new pair.
    pub(crate) fn renewed(self, fresh: &TokenPair) -> Self {
        Self {
            access_token: fresh.access_token.clone(),
            refresh_token: Some(fresh.refresh_token.clone()),
            client: self.client,
            expires: fresh.expires,
            refresh_expires: Some(fresh_refresh_expires()),
        }
    }

    /// Whether an expired access token can be replaced.
    pub(crate) fn is_renewable(&self) -> bool {
        self.refresh_token.is_some() && self.client.is_some()
    }
}

/// Where renewed tokens went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Persisted {
    /// Into a store that the next run reads.
    Stored,
    /// Nowhere but this process: their source cannot be written.
    InMemory {
        /// Where the user has to put new ones.
        place: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Into a file that the next run reads, because their own place could not be written.
    Rescued {
        /// The reason.
        why: String,
        /// The file.
        path: String,
    },
    /// Nowhere but this process: writing failed.
    Unsaved {
        /// The reason.
        why: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Not into the file that was to get a copy, for this reason.
    NotCopied(String),
}

/// Where credentials come from and where renewed ones go.
pub(crate) trait TokenSource: Send + Sync {
    /// The newest credentials.
    fn read(&self) -> anyhow::Result<Credentials>;

    /// Keeps a renewed pair. The old one stays until the new one is safe.
    fn write(&self, fresh: &TokenPair) -> anyhow::Result<Persisted>;

    /// Remembers the portal's new address, if there is a place for it.
    fn moved(&self, to: &PortalAddress) -> anyhow::Result<AddressUpdate>;

    /// What a user waits for while it is read.
    fn name(&self) -> String {
        "the tokens".to_owned()
    }

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
