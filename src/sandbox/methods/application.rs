//! Methods about the application, its rights and its user.

use serde_json::{Value, json};

use crate::catalog;
use crate::sandbox::call::Call;
use crate::sandbox::reply::RestError;

/// Events of other scopes that the sandbox knows, so that the answer to a missing scope can be seen.
const OTHER_EVENTS: [(&str, &str); 8] = [
    ("ONIMBOTMESSAGEADD", "imbot"),
    ("ONIMCOMMANDADD", "imbot"),
    ("ONUSERADD", "user"),
    ("ONCRMLEADADD", "crm"),
    ("ONCRMLEADUPDATE", "crm"),
    ("ONCRMDEALADD", "crm"),
    ("ONCRMCONTACTADD", "crm"),
    ("ONTASKADD", "task"),
];

/// Every event of the sandbox, upper case, with its scope.
fn all_events() -> impl Iterator<Item = (String, Option<&'static str>)> {
    let known = catalog::known_events().map(|event| (event.name.to_ascii_uppercase(), event.scope));
    known.chain(OTHER_EVENTS.iter().map(|&(name, scope)| (name.to_owned(), Some(scope))))
}

/// Whether an application with these scopes may bind an event.
pub(in crate::sandbox) fn event_is_in_scope(event: &str, scopes: &[String]) -> bool {
    let allowed = |scope: Option<&str>| scope.is_none_or(|scope| scopes.iter().any(|own| own == scope));
    all_events().any(|(name, scope)| name == event && allowed(scope))
}

/// `events`: the names in the application's scopes, in one scope, or all.
///
/// # Errors
/// `WRONG_AUTH_TYPE` for a webhook.
pub(in crate::sandbox) fn events(call: &Call<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let full = call.params.flag("full");
    let scope = call.params.text("scope");
    let scopes = &call.state.app.scopes;
    let wanted = |event: &(String, Option<&str>)| match event.1 {
        _ if full => true,
        own if !scope.is_empty() => own == Some(scope.as_str()),
        None => true,
        Some(own) => scopes.iter().any(|scope| scope == own),
    };
    Ok(all_events().filter(wanted).map(|(name, _)| Value::String(name)).collect())
}

/// `scope`.
pub(in crate::sandbox) fn scope(call: &Call<'_>) -> Value {
    json!(call.state.app.scopes)
}

/// `app.info`.
///
/// # Errors
/// `ACCESS_DENIED` for a webhook.
pub(in crate::sandbox) fn info(call: &Call<'_>) -> Result<Value, RestError> {
    if call.caller.webhook {
        return Err(RestError::denied("Application context required"));
    }
    let app = &call.state.app;
    Ok(json!({
        "ID": 1,
        "CODE": app.client_id,
        "VERSION": 1,
        "STATUS": app.status,
        "INSTALLED": app.installed,
        "PAYMENT_EXPIRED": if app.payment_expired { "Y" } else { "N" },
        "DAYS": null,
        "LANGUAGE_ID": "en",
        "LICENSE": "en_company",
        "LICENSE_TYPE": "company",
        "LICENSE_FAMILY": "company",
    }))
}

/// `profile`.
pub(in crate::sandbox) fn profile(call: &Call<'_>) -> Value {
    let user = &call.caller.user;
    json!({
        "ID": user.id.to_string(),
        "ADMIN": user.admin,
        "NAME": user.name,
        "LAST_NAME": user.last_name,
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
    })
}

/// `feature.get`.
///
/// # Errors
/// `ERROR_ARGUMENT` without a code.
pub(in crate::sandbox) fn feature(call: &Call<'_>) -> Result<Value, RestError> {
    let code = call.required("CODE")?;
    let has = call.state.app.features.contains(&code);
    Ok(json!({"value": if has { "Y" } else { "N" }}))
}
