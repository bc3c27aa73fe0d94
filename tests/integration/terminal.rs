//! On a terminal: prompts, Ctrl-C, and untrusted text.

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};
use serde_json::json;

use crate::support::{HANDLER, Home, RawServer, Sandbox};

/// Longest wait for something to appear on the screen, in milliseconds; passing tests never wait that long.
const PATIENCE: u64 = 20_000;

fn with_all_bound() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox
}

pub(crate) fn on_terminal(sandbox: &Sandbox, portal: &str, args: &[&str]) -> PtySession {
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", portal).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token")).env("TERM", "xterm");
    command.args(args).env("NO_COLOR", "1").env("COLUMNS", "100");
    // The program gets the terminal as its stdin, too.
    command.stdin(std::process::Stdio::inherit());
    spawn_command(command, Some(PATIENCE)).unwrap()
}

pub(crate) fn exit_code(session: &PtySession) -> Option<i32> {
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => Some(code),
        _ => None,
    }
}

#[test]
fn unbind_shows_prompts_and_removes_after_yes() {
    let sandbox = with_all_bound();
    let mut session = on_terminal(&sandbox, sandbox.url(), &["unbind", "--all"]);
    session.exp_string("- OnImConnectorLineDelete").unwrap();
    session.exp_string("Remove 7 bindings from").unwrap();
    session.send_line("y").unwrap();
    session.exp_string("7 removed").unwrap();
    assert_eq!(exit_code(&session), Some(0));
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn anything_but_yes_removes_nothing() {
    for answer in ["n", ""] {
        let sandbox = with_all_bound();
        let mut session = on_terminal(&sandbox, sandbox.url(), &["unbind", "--all"]);
        session.exp_string("Remove 7 bindings from").unwrap();
        session.send_line(answer).unwrap();
        session.exp_string("nothing was changed").unwrap();
        assert_eq!(exit_code(&session), Some(2));
        assert_eq!(sandbox.bindings().len(), 7);
    }
}

#[test]
fn ctrl_c_at_the_prompt_removes_nothing_and_exits_130() {
    let sandbox = with_all_bound();
    let mut session = on_terminal(&sandbox, sandbox.url(), &["unbind", "--all"]);
    session.exp_string("Remove 7 bindings from").unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), Some(130));
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn no_input_never_prompts_even_on_a_terminal() {
    let sandbox = with_all_bound();
    let mut session = on_terminal(&sandbox, sandbox.url(), &["unbind", "--all", "--no-input"]);
    session.exp_string("add --yes").unwrap();
    assert_eq!(exit_code(&session), Some(2));
}

#[test]
fn progress_of_a_long_wait_is_shown_and_erased() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "delay", "seconds": 1.0}));
    let mut session = on_terminal(&sandbox, sandbox.url(), &["list"]);
    session.exp_string("waiting for 127.0.0.1").unwrap();
    session.exp_string("0 of the 7 connector events are bound").unwrap();
    assert_eq!(exit_code(&session), Some(0));
}

#[test]
fn text_from_a_portal_is_sanitized_in_every_format() {
    let sandbox = Sandbox::start();
    let row =
        json!({"event": "ONX", "handler": "https://a.b/\u{1b}[2J\u{9b}1m\u{202e}x", "auth_type": "0", "offline": 0});
    let body =
        json!({"result": {"result": {"c0": [row], "c1": {"ID": "1", "ADMIN": true}}, "result_error": []}, "time": {}});
    let server = RawServer::page("application/json", &body.to_string());
    for format in ["table", "json", "jsonl", "csv", "plain"] {
        let mut session = on_terminal(&sandbox, &server.url, &["list", "-q", "-o", format]);
        let shown = session.exp_eof().unwrap();
        assert!(shown.contains("https://a.b/"), "{format}: {shown:?}");
        assert!(!shown.chars().any(|c| matches!(c, '\u{1b}' | '\u{9b}' | '\u{202e}')), "{format}: {shown:?}");
    }
}

/// Runs `imconn login`, then another command, in a shell on a terminal that echoes input.
pub(crate) fn login_in_shell(sandbox: &Sandbox, args: &str, then: &str) -> PtySession {
    let program = format!(
        "trap : INT; stty echo; {} login {} --name acme {args}; echo ended $?; {then}",
        env!("CARGO_BIN_EXE_imconn"),
        sandbox.url()
    );
    let home = sandbox.home.path("");
    let mut command = std::process::Command::new("sh");
    command.env_clear().env("HOME", &home).env("IMCONN_CONFIG_DIR", home.join("config")).env("TERM", "xterm");
    command.env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1").env("IMCONN_OAUTH_SERVER", sandbox.url());
    command.args(["-c", &program]).stdin(std::process::Stdio::inherit());
    spawn_command(command, Some(PATIENCE)).unwrap()
}

/// Answers the prompts for the keys, and returns what the screen showed.
fn answer_keys(sandbox: &Sandbox, session: &mut PtySession) -> String {
    session.exp_string("Client id of the application").unwrap();
    session.send_line(sandbox.fact("client_id")).unwrap();
    session.exp_string("Client secret").unwrap();
    session.send_line(sandbox.fact("client_secret")).unwrap();
    session.exp_string("Paste the code").unwrap()
}

#[test]
fn login_prompts_for_keys_and_code_and_shows_no_secret() {
    let sandbox = Sandbox::start();
    let mut session = login_in_shell(&sandbox, "", "");
    let shown = answer_keys(&sandbox, &mut session);
    assert!(shown.contains("/oauth/authorize/") && !shown.contains(sandbox.fact("client_secret")), "{shown}");
    let code = sandbox.code();
    session.send_line(&code).unwrap();
    let shown = session.exp_string("Ada Admin (1)").unwrap();
    assert!(shown.contains(&code), "this terminal shows what is typed");
    session.exp_string("ended 0").unwrap();
}

#[test]
fn a_pasted_return_url_with_a_wrong_state_is_refused() {
    let sandbox = Sandbox::start();
    let mut session = login_in_shell(&sandbox, "", "");
    answer_keys(&sandbox, &mut session);
    session.send_line("https://app.example.com/?code=0123456789&state=foreign").unwrap();
    session.exp_string("state mismatch").unwrap();
    session.exp_string("ended 4").unwrap();
    assert!(!sandbox.home.path("config/profiles/acme.toml").exists());
}

#[test]
fn ctrl_c_at_the_hidden_prompt_restores_the_terminal() {
    let sandbox = Sandbox::start();
    let mut session = login_in_shell(&sandbox, "--client-id x", "stty -a");
    session.exp_string("Client secret").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("ended 130").unwrap();
    let modes = session.exp_eof().unwrap();
    assert!(modes.contains(" echo ") && !modes.contains(" -echo "), "{modes}");
}

#[test]
fn man_opens_the_pager_on_a_terminal_and_falls_back_to_help() {
    let home = Home::new();
    for path in ["/usr/bin:/bin", "/nonexistent"] {
        let mut command = home.command();
        command.args(["man", "bind"]).env("PATH", path).env("TERM", "dumb").env("MANPAGER", "cat").env("NO_COLOR", "1");
        let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
        let shown = session.exp_eof().unwrap();
        assert!(shown.contains("--dry-run") && !shown.contains(".TH"), "{path}: {shown}");
        assert!(!shown.contains(".tmp"), "{path}: {shown}");
        assert_eq!(exit_code(&session), Some(0));
    }
}

#[test]
fn a_slow_credential_command_is_reported_on_a_terminal() {
    let sandbox = Sandbox::start();
    let script = sandbox.home.write("get", "#!/bin/sh\nread line < \"$HOME/pipe\"\nexit 1\n");
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let pipe = sandbox.home.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let text =
        format!("[portals.vault]\nhost = \"{}\"\ncredential_command = [\"{}\"]\n", sandbox.url(), script.display());
    sandbox.home.write("config/config.toml", &text);
    let mut command = sandbox.home.command();
    command.args(["-p", "vault", "list"]).env("TERM", "xterm").stdin(std::process::Stdio::inherit());
    let mut session = spawn_command(command, Some(PATIENCE)).unwrap();
    session.exp_string("waiting for the credential_command of `vault`").unwrap();
    std::fs::write(&pipe, "go on\n").unwrap();
    session.exp_eof().unwrap();
}
