//! Methods about the portal, the application and its methods.

use serde_json::{Value, json};

use super::events::ALL_SCOPES;
use super::{METHODS, find};
use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::{RestError, iso, precise_now};

/// `scope`: the application's scopes, or with `FULL` those of the portal.
pub(super) fn scope(call: &MethodCall<'_>) -> Value {
    if call.params.is_truthy("full") { json!(ALL_SCOPES) } else { json!(call.state.app.scopes) }
}

/// `methods`: names of the application's methods, of one scope's (`SCOPE`), or of all (`FULL`).
pub(super) fn methods(call: &MethodCall<'_>) -> Value {
    let scope = call.params.get("scope").map(php::text);
    let chosen = METHODS.iter().filter(|method| match scope.as_deref() {
        Some("") => method.scopes.is_empty(),
        Some(scope) => method.scopes.contains(&scope),
        None => call.params.is_truthy("full") || method.is_in_scope(&call.state.app.scopes),
    });
    chosen.map(|method| method.name).collect()
}

/// `method.get`: whether a method exists, and whether the application has its scope.
pub(super) fn method_get(call: &MethodCall<'_>) -> Value {
    let method = call.params.exact("name").and_then(|name| find(&php::text(name)));
    let is_available = method.is_some_and(|method| method.is_in_scope(&call.state.app.scopes));
    json!({"isExisting": method.is_some(), "isAvailable": is_available})
}

pub(super) fn server_time() -> Value {
    iso(precise_now()).into()
}

/// `app.info`. The portal and the auth server have a method of this name each, and share an address here: the answer
/// has the members of both (those of the auth server are in lower case).
pub(super) fn info(call: &MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application_context()?;
    let app = &call.state.app;
    let scope = app.scopes.join(",");
    #[expect(clippy::cast_precision_loss, reason = "Unix seconds are exact in a double")]
    let expires = iso(call.caller.expires as f64);
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
        "client_id": app.client_id,
        "scope": scope,
        "expires": expires,
        "user_id": call.caller.user.id,
        "install": {
            "installed": app.installed,
            "version": 1,
            "status": app.status,
            "scope": scope,
            "domain": call.base.split_once("://").map_or(call.base, |(_, host)| host),
            "uri": call.base,
            "client_endpoint": format!("{}/rest/", call.base),
            "member_id": call.state.member_id,
            "member_type": "demo",
        },
    }))
}

pub(super) fn profile(call: &MethodCall<'_>) -> Value {
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

/// `feature.get`: Y or N.
pub(super) fn feature(call: &MethodCall<'_>) -> Result<Value, RestError> {
    if !call.params.is_truthy("CODE") {
        return Err(RestError::new(400, "CODE_EMPTY", "CODE can't be empty"));
    }
    let has = call.state.app.has_feature(&call.params.text("CODE"));
    Ok(json!({"value": if has { "Y" } else { "N" }}))
}
