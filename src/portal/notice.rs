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
        /// What became of the new address; an error says why it could not be stored.
        remembered: Result<Moved, String>,
    },
    /// Another process is renewing the same tokens, or keeps their lock for another reason.
    WaitingForLock {
        /// The lock.
        name: String,
    },
    /// Tokens were renewed and could not be stored.
    TokensNotStored {
        /// Why.
        why: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Tokens were replaced, and the place where they came from cannot be written.
    RefreshTokenReplaced {
        /// Where the new ones have to go.
        place: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
}

/// What became of a portal's new address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// The profile has it.
    Stored,
    /// The profile will have it, once it is stored.
    Pending,
    /// Nothing can be written; what the user has to do.
    Advice(String),
}

/// Receives [`Notice`]s.
pub type Observer = Arc<dyn Fn(Notice) + Send + Sync>;
