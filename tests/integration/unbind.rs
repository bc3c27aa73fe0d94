//! `imconn unbind`.

use serde_json::json;

use crate::support::{HANDLER, Sandbox};

fn with_all_bound() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox.forget();
    sandbox
}

#[test]
fn unbind_all_removes_the_seven_in_two_requests() {
    let sandbox = with_all_bound();
    let output = sandbox.run("unbind --all --yes -o json").ended_with(0);
    assert_eq!(output.statuses(), ["unbound"; 7]);
    assert_eq!(sandbox.requests().len(), 2);
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn several_removals_require_yes_without_a_terminal() {
    let sandbox = with_all_bound();
    let output = sandbox.run("unbind --all").ended_with(2);
    assert!(output.stderr.contains("--yes"), "{output:?}");
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn one_removal_does_not_require_yes() {
    let sandbox = with_all_bound();
    sandbox.run("unbind message-add").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 6);
}

#[test]
fn auth_user_0_keeps_other_users_bindings() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.run(&format!("bind message-add --auth-user 2 --handler {HANDLER}")).ended_with(0);
    let output = sandbox.run("unbind message-add --auth-user 0 -o json").ended_with(0);
    assert_eq!(output.statuses(), ["unbound"]);
    let left = sandbox.bindings();
    assert_eq!((left.len(), &left[0]["auth_type"]), (1, &json!("2")));
}

#[test]
fn only_the_given_handler_is_removed() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add dialog-start --handler https://old.b/x").ended_with(0);
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.run("unbind --handler https://old.b/x --yes").ended_with(0);
    let left = sandbox.bindings();
    assert_eq!((left.len(), &left[0]["handler"]), (1, &json!(HANDLER)));
}

#[test]
fn no_match_is_a_note_and_a_success() {
    let sandbox = with_all_bound();
    let output = sandbox.run("unbind --handler https://unknown.b").ended_with(0);
    assert!(output.stderr.contains("no binding matches"), "{output:?}");
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn no_selection_is_an_error_before_any_request() {
    let sandbox = with_all_bound();
    sandbox.run("unbind").ended_with(2);
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_dry_run_shows_the_changes_and_removes_nothing() {
    let sandbox = with_all_bound();
    let output = sandbox.run("unbind --all --dry-run -o json").ended_with(0);
    assert_eq!(output.statuses(), ["planned"; 7]);
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn a_lost_answer_is_still_reported_as_removed() {
    let sandbox = with_all_bound();
    sandbox.fault(&json!({"kind": "reset", "after": true, "skip": 1}));
    let output = sandbox.run("unbind --all --yes -o json").ended_with(0);
    assert_eq!(output.statuses(), ["unbound"; 7]);
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn a_partial_refusal_exits_5_and_the_rest_is_done() {
    let sandbox = with_all_bound();
    sandbox.fault(&json!({"kind": "limit", "method": "event.unbind"}));
    let output = sandbox.run("unbind --all --yes --retries 0 -o json").ended_with(5);
    assert_eq!(output.json()["summary"]["failed"], 1);
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn a_non_admin_removes_only_its_own_bindings() {
    let sandbox = with_all_bound();
    sandbox.run_as_user(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    let output = sandbox.run_as_user("unbind --all").ended_with(0);
    assert!(output.stderr.contains("not an administrator"), "{output:?}");
    assert_eq!(sandbox.bindings().len(), 7, "the administrator's are still there");
    let blind = sandbox.run_as_user("unbind --all --auth-user 0").ended_with(4);
    assert!(blind.stderr.contains("administrators only"), "{blind:?}");
    sandbox.run_as_user("unbind --all --offline").ended_with(4);
}

#[test]
fn offline_bindings_are_removed_by_auth_connector() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add --offline").ended_with(0);
    sandbox.run("bind message-add --offline --auth-connector shop").ended_with(0);
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.run("unbind message-add --offline --auth-connector shop").ended_with(0);
    let left = sandbox.bindings();
    assert_eq!(left.len(), 2);
    assert_eq!(left[0]["connector_id"], "");
}

#[test]
fn a_source_key_without_offline_is_refused_because_the_portal_would_ignore_it() {
    let sandbox = with_all_bound();
    let output = sandbox.run("unbind message-add --auth-connector shop").ended_with(2);
    assert!(output.stderr.contains("the portal ignores it") && output.stderr.contains("add --offline"), "{output:?}");
    assert_eq!(sandbox.requests().len(), 0);
}

/// One handler with and without a source key: the portal lists both alike, and removes both.
fn with_twins() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.run(&format!("bind message-add --auth-connector shop --handler {HANDLER}")).ended_with(0);
    assert_eq!(sandbox.bindings().len(), 2);
    sandbox
}

#[test]
fn bindings_that_differ_only_in_their_source_keys_are_explained() {
    let sandbox = with_twins();
    let explanation = "OnImConnectorMessageAdd: the same handler is bound with several source keys";
    assert!(sandbox.run("list").ended_with(0).stderr.contains(explanation));
    assert!(!sandbox.run("list OnAppTest").ended_with(0).stderr.contains(explanation));
    let output = sandbox.run("unbind message-add").ended_with(0);
    assert!(output.stderr.contains(explanation) && output.stderr.contains("removed together"), "{output:?}");
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn the_undo_of_a_binding_with_a_source_key_does_not_remove_its_twin_unasked() {
    let sandbox = with_twins();
    let output = sandbox.run("undo --yes").ended_with(2);
    assert!(output.stderr.contains("with all of its source keys, older ones too"), "{output:?}");
    assert_eq!(sandbox.bindings().len(), 2);
}
