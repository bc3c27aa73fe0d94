//! Tokens from a credential command, and renewed tokens written to a file.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Output, Sandbox};

fn script(sandbox: &Sandbox, name: &str, body: &str) -> String {
    let path = sandbox.home.write(name, &format!("#!/bin/sh\n{body}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A portal `vault` whose tokens a script prints.
fn configure(sandbox: &Sandbox, get: &str, store: Option<&str>) {
    let store = store.map(|store| format!("credential_store_command = [\"{store}\"]\n")).unwrap_or_default();
    let text = format!(
        "[portals.vault]\nhost = \"{}\"\ncredential_command = [\"{get}\", \"an argument\"]\n{store}",
        sandbox.url()
    );
    sandbox.home.write("config/config.toml", &text);
}

fn credentials(sandbox: &Sandbox) -> Value {
    json!({"access_token": sandbox.fact("access_token"), "refresh_token": sandbox.fact("refresh_token"),
        "client_id": sandbox.fact("client_id"), "client_secret": sandbox.fact("client_secret")})
}

fn run(sandbox: &Sandbox, args: &str) -> Output {
    let variables = [("IMCONN_OAUTH_SERVER", sandbox.url()), ("PATH", "/usr/bin:/bin")];
    sandbox.home.run_with(&variables, args)
}

#[test]
fn a_program_provides_credentials_for_the_portal_it_is_given() {
    let sandbox = Sandbox::start();
    let answer = sandbox.home.write("answer.json", &credentials(&sandbox).to_string());
    let get =
        script(&sandbox, "get", &format!("echo \"$IMCONN_PORTAL $1\" > \"$HOME/asked\"; cat {}", answer.display()));
    configure(&sandbox, &get, None);
    assert_eq!(run(&sandbox, "-p vault list -o json").ended_with(0).json()["portal"], "vault");
    assert_eq!(std::fs::read_to_string(sandbox.home.path("asked")).unwrap(), "vault an argument\n");
    run(&sandbox, "list").ended_with(0);
    assert!(!sandbox.home.path("config/profiles/vault.toml").exists(), "nothing of it touches the disk");
}

#[test]
fn a_renewed_pair_goes_to_the_store_command_or_a_warning() {
    let sandbox = Sandbox::start();
    let answer = sandbox.home.write("answer.json", &credentials(&sandbox).to_string());
    let get = script(&sandbox, "get", &format!("cat {}", answer.display()));
    let store = script(&sandbox, "store", "cat > \"$HOME/stored.json\"");
    configure(&sandbox, &get, None);
    sandbox.fault(&json!({"kind": "expired-token"}));
    let output = run(&sandbox, "-p vault list").ended_with(0);
    assert!(output.stderr.contains("where the credential_command of `vault` reads them"), "{output:?}");
    configure(&sandbox, &get, Some(&store));
    let output = run(&sandbox, "-p vault list").ended_with(0);
    assert_eq!(output.stderr.lines().filter(|line| line.starts_with("warning")).count(), 0, "{output:?}");
    let stored: Value =
        serde_json::from_str(&std::fs::read_to_string(sandbox.home.path("stored.json")).unwrap()).unwrap();
    let newest = sandbox.pairs().last().cloned().unwrap();
    assert_eq!(
        (stored["access_token"].as_str(), stored["refresh_token"].as_str()),
        (Some(&*newest.0), Some(&*newest.1))
    );
}

#[test]
fn a_failing_program_is_reported_without_its_output() {
    let sandbox = Sandbox::start();
    for (body, said) in [
        ("echo s3cr3t; exit 3", "failed (exit status: 3)"),
        ("echo s3cr3t", "printed no credentials"),
        ("echo '{\"refresh_token\": \"s3cr3t\"}'", "no access_token"),
        ("head -c 2000000 /dev/zero", "more than 1 MiB"),
    ] {
        let get = script(&sandbox, "get", body);
        configure(&sandbox, &get, None);
        let output = run(&sandbox, "-p vault list").ended_with(1);
        assert!(output.stderr.contains(said) && !output.stderr.contains("s3cr3t"), "{body}: {output:?}");
    }
    configure(&sandbox, "/no/such/program", None);
    assert!(run(&sandbox, "-p vault list").ended_with(1).stderr.contains("/no/such/program"));
}

#[test]
fn background_children_of_a_program_do_not_delay_imconn() {
    let sandbox = Sandbox::start();
    let answer = sandbox.home.write("answer.json", &credentials(&sandbox).to_string());
    // It keeps the output open, like an agent started on demand.
    let get = script(
        &sandbox,
        "get",
        &format!("sleep 30 2> /dev/null & echo $! > \"$HOME/agent\"; cat {}", answer.display()),
    );
    configure(&sandbox, &get, None);
    let began = std::time::Instant::now();
    run(&sandbox, "-p vault list").ended_with(0);
    assert!(began.elapsed().as_secs() < 25, "it did not wait for the agent's end");
    let agent = std::fs::read_to_string(sandbox.home.path("agent")).unwrap();
    std::process::Command::new("kill").arg(agent.trim()).status().unwrap();
}

#[test]
fn ctrl_c_twice_ends_imconn_while_a_store_command_hangs() {
    let sandbox = Sandbox::start();
    let answer = sandbox.home.write("answer.json", &credentials(&sandbox).to_string());
    let get = script(&sandbox, "get", &format!("cat {}", answer.display()));
    let store = script(&sandbox, "store", "trap '' INT; echo $$ > \"$HOME/storing\"; exec sleep 30");
    configure(&sandbox, &get, Some(&store));
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", sandbox.url()).env("PATH", "/usr/bin:/bin").args(["-p", "vault", "list"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let storing = || std::fs::read_to_string(sandbox.home.path("storing")).unwrap_or_default();
    while !storing().ends_with('\n') {
        std::thread::yield_now();
    }
    // A second Ctrl-C counts as one only after the first was handled.
    while child.try_wait().unwrap().is_none() {
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        std::thread::yield_now();
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let hung = std::process::Command::new("kill").arg(storing().trim()).status().unwrap();
    assert_eq!(hung.code(), Some(0), "it was hanging yet");
}

#[test]
fn a_credential_command_requires_a_host_and_excludes_login() {
    let sandbox = Sandbox::start();
    configure(&sandbox, "x", None);
    assert!(run(&sandbox, "login vault --tokens x").ended_with(2).stderr.contains("credential_command"));
    sandbox.home.write("config/config.toml", "[portals.vault]\ncredential_command = [\"x\"]\n");
    assert!(run(&sandbox, "-p vault list").ended_with(1).stderr.contains("no host"));
}

#[test]
fn renewed_environment_tokens_are_written_only_to_the_requested_file() {
    let sandbox = Sandbox::start();
    let old = json!({"access_token": "old"}).to_string();
    let path = sandbox.home.write("renewed.json", &old);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let args = format!("list --print-tokens-to {}", path.display());
    sandbox.run_with(&sandbox.renewable(), &args).ended_with(0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), old, "nothing was renewed");
    sandbox.fault(&json!({"kind": "expired-token"}));
    let output = sandbox.run_with(&sandbox.renewable(), &args).ended_with(0);
    assert!(
        output.stderr.contains("the new tokens are in") && output.stderr.contains("IMCONN_REFRESH_TOKEN"),
        "{output:?}"
    );
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    let pair: Value = serde_json::from_str(&text).unwrap();
    let newest = sandbox.pairs().last().cloned().unwrap();
    assert_eq!((pair["access_token"].as_str(), pair["refresh_token"].as_str()), (Some(&*newest.0), Some(&*newest.1)));
    assert!(!output.stderr.contains(&newest.0) && !output.stderr.contains(&newest.1), "{output:?}");
    assert!(!sandbox.home.path("config").exists(), "credentials of the environment never touch the disk");
    let again = format!("login {} --name acme --tokens {}", sandbox.url(), path.display());
    sandbox.home.run(&again).ended_with(0);
}

#[test]
fn an_unwritable_token_file_is_found_before_the_refresh() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let args = "list --print-tokens-to /no/such/folder/x";
    let output = sandbox.run_with(&sandbox.renewable(), args).ended_with(1);
    assert!(output.stderr.contains("--print-tokens-to"), "{output:?}");
    assert_eq!(sandbox.refreshes(), 0);
}

#[test]
fn tokens_overwrite_nothing_but_tokens() {
    let sandbox = Sandbox::start();
    let notes = sandbox.home.write("notes.txt", "my notes");
    let other = sandbox.home.write("other.json", "{\"name\": \"x\"}");
    let folder = sandbox.home.path("");
    for target in
        ["-", "/dev/full", "/dev/stdout", &notes.to_string_lossy(), &other.to_string_lossy(), &folder.to_string_lossy()]
    {
        let args = format!("list --print-tokens-to {target}");
        let output = sandbox.run_with(&sandbox.renewable(), &args).ended_with(2);
        assert!(output.stderr.contains("--print-tokens-to") && output.stdout.is_empty(), "{target}: {output:?}");
    }
    assert_eq!(sandbox.requests().len(), 0, "nothing was asked");
    assert_eq!(std::fs::read_to_string(notes).unwrap(), "my notes");
    let empty = sandbox.home.write("empty.json", "");
    let args = format!("list --print-tokens-to {}", empty.display());
    sandbox.run_with(&sandbox.renewable(), &args).ended_with(0);
}

#[test]
fn tokens_do_not_replace_the_file_that_a_command_writes_to() {
    let sandbox = Sandbox::start();
    let file = sandbox.home.path("out");
    for target in ["/dev/stdout", file.to_str().unwrap()] {
        let mut command = sandbox.home.command();
        command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
        command.args(["list", "--print-tokens-to", target]).stdout(std::fs::File::create(&file).unwrap());
        assert_eq!(command.stderr(Stdio::null()).status().unwrap().code(), Some(2), "{target}");
    }
}
