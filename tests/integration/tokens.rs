//! Tokens from the environment and the store, renewed once, under a lock.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, mpsc};

use serde_json::json;

use crate::support::home::finish;
use crate::support::sandbox::stored_pair;
use crate::support::{Home, Output, RawServer, Sandbox};

#[test]
fn an_expired_environment_token_is_renewed_for_this_run_with_a_warning() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let output = sandbox.run_with(&sandbox.renewable(), "list").ended_with(0);
    assert!(output.stderr.contains("IMCONN_REFRESH_TOKEN"), "{output:?}");
    let methods: Vec<_> = sandbox.requests().iter().map(|request| request["method"].clone()).collect();
    assert_eq!(methods, ["batch", "/oauth/token/", "batch"]);
    assert!(!sandbox.home.path("config").exists(), "credentials of the environment never touch the disk");
}

#[test]
fn an_expired_token_that_cannot_be_renewed_exits_4() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let output = sandbox.run("list -o json").ended_with(4);
    assert_eq!(output.json_error()["code"], "token_dead");
    assert_eq!(output.json_error()["portal_code"], "expired_token");
    assert_eq!(sandbox.refreshes(), 0);
}

#[test]
fn a_dead_refresh_token_exits_4_after_one_attempt() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut variables = sandbox.renewable();
    variables[0].1 = "0000000000000000";
    let output = sandbox.run_with(&variables, "list").ended_with(4);
    assert!(output.stderr.contains("invalid_grant"), "{output:?}");
    assert_eq!(sandbox.refreshes(), 1);
}

#[test]
fn a_token_that_stays_refused_is_renewed_only_once() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token", "times": 5}));
    sandbox.run_with(&sandbox.renewable(), "list").ended_with(4);
    assert_eq!(sandbox.refreshes(), 1);
}

#[test]
fn renewed_tokens_are_stored_privately_and_the_rest_is_kept() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let oauth = [("IMCONN_OAUTH_SERVER", sandbox.url())];
    sandbox.home.run_with(&oauth, "-p acme list").ended_with(0);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains(sandbox.fact("access_token")), "the old token is gone");
    assert!(text.contains("member_id = \"m\""), "{text}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    sandbox.home.run_with(&oauth, "-p acme list").ended_with(0);
    assert_eq!(sandbox.refreshes(), 1, "the next run uses what was stored");
}

#[test]
fn twenty_processes_refresh_an_expired_token_once() {
    for single_use in [false, true] {
        let sandbox = Sandbox::start();
        let path = sandbox.store_profile();
        sandbox.app(&json!({"single_use_refresh": single_use}));
        sandbox.fault(&json!({"kind": "expired-token"}));
        let start = |_| -> Child {
            let mut command = sandbox.home.command();
            command.env("IMCONN_OAUTH_SERVER", sandbox.url()).args(["-p", "acme", "list"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children: Vec<Child> = (0..20).map(start).collect();
        for child in children {
            Output::from(child.wait_with_output().unwrap()).ended_with(0);
        }
        assert_eq!(sandbox.refreshes(), 1);
        assert_eq!(stored_pair(&path), sandbox.pairs().last().cloned(), "the store holds the newest pair");
    }
}

#[test]
fn a_refresh_is_finished_before_an_interrupted_process_ends() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let sandbox = Sandbox::start();
        let path = sandbox.store_profile();
        let pair = json!({"access_token": "fresh-access-token", "refresh_token": "fresh-refresh-token"}).to_string();
        let (asked, waiting) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let (asked, released) = (Mutex::new(asked), Mutex::new(released));
        let server = RawServer::doing(move |stream| {
            asked.lock().unwrap().send(()).unwrap();
            // The answer arrives after the signal.
            let _ = released.lock().unwrap().recv();
            let length = pair.len();
            let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{pair}").as_bytes());
        });
        sandbox.fault(&json!({"kind": "expired-token"}));
        let mut command = sandbox.home.command();
        command.env("IMCONN_OAUTH_SERVER", &server.url).args(["-p", "acme", "list"]).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        waiting.recv().unwrap();
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let mut said = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
        assert!(said.contains("new tokens have to be stored first; press Ctrl-C again"), "{said}");
        release.send(()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal}");
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored.contains("fresh-access-token") && stored.contains("fresh-refresh-token"), "{signal}");
    }
}

#[test]
fn a_second_interruption_does_not_wait_for_the_refresh() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let (asked, waiting) = mpsc::channel();
    let asked = Mutex::new(asked);
    let server = RawServer::doing(move |_| {
        asked.lock().unwrap().send(()).unwrap();
        std::thread::park();
    });
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", &server.url).args(["-p", "acme", "list"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    waiting.recv().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    stderr.read_line(&mut String::new()).unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_long_wait_for_the_refresh_lock_is_reported() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let lock = std::fs::File::create(sandbox.home.path("config/profiles/acme.lock")).unwrap();
    lock.lock().unwrap();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", sandbox.url()).args(["-p", "acme", "list"]).stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("waiting for another process") && line.contains("acme.lock"), "{line}");
    drop(lock);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_readable_store_is_a_warning_with_the_command_that_fixes_it() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let output = sandbox.home.run("-p acme list").ended_with(0);
    assert!(output.stderr.contains("chmod 600"), "{output:?}");
}

#[test]
fn a_corrupt_store_is_reported_with_its_line_and_not_overwritten() {
    let home = Home::new();
    let path = home.write("config/profiles/acme.toml", "host = \"a.b\"\naccess_token = s3cr3t-token\n");
    let output = home.run("-p acme list").ended_with(1);
    assert!(output.stderr.contains("acme.toml, line 2"), "{output:?}");
    assert!(!output.stderr.contains("s3cr3t"), "{output:?}");
    assert!(std::fs::read_to_string(path).unwrap().contains("s3cr3t-token"));
}

#[test]
fn an_incoming_webhook_cannot_subscribe_and_the_message_says_so() {
    let refusal =
        r#"{"error":"WRONG_AUTH_TYPE","error_description":"Current authorization type is denied for this method"}"#;
    let server = RawServer::status(403, "application/json", refusal);
    let output = server.run("list").ended_with(4);
    assert!(output.stderr.contains("an incoming webhook cannot subscribe"), "{output:?}");
}

#[test]
fn an_auth_server_in_trouble_does_not_make_the_token_dead() {
    let sandbox = Sandbox::start();
    let server =
        RawServer::status(500, "application/json", r#"{"error":"INTERNAL_SERVER_ERROR","error_description":"x"}"#);
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut variables = sandbox.renewable();
    variables[3].1 = &server.url;
    let output = sandbox.run_with(&variables, "list --retries 1 -o json").ended_with(6);
    assert_eq!(output.json_error()["code"], "unreachable");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_token_echoed_by_the_auth_server_is_masked() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("access_token");
    let body = json!({"error": "invalid_grant", "error_description": format!("echo {token}")}).to_string();
    let server = RawServer::status(400, "application/json", &body);
    sandbox.fault(&json!({"kind": "expired-token"}));
    let mut variables = sandbox.renewable();
    variables[3].1 = &server.url;
    let output = sandbox.run_with(&variables, "list -vv").ended_with(4);
    assert!(output.stderr.contains("echo ***") && !output.stderr.contains(token), "{output:?}");
}

#[test]
fn a_refresh_token_is_not_spent_if_the_new_one_cannot_be_stored() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    let before = std::fs::read_to_string(&path).unwrap();
    sandbox.fault(&json!({"kind": "expired-token"}));
    // Files can be created but not written, as on a full disk.
    let mut full = sandbox.home.command();
    let program = full.get_program().to_owned();
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" -p acme list";
    let mut shell = Command::new("sh");
    shell.env_clear().envs(full.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("IMCONN_OUTPUT", "json").env("IMCONN_OAUTH_SERVER", sandbox.url()).args(["-c", script]).arg(program);
    let output = finish(&mut shell).ended_with(1);
    assert_eq!(output.json_error()["code"], "local");
    assert_eq!((sandbox.refreshes(), std::fs::read_to_string(path).unwrap()), (0, before));
    full.env("IMCONN_OAUTH_SERVER", sandbox.url());
    finish(full.args(["-p", "acme", "list"])).ended_with(0);
}

#[test]
fn an_auth_server_without_a_usable_answer_exits_6_and_shows_no_secret() {
    for (answer, said) in [
        ("<html>closed</html>", "a web page"),
        ("{\"access_token\":\"new-s3cr3t\"}", "JSON without tokens"),
        ("{\"access_token\":\"new-s3cr3t\",\"refresh_to", "truncated JSON"),
        ("access_token=new-s3cr3t", "not JSON"),
    ] {
        let sandbox = Sandbox::start();
        let server = RawServer::page("text/html", answer);
        sandbox.fault(&json!({"kind": "expired-token"}));
        let mut variables = sandbox.renewable();
        variables[3].1 = &server.url;
        let output = sandbox.run_with(&variables, "list").ended_with(6);
        assert!(output.stderr.contains(said), "{output:?}");
        assert!(!output.stderr.contains("s3cr3t"), "{output:?}");
        let head = server.received()[0].lines().next().unwrap().to_owned();
        assert_eq!(head, "POST /oauth/token/ HTTP/1.1", "secrets travel in the body");
    }
}
