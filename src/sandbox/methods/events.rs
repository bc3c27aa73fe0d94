//! The events of the sandbox, by scope.

use serde_json::Value;

use crate::sandbox::call::Call;
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

/// Events that every application may bind, then those of a scope. By the portal's own module the seven connector
/// events belong to `imopenlines`, and `imconnector` has none (`protocol` section 3).
const EVENTS: [(&str, &[&str]); 7] = [
    (
        "",
        &[
            "ONAPPINSTALL",
            "ONAPPUNINSTALL",
            "ONAPPUPDATE",
            "ONAPPPAYMENT",
            "ONSUBSCRIPTIONRENEW",
            "ONAPPTEST",
            "ONAPPMETHODCONFIRM",
            "ONOFFLINEEVENT",
        ],
    ),
    (
        "imopenlines",
        &[
            "ONIMCONNECTORMESSAGEADD",
            "ONIMCONNECTORMESSAGEUPDATE",
            "ONIMCONNECTORMESSAGEDELETE",
            "ONIMCONNECTORDIALOGSTART",
            "ONIMCONNECTORDIALOGFINISH",
            "ONIMCONNECTORSTATUSDELETE",
            "ONIMCONNECTORLINEDELETE",
            "ONOPENLINEMESSAGEADD",
            "ONOPENLINEMESSAGEUPDATE",
            "ONOPENLINEMESSAGEDELETE",
            "ONSESSIONSTART",
            "ONSESSIONFINISH",
        ],
    ),
    ("imbot", &["ONIMBOTMESSAGEADD", "ONIMCOMMANDADD"]),
    ("user", &["ONUSERADD"]),
    ("crm", &["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMDEALADD", "ONCRMCONTACTADD"]),
    ("task", &["ONTASKADD"]),
    ("telephony", &["ONVOXIMPLANTCALLEND", "ONEXTERNALCALLSTART"]),
];

/// Whether an application with these scopes may bind an event.
pub(super) fn is_in_scope(event: &str, scopes: &[String]) -> bool {
    EVENTS.iter().any(|(scope, events)| events.contains(&event) && has(scopes, scope))
}

fn has(scopes: &[String], scope: &str) -> bool {
    scope.is_empty() || scopes.iter().any(|own| own == scope)
}

/// `events`: names in the application's scopes, in one scope (`SCOPE`, `""` for those without), or all (`FULL`).
pub(super) fn list(call: &Call<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let asked = call.params.get("scope").map(php::text);
    let chosen = EVENTS.iter().filter(|(scope, _)| match &asked {
        Some(asked) => asked == scope,
        None => call.params.is_truthy("full") || has(&call.state.app.scopes, scope),
    });
    Ok(chosen.flat_map(|(_, events)| events.iter().copied()).collect())
}
