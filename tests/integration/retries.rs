//! Retries, and what happens when they do not help.

use serde_json::json;

use crate::support::{HANDLER, RawServer, Sandbox};

#[test]
fn a_limit_is_waited_out() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "limit", "times": 2}));
    sandbox.run("list").ended_with(0);
    assert_eq!(sandbox.requests().len(), 3);
}

#[test]
fn a_persistent_limit_exits_6_with_a_hint() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "limit", "times": 10}));
    let output = sandbox.run("list --retries 1 -o json").ended_with(6);
    assert_eq!(output.json_error()["code"], "limited");
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn only_the_limited_command_of_a_batch_is_retried() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "limit", "method": "event.bind", "skip": 3}));
    let output = sandbox.run(&format!("bind --all --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(output.statuses(), ["bound"; 7]);
    let sizes: Vec<usize> = sandbox.requests().iter().map(|r| r["commands"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [10, 1]);
}

#[test]
fn a_command_with_a_persistent_limit_is_a_partial_failure() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "operation-limit", "method": "event.bind"}));
    let output = sandbox.run(&format!("bind --all --retries 0 --handler {HANDLER} -o json")).ended_with(5);
    let summary = output.json()["summary"].clone();
    assert_eq!((&summary["bound"], &summary["failed"]), (&json!(6), &json!(1)));
}

#[test]
fn a_blocked_method_exits_6_and_says_for_how_long() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "operation-limit", "times": 2}));
    let output = sandbox.run("call scope --retries 1").ended_with(6);
    assert!(output.stderr.contains("ten minutes"), "{output:?}");
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn a_blocked_command_does_not_delay_the_others() {
    // A portal whose `event.bind` is blocked for ten minutes and whose `event.get` is limited briefly.
    let end = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 590;
    let first = json!({
        "result": {"c0": true, "c2": {"INSTALLED": true}, "c3": {"ID": "1", "ADMIN": true}, "c5": {"ID": "1", "ADMIN": true}},
        "result_error": {"c1": {"error": "OPERATION_TIME_LIMIT"}, "c4": {"error": "QUERY_LIMIT_EXCEEDED"}},
        "result_time": {"c0": {"operating_reset_at": end}},
    });
    let second = json!({"result": {"c0": []}, "result_error": []});
    let server = RawServer::in_turn(vec![json!({"result": first}).to_string(), json!({"result": second}).to_string()]);
    let args = format!("bind message-add dialog-start --replace --handler {HANDLER} -o json");
    let output = server.run(&args).ended_with(5);
    assert_eq!(output.statuses(), ["bound", "failed"]);
    assert_eq!(output.json_error()["portal_code"], "OPERATION_TIME_LIMIT");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn server_errors_are_retried_for_event_methods() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "server-error", "times": 2}));
    sandbox.run("list").ended_with(0);
    assert_eq!(sandbox.requests().len(), 3);
}

#[test]
fn a_client_that_exceeds_the_limit_is_served_eventually() {
    let sandbox = Sandbox::start_with(&["--limits"]);
    // The bucket drains in the meantime: the number of calls depends on the machine.
    assert!((0..500).any(|_| sandbox.call("scope", &json!({})).status == 503), "the bucket is never full");
    sandbox.run("list").ended_with(0);
}

#[test]
fn one_process_stays_below_the_limit() {
    let sandbox = Sandbox::start_with(&["--limits"]);
    let events: String = (0..2600).map(|n| format!("OnCustomEvent{n} ")).collect();
    sandbox.run(&format!("bind {events} --handler {HANDLER} -q -o jsonl")).ended_with(5);
    let requests = sandbox.requests();
    assert!(requests.len() > 50, "{}", requests.len());
    assert!(requests.iter().all(|request| request["status"] == 200));
}

#[test]
fn a_portal_that_cannot_reach_its_auth_server_is_asked_again() {
    let refusal = json!({"error": "CONNECTION_ERROR", "error_description": "Error connecting to authorization server"});
    let server = RawServer::status(401, "application/json", &refusal.to_string());
    let output = server.run("call foo --retries 1 -o json").ended_with(6);
    let error = output.json_error();
    assert_eq!((&error["code"], &error["portal_code"]), (&json!("unreachable"), &json!("CONNECTION_ERROR")));
    assert!(error["hint"].as_str().unwrap().contains("auth server"), "{error}");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn an_application_or_user_that_is_switched_off_is_not_authorised_and_not_retried() {
    for (code, hint) in [
        ("APPLICATION_NOT_FOUND", "install it again"),
        ("authorization_error", "token of another user"),
        ("METHOD_CONFIRM_WAITING", "allow this method"),
        ("METHOD_CONFIRM_DENIED", "denied this method"),
    ] {
        let server = RawServer::status(401, "application/json", &json!({"error": code}).to_string());
        let output = server.run("list -o json").ended_with(4);
        let error = output.json_error();
        assert_eq!((&error["code"], &error["portal_code"]), (&json!("not_authorised"), &json!(code)));
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
        assert_eq!(server.received().len(), 1);
    }
}
