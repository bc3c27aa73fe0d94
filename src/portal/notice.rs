//! What happens while a request is under way.

use std::sync::Arc;
use std::time::Duration;

/// What a person may want to know while a request is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A request is being made.
    Waiting,
    /// The request ended, one way or the other.
    Answered,
    /// Trying again after a pause.
    Retrying {
        /// What went wrong.
        reason: String,
        /// How long the pause is.
        after: Duration,
    },
    /// The portal has a new address.
    Renamed {
        /// The address as it was.
        from: String,
        /// The address from now on.
        to: String,
        /// Whether the profile was updated.
        remembered: bool,
    },
    /// Tokens from the environment were replaced, and the environment cannot be.
    RefreshTokenReplaced,
}

/// Receives [`Notice`]s.
pub type Observer = Arc<dyn Fn(Notice) + Send + Sync>;
