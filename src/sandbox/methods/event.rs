//! `event.bind`, `event.unbind`, `event.get`, `event.test` (`protocol` section 2). The order of the checks is
//! the portal's: it decides which of two mistakes is reported.

use serde_json::{Value, json};

use super::{events, handler_url};
use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::RestError;
use crate::sandbox::state::Handler;

/// `event.bind`.
pub(super) fn bind(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let auth_user = user_to_bind_for(call)?;
    let event = call.required("EVENT")?.to_ascii_uppercase();
    let offline = is_offline(call)?;
    if offline && !call.caller.user.admin {
        return Err(RestError::denied("Offline events binding requires administrator access rights"));
    }
    let url = if offline { String::new() } else { call.required("HANDLER")? };
    if !offline {
        handler_url::check(&url)?;
    }
    if !events::is_in_scope(&event, &call.state.app.scopes) {
        return Err(RestError::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"));
    }
    if offline && event == "ONOFFLINEEVENT" {
        return Err(RestError::new(400, "ERROR_ARGUMENT", "Offline event cannot be registered for this event."));
    }
    let auth_user = if offline { 0 } else { auth_user };
    let min_timeout = (event == "ONOFFLINEEVENT").then(|| min_timeout(call));
    let new = Handler { id: 0, event, url, auth_user, offline, connector: call.caller.connector.clone(), min_timeout };
    if call.state.handlers.iter().any(|old| is_same(old, &new)) {
        return Err(RestError::new(400, "ERROR_CORE", "Unable to set event handler: Handler already binded"));
    }
    let id = call.state.take_id();
    call.state.handlers.push(Handler { id, ..new });
    Ok(Value::Bool(true))
}

/// The user in `auth_type`; 0 for the user whose action fires the event. Only an administrator may bind for another user
/// or for 0.
fn user_to_bind_for(call: &MethodCall<'_>) -> Result<u64, RestError> {
    let user = &call.caller.user;
    let given = u64::try_from(call.params.intval("auth_type").unwrap_or(0)).unwrap_or(0);
    if user.admin || given == user.id {
        return Ok(given);
    }
    if given > 0 {
        return Err(RestError::denied("Event binding with AUTH_TYPE requires administrator access rights"));
    }
    Ok(user.id)
}

fn is_same(old: &Handler, new: &Handler) -> bool {
    (&old.event, &old.url, old.auth_user, old.offline, &old.connector)
        == (&new.event, &new.url, new.auth_user, new.offline, &new.connector)
}

/// Seconds.
fn min_timeout(call: &MethodCall<'_>) -> u64 {
    let option = call.params.get("options").and_then(|options| options.get("minTimeout"));
    option.map_or(1, |seconds| u64::try_from(php::intval(seconds)).unwrap_or(0))
}

/// `event.unbind`.
pub(super) fn unbind(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let event = call.required("EVENT")?.to_ascii_uppercase();
    let offline = is_offline(call)?;
    if offline && !call.caller.user.admin {
        return Err(RestError::denied("Offline events unbinding requires administrator access rights"));
    }
    let before = call.state.handlers.len();
    if offline {
        let connector = &call.caller.connector;
        call.state.handlers.retain(|old| !(old.offline && old.event == event && old.connector == *connector));
    } else {
        let url = call.required("HANDLER")?;
        let user = user_to_unbind(call)?;
        let is_users = |handler: &Handler| user.is_none_or(|user| u64::try_from(user) == Ok(handler.auth_user));
        call.state.handlers.retain(|old| !(!old.offline && old.event == event && old.url == url && is_users(old)));
    }
    Ok(json!({"count": before - call.state.handlers.len()}))
}

/// Whose online bindings are removed; `None` for those of all users.
fn user_to_unbind(call: &MethodCall<'_>) -> Result<Option<i64>, RestError> {
    let user = &call.caller.user;
    let own = i64::try_from(user.id).unwrap_or(i64::MAX);
    match call.params.get("auth_type") {
        None if user.admin => Ok(None),
        None => Ok(Some(own)),
        // The module compares strictly: in a form or a batch command the id is text, and never equal.
        Some(given) if user.admin || given.as_u64() == Some(user.id) => Ok(Some(php::intval(given))),
        Some(_) => Err(RestError::denied("Event unbinding with AUTH_TYPE requires administrator access rights")),
    }
}

/// `event.get`: without administrator rights only the user's own bindings.
pub(super) fn get(call: &MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let user = &call.caller.user;
    let visible = call.state.handlers.iter().filter(|h| user.admin || (!h.offline && h.auth_user == user.id));
    Ok(visible.map(row).collect())
}

fn row(handler: &Handler) -> Value {
    let Handler { event, url, auth_user, connector, .. } = handler;
    if handler.offline {
        json!({"event": event, "connector_id": connector, "offline": 1})
    } else {
        json!({"event": event, "handler": url, "auth_type": auth_user.to_string(), "offline": 0})
    }
}

/// `event.test`: fires `ONAPPTEST`.
pub(super) fn test(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let data = json!({"QUERY": call.params.members(), "LANGUAGE_ID": "en"});
    call.state.enqueue("ONAPPTEST", &data, call.caller.user.id);
    Ok(json!(1))
}

fn is_offline(call: &MethodCall<'_>) -> Result<bool, RestError> {
    match call.params.text("event_type").to_ascii_lowercase().as_str() {
        "" | "online" => Ok(false),
        "offline" => Ok(true),
        _ => Err(RestError::argument("EVENT_TYPE", "Value must be one of {online|offline}")),
    }
}
