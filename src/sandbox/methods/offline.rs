//! The offline queue (`portal-protocol` section 5).

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::random::hex;
use crate::sandbox::call::Call;
use crate::sandbox::reply::{RestError, RestResult, iso};
use crate::sandbox::request::Params;
use crate::sandbox::state::{QueueRecord, now};

/// Records on a page of `event.offline.list`, and the default of `event.offline.get`.
const PAGE: usize = 50;

/// `event.offline.get`: takes records out, or leases them with `clear=0`.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn get(call: &mut Call<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    call.state.drop_old_leases();
    let clear = call.params.get("clear").is_none() || call.params.flag("clear");
    let lease = call.params.text("process_id");
    if !clear && !call.state.app.features.iter().any(|feature| feature == "rest_offline_extended") {
        let text = "This feature is not enabled for the current license: rest_offline_extended";
        return Err(RestError::new(403, "WRONG_LICENSE", text));
    }
    let limit = match call.params.get("limit") {
        None => PAGE,
        Some(_) => call
            .params
            .number("limit")
            .filter(|&n| n > 0)
            .and_then(|n| usize::try_from(n).ok())
            .ok_or_else(|| RestError::new(400, "ERROR_ARGUMENT", "Value must be greater than 0"))?,
    };
    let failed = call.params.flag("error");
    let connector = call.params.text("auth_connector");
    let open = |r: &QueueRecord| r.process_id == lease && r.error == failed && r.connector == connector;
    let mut chosen: Vec<QueueRecord> =
        call.state.queue.iter().filter(|r| open(r) && passes(&call.params, r)).cloned().collect();
    sort(&call.params, &mut chosen);
    chosen.truncate(limit);
    let ids: Vec<u64> = chosen.iter().map(|record| record.id).collect();
    let rows: Vec<Value> = chosen.iter().map(brief).collect();
    if clear {
        call.state.queue.retain(|record| !ids.contains(&record.id));
        return Ok(json!({"process_id": null, "events": rows}));
    }
    let process_id = if lease.is_empty() { hex(16) } else { lease };
    for record in call.state.queue.iter_mut().filter(|record| ids.contains(&record.id)) {
        record.process_id.clone_from(&process_id);
        record.leased_at = now();
    }
    Ok(json!({"process_id": process_id, "events": rows}))
}

/// `event.offline.list`: looks without touching, 50 at a time.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn list(call: &mut Call<'_>) -> Result<RestResult, RestError> {
    require_administrator(call)?;
    call.state.drop_old_leases();
    let connector = call.params.text("auth_connector");
    let mut chosen: Vec<QueueRecord> =
        call.state.queue.iter().filter(|r| r.connector == connector && passes(&call.params, r)).cloned().collect();
    sort(&call.params, &mut chosen);
    let total = chosen.len();
    let start = call.params.number("start").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let page: Vec<Value> = chosen.iter().skip(start).take(PAGE).map(full).collect();
    let next = Some(start.saturating_add(PAGE)).filter(|&next| next < total);
    Ok(RestResult { result: page.into(), total: Some(total), next })
}

/// `event.offline.clear`: removes what a lease has dealt with.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn clear(call: &mut Call<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    let lease = call.required("process_id")?;
    let ids = call.params.texts("id");
    let messages = messages(call)?;
    let everything = call.params.get("id").is_none() && call.params.get("message_id").is_none();
    call.state.queue.retain(|record| {
        let named = everything || ids.contains(&record.id.to_string()) || messages.contains(&record.message_id);
        !(record.process_id == lease && named)
    });
    Ok(Value::Bool(true))
}

/// `event.offline.error`: gives records back as failed.
///
/// # Errors
/// As the portal.
pub(in crate::sandbox) fn error(call: &mut Call<'_>) -> Result<Value, RestError> {
    require_administrator(call)?;
    let lease = call.required("process_id")?;
    if call.params.get("message_id").is_none() {
        return Err(RestError::missing("message_id"));
    }
    let messages = messages(call)?;
    for record in call.state.queue.iter_mut().filter(|r| r.process_id == lease && messages.contains(&r.message_id)) {
        record.error = true;
        record.process_id.clear();
    }
    Ok(Value::Bool(true))
}

fn require_administrator(call: &Call<'_>) -> Result<(), RestError> {
    call.require_application()?;
    if call.caller.user.admin {
        return Ok(());
    }
    Err(RestError::denied("Offline events requires administrator access rights"))
}

fn messages(call: &Call<'_>) -> Result<Vec<String>, RestError> {
    let messages = call.params.texts("message_id");
    if messages.iter().all(|id| id.len() == 32) {
        return Ok(messages);
    }
    Err(RestError::new(400, "ERROR_ARGUMENT", "Value must be a 32-character string"))
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

#[expect(clippy::cast_precision_loss, reason = "Unix seconds are exact in a double for ages")]
fn stamp(record: &QueueRecord) -> String {
    iso(record.timestamp as f64)
}

/// A field as text, by its name in any case.
fn field(record: &QueueRecord, name: &str) -> Option<String> {
    Some(match name.to_ascii_uppercase().as_str() {
        "ID" => record.id.to_string(),
        "TIMESTAMP_X" => stamp(record),
        "EVENT_NAME" => record.event.clone(),
        "MESSAGE_ID" => record.message_id.clone(),
        "PROCESS_ID" => record.process_id.clone(),
        "ERROR" => u8::from(record.error).to_string(),
        _ => return None,
    })
}

fn compare(left: &str, right: &str) -> Ordering {
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(right),
    }
}

/// Whether a record passes `filter`: names with an operator before them, lists meaning any of.
fn passes(params: &Params, record: &QueueRecord) -> bool {
    let Some(Value::Object(filter)) = params.get("filter") else { return true };
    filter.iter().all(|(key, wanted)| {
        let name = key.trim_start_matches(['=', '>', '<', '!']);
        let operator = &key[..key.len() - name.len()];
        let Some(value) = field(record, name) else { return true };
        let wanted: Vec<String> = match wanted {
            Value::Array(list) => list.iter().map(text).collect(),
            other => vec![text(other)],
        };
        let any = |test: fn(Ordering) -> bool| wanted.iter().any(|wanted| test(compare(&value, wanted)));
        match operator {
            ">" => any(Ordering::is_gt),
            ">=" => any(Ordering::is_ge),
            "<" => any(Ordering::is_lt),
            "<=" => any(Ordering::is_le),
            "!" | "!=" => !any(Ordering::is_eq),
            _ => any(Ordering::is_eq),
        }
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Sorts by `order`, by default the oldest first.
fn sort(params: &Params, records: &mut [QueueRecord]) {
    let order: Vec<(String, bool)> = match params.get("order") {
        Some(Value::Object(order)) => {
            order.iter().map(|(name, way)| (name.clone(), text(way).eq_ignore_ascii_case("desc"))).collect()
        }
        _ => vec![("TIMESTAMP_X".to_owned(), false)],
    };
    records.sort_by(|left, right| {
        let by = |(name, descending): &(String, bool)| {
            let ordering = compare(&field(left, name).unwrap_or_default(), &field(right, name).unwrap_or_default());
            if *descending { ordering.reverse() } else { ordering }
        };
        order.iter().map(by).find(|ordering| ordering.is_ne()).unwrap_or(left.id.cmp(&right.id))
    });
}
