//! `imconn apply` and `imconn diff`: the brake, and hints that work when pasted.

use crate::support::home::finish;
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
    assert_eq!(shown_command(&newer.stderr), "diff --save-plan new.json --force");
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

#[test]
fn a_saved_plan_is_overwritten_only_when_asked() {
    let sandbox = with_old_handlers();
    sandbox.store_profile();
    sandbox.home.write("imconn.toml", &manifest());
    sandbox.home.run("-p acme diff --save-plan plan.json").ended_with(3);
    let reviewed = std::fs::read_to_string(sandbox.home.path("plan.json")).unwrap();
    sandbox.run(&format!("bind OnAppTest --handler {OLD}")).ended_with(0);
    sandbox.forget();
    let refused = sandbox.home.run("-p acme diff --save-plan plan.json").ended_with(2);
    assert!(refused.stderr.contains("plan.json exists already"), "{refused:?}");
    assert_eq!(sandbox.requests().len(), 0);
    assert_eq!(std::fs::read_to_string(sandbox.home.path("plan.json")).unwrap(), reviewed);
    sandbox.home.run(shown_command(&refused.stderr)).ended_with(3);
    assert_ne!(std::fs::read_to_string(sandbox.home.path("plan.json")).unwrap(), reviewed);
}

#[test]
fn a_plan_goes_through_a_pipe() {
    let sandbox = with_old_handlers();
    sandbox.home.write("imconn.toml", &manifest());
    let saved = sandbox.run("diff --save-plan -").ended_with(3);
    assert!(saved.stdout.starts_with("{\n  \"imconn_plan\": 1"), "{saved:?}");
    assert!(!sandbox.home.path("-").exists());
    let variables = [("IMCONN_PORTAL", sandbox.url()), ("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"))];
    sandbox.home.run_with_input_and(&variables, &saved.stdout, "apply --plan - --yes").ended_with(0);
    assert!(sandbox.bindings().iter().all(|binding| binding["handler"] == HANDLER));
}

#[test]
fn a_manifest_comes_from_a_process_substitution() {
    let sandbox = with_old_handlers();
    sandbox.home.write("wanted", &manifest());
    for source in ["<(cat wanted)", "/dev/stdin < wanted"] {
        let mut bash = std::process::Command::new("bash");
        let script = format!("{} diff -f {source}", env!("CARGO_BIN_EXE_imconn"));
        bash.args(["-c", &script]).current_dir(sandbox.home.path("")).env_clear();
        bash.env("HOME", sandbox.home.path("")).env("PATH", "/usr/bin:/bin");
        bash.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
        finish(&mut bash).ended_with(3);
    }
}
