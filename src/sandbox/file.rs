//! The state on disk. Every request reads it and writes it back under a lock, so that a served sandbox and the one
//! inside a command are the same portal.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::state::State;
use crate::store::file;
use crate::store::lock::FileLock;

/// The state file and its lock.
#[derive(Debug, Clone)]
pub(super) struct StateFile {
    path: PathBuf,
}

/// What a reset did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reset {
    /// Removed bindings and queue; tokens and keys are still valid.
    Emptied,
    /// Replaced an unreadable state: the portal has new tokens and keys.
    Renewed,
}

impl StateFile {
    /// The state in a folder; no file is opened yet.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("state.json") }
    }

    /// Runs `work` on the state while no other process can, and writes it back if it changed.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let _lock = FileLock::wait(&self.lock_path())?;
        self.with_lock_held(work)
    }

    /// [`StateFile::with`] for a server, which keeps serving while it waits for the lock.
    pub(super) async fn with_async<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let path = self.lock_path();
        let _lock = tokio::task::spawn_blocking(move || FileLock::wait(&path)).await??;
        self.with_lock_held(work)
    }

    fn with_lock_held<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let before = self.read()?;
        let mut state = match &before {
            Some(text) => serde_json::from_str(text).with_context(|| self.unreadable())?,
            None => State::fresh(),
        };
        let result = work(&mut state);
        let after = serde_json::to_string(&state)?;
        if before.as_deref() != Some(after.as_str()) {
            file::write(&self.path, &after)?;
        }
        Ok(result)
    }

    fn read(&self) -> Result<Option<String>> {
        let text = file::read(&self.path);
        if text.is_err() && self.bytes().is_some() { text.with_context(|| self.unreadable()) } else { text }
    }

    /// Empties the portal, or replaces a state that cannot be read.
    pub(super) fn reset(&self) -> Result<Reset> {
        let _lock = FileLock::wait(&self.lock_path())?;
        if self.bytes().is_some_and(|bytes| serde_json::from_slice::<State>(&bytes).is_err()) {
            file::write(&self.path, &serde_json::to_string(&State::fresh())?)?;
            return Ok(Reset::Renewed);
        }
        self.with_lock_held(State::reset)?;
        Ok(Reset::Emptied)
    }

    /// The file as it is, which may not be text.
    fn bytes(&self) -> Option<Vec<u8>> {
        if self.path.is_file() { fs::read(&self.path).ok() } else { None }
    }

    fn unreadable(&self) -> String {
        format!("cannot understand {}; to start over, run `imconn sandbox reset`", self.path.display())
    }

    fn lock_path(&self) -> PathBuf {
        self.path.with_extension("lock")
    }
}
