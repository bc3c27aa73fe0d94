//! What happens while a request is under way.

use std::sync::Arc;
use std::time::Duration;

/// What a person may want to know about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The request was sent.
    Waiting,
    /// The request ended, with an answer or without.
    Answered,
    /// Another attempt follows after a pause.
    Retrying {
        /// The failure.
        reason: String,
        /// The pause.
        after: Duration,
    },
    /// The portal has a new address.
    Renamed {
        /// The old host.
        from: String,
        /// The new host.
        to: String,
        /// Where the new address was stored, or why it was not.
        remembered: Result<AddressUpdate, String>,
    },
    /// Another process holds the lock of the same tokens.
    WaitingForLock {
        /// The lock file.
        name: String,
    },
    /// The source of the tokens takes its time.
    WaitingForTokens {
        /// What it is.
        from: String,
    },
    /// Tokens were renewed, and are in a file that the next run reads.
    TokensRescued {
        /// Why they are not in their own place.
        why: String,
        /// The file.
        path: String,
    },
    /// Tokens were renewed and could not be stored.
    TokensNotStored {
        /// The reason.
        why: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
    /// Tokens were renewed, and their source cannot be written.
    RefreshTokenReplaced {
        /// Where the user has to put the new ones.
        place: String,
        /// The file that got a copy.
        copy: Option<String>,
    },
}

/// Where a portal's new address was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AddressUpdate {
    /// In the profile.
    Stored,
    /// In the profile, as soon as that is stored.
    Pending,
    /// Nowhere; this is what the user has to do.
    Advice(String),
}

/// Receives [`Progress`].
pub(crate) type Observer = Arc<dyn Fn(Progress) + Send + Sync>;
