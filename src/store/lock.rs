//! Locks between processes.
//!
//! A lock has a file of its own beside what it guards: the guarded file is replaced at each write, and a lock on the
//! replaced one would guard nothing. The system releases it when a process dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::file::create_private_folder;

/// How long [`FileLock::wait`] waits.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Holds a lock until dropped.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock, waiting for work of milliseconds to end elsewhere.
    ///
    /// # Errors
    /// When the lock file cannot be made, the system refuses, or somebody keeps the lock for [`PATIENCE`].
    pub fn wait(path: &Path) -> Result<Self> {
        let began = Instant::now();
        loop {
            if let Some(lock) = Self::try_now(path)? {
                return Ok(lock);
            }
            if began.elapsed() > PATIENCE {
                bail!("another process has held {} for more than {} s", path.display(), PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// When the lock file cannot be made or the system refuses.
    pub fn try_now(path: &Path) -> Result<Option<Self>> {
        Self::attempt(path, File::try_lock)
    }

    /// Whether somebody has the lock for himself. Asking does not get into the way of others who ask.
    ///
    /// # Errors
    /// As for [`FileLock::try_now`].
    pub fn is_taken(path: &Path) -> Result<bool> {
        Self::attempt(path, File::try_lock_shared).map(|lock| lock.is_none())
    }

    fn attempt(path: &Path, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Option<Self>> {
        let file = open(path)?;
        match lock(&file) {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }
}

fn open(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        create_private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).with_context(|| format!("cannot open the lock file {}", path.display()))
}
