//! Renewed tokens that could not be stored where they belong: kept, reported by the exit code, and used by the next run.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::home::finish;
use crate::support::sandbox::stored_pair;
use crate::support::{Output, Sandbox};

/// A sandbox whose refresh tokens work once, with a profile of an expired token.
fn expired() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox.app(&json!({"single_use_refresh": true}));
    sandbox.fault(&json!({"kind": "expired-token"}));
    sandbox
}

/// Runs `imconn -p acme list` with a fault in its system calls.
fn list_with(sandbox: &Sandbox, fault: &str) -> Output {
    let imconn = sandbox.home.command();
    let mut command = Command::new("strace");
    command.env_clear().envs(imconn.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("IMCONN_OAUTH_SERVER", sandbox.url()).current_dir(sandbox.home.path(""));
    command.args(["-f", "-qq", "-e", "trace=rename,renameat,renameat2", "-e", fault, "-o", "/dev/null"]);
    finish(command.arg(imconn.get_program()).args(["-p", "acme", "list"]))
}

fn list(sandbox: &Sandbox) -> Output {
    sandbox.home.run_with(&[("IMCONN_OAUTH_SERVER", sandbox.url())], "-p acme list")
}

fn profile(sandbox: &Sandbox) -> std::path::PathBuf {
    sandbox.home.path("config/profiles/acme.toml")
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_pair_that_the_profile_does_not_take_is_rescued_and_adopted() {
    let sandbox = expired();
    let output = list_with(&sandbox, "inject=rename,renameat,renameat2:error=EIO:when=1");
    let rescued = sandbox.home.path("data/renewed-acme.json");
    assert!(output.stderr.contains(rescued.to_str().unwrap()), "{output:?}");
    assert_eq!(output.code, 1, "the result is complete, and the tokens are not where they belong: {output:?}");
    assert_eq!(std::fs::metadata(&rescued).unwrap().permissions().mode() & 0o777, 0o600);
    list(&sandbox).ended_with(0);
    assert_eq!(stored_pair(&profile(&sandbox)), sandbox.pairs().last().cloned());
    assert!(!rescued.exists());
    sandbox.fault(&json!({"kind": "expired-token"}));
    list(&sandbox).ended_with(0);
    assert_eq!(sandbox.refreshes(), 2);
}

#[test]
fn a_pair_of_a_writer_that_was_killed_at_its_rename_is_adopted() {
    let sandbox = expired();
    let before = stored_pair(&profile(&sandbox));
    let killed = list_with(&sandbox, "inject=rename,renameat,renameat2:signal=KILL:when=1");
    assert_ne!(killed.code, 0);
    assert_eq!((stored_pair(&profile(&sandbox)), sandbox.refreshes()), (before, 1));
    list(&sandbox).ended_with(0);
    assert_eq!((stored_pair(&profile(&sandbox)), sandbox.refreshes()), (sandbox.pairs().last().cloned(), 1));
    assert_eq!(files(profile(&sandbox).parent().unwrap()), ["acme.lock", "acme.toml"]);
    sandbox.fault(&json!({"kind": "expired-token"}));
    list(&sandbox).ended_with(0);
}

#[test]
fn a_leftover_that_was_cut_off_or_is_of_another_portal_is_not_adopted() {
    for leftover in [
        "host = \"HOST\"\naccess_token = \"new\"\nrefresh_to",
        "host = \"other.example\"\naccess_token = \"new\"\nrefresh_expires = 1\n",
        "####",
    ] {
        let sandbox = Sandbox::start();
        let path = sandbox.store_profile();
        let before = stored_pair(&path);
        let text = leftover.replace("HOST", sandbox.url());
        sandbox.home.write("config/profiles/.acme.toml.imconn-new", &text);
        list(&sandbox).ended_with(0);
        assert_eq!(stored_pair(&path), before, "{leftover}");
        assert_eq!(files(path.parent().unwrap()), ["acme.lock", "acme.toml"]);
    }
}

#[test]
fn a_pair_that_a_store_command_does_not_take_is_rescued_until_it_does() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"single_use_refresh": true}));
    let tokens = sandbox.home.write("tokens.json", &sandbox.ready.to_string());
    let store = sandbox.home.path("store");
    let config = format!(
        "[portals.acme]\nhost = \"{}\"\ncredential_command = [\"cat\", \"{}\"]\ncredential_store_command = [\"{}\"]\n",
        sandbox.url(),
        tokens.display(),
        store.display()
    );
    sandbox.home.write("config/config.toml", &config);
    sandbox.fault(&json!({"kind": "expired-token"}));
    let run = || {
        let variables = [("IMCONN_OAUTH_SERVER", sandbox.url()), ("PATH", "/usr/bin:/bin")];
        sandbox.home.run_with(&variables, "-p acme list")
    };
    let rescued = sandbox.home.path("data/renewed-acme.json");
    run().ended_with(1);
    assert!(rescued.exists());
    sandbox.forget();
    run().ended_with(0);
    assert!(rescued.exists() && sandbox.refreshes() == 0, "the rescued pair is used");
    sandbox.home.write("store", "#!/bin/sh\ncat > \"$HOME/stored.json\"\n");
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o700)).unwrap();
    run().ended_with(0);
    let stored = std::fs::read_to_string(sandbox.home.path("stored.json")).unwrap();
    assert!(stored.contains(&sandbox.pairs().last().unwrap().1) && !rescued.exists(), "{stored}");
}
