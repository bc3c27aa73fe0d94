//! `event.bind`, `event.unbind`, `event.get`, `event.test` (`portal-protocol` section 2). The order of the checks is
//! the portal's: which of two mistakes is reported depends on it.

use serde_json::{Value, json};

use super::application::event_is_in_scope;
use crate::sandbox::call::Call;
use crate::sandbox::reply::RestError;
use crate::sandbox::state::Handler;

/// `event.bind`.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn bind(call: &mut Call<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let user = &call.caller.user;
    let named = u64::try_from(call.params.user_id("auth_type").unwrap_or(0)).unwrap_or(0);
    if named > 0 && !user.admin && named != user.id {
        return Err(RestError::denied("Event binding with AUTH_TYPE requires administrator access rights"));
    }
    let auth_user = if user.admin { named } else { user.id };
    let event = call.required("EVENT")?.to_ascii_uppercase();
    let offline = event_type(call)?;
    if offline && !user.admin {
        return Err(RestError::denied("Offline events binding requires administrator access rights"));
    }
    let handler = if offline { String::new() } else { call.required("HANDLER")? };
    if !offline {
        check_url(&handler)?;
    }
    let connector = call.params.text("auth_connector");
    if !connector.is_empty() && !call.state.app.features.iter().any(|feature| feature == "rest_auth_connector") {
        let text = "This feature is not enabled for the current license: auth_connector";
        return Err(RestError::new(403, "WRONG_LICENSE", text));
    }
    if !event_is_in_scope(&event, &call.state.app.scopes) {
        return Err(RestError::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"));
    }
    if offline && event == "ONOFFLINEEVENT" {
        return Err(RestError::new(400, "ERROR_ARGUMENT", "Offline event cannot be registered for this event."));
    }
    let auth_user = if offline { 0 } else { auth_user };
    let min_timeout = (event == "ONOFFLINEEVENT").then(|| min_timeout(call));
    let new = Handler { id: 0, event, url: handler, auth_user, offline, connector, min_timeout };
    if call.state.handlers.iter().any(|old| is_same(old, &new)) {
        return Err(RestError::new(400, "ERROR_CORE", "Unable to set event handler: Handler already binded"));
    }
    let id = call.state.take_id();
    call.state.handlers.push(Handler { id, ..new });
    Ok(Value::Bool(true))
}

fn is_same(old: &Handler, new: &Handler) -> bool {
    (&old.event, &old.url, old.auth_user, old.offline, &old.connector)
        == (&new.event, &new.url, new.auth_user, new.offline, &new.connector)
}

fn min_timeout(call: &Call<'_>) -> u64 {
    let option = call.params.get("options").and_then(|options| options.get("minTimeout"));
    option.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok())).unwrap_or(1)
}

/// `event.unbind`.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn unbind(call: &mut Call<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let user = call.caller.user.clone();
    let named = call.params.get("auth_type").filter(|value| !value.is_null() && *value != "");
    if let Some(named) = named
        && !user.admin
        && (call.in_batch || named.as_u64() != Some(user.id))
    {
        // The module compares strictly: out of a form or a batch command the id is a text, and never equal.
        return Err(RestError::denied("Event unbinding with AUTH_TYPE requires administrator access rights"));
    }
    let own = i64::try_from(user.id).unwrap_or(i64::MAX);
    let auth_user = if user.admin { call.params.user_id("auth_type") } else { Some(own) };
    let event = call.required("EVENT")?.to_ascii_uppercase();
    let connector = call.params.text("auth_connector");
    let offline = event_type(call)?;
    if offline && !user.admin {
        return Err(RestError::denied("Offline events unbinding requires administrator access rights"));
    }
    let handler = if offline { String::new() } else { call.required("HANDLER")? };
    let before = call.state.handlers.len();
    call.state.handlers.retain(|old| {
        let meant = old.event == event
            && old.offline == offline
            && if offline {
                old.connector == connector
            } else {
                old.url == handler
                    && auth_user.is_none_or(|wanted| u64::try_from(wanted) == Ok(old.auth_user))
                    && (connector.is_empty() || connector == old.connector)
            };
        !meant
    });
    Ok(json!({"count": before - call.state.handlers.len()}))
}

/// `event.get`.
///
/// # Errors
/// `WRONG_AUTH_TYPE` for a webhook.
pub(in crate::sandbox) fn get(call: &Call<'_>) -> Result<Value, RestError> {
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
///
/// # Errors
/// `WRONG_AUTH_TYPE` for a webhook.
pub(in crate::sandbox) fn test(call: &mut Call<'_>) -> Result<Value, RestError> {
    call.require_application()?;
    let data = json!({"QUERY": call.params.members(), "LANGUAGE_ID": "en"});
    call.state.enqueue("ONAPPTEST", &data, call.caller.user.id);
    Ok(json!(1))
}

/// Whether the call is about an offline binding.
fn event_type(call: &Call<'_>) -> Result<bool, RestError> {
    match call.params.text("event_type").to_ascii_lowercase().as_str() {
        "" | "online" => Ok(false),
        "offline" => Ok(true),
        _ => Err(RestError::new(400, "ERROR_ARGUMENT", "Value must be one of {online|offline}")),
    }
}

/// What the portal asks of a handler's URL: a dot inside the host first, then the scheme.
fn check_url(handler: &str) -> Result<(), RestError> {
    let wrong = || RestError::new(400, "ERROR_WRONG_HANDLER_URL", "Wrong handler URL");
    let (scheme, rest) = handler.split_once("://").ok_or_else(wrong)?;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next().unwrap_or(authority).split(':').next().unwrap_or_default();
    if host.find('.').is_none_or(|at| at == 0) {
        return Err(wrong());
    }
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(RestError::new(400, "ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol"));
    }
    Ok(())
}
