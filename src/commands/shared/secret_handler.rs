//! Handlers that hold a secret.

use crate::bindings::Binding;
use crate::error::Error;
use crate::redact::holds_secret;

/// Refuses to bind a handler that holds a known secret: the portal stores it, and every comparison shows it.
pub(in crate::commands) fn refuse_secrets(bindings: &[Binding]) -> Result<(), Error> {
    match bindings.iter().find(|binding| binding.handler().is_some_and(holds_secret)) {
        Some(binding) => Err(Error::usage(
            format!("the handler of {} holds a secret that imconn knows", binding.event),
            "give the handler a path of its own, and let it compare application_token",
        )),
        None => Ok(()),
    }
}
