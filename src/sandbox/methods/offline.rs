//! The offline queue (`protocol` section 5). Every method acts on the queue of the request's `auth_connector`.

use serde_json::{Value, json};

use super::offline_query::{Fields, Filter, Order};
use crate::random::hex;
use crate::sandbox::call::MethodCall;
use crate::sandbox::php;
use crate::sandbox::reply::{RestError, RestResult, iso};
use crate::sandbox::state::{QueueRecord, State, now};

/// Records on a page of `event.offline.list`, and the default of `event.offline.get`.
const PAGE: usize = 50;

/// `event.offline.get`: removes the records that it returns, or leases them with `clear=0`.
pub(super) fn get(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    call.state.drop_old_leases();
    let clear = call.params.intval("clear").is_none_or(|clear| clear != 0);
    if !clear && !call.state.app.has_feature("rest_offline_extended") {
        return Err(RestError::not_in_plan("extended offline events handling"));
    }
    let limit = call.params.intval("limit").map_or(PAGE, |limit| usize::try_from(limit).unwrap_or(0));
    if limit == 0 {
        return Err(RestError::argument("LIMIT", "Value must be positive integer"));
    }
    let given = process_id(call);
    let filter = Filter::read(&call.params, Fields::Get, given.is_none())?;
    let order = Order::read(&call.params, Fields::Get)?;
    let failed = call.params.intval("error") == Some(1);
    let source = given.clone().unwrap_or_default();
    let connector = &call.caller.connector;
    let mut chosen: Vec<&mut QueueRecord> =
        call.state.queue.iter_mut().filter(|r| r.is_in(connector, &source)).collect();
    chosen.retain(|record| record.error == failed && filter.passes(record));
    chosen.sort_by(|left, right| order.compare(left, right));
    chosen.truncate(limit);
    let process_id = given.clone().unwrap_or_else(|| hex(16));
    for record in &mut chosen {
        if given.is_none() {
            record.process_id.clone_from(&process_id);
            record.leased_at = now();
        }
    }
    let events: Vec<Value> = chosen.iter().map(|record| brief(record)).collect();
    if clear && !events.is_empty() {
        // The whole lease goes, even what `limit` or `filter` left out.
        call.state.queue.retain(|record| !record.is_in(connector, &process_id));
    }
    let shown = (given.is_some() || !clear).then_some(process_id);
    Ok(json!({"process_id": shown, "events": events}))
}

/// `event.offline.list`: pages of 50, without side effects.
pub(super) fn list(call: &mut MethodCall<'_>) -> Result<RestResult, RestError> {
    require_administrator(call)?;
    call.state.drop_old_leases();
    let filter = Filter::read(&call.params, Fields::List, false)?;
    let order = Order::read(&call.params, Fields::List)?;
    let queue = call.state.queue.iter().filter(|record| record.connector == call.caller.connector);
    let mut chosen: Vec<&QueueRecord> = queue.filter(|record| filter.passes(record)).collect();
    chosen.sort_by(|left, right| order.compare(left, right));
    let total = chosen.len();
    let start = usize::try_from(call.params.intval("start").unwrap_or(0)).unwrap_or(0);
    let page: Vec<Value> = chosen.into_iter().skip(start).take(PAGE).map(full).collect();
    let next = Some(start.saturating_add(PAGE)).filter(|&next| next < total);
    Ok(RestResult { result: page.into(), total: Some(total), next })
}

/// `event.offline.clear`: removes a lease, or the given records of it; of two lists `message_id` counts. An empty
/// `process_id` stands for the records that are not leased.
pub(super) fn clear(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    let process_id = process_id(call).ok_or_else(|| RestError::missing("PROCESS_ID"))?;
    let messages = message_ids_to_clear(call)?;
    let ids = if messages.is_some() { None } else { ids_to_clear(call)? };
    let connector = &call.caller.connector;
    call.state.queue.retain(|record| {
        let is_given = messages.as_ref().is_none_or(|messages| messages.contains(&record.message_id))
            && ids.as_ref().is_none_or(|ids| ids.contains(&record.id));
        !(is_given && record.is_in(connector, &process_id))
    });
    Ok(Value::Bool(true))
}

/// `None` without a list; an empty list stands for the whole lease.
fn message_ids_to_clear(call: &MethodCall<'_>) -> Result<Option<Vec<String>>, RestError> {
    let Some(given) = call.params.get("message_id") else { return Ok(None) };
    let text = "Value must be array of MESSAGE_ID values";
    let ids = items(given).ok_or_else(|| RestError::argument("message_id", text))?;
    let ids: Vec<String> = ids.into_iter().map(|id| php::text(id).trim().to_owned()).collect();
    if ids.iter().any(|id| id.chars().count() != 32) {
        // The misspelling is the portal's.
        return Err(RestError::argument("messsage_id", text));
    }
    Ok(Some(ids).filter(|ids| !ids.is_empty()))
}

fn ids_to_clear(call: &MethodCall<'_>) -> Result<Option<Vec<u64>>, RestError> {
    let Some(given) = call.params.get("id") else { return Ok(None) };
    let ids = items(given).and_then(|ids| ids.into_iter().map(positive).collect::<Option<Vec<u64>>>());
    let ids = ids.ok_or_else(|| RestError::argument("id", "Value must be array of integers"))?;
    Ok(Some(ids).filter(|ids| !ids.is_empty()))
}

fn positive(id: &Value) -> Option<u64> {
    u64::try_from(php::intval(id)).ok().filter(|&id| id > 0)
}

/// `event.offline.error`: marks records of a lease as failed, and ends their lease. Records with these message ids
/// outside the lease are deleted.
pub(super) fn error(call: &mut MethodCall<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    let process_id = process_id(call).ok_or_else(|| RestError::missing("PROCESS_ID"))?;
    let given = call.params.get("message_id").and_then(items);
    let given = given.ok_or_else(|| RestError::argument("message_id", "Value must be array of MESSAGE_ID values"))?;
    let messages: Vec<String> = given.into_iter().map(php::text).collect();
    mark_failed(call.state, &call.caller.connector, &process_id, &messages);
    Ok(Value::Bool(true))
}

fn mark_failed(state: &mut State, connector: &str, process_id: &str, messages: &[String]) {
    let is_given =
        |record: &QueueRecord| !record.error && record.connector == connector && messages.contains(&record.message_id);
    state.queue.retain(|record| !is_given(record) || record.process_id == process_id);
    for record in state.queue.iter_mut().filter(|record| is_given(record)) {
        record.error = true;
        record.process_id.clear();
    }
}

fn require_administrator(call: &MethodCall<'_>) -> Result<(), RestError> {
    call.require_application()?;
    if call.caller.user.admin { Ok(()) } else { Err(RestError::new(403, "ACCESS_DENIED", "Access denied!")) }
}

fn process_id(call: &MethodCall<'_>) -> Option<String> {
    call.params.get("process_id").map(|id| php::text(id).trim().to_owned())
}

fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(list) => Some(list.iter().collect()),
        Value::Object(map) => Some(map.values().collect()),
        _ => None,
    }
}

fn brief(record: &QueueRecord) -> Value {
    json!({
        "ID": record.id.to_string(),
        "TIMESTAMP_X": stamp(record),
        "EVENT_NAME": record.event,
        "EVENT_DATA": record.data,
        "EVENT_ADDITIONAL": {"user_id": record.user.to_string()},
        "MESSAGE_ID": record.message_id,
    })
}

fn full(record: &QueueRecord) -> Value {
    let mut row = brief(record);
    row["PROCESS_ID"] = record.process_id.clone().into();
    row["ERROR"] = if record.error { "1" } else { "0" }.into();
    row
}

#[expect(clippy::cast_precision_loss, reason = "Unix seconds are exact in a double")]
fn stamp(record: &QueueRecord) -> String {
    iso(record.timestamp as f64)
}
