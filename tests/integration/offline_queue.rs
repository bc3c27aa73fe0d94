//! The sandbox's offline queue.

use serde_json::{Value, json};

use crate::support::Sandbox;

fn with_queue() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add message-update --offline").ended_with(0);
    sandbox
}

#[track_caller]
fn events(sandbox: &Sandbox, params: &Value) -> Value {
    sandbox.call("event.offline.get", params).json()["result"].clone()
}

fn count(result: &Value) -> usize {
    result["events"].as_array().unwrap().len()
}

#[test]
fn only_bound_events_are_queued_and_identical_ones_are_merged() {
    let sandbox = with_queue();
    sandbox.enqueue("OnImConnectorMessageAdd", &json!({"a": 1}));
    sandbox.enqueue("OnImConnectorMessageAdd", &json!({"a": 1}));
    sandbox.enqueue("OnImConnectorMessageAdd", &json!({"a": 2}));
    sandbox.enqueue("OnImConnectorLineDelete", &json!(7));
    let listed = sandbox.call("event.offline.list", &json!({})).json();
    assert_eq!((&listed["total"], listed["result"].as_array().unwrap().len()), (&json!(2), 2));
    let first = &listed["result"][0];
    assert_eq!((&first["EVENT_NAME"], &first["EVENT_DATA"]), (&json!("ONIMCONNECTORMESSAGEADD"), &json!({"a": 1})));
    assert_eq!((&first["EVENT_ADDITIONAL"], &first["ERROR"]), (&json!({"user_id": "1"}), &json!("0")));
    assert_eq!(first["MESSAGE_ID"].as_str().unwrap().len(), 32);
}

#[test]
fn get_deletes_what_it_returns_unless_it_leases() {
    let sandbox = with_queue();
    for n in 0..3 {
        sandbox.enqueue("OnImConnectorMessageAdd", &json!({"n": n}));
    }
    let taken = events(&sandbox, &json!({"limit": 1}));
    assert_eq!((count(&taken), &taken["process_id"]), (1, &Value::Null));
    let leased = events(&sandbox, &json!({"clear": 0, "limit": 1}));
    assert_eq!((count(&leased), leased["process_id"].as_str().unwrap().len()), (1, 32));
    let other = events(&sandbox, &json!({"clear": 0}));
    assert_eq!(count(&other), 1, "parallel readers get different records");
    assert_eq!(count(&events(&sandbox, &json!({}))), 0, "leased records are hidden");
    assert_eq!(sandbox.call("event.offline.list", &json!({})).json()["total"], 2);
}

#[test]
fn a_lease_is_cleared_or_returned_as_failed() {
    let sandbox = with_queue();
    sandbox.enqueue("OnImConnectorMessageAdd", &json!({"n": 1}));
    sandbox.enqueue("OnImConnectorMessageUpdate", &json!({"n": 2}));
    let leased = events(&sandbox, &json!({"clear": 0}));
    let (lease, failed) = (&leased["process_id"], &leased["events"][1]["MESSAGE_ID"]);
    let error = json!({"process_id": lease, "message_id": [failed]});
    assert_eq!(sandbox.call("event.offline.error", &error).json()["result"], true);
    assert_eq!(sandbox.call("event.offline.clear", &json!({"process_id": lease})).json()["result"], true);
    assert_eq!(count(&events(&sandbox, &json!({}))), 0);
    assert_eq!(count(&events(&sandbox, &json!({"error": 1}))), 1);
}

#[test]
fn filters_order_and_source_keys_are_respected() {
    let sandbox = with_queue();
    sandbox.run("bind message-add --offline --auth-connector shop").ended_with(0);
    sandbox.enqueue("OnImConnectorMessageAdd", &json!({"n": 1}));
    sandbox.enqueue("OnImConnectorMessageUpdate", &json!({"n": 2}));
    let names = |params: Value| -> Vec<String> {
        let rows = sandbox.call("event.offline.list", &params).json()["result"].clone();
        rows.as_array().unwrap().iter().map(|row| row["EVENT_DATA"]["n"].to_string()).collect()
    };
    assert_eq!(names(json!({"order": {"ID": "DESC"}})), ["2", "1"]);
    assert_eq!(names(json!({"filter": {"EVENT_NAME": "ONIMCONNECTORMESSAGEUPDATE"}})), ["2"]);
    assert_eq!(names(json!({"filter": {">ID": "4", "<=ID": 6}})), ["2"]);
    assert_eq!(names(json!({"auth_connector": "shop"})), ["1"]);
}

#[test]
fn pages_hold_fifty_records() {
    let sandbox = with_queue();
    for n in 0..55 {
        sandbox.enqueue("OnImConnectorMessageAdd", &json!({"n": n}));
    }
    let first = sandbox.call("event.offline.list", &json!({})).json();
    assert_eq!(
        (first["result"].as_array().unwrap().len(), &first["next"], &first["total"]),
        (50, &json!(50), &json!(55))
    );
    let second = sandbox.call("event.offline.list", &json!({"start": 50})).json();
    assert_eq!((second["result"].as_array().unwrap().len(), &second["next"]), (5, &Value::Null));
}

#[test]
fn invalid_arguments_and_missing_rights_are_refused() {
    let sandbox = with_queue();
    let status = |method: &str, params: Value| sandbox.call(method, &params).status;
    assert_eq!(sandbox.call_as("user_access_token", "event.offline.get", &json!({})).status, 403);
    assert_eq!(status("event.offline.get", json!({"limit": 0})), 400);
    assert_eq!(status("event.offline.clear", json!({})), 400);
    assert_eq!(status("event.offline.error", json!({"process_id": "x"})), 400);
    assert_eq!(status("event.offline.clear", json!({"process_id": "x", "message_id": ["short"]})), 400);
    sandbox.app(&json!({"features": []}));
    let refused = sandbox.call("event.offline.get", &json!({"clear": 0}));
    assert_eq!((refused.status, &refused.json()["error"]), (403, &json!("WRONG_LICENSE")));
}

#[test]
fn event_test_reaches_the_queue_with_its_query() {
    let sandbox = Sandbox::start();
    sandbox.run("bind OnAppTest --offline").ended_with(0);
    sandbox.call("event.test", &json!({"any": "thing"}));
    let queued = events(&sandbox, &json!({}));
    assert_eq!(queued["events"][0]["EVENT_DATA"], json!({"QUERY": {"any": "thing"}, "LANGUAGE_ID": "en"}));
}
