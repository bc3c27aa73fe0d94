//! The state on disk. Every request reads it and writes it back under a lock, so that a served sandbox and the one
//! inside another command are the same portal.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::state::State;
use crate::store::file;
use crate::store::lock::FileLock;

/// The state file and its lock.
#[derive(Debug, Clone)]
pub struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// The state in a folder; nothing is opened yet.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("state.json") }
    }

    /// Lets `work` read and change the state while no other process can. It is written back, whole, if it changed.
    ///
    /// # Errors
    /// When the file cannot be locked, read, understood or written.
    pub fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let _lock = FileLock::wait(&self.lock_path())?;
        self.work_locked(work)
    }

    /// [`StateFile::with`] for a server, which goes on serving while it waits for the lock.
    ///
    /// # Errors
    /// As for [`StateFile::with`].
    pub async fn with_async<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let path = self.lock_path();
        let _lock = tokio::task::spawn_blocking(move || FileLock::wait(&path)).await??;
        self.work_locked(work)
    }

    fn work_locked<T>(&self, work: impl FnOnce(&mut State) -> T) -> Result<T> {
        let before = file::read(&self.path)?;
        let mut state = match &before {
            Some(text) => serde_json::from_str(text).with_context(|| {
                format!("cannot understand {}; imconn sandbox reset makes a new one", self.path.display())
            })?,
            None => State::fresh(),
        };
        let result = work(&mut state);
        let after = serde_json::to_string(&state)?;
        if before.as_deref() != Some(after.as_str()) {
            file::write(&self.path, &after)?;
        }
        Ok(result)
    }

    /// Empties the portal. A file that cannot be understood is replaced by a new portal, with new keys; then the answer
    /// is [`Reset::Renewed`].
    ///
    /// # Errors
    /// When the file cannot be locked or written.
    pub fn reset(&self) -> Result<Reset> {
        let _lock = FileLock::wait(&self.lock_path())?;
        match self.work_locked(State::reset) {
            Ok(()) => return Ok(Reset::Emptied),
            Err(error) if error.downcast_ref::<serde_json::Error>().is_none() => return Err(error),
            Err(_) => {}
        }
        file::write(&self.path, &serde_json::to_string(&State::fresh())?)?;
        Ok(Reset::Renewed)
    }

    fn lock_path(&self) -> PathBuf {
        self.path.with_extension("lock")
    }
}

/// What a reset did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// Bindings and queue are gone; tokens and keys are good as before.
    Emptied,
    /// The old state could not be understood: the portal has new tokens and keys.
    Renewed,
}
