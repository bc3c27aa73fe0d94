//! `--print-tokens-to`: renewed tokens also go into a file, where a CI job can pick them up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::error::Error;
use crate::portal::address::PortalAddress;
use crate::portal::oauth::TokenPair;
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};
use crate::redact::Secret;
use crate::store::file;

/// Another source, and the file that gets a copy of every renewed pair.
pub(crate) struct TeeTokenFile {
    source: Arc<dyn TokenSource>,
    path: PathBuf,
    portal: Mutex<PortalAddress>,
}

impl TeeTokenFile {
    /// The file is not touched before a renewal.
    pub(crate) fn new(source: Arc<dyn TokenSource>, path: PathBuf, portal: PortalAddress) -> Self {
        Self { source, path, portal: Mutex::new(portal) }
    }

    fn copy(&self, fresh: &TokenPair) -> Result<()> {
        let portal = self.portal.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = tokens_to_json(&fresh.access_token, Some(&fresh.refresh_token), fresh.expires, &portal);
        file::replace(&self.path, &format!("{tokens:#}\n"))
    }
}

/// Refuses a target that a copy of tokens would destroy: a device or a pipe, or a file that holds anything else.
pub(crate) fn check_target(path: &Path) -> Result<(), Error> {
    if path == Path::new("-") {
        let hint = "name a file: stdout carries the result of the command";
        return Err(Error::usage("--print-tokens-to cannot write to stdout", hint));
    }
    if is_standard_stream(path) {
        let message = format!("--print-tokens-to: {} is where this command writes to", path.display());
        return Err(Error::usage(message, "name a file of its own"));
    }
    match std::fs::metadata(path) {
        Ok(facts) if !facts.is_file() => {
            let message = format!("--print-tokens-to: {} exists but is not a regular file", path.display());
            Err(Error::usage(message, "name a file that does not exist yet"))
        }
        Ok(_) if !is_ours(path) => {
            let message = format!("--print-tokens-to: {} holds something other than tokens", path.display());
            Err(Error::usage(message, "name another file, or remove this one"))
        }
        _ => Ok(()),
    }
}

/// Whether stdout or stderr goes to this file: replaced, it would lose what was written.
fn is_standard_stream(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let Ok(target) = std::fs::metadata(path) else { return false };
        ["/dev/stdout", "/dev/stderr"]
            .iter()
            .filter_map(|stream| std::fs::metadata(stream).ok())
            .any(|stream| target.is_file() && (stream.dev(), stream.ino()) == (target.dev(), target.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Whether a file is empty, or has tokens as [`tokens_to_json`] writes them. One that cannot be read is replaced like ours:
/// the folder decides whether that is allowed.
fn is_ours(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return true };
    let is_blank = bytes.iter().all(u8::is_ascii_whitespace);
    is_blank || serde_json::from_slice::<Value>(&bytes).is_ok_and(|value| value["access_token"].is_string())
}

/// Tokens as `login --tokens` reads them.
pub(crate) fn tokens_to_json(
    access_token: &Secret,
    refresh_token: Option<&Secret>,
    expires: Option<i64>,
    portal: &PortalAddress,
) -> Value {
    json!({
        "access_token": access_token.expose(),
        "refresh_token": refresh_token.map(Secret::expose),
        "expires": expires,
        "client_endpoint": format!("{portal}/rest/"),
    })
}

impl TokenSource for TeeTokenFile {
    fn read(&self) -> Result<Credentials> {
        self.source.read()
    }

    fn lock_file(&self) -> Option<PathBuf> {
        self.source.lock_file()
    }

    fn name(&self) -> String {
        self.source.name()
    }

    fn advice(&self) -> String {
        self.source.advice()
    }

    fn prepare(&self) -> Result<()> {
        // Something may have come into its place since the start.
        check_target(&self.path)?;
        file::check_replaceable(&self.path).context("--print-tokens-to")?;
        self.source.prepare()
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        let path = self.path.display().to_string();
        // Both are tried: either one keeps the pair from being lost.
        Ok(match (self.source.write(fresh), self.copy(fresh)) {
            (Ok(Persisted::InMemory { place, .. }), Ok(())) => Persisted::InMemory { place, copy: Some(path) },
            (Ok(kept), Ok(())) => kept,
            (Err(error), Ok(())) => Persisted::Unsaved { why: format!("{error:#}"), copy: Some(path) },
            (Ok(Persisted::Rescued { path, .. }), Err(error)) => {
                Persisted::NotCopied(format!("--print-tokens-to: {error:#}; the new tokens are in {path}"))
            }
            (Ok(Persisted::Stored), Err(error)) => {
                Persisted::NotCopied(format!("--print-tokens-to: {error:#}; the new tokens are in the profile only"))
            }
            (_, Err(error)) => Persisted::NotCopied(format!(
                "--print-tokens-to: {error:#}; the new tokens were lost and the old refresh token may no longer work"
            )),
        })
    }

    fn moved(&self, to: &PortalAddress) -> Result<AddressUpdate> {
        self.portal.lock().unwrap_or_else(PoisonError::into_inner).clone_from(to);
        self.source.moved(to)
    }

    fn is_cheap(&self) -> bool {
        self.source.is_cheap()
    }
}
