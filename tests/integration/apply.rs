//! `imconn apply` and `imconn diff`: the brake, and hints that work when pasted.

use crate::support::{HANDLER, Sandbox};

const OLD: &str = "https://old.example.com/b24";

/// All seven events, to one handler.
fn manifest() -> String {
    format!("[[subscription]]\nevents = \"connector\"\nhandler = \"{HANDLER}\"\n")
}

fn with_old_handlers() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {OLD}")).ended_with(0);
    sandbox
}

/// The command of imconn that a hint shows.
#[track_caller]
fn shown_command(stderr: &str) -> &str {
    stderr.split("`imconn ").nth(1).unwrap().split('`').next().unwrap()
}

#[test]
fn moving_all_handlers_does_not_require_force() {
    let sandbox = with_old_handlers();
    sandbox.home.write("imconn.toml", &manifest());
    assert!(!sandbox.run("diff").ended_with(3).stderr.contains("--force"));
    sandbox.forget();
    sandbox.run("apply --yes").ended_with(0);
    assert_eq!(sandbox.requests().len(), 2);
    assert!(sandbox.bindings().len() == 7 && sandbox.bindings().iter().all(|binding| binding["handler"] == HANDLER));
}

#[test]
fn diff_shows_the_apply_command_with_every_option_that_it_needs() {
    let sandbox = with_old_handlers();
    let none = "[[subscription]]\nevents = \"OnAppTest\"\nhandler = \"https://a.b.c/\"\n[manage]\nremove = \"all\"\n";
    sandbox.home.write("my.toml", none);
    sandbox.home.write("own.toml", &format!("{}auth_user = 1\n", manifest()));
    let shown = sandbox.run("diff -f own.toml --own").ended_with(3);
    assert_eq!(shown_command(&shown.stderr), "apply -f own.toml --own");
    let shown = sandbox.run("diff -f my.toml").ended_with(3);
    let command = shown_command(&shown.stderr).to_owned();
    assert_eq!(command, "apply -f my.toml --force");
    sandbox.run(&format!("{command} --yes")).ended_with(0);
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn diff_of_a_manifest_on_stdin_says_to_save_it() {
    let sandbox = with_old_handlers();
    let variables = [("IMCONN_PORTAL", sandbox.url()), ("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"))];
    let output = sandbox.home.run_with_input_and(&variables, &manifest(), "diff -f -").ended_with(3);
    assert!(output.stderr.contains("save the manifest as imconn.toml, and run `imconn apply`"), "{output:?}");
}

#[test]
fn a_plan_that_cannot_be_used_says_why() {
    let sandbox = Sandbox::start();
    let missing = sandbox.run("apply --plan nosuch.json").ended_with(2);
    assert!(missing.stderr.contains("nosuch.json does not exist"), "{missing:?}");
    assert_eq!(shown_command(&missing.stderr), "diff --save-plan nosuch.json");
    sandbox.home.write("new.json", "{\"imconn_plan\": 2, \"steps\": []}");
    let newer = sandbox.run("apply --plan new.json").ended_with(2);
    assert!(newer.stderr.contains("new.json is a plan of version 2, but this imconn reads version 1"), "{newer:?}");
    sandbox.home.write("no.json", "[]");
    assert!(sandbox.run("apply --plan no.json").ended_with(2).stderr.contains("no.json is not a saved plan"));
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn the_hint_of_an_old_plan_names_the_portal_and_the_manifest() {
    let sandbox = with_old_handlers();
    sandbox.store_profile();
    sandbox.home.write("my.toml", &manifest());
    sandbox.home.run("-p acme diff -f my.toml --save-plan plan.json").ended_with(3);
    sandbox.run(&format!("bind OnAppTest --handler {OLD}")).ended_with(0);
    let output = sandbox.home.run("-p acme apply --plan plan.json --yes").ended_with(3);
    let command = shown_command(&output.stderr).to_owned();
    assert_eq!(command, "-p acme diff -f my.toml");
    sandbox.home.run(&command).ended_with(3);
}
