//! Methods about users and their rights.

use serde_json::{Map, Value, json};

use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::state::{State, User};

/// `user.admin`.
pub(super) fn is_admin(call: &MethodCall<'_>) -> Value {
    call.caller.user.admin.into()
}

/// `user.access`: whether the user has one of the access codes `ACCESS`; an administrator has them all.
pub(super) fn has_access(call: &MethodCall<'_>) -> Value {
    let user = &call.caller.user;
    let own = [format!("U{}", user.id), "AU".to_owned(), "G2".to_owned()];
    let codes = match call.params.get("access") {
        Some(Value::Array(codes)) => codes.iter().map(php::text).collect(),
        Some(Value::Object(codes)) => codes.values().map(php::text).collect(),
        Some(code) => vec![php::text(code)],
        None => Vec::new(),
    };
    (user.admin || codes.iter().any(|code| own.contains(code))).into()
}

/// `access.name`: what the access codes `ACCESS` stand for; false without a list of them.
pub(super) fn names(call: &MethodCall<'_>) -> Value {
    let codes: Vec<String> = match call.params.get("access") {
        Some(Value::Array(codes)) if !codes.is_empty() => codes.iter().map(php::text).collect(),
        Some(Value::Object(codes)) if !codes.is_empty() => codes.values().map(php::text).collect(),
        _ => return Value::Bool(false),
    };
    let names: Map<String, Value> = codes.into_iter().map(|code| (code.clone(), name(call.state, &code))).collect();
    Value::Object(names)
}

fn name(state: &State, code: &str) -> Value {
    let user = code.strip_prefix('U').and_then(|id| id.parse().ok()).and_then(|id| state.user(id));
    match (code, user) {
        (_, Some(user)) => {
            json!({"provider_id": "user", "provider": "Users", "name": format!("{} {}", user.name, user.last_name)})
        }
        ("AU", _) => json!({"provider_id": "other", "provider": "", "name": "All authorized users"}),
        ("G1", _) => json!({"provider_id": "group", "provider": "User groups", "name": "Administrators"}),
        ("G2", _) => json!({"provider_id": "group", "provider": "User groups", "name": "All users"}),
        _ => json!({"provider": "", "name": code}),
    }
}

/// `user.current`.
pub(super) fn current_user(call: &MethodCall<'_>) -> Value {
    let User { id, name, last_name, .. } = &call.caller.user;
    json!({
        "ID": id.to_string(),
        "XML_ID": id.to_string(),
        "ACTIVE": true,
        "NAME": name,
        "LAST_NAME": last_name,
        "SECOND_NAME": "",
        "TITLE": "",
        "EMAIL": format!("{}@example.com", name.to_ascii_lowercase()),
        "TIME_ZONE": "",
        "IS_ONLINE": "Y",
        "PERSONAL_GENDER": "",
        "PERSONAL_PHOTO": "",
        "WORK_POSITION": "",
        "UF_DEPARTMENT": [1],
        "USER_TYPE": "employee",
    })
}
