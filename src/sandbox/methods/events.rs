//! The events of the sandbox, by scope.

use serde_json::Value;

use crate::catalog::{KnownEvent, all_events, find};
use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::RestError;

/// What `scope` with `FULL` lists: every scope of the portal.
pub(super) const ALL_SCOPES: [&str; 16] = [
    "bizproc",
    "booking",
    "calendar",
    "catalog",
    "crm",
    "disk",
    "im",
    "imbot",
    "imconnector",
    "imopenlines",
    "log",
    "sale",
    "sonet_group",
    "task",
    "telephony",
    "user",
];

/// The scope of an event in the portal's own module: there the seven connector events belong to `imopenlines`, and
/// `imconnector` has none (`protocol` section 3). Empty if every application may bind it.
fn scope_of(event: &KnownEvent) -> &'static str {
    if event.short.is_some() { "imopenlines" } else { event.scope.unwrap_or_default() }
}

/// Whether an application with these scopes may bind an event.
pub(super) fn is_in_scope(event: &str, scopes: &[String]) -> bool {
    find(event).is_some_and(|event| has(scopes, scope_of(event)))
}

fn has(scopes: &[String], scope: &str) -> bool {
    scope.is_empty() || scopes.iter().any(|own| own == scope)
}

/// `events`: names in the application's scopes, in one scope (`SCOPE`, `""` for those without), or all (`FULL`).
pub(super) fn list(call: &MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let asked = call.params.get("scope").map(php::text);
    let chosen = all_events().filter(|event| match &asked {
        Some(asked) => asked == scope_of(event),
        None => call.params.is_truthy("full") || has(&call.state.app.scopes, scope_of(event)),
    });
    Ok(chosen.map(|event| Value::from(event.name.to_ascii_uppercase())).collect())
}
