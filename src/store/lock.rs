//! Locks between processes.
//!
//! A lock has a file of its own next to the file that it guards: the guarded file is replaced at each write, and a lock on
//! the replaced one would guard nothing. The system releases a lock when its process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::file::create_private_folder;

/// How long [`FileLock::wait`] waits.
const PATIENCE: Duration = Duration::from_secs(10);
/// A wait that takes longer than this is reported.
const REPORT_AFTER: Duration = Duration::from_secs(2);

/// Holds a lock until dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock. Blocks, for work that takes milliseconds in other processes.
    pub(crate) fn wait(path: &Path) -> Result<Self> {
        Self::wait_up_to(PATIENCE, path)
    }

    /// Takes the lock. Blocks for `patience` at most.
    pub(crate) fn wait_up_to(patience: Duration, path: &Path) -> Result<Self> {
        let began = Instant::now();
        loop {
            if let Some(lock) = Self::try_now(path)? {
                return Ok(lock);
            }
            if began.elapsed() >= patience {
                return Err(held_too_long(path, patience));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Takes the lock without blocking, for `patience` at most; `report` is called once if that takes long.
    pub(crate) async fn acquire(path: &Path, patience: Duration, report: impl Fn()) -> Result<Self> {
        let began = Instant::now();
        let mut reported = false;
        loop {
            if let Some(lock) = Self::try_now(path)? {
                return Ok(lock);
            }
            if began.elapsed() >= patience {
                return Err(held_too_long(path, patience));
            }
            if !reported && began.elapsed() > REPORT_AFTER {
                reported = true;
                report();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Takes the lock if it is free.
    pub(crate) fn try_now(path: &Path) -> Result<Option<Self>> {
        Self::attempt(path, File::try_lock)
    }

    /// Whether the lock is held exclusively. Uses a shared try-lock, so concurrent checks do not conflict.
    pub(crate) fn is_taken(path: &Path) -> Result<bool> {
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

fn held_too_long(path: &Path, patience: Duration) -> anyhow::Error {
    anyhow::anyhow!("another process has held {} for more than {} s", path.display(), patience.as_secs())
}

fn open(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        create_private_folder(folder)?;
    }
    // Opening a FIFO would wait for a reader that never comes.
    if std::fs::metadata(path).is_ok_and(|facts| !facts.is_file()) {
        bail!("the lock file {} is not a regular file; remove it", path.display());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_lock_that_is_held_too_long_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.lock");
        let held = FileLock::try_now(&path).expect("possible").expect("free");
        let refused = FileLock::acquire(&path, Duration::ZERO, || {}).await.expect_err("held");
        assert!(refused.to_string().contains("a.lock for more than 0 s"), "{refused}");
        assert!(FileLock::wait_up_to(Duration::ZERO, &path).is_err() && FileLock::is_taken(&path).expect("possible"));
        drop(held);
        assert!(FileLock::acquire(&path, Duration::ZERO, || {}).await.is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_in_place_of_a_lock_file_is_refused_and_not_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.lock");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo");
        assert!(made.success());
        let refused = FileLock::try_now(&path).expect_err("special");
        assert!(refused.to_string().contains("is not a regular file"), "{refused}");
    }
}
