//! The corners of the sandbox's offline queue.

use serde_json::{Value, json};

use crate::support::Sandbox;
use crate::support::http::Answer;

const ADD: &str = "OnImConnectorMessageAdd";

/// A sandbox with these numbers in the unnamed queue.
fn with_queue(numbers: std::ops::Range<u32>) -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.call("event.bind", &json!({"event": ADD, "event_type": "offline"}));
    for n in numbers {
        sandbox.enqueue(ADD, &json!({"n": n}));
    }
    sandbox
}

fn numbers(rows: &Value) -> Vec<u64> {
    rows.as_array().unwrap().iter().map(|row| row["EVENT_DATA"]["n"].as_u64().unwrap()).collect()
}

fn get(sandbox: &Sandbox, params: &Value) -> Value {
    sandbox.call("event.offline.get", params).json()["result"].clone()
}

fn listed(sandbox: &Sandbox, params: &Value) -> Value {
    sandbox.call("event.offline.list", params).json()["result"].clone()
}

#[track_caller]
fn refusal(answer: &Answer) -> (u16, String, String, Value) {
    let error = answer.json();
    let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    (answer.status, text("error"), text("error_description"), error["argument"].clone())
}

#[test]
fn get_with_a_lease_repeats_its_id_and_deletes_all_of_it() {
    let sandbox = with_queue(0..3);
    let lease = get(&sandbox, &json!({"clear": 0}))["process_id"].clone();
    let again = get(&sandbox, &json!({"process_id": lease, "clear": 0, "limit": 1}));
    assert_eq!((&again["process_id"], numbers(&again["events"])), (&lease, vec![0]));
    let last = get(&sandbox, &json!({"process_id": lease, "limit": 1}));
    assert_eq!((&last["process_id"], numbers(&last["events"])), (&lease, vec![0]));
    assert_eq!(listed(&sandbox, &json!({})), json!([]));
}

#[test]
fn clear_and_error_act_on_the_queue_of_their_auth_connector() {
    let sandbox = with_queue(0..2);
    let leased = get(&sandbox, &json!({"clear": 0}));
    let (lease, messages) = (&leased["process_id"], json!([leased["events"][0]["MESSAGE_ID"]]));
    sandbox.call("event.offline.clear", &json!({"process_id": lease, "auth_connector": "other"}));
    let error = json!({"process_id": lease, "message_id": messages, "auth_connector": "other"});
    sandbox.call("event.offline.error", &error);
    let rows = listed(&sandbox, &json!({}));
    assert_eq!((numbers(&rows), &rows[0]["ERROR"]), (vec![0, 1], &json!("0")));
    assert_eq!(get(&sandbox, &json!({"process_id": lease, "auth_connector": "other"}))["events"], json!([]));
}

#[test]
fn error_takes_message_ids_of_any_length() {
    let sandbox = with_queue(0..1);
    let answer = sandbox.call("event.offline.error", &json!({"process_id": "x", "message_id": [1]}));
    assert_eq!(answer.json()["result"], true);
    let wrong = refusal(&sandbox.call("event.offline.error", &json!({"process_id": "x", "message_id": "y"})));
    assert_eq!((wrong.2.as_str(), wrong.3), ("Value must be array of MESSAGE_ID values", json!("message_id")));
}

#[test]
fn error_with_another_lease_deletes_the_records() {
    let sandbox = with_queue(0..2);
    let message = listed(&sandbox, &json!({}))[0]["MESSAGE_ID"].clone();
    let error = json!({"process_id": "wrong", "message_id": [message]});
    assert_eq!(sandbox.call("event.offline.error", &error).json()["result"], true);
    assert_eq!(numbers(&listed(&sandbox, &json!({}))), [1]);
}

#[test]
fn an_empty_process_id_stands_for_records_without_a_lease() {
    let sandbox = with_queue(0..3);
    get(&sandbox, &json!({"clear": 0, "limit": 1}));
    assert_eq!(sandbox.call("event.offline.clear", &json!({"process_id": ""})).json()["result"], true);
    assert_eq!(numbers(&listed(&sandbox, &json!({}))), [0], "the leased record stays");
    let missing = refusal(&sandbox.call("event.offline.clear", &json!({})));
    assert_eq!((missing.2.as_str(), missing.3), ("Argument 'PROCESS_ID' is null or empty", json!("PROCESS_ID")));
}

#[test]
fn of_two_lists_clear_follows_the_message_ids() {
    let sandbox = with_queue(0..3);
    let leased = get(&sandbox, &json!({"clear": 0}));
    let (lease, rows) = (&leased["process_id"], &leased["events"]);
    let both = json!({"process_id": lease, "id": [rows[0]["ID"]], "message_id": [rows[1]["MESSAGE_ID"]]});
    sandbox.call("event.offline.clear", &both);
    assert_eq!(numbers(&listed(&sandbox, &json!({}))), [0, 2]);
    sandbox.call("event.offline.clear", &json!({"process_id": lease, "id": [rows[0]["ID"]]}));
    assert_eq!(numbers(&listed(&sandbox, &json!({}))), [2]);
    for (name, list, text) in [
        ("id", json!(["x"]), "Value must be array of integers"),
        ("id", json!(1), "Value must be array of integers"),
        ("message_id", json!(["short"]), "Value must be array of MESSAGE_ID values"),
        ("message_id", json!("short"), "Value must be array of MESSAGE_ID values"),
    ] {
        let answer = sandbox.call("event.offline.clear", &json!({"process_id": lease, name: list}));
        assert_eq!(refusal(&answer).2, text, "{name} {list}");
    }
}

#[test]
fn unknown_fields_operators_and_directions_are_refused() {
    let sandbox = with_queue(0..1);
    let text = |method: &str, params: Value| {
        let (status, code, text, argument) = refusal(&sandbox.call(method, &params));
        assert_eq!((status, code.as_str(), argument), (400, "ERROR_ARGUMENT", Value::Null));
        text
    };
    for method in ["event.offline.get", "event.offline.list"] {
        assert_eq!(text(method, json!({"filter": {"!ID": 1}})), "Filter operation not allowed: !");
        assert_eq!(text(method, json!({"filter": {"NOPE": 1}})), "Filter field not allowed: NOPE");
        assert_eq!(text(method, json!({"filter": "x"})), "The filter is not an array.");
        assert_eq!(text(method, json!({"order": {"nope": "ASC"}})), "Order field not allowed: NOPE");
        assert_eq!(text(method, json!({"order": {"ID": "sideways"}})), "Order direction should be one of {ASC|DESC}");
        assert_eq!(text(method, json!({"order": "x"})), "The order is not an array.");
    }
    assert_eq!(text("event.offline.get", json!({"filter": {"ERROR": 1}})), "Filter field not allowed: ERROR");
    assert_eq!(
        listed(&sandbox, &json!({"filter": {"=ERROR": "0", "%event_name": "MESSAGE"}})).as_array().unwrap().len(),
        1
    );
    let limit = refusal(&sandbox.call("event.offline.get", &json!({"limit": -1})));
    assert_eq!((limit.2.as_str(), limit.3), ("Value must be positive integer", json!("LIMIT")));
}

#[test]
fn list_is_in_the_order_of_ids() {
    let sandbox = with_queue(0..3);
    sandbox.edit_state(|state| state["queue"][0]["timestamp"] = json!(4_000_000_000_u32));
    assert_eq!(numbers(&listed(&sandbox, &json!({}))), [0, 1, 2]);
    let later = json!({"filter": {">TIMESTAMP_X": "2090-01-01T00:00:00+00:00"}});
    assert_eq!(numbers(&listed(&sandbox, &later)), [0]);
    assert_eq!(numbers(&get(&sandbox, &json!({}))["events"]), [1, 2, 0], "the oldest first");
}

#[test]
fn the_queue_is_closed_to_ordinary_users() {
    let sandbox = with_queue(0..1);
    for method in ["get", "list", "clear", "error"] {
        let answer = sandbox.call_as("user_access_token", &format!("event.offline.{method}"), &json!({}));
        assert_eq!(refusal(&answer), (403, "ACCESS_DENIED".into(), "Access denied!".into(), Value::Null));
    }
}

#[test]
fn leases_outside_the_plan_are_refused() {
    let sandbox = with_queue(0..1);
    sandbox.app(&json!({"features": []}));
    let refused = refusal(&sandbox.call("event.offline.get", &json!({"clear": 0})));
    let text = "This feature is not enabled for the current license: extended offline events handling";
    assert_eq!((refused.0, refused.1.as_str(), refused.2.as_str()), (403, "WRONG_LICENSE", text));
}
