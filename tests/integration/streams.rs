//! What goes to which stream: with JSON output, every line of stderr is an object.

use serde_json::{Value, json};

use crate::support::{Home, Output, Sandbox};

/// Every line of stderr, each an object with one member.
#[track_caller]
fn objects(output: &Output) -> Vec<(String, Value)> {
    let lines = output.stderr.lines();
    let objects = lines.map(|line| {
        let object: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}: {output:?}"));
        let members = object.as_object().unwrap().clone();
        assert_eq!(members.len(), 1, "{line}");
        members.into_iter().next().unwrap()
    });
    objects.collect()
}

#[track_caller]
fn warning_codes(output: &Output) -> Vec<String> {
    let warnings = objects(output).into_iter().filter(|(kind, _)| kind == "warning");
    warnings
        .map(|(_, warning)| {
            assert!(warning["message"].as_str().is_some_and(|text| !text.is_empty()), "{warning}");
            warning["code"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn with_json_output_warnings_and_the_log_are_objects() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add --handler https://bot.example.com/b24").ended_with(0);
    for format in ["json", "jsonl"] {
        let output = sandbox.run_as_user(&format!("export -q -o {format} -v")).ended_with(0);
        assert_eq!(warning_codes(&output), ["own_view"], "{output:?}");
        let log = objects(&output).into_iter().find(|(kind, _)| kind == "log").unwrap().1;
        assert_eq!(log["level"], "info", "{log}");
        assert!(log["message"].as_str().unwrap().starts_with("POST batch: HTTP 200"), "{log}");
    }
}

#[test]
fn a_warning_before_an_error_is_an_object_too() {
    let sandbox = Sandbox::start();
    let profile = sandbox.store_profile();
    std::fs::set_permissions(&profile, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    sandbox.fault(&json!({"kind": "server-error", "times": 9}));
    let output = sandbox.home.run("-p acme --retries 0 list -o json").ended_with(6);
    let kinds: Vec<String> = objects(&output).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["warning", "error"], "{output:?}");
    assert_eq!(warning_codes(&output), ["exposed_file"]);
}

#[test]
fn what_a_login_shows_is_an_object() {
    let home = Home::new();
    let keys = [("IMCONN_CLIENT_ID", "x"), ("IMCONN_CLIENT_SECRET", "0123456789")];
    let mut command = home.command();
    command.args(["login", "acme.bitrix24.com", "--callback", "127.0.0.1:0", "--no-browser", "-o", "json"]).envs(keys);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut stderr, &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let object: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert!(object["warning"]["message"].as_str().unwrap().contains("/oauth/authorize/"), "{object}");
}

#[test]
fn a_bug_is_reported_as_an_object() {
    let output = Home::new().run_with(&[("IMCONN_TEST_PANIC", "1")], "-p sandbox list -o json").ended_with(1);
    assert_eq!(objects(&output)[0].1["code"], "bug");
}

#[test]
fn every_command_has_a_json_result() {
    let home = Home::new();
    let reset = home.run("sandbox reset -o json").ended_with(0).json();
    assert_eq!(reset["notes"], json!(["the sandbox is empty; its tokens and keys are unchanged"]));
    let manifest = home.run("-p sandbox export -o json").ended_with(0).json();
    assert!(manifest["text"].as_str().unwrap().contains("[manage]"), "{manifest}");
    assert!(home.run("man bind -o json").ended_with(0).json()["text"].as_str().unwrap().contains(".TH"));
    assert!(home.run("completions bash -o jsonl").ended_with(0).json()["text"].as_str().unwrap().contains("complete"));
}

/// A variable for all commands must not break what another program reads.
#[test]
fn a_variable_does_not_turn_a_script_into_json() {
    let home = Home::new();
    let script = home.run("completions bash").ended_with(0).stdout;
    assert_eq!(home.run_with(&[("IMCONN_OUTPUT", "json")], "completions bash").ended_with(0).stdout, script);
}
