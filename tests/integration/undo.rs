//! `imconn undo`, and the history of changes that it works from.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{HANDLER, Sandbox};

const OLD: &str = "https://old.example.com/b24";

fn with_all_bound() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox
}

/// Starts imconn, and lets a request of it hang after the portal has carried it out.
fn start_hanging(sandbox: &Sandbox, args: &str, skip: u32) -> Child {
    sandbox.fault(&json!({"kind": "delay", "seconds": 60, "method": "batch", "skip": skip, "after": true}));
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    command.args(args.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills imconn with SIGKILL once the portal lists what the hanging request has done.
fn kill_when(sandbox: &Sandbox, mut child: Child, is_done: impl Fn(&[Value]) -> bool) {
    let began = Instant::now();
    while !is_done(&sandbox.bindings()) {
        assert!(began.elapsed() < Duration::from_secs(30), "the request never arrived");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn handlers(bindings: &[Value]) -> Vec<&str> {
    bindings.iter().map(|binding| binding["handler"].as_str().unwrap()).collect()
}

fn entries(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.run("undo --list -o json").ended_with(0).json()["entries"].as_array().unwrap().clone()
}

#[test]
fn a_removal_whose_answer_came_too_late_is_reported_and_undone() {
    let sandbox = with_all_bound();
    sandbox.fault(&json!({"kind": "delay", "seconds": 60, "method": "batch", "skip": 1, "after": true}));
    let output = sandbox.run("--timeout 1 unbind message-add -o json").ended_with(0);
    assert_eq!(output.statuses(), ["unbound"], "by what the portal lists");
    assert_eq!(sandbox.run("undo --yes -o json").ended_with(0).statuses(), ["bound"]);
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn a_removal_that_was_never_carried_out_is_not_undone_in_place_of_an_earlier_change() {
    let sandbox = with_all_bound();
    sandbox.fault(&json!({"kind": "reset", "method": "batch", "skip": 1}));
    sandbox.run("--retries 0 unbind --all --yes").ended_with(6);
    assert!(sandbox.run("undo --yes").ended_with(0).stderr.contains("already undone"));
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn a_killed_unbind_is_undone() {
    let sandbox = with_all_bound();
    let child = start_hanging(&sandbox, "unbind --all --yes", 1);
    kill_when(&sandbox, child, <[Value]>::is_empty);
    assert_eq!(entries(&sandbox)[0]["state"], "planned");
    assert_eq!(sandbox.run("undo --yes -o json").ended_with(0).statuses(), ["bound"; 7]);
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn an_apply_that_was_killed_before_it_knew_its_outcome_is_undone() {
    let sandbox = with_all_bound();
    sandbox.home.write("imconn.toml", "[[subscription]]\nevents = \"connector\"\nhandler = \"https://new.b/\"\n");
    let child = start_hanging(&sandbox, "apply --yes --force", 1);
    kill_when(&sandbox, child, |bound| handlers(bound) == ["https://new.b/"; 7]);
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(handlers(&sandbox.bindings()), [HANDLER; 7]);
}

#[test]
fn a_killed_undo_is_finished_by_the_next_one() {
    let sandbox = with_all_bound();
    sandbox.run("unbind --all --yes").ended_with(0);
    let child = start_hanging(&sandbox, "undo --yes", 1);
    kill_when(&sandbox, child, |bound| bound.len() == 7);
    assert_eq!(entries(&sandbox)[0]["state"], "undoing");
    assert!(sandbox.run("undo --yes").ended_with(0).stderr.contains("already undone"));
    assert_eq!((sandbox.bindings().len(), entries(&sandbox).len()), (7, 1));
}

#[test]
fn a_replace_that_was_killed_during_its_removals_is_undone() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {OLD}")).ended_with(0);
    let child = start_hanging(&sandbox, &format!("bind message-add --replace --handler {HANDLER}"), 1);
    kill_when(&sandbox, child, |bound| handlers(bound) == [HANDLER]);
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(handlers(&sandbox.bindings()), [OLD]);
}

#[test]
fn a_bind_that_was_killed_is_undone_only_with_force() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {OLD}")).ended_with(0);
    let child = start_hanging(&sandbox, &format!("bind message-add --replace --handler {HANDLER}"), 0);
    kill_when(&sandbox, child, |bound| handlers(bound) == [OLD, HANDLER]);
    let refused = sandbox.run("undo --yes").ended_with(2);
    assert!(refused.stderr.contains("may be older") && refused.stderr.contains("undo --force`"), "{refused:?}");
    assert_eq!(sandbox.bindings().len(), 2);
    sandbox.run("undo --yes --force").ended_with(0);
    assert_eq!(handlers(&sandbox.bindings()), [OLD]);
}

#[test]
fn an_event_does_not_lose_its_last_handler_without_force() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {OLD}")).ended_with(0);
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.call("event.unbind", &json!({"event": "OnImConnectorMessageAdd", "handler": OLD}));
    let refused = sandbox.run("undo --yes").ended_with(2);
    assert!(refused.stderr.contains("it would leave no handler for OnImConnectorMessageAdd"), "{refused:?}");
    let shown = sandbox.run("undo --dry-run").ended_with(0);
    assert!(shown.stderr.contains("warning: cannot safely undo `bind`"), "{shown:?}");
    assert_eq!(handlers(&sandbox.bindings()), [HANDLER]);
    sandbox.run("undo --yes --force").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn an_undo_whose_restoring_bind_is_refused_removes_nothing() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {OLD}")).ended_with(0);
    sandbox.run(&format!("bind message-add --replace --handler {HANDLER}")).ended_with(0);
    sandbox.app(&json!({"scopes": []}));
    let output = sandbox.run("undo --yes -o json").ended_with(5);
    assert_eq!(output.statuses(), ["failed", "failed"]);
    assert_eq!(handlers(&sandbox.bindings()), [HANDLER]);
}

#[test]
fn a_dry_run_and_a_refused_confirmation_show_the_changes_and_make_none() {
    let sandbox = with_all_bound();
    sandbox.run("unbind --all --yes").ended_with(0);
    sandbox.forget();
    assert_eq!(sandbox.run("undo --dry-run -o json").ended_with(0).statuses(), ["planned"; 7]);
    let refused = sandbox.run("undo").ended_with(2);
    assert!(refused.stderr.contains("+ OnImConnectorLineDelete"), "{refused:?}");
    assert!(refused.stderr.contains("--dry-run"), "{refused:?}");
    assert_eq!((sandbox.bindings().len(), entries(&sandbox).len()), (0, 2));
}

#[test]
fn a_history_survives_a_rename_of_the_profile() {
    for unknown in ["", "member_id", "client_id"] {
        let sandbox = Sandbox::start();
        let path = sandbox.store_profile();
        let profile = std::fs::read_to_string(&path).unwrap();
        let known: Vec<&str> =
            profile.lines().filter(|line| unknown.is_empty() || !line.starts_with(unknown)).collect();
        std::fs::write(&path, known.join("\n")).unwrap();
        sandbox.home.run(&format!("-p acme bind message-add --handler {HANDLER}")).ended_with(0);
        sandbox.home.run("portals rename acme beta").ended_with(0);
        sandbox.home.run("-p beta undo --yes").ended_with(0);
        assert_eq!(sandbox.bindings().len(), 0, "without {unknown}");
    }
}

#[test]
fn a_refused_request_leaves_no_entry() {
    let sandbox = with_all_bound();
    sandbox.home.run_with(
        &[("IMCONN_PORTAL", sandbox.url()), ("IMCONN_ACCESS_TOKEN", "0123456789abcdef")],
        &format!("bind OnAppTest --handler {HANDLER}"),
    );
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    let commands: Vec<Value> = entries(&sandbox).iter().map(|entry| entry["command"].clone()).collect();
    assert_eq!(commands, ["bind"]);
}

#[test]
fn the_list_for_spreadsheets_holds_counts() {
    let sandbox = with_all_bound();
    let table = sandbox.run("undo --list -o csv").ended_with(0).stdout;
    let row: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(row[1..4], ["bind", "0", "7"]);
    assert!(sandbox.run("undo --list -o markdown").ended_with(0).stdout.contains("| 0 | 7 |"));
}
