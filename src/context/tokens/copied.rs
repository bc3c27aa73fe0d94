//! `--print-tokens-to`: what was renewed goes into a file as well, where a CI job can pick it up.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, LockGuard, TokenSource};
use crate::portal::oauth::TokenPair;
use crate::store::file;

/// Another source, and the file that gets a copy of every renewed pair.
pub struct CopiedTokens {
    source: Arc<dyn TokenSource>,
    path: PathBuf,
    portal: PortalAddress,
}

impl CopiedTokens {
    /// Nothing is opened before a renewal.
    #[must_use]
    pub fn new(source: Arc<dyn TokenSource>, path: PathBuf, portal: PortalAddress) -> Self {
        Self { source, path, portal }
    }
}

/// A renewed pair as `login --tokens` reads it.
#[must_use]
pub fn pair_to_json(pair: &TokenPair, portal: &PortalAddress) -> Value {
    json!({
        "access_token": pair.access_token.expose(),
        "refresh_token": pair.refresh_token.expose(),
        "expires": pair.expires,
        "client_endpoint": format!("{portal}/rest/"),
        "member_id": pair.member_id,
    })
}

impl TokenSource for CopiedTokens {
    fn read(&self) -> Result<Credentials> {
        self.source.read()
    }

    fn try_lock(&self) -> Result<Option<LockGuard>> {
        self.source.try_lock()
    }

    fn lock_name(&self) -> String {
        self.source.lock_name()
    }

    fn advice(&self) -> String {
        self.source.advice()
    }

    fn prepare(&self) -> Result<()> {
        let path = self.path.display();
        // A file is replaced as a whole; a device or a pipe would be, too.
        let is_file = std::fs::metadata(&self.path).map_or(true, |facts| facts.is_file());
        ensure!(is_file, "--print-tokens-to: {path} is there and is no file");
        file::check_writable(&self.path).context("--print-tokens-to")?;
        self.source.prepare()
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let text = format!("{:#}\n", pair_to_json(fresh, &self.portal));
        // Both are tried, whatever becomes of one: either keeps the pair from being lost.
        let (kept, copied) = (self.source.write(fresh), file::write(&self.path, &text));
        let kept = kept?;
        copied.context("--print-tokens-to")?;
        Ok(match kept {
            Kept::InMemory { place, .. } => Kept::InMemory { place, copy: Some(self.path.display().to_string()) },
            kept => kept,
        })
    }

    fn moved(&self, to: &PortalAddress) -> Result<bool> {
        self.source.moved(to)
    }
}
