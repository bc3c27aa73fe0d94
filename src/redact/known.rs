//! The secrets that this process has seen. What it writes for people and programs has them masked ([`scrub`]); data keeps
//! them, because a handler that holds one has to be removed by its true URL.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Scrubber, Secret};

static KNOWN: Mutex<Scrubber> = Mutex::new(Scrubber::new());

/// Remembers what must never be shown.
pub(crate) fn remember(secret: &Secret) {
    known().learn(secret);
}

/// All that is known by now.
pub(crate) fn known_secrets() -> Scrubber {
    known().clone()
}

/// Text without known secrets.
pub(crate) fn scrub(text: &str) -> String {
    known().scrub_text(text)
}

/// A document without known secrets.
pub(crate) fn scrub_value(value: &mut Value) {
    known().scrub_value(value);
}

/// Whether text holds a known secret.
pub(crate) fn holds_secret(text: &str) -> bool {
    scrub(text) != text
}

fn known() -> MutexGuard<'static, Scrubber> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}
