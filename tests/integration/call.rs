//! `imconn call`.

use serde_json::json;

use crate::support::{HANDLER, Sandbox};

#[test]
fn the_result_is_printed_unchanged() {
    let sandbox = Sandbox::start();
    assert_eq!(sandbox.run("call scope").ended_with(0).json(), json!(["imconnector", "imopenlines", "im", "user"]));
    assert_eq!(sandbox.run("call scope -o jsonl").ended_with(0).stdout.lines().next(), Some("\"imconnector\""));
    assert_eq!(sandbox.run("call user.admin -o plain").ended_with(0).stdout, "true\n");
    sandbox.forget();
    sandbox.run("call scope -o csv").ended_with(2);
    sandbox.run("call scope access_token=0123456789").ended_with(2);
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn parameters_are_bracketed_fields_or_json() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("call event.bind event=OnOfflineEvent handler={HANDLER} options[minTimeout]=5")).ended_with(0);
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    command.args(["call", "feature.get", "--json", r#"{"CODE": "rest_auth_connector"}"#]);
    assert_eq!(crate::support::home::finish(&mut command).ended_with(0).json(), json!({"value": "Y"}));
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn a_body_is_read_from_stdin() {
    let sandbox = Sandbox::start();
    let args = format!("-p {} call batch --json -", sandbox.url());
    let denied = sandbox.home.run_with_input(r#"{"cmd": ["scope"]}"#, &args).ended_with(4);
    assert!(denied.stderr.contains("no tokens for"), "{denied:?}");
    sandbox.home.run_with_input("nonsense", "-p sandbox call batch --json -").ended_with(2);
    let output =
        sandbox.home.run_with_input(r#"{"cmd": ["user.admin"]}"#, "-p sandbox call batch --json -").ended_with(0);
    assert_eq!(output.json()["result"], json!([true]));
}

#[test]
fn ctrl_c_works_while_reading_stdin() {
    let home = crate::support::Home::new();
    let mut command = home.command();
    let mut child = command
        .args(["-p", "sandbox", "call", "scope", "--json", "-"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // `wait` would close stdin, and end of input would race with the signal.
    let still_open = child.stdin.take();
    // A second thread means that the reader has started.
    while std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap().count() < 2 {
        std::thread::yield_now();
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(still_open);
}

#[test]
fn a_partly_refused_batch_is_a_partial_failure() {
    let home = crate::support::Home::new();
    let batch = |cmd: &str| home.run_with_input(cmd, "-p sandbox -o json call batch --json -");
    let output = batch(r#"{"cmd": ["scope", "no.such"]}"#).ended_with(5);
    assert_eq!(output.json_error()["portal_code"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!(output.json()["result"].as_array().unwrap().len(), 1);
    batch(r#"{"cmd": ["scope", "user.admin"]}"#).ended_with(0);
}

#[test]
fn a_refusal_is_reported_with_the_portals_code() {
    let sandbox = Sandbox::start();
    let error = sandbox.run("call no.such -o json").ended_with(5).json_error();
    assert_eq!(error["portal_code"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!(error["portal_message"], "Method not found!");
    assert_eq!(error["exit_code"], 5);
}

#[test]
fn a_call_is_not_repeated_after_a_lost_answer() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "reset", "after": true}));
    sandbox.run("call event.test").ended_with(6);
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn a_token_in_the_parameters_is_refused() {
    let sandbox = Sandbox::start();
    sandbox.run("call event.get auth=0123456789").ended_with(2);
    sandbox.run("call ../oauth/token").ended_with(2);
    sandbox.run("call event.get nonsense").ended_with(2);
    assert_eq!(sandbox.requests().len(), 0);
}
