//! How a process is asked to end, and what it finishes first.

use std::sync::Arc;

use tokio::sync::{OwnedRwLockReadGuard, RwLock};

/// Work that must not be cut off: a refresh token that is used up has to be replaced in the store. Many portals may be in
/// it at once; the process ends when all have left.
#[derive(Debug, Clone, Default)]
pub(crate) struct CriticalSection(Arc<RwLock<()>>);

impl CriticalSection {
    /// Keeps the process from ending until the guard is dropped.
    pub(crate) async fn enter(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.0).read_owned().await
    }

    /// Whether such work is under way.
    pub(crate) fn is_entered(&self) -> bool {
        self.0.try_write().is_err()
    }

    /// Waits until all have left. No other can enter after that.
    pub(crate) async fn close(&self) {
        // Never released: later ones wait until the process ends.
        std::mem::forget(Arc::clone(&self.0).write_owned().await);
    }
}

/// Ctrl-C, SIGTERM and SIGHUP: a CI system or a closing terminal asks the same.
pub(crate) async fn interruption() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
