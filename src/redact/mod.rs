//! Keeping secrets out of everything a person or a log can see, in three layers: [`Secret`] cannot be printed,
//! [`Scrubber`] removes known secrets from text that came from elsewhere (a portal that echoes the token), and
//! [`mask_urls`] hides what looks like a secret inside a URL.

mod known;
mod scrubber;
mod secret;
mod shell;
mod urls;

pub(crate) use known::{holds_secret, known_secrets, remember, scrub, scrub_value};
pub(crate) use scrubber::Scrubber;
pub(crate) use secret::Secret;
pub(crate) use shell::shell_quoted;
pub(crate) use urls::{is_webhook, is_webhook_path, mask_urls};

/// Variables with secrets: no program that this one starts gets them, and no manifest can use them.
pub(crate) const SECRET_VARIABLES: [&str; 4] =
    ["IMCONN_ACCESS_TOKEN", "IMCONN_REFRESH_TOKEN", "IMCONN_CLIENT_SECRET", "IMCONN_APPLICATION_TOKEN"];

/// Replaces a secret.
pub(crate) const MASK: &str = "***";
