//! `login` by a browser or an installation: what arrives over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::json;

use crate::support::home::finish;
use crate::support::http::{self, Answer};
use crate::support::sandbox::stored_pair;
use crate::support::{Output, Sandbox};

/// A login that waits at an address, and the lines it has printed so far.
pub(crate) struct Waiting {
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
    pub(crate) here: String,
}

pub(crate) fn wait(sandbox: &Sandbox, args: &[&str]) -> Waiting {
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", sandbox.url()).env("IMCONN_CLIENT_ID", sandbox.fact("client_id"));
    command.env("IMCONN_CLIENT_SECRET", sandbox.fact("client_secret"));
    command.args(["login", sandbox.url(), "--name", "acme"]).args(args);
    listen(command)
}

/// Starts a login, and reads until it waits.
fn listen(mut command: Command) -> Waiting {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("Waiting for") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    let here = said.rsplit("http://").next().unwrap().split('/').next().unwrap().to_owned();
    Waiting { child, stderr, said, here: format!("http://{here}") }
}

impl Waiting {
    /// The URL that a user would open.
    pub(crate) fn authorize(&self) -> String {
        self.said.lines().map(str::trim).find(|line| line.contains("/oauth/authorize/")).unwrap().to_owned()
    }

    pub(crate) fn end(mut self) -> Output {
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.stderr, &mut rest).unwrap();
        let mut output = Output::from(self.child.wait_with_output().unwrap());
        output.stderr = self.said + &rest;
        output
    }
}

/// Opens the portal's page, and returns where it sends the browser.
pub(crate) fn authorised(sandbox: &Sandbox, address: &str) -> String {
    let answer = http::request(sandbox.url(), "GET", address.strip_prefix(sandbox.url()).unwrap(), &[], "");
    answer.head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned()
}

pub(crate) fn browse(location: &str) -> Answer {
    let at = location.find("/?").unwrap();
    http::request(&location[..at], "GET", &location[at..], &[], "")
}

pub(crate) fn post(waiting: &Waiting, path: &str, body: &str) -> Answer {
    http::request(&waiting.here, "POST", path, &["Content-Type: application/x-www-form-urlencoded"], body)
}

fn is_stored(sandbox: &Sandbox) -> bool {
    sandbox.home.path("config/profiles/acme.toml").exists()
}

#[test]
fn a_browser_callback_completes_the_login() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--callback", "127.0.0.1:0"]);
    sandbox.app(&json!({"return_address": format!("{}/", waiting.here)}));
    assert_eq!(http::request(&waiting.here, "GET", "/favicon.ico", &[], "").status, 404);
    let back = authorised(&sandbox, &waiting.authorize());
    let page = browse(&back);
    assert!(page.status == 200 && page.body.contains("logged in"), "{page:?}");
    waiting.end().ended_with(0);
    assert_eq!(stored_pair(&sandbox.home.path("config/profiles/acme.toml")), sandbox.pairs().last().cloned());
}

#[test]
fn a_response_with_a_foreign_state_is_ignored_and_its_code_not_used() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--callback", "127.0.0.1:0"]);
    sandbox.app(&json!({"return_address": format!("{}/", waiting.here)}));
    for query in ["code=0123456789&state=forged", "code=0123456789", "error=access_denied&state=forged"] {
        assert_eq!(browse(&format!("{}/?{query}", waiting.here)).status, 400);
    }
    assert!(!is_stored(&sandbox) && sandbox.refreshes() == 0);
    assert_eq!(browse(&authorised(&sandbox, &waiting.authorize())).status, 200);
    let output = waiting.end().ended_with(0);
    assert_eq!(output.stderr.matches("foreign state").count(), 1, "{output:?}");
}

#[test]
fn the_sandbox_refuses_a_return_address_that_is_not_a_url() {
    let sandbox = Sandbox::start();
    for address in ["", "/back", "ftp://a.b/"] {
        let answer = http::post_json(sandbox.fact("control"), "/app", &json!({"return_address": address}));
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    sandbox.app(&json!({"return_address": null}));
}

#[test]
fn a_refusal_by_the_portal_is_quoted() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--callback", "127.0.0.1:0"]);
    let state = waiting.authorize().split("state=").nth(1).unwrap().to_owned();
    browse(&format!("{}/?error=access_denied&state={state}", waiting.here));
    assert!(waiting.end().ended_with(4).stderr.contains("access_denied"));
}

#[test]
fn a_refused_code_is_reported_in_the_browser_and_on_the_terminal() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--callback", "127.0.0.1:0"]);
    let state = waiting.authorize().split("state=").nth(1).unwrap().to_owned();
    let page = browse(&format!("{}/?code=0123456789&state={state}", waiting.here));
    assert!(page.body.contains("the terminal says why"), "{page:?}");
    assert!(waiting.end().ended_with(4).stderr.contains("invalid_grant"));
    assert!(!is_stored(&sandbox));
}

#[test]
fn a_callback_address_in_use_is_reported() {
    let sandbox = Sandbox::start();
    let taken = sandbox.url().trim_start_matches("http://").to_owned();
    let keys = [("IMCONN_CLIENT_ID", "x"), ("IMCONN_CLIENT_SECRET", "0123456789")];
    let output = sandbox.home.run_with(&keys, &format!("login a.b --callback {taken}")).ended_with(1);
    assert!(output.stderr.contains(&format!("cannot listen on {taken}")), "{output:?}");
}

#[test]
fn the_browser_opens_on_a_display_unless_it_is_disabled() {
    let sandbox = Sandbox::start();
    let opener =
        sandbox.home.write("bin/xdg-open", "#!/bin/sh\nenv > \"$HOME/environment\"\necho \"$1\" >> \"$HOME/opened\"\n");
    std::fs::set_permissions(&opener, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let start = |display: &str, option: Option<&str>| {
        let mut command = sandbox.home.command();
        command.env("PATH", format!("{}:/usr/bin:/bin", opener.parent().unwrap().display())).env("DISPLAY", display);
        command.env("IMCONN_CLIENT_ID", "x").env("IMCONN_CLIENT_SECRET", "0123456789");
        command.args(["login", "acme.bitrix24.com", "--callback", "127.0.0.1:0"]).args(option);
        listen(command)
    };
    // The case that opens a browser comes last: by then, any wrongly opened one would have shown up.
    let mut waiting = [start(":0", Some("--no-browser")), start("", None), start(":0", None)];
    let seen = || std::fs::read_to_string(sandbox.home.path("opened")).unwrap_or_default();
    while !seen().ends_with('\n') {
        std::thread::yield_now();
    }
    assert_eq!(seen().trim_end(), waiting[2].authorize());
    let environment = std::fs::read_to_string(sandbox.home.path("environment")).unwrap();
    assert!(!environment.contains("0123456789"), "the browser gets no secret: {environment}");
    for waiting in &mut waiting {
        waiting.child.kill().unwrap();
        waiting.child.wait().unwrap();
    }
}

#[test]
fn an_installation_post_is_verified_stored_and_answered() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    let (access, refresh, app) =
        (sandbox.fact("access_token"), sandbox.fact("refresh_token"), sandbox.fact("application_token"));
    let body = format!(
        "event=ONAPPINSTALL&data[VERSION]=1&auth[access_token]={access}&auth[refresh_token]={refresh}\
         &auth[application_token]={app}&auth[member_id]=m"
    );
    let page = post(&waiting, "/install", &body);
    assert!(page.status == 200 && page.body.contains("installed") && !page.body.contains("installFinish"), "{page:?}");
    waiting.end().ended_with(0);
    let store = std::fs::read_to_string(sandbox.home.path("config/profiles/acme.toml")).unwrap();
    assert!(store.contains(&format!("application_token = \"{app}\"")), "{store}");
    sandbox.home.run("-p acme list").ended_with(0);
}

#[test]
fn a_frames_installation_page_finishes_the_installation() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    let host = sandbox.url().trim_start_matches("http://");
    let body = format!(
        "AUTH_ID={}&REFRESH_ID={}&AUTH_EXPIRES=3600&member_id=m",
        sandbox.fact("access_token"),
        sandbox.fact("refresh_token")
    );
    let page = post(&waiting, &format!("/?DOMAIN={host}&PROTOCOL=0&LANG=en"), &body);
    assert!(page.body.contains("BX24.installFinish()"), "{page:?}");
    waiting.end().ended_with(0);
    let store = std::fs::read_to_string(sandbox.home.path("config/profiles/acme.toml")).unwrap();
    assert!(store.contains("\nexpires = "), "its end is known, because it was given out just now: {store}");
}

#[test]
fn an_unfinished_installation_is_not_a_warning() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"installed": false}));
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0", "-o", "json"]);
    post(&waiting, "/", &format!("AUTH_ID={}&REFRESH_ID=x0123456789", sandbox.fact("access_token")));
    assert_eq!(waiting.end().ended_with(0).json()["missing"], json!([]));
}

#[test]
fn a_post_that_cannot_be_verified_does_not_end_the_wait() {
    let sandbox = Sandbox::start();
    let real = format!("AUTH_ID={}", sandbox.fact("access_token"));
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    sandbox.fault(&json!({"kind": "html"}));
    assert_eq!(post(&waiting, "/", &real).status, 503);
    sandbox.app(&json!({"payment_expired": true}));
    assert_eq!(post(&waiting, "/", &real).status, 403);
    assert!(!is_stored(&sandbox));
    sandbox.app(&json!({"payment_expired": false}));
    assert_eq!(post(&waiting, "/", &real).status, 200);
    assert!(is_stored(&sandbox) && waiting.end().ended_with(0).stderr.contains("Portal is closed"));
}

#[test]
fn a_flood_of_forged_posts_neither_ends_the_wait_nor_fills_the_screen() {
    let sandbox = Sandbox::start();
    let began = std::time::Instant::now();
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    for _ in 0..50 {
        assert_eq!(post(&waiting, "/", "nonsense").status, 400);
    }
    for _ in 0..25 {
        assert_eq!(post(&waiting, "/", "auth[access_token]=forged0123456789").status, 403);
    }
    assert_eq!(post(&waiting, "/", &format!("AUTH_ID={}", sandbox.fact("access_token"))).status, 200);
    let output = waiting.end().ended_with(0);
    let warnings = output.stderr.lines().filter(|line| line.starts_with("warning: received")).count();
    assert!(warnings as u64 <= began.elapsed().as_secs() + 2, "{output:?}");
}

/// The same program with a limit on its open files.
fn limited_to(files: u32, command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]).arg(command.get_program());
    limited.args(command.get_args()).env_clear();
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

#[test]
fn unfinished_requests_keep_neither_the_portal_out_nor_its_tokens_from_being_stored() {
    let sandbox = Sandbox::start();
    let mut command = sandbox.home.command();
    command.args(["login", sandbox.url(), "--name", "acme", "--install-callback", "127.0.0.1:0"]);
    let waiting = listen(limited_to(64, &command));
    let address = waiting.here.trim_start_matches("http://");
    let mut open = Vec::new();
    for start in ["", "POST / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"] {
        for _ in 0..70 {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            // Its place may be needed already.
            let _ = std::io::Write::write_all(&mut stream, start.as_bytes());
            open.push(stream);
        }
    }
    let began = std::time::Instant::now();
    assert_eq!(post(&waiting, "/", &format!("AUTH_ID={}", sandbox.fact("access_token"))).status, 200);
    assert!(began.elapsed().as_secs() < 4, "it did not wait for the time limits of the others");
    waiting.end().ended_with(0);
    assert!(is_stored(&sandbox));
}

#[test]
fn a_forged_post_is_refused_and_the_real_one_is_still_accepted() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    assert_eq!(http::request(&waiting.here, "GET", "/", &[], "").status, 405);
    assert_eq!(post(&waiting, "/", "nonsense").status, 400);
    assert_eq!(post(&waiting, "/", "auth[access_token]=forged0123456789&auth[refresh_token]=forged").status, 403);
    assert!(!is_stored(&sandbox) && sandbox.refreshes() == 0, "no forged token reaches the auth server");
    assert_eq!(post(&waiting, "/", &format!("AUTH_ID={}", sandbox.fact("access_token"))).status, 200);
    let output = waiting.end().ended_with(0);
    assert!(output.stderr.contains("does not confirm") && !output.stderr.contains("forged0123456789"), "{output:?}");
}

#[test]
fn the_process_list_shows_no_secret_while_a_login_waits() {
    let sandbox = Sandbox::start();
    let waiting = wait(&sandbox, &["--install-callback", "127.0.0.1:0"]);
    let line = std::fs::read_to_string(format!("/proc/{}/cmdline", waiting.child.id())).unwrap();
    assert!(line.contains("login") && !line.contains(sandbox.fact("client_secret")), "{line}");
    let mut kill = std::process::Command::new("kill");
    finish(kill.args(["-INT", &waiting.child.id().to_string()])).ended_with(0);
    let output = waiting.end().ended_with(130);
    assert!(!output.stderr.contains(sandbox.fact("client_secret")), "{output:?}");
}
