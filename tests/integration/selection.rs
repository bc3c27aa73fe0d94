//! Which portal, tokens and files a command works with: each file is opened once, and credentials never cross portals.

use std::process::Command;

use crate::support::home::finish;
use crate::support::{Home, RawServer, Sandbox, TOKEN};

const SECRET: &str = "s3cr3t-of-alpha";

fn profile(url: &str, token: &str) -> String {
    format!("host = \"{url}\"\naccess_token = \"{token}\"\n")
}

#[test]
fn a_token_of_the_environment_never_reaches_another_portal() {
    let beta = RawServer::status(401, "application/json", r#"{"error":"invalid_token","error_description":"no"}"#);
    let home = Home::new();
    let bare = format!("[portals.bare]\nhost = \"{}\"\n", beta.url);
    home.write("config/config.toml", &bare);
    home.write("config/profiles/beta.toml", &profile(&beta.url, "token-of-beta"));
    let variables = [("IMCONN_PORTAL", "alpha.bitrix24.com"), ("IMCONN_ACCESS_TOKEN", SECRET)];
    home.run_with(&variables, "-p beta list").ended_with(4);
    let refused = home.run_with(&variables, "-p bare list").ended_with(4);
    assert!(
        refused.stderr.contains("IMCONN_ACCESS_TOKEN belongs to IMCONN_PORTAL, `alpha.bitrix24.com`"),
        "{refused:?}"
    );
    home.run_with(&variables[1..], "-p beta list").ended_with(4);
    // Its address selects the profile of beta as well.
    home.write("config/config.toml", "");
    home.run_with(&variables, &format!("-p {} list", beta.url)).ended_with(4);
    let received = beta.received();
    assert!(!received.is_empty() && received.iter().all(|request| request.contains("token-of-beta")), "{received:?}");
    assert!(!received.iter().any(|request| request.contains(SECRET)), "{received:?}");
}

#[test]
fn a_token_of_the_environment_that_belongs_to_no_portal_is_not_used_and_a_warning_says_so() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let output = sandbox.home.run_with(&[("IMCONN_ACCESS_TOKEN", SECRET)], "list").ended_with(0);
    assert!(output.stderr.contains("IMCONN_ACCESS_TOKEN is not used") && !output.stderr.contains(SECRET), "{output:?}");
    let output = sandbox.home.run_with(&[("IMCONN_ACCESS_TOKEN", SECRET)], "-p acme list").ended_with(0);
    assert!(output.stderr.contains("set IMCONN_PORTAL=acme"), "{output:?}");
    let owned = [("IMCONN_PORTAL", "acme"), ("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"))];
    assert!(!sandbox.home.run_with(&owned, "list").ended_with(0).stderr.contains("IMCONN_ACCESS_TOKEN"));
}

#[test]
fn keys_of_the_environment_do_not_log_in_to_another_portal() {
    let home = Home::new();
    let server = RawServer::status(400, "application/json", r#"{"error":"invalid_grant","error_description":"no"}"#);
    let variables = [
        ("IMCONN_PORTAL", "alpha.bitrix24.com"),
        ("IMCONN_OAUTH_SERVER", server.url.as_str()),
        ("IMCONN_CLIENT_ID", "local.alpha"),
        ("IMCONN_CLIENT_SECRET", SECRET),
    ];
    let output = home.run_with(&variables, "login beta.bitrix24.com --code 0123456789").ended_with(2);
    assert!(output.stderr.contains("client id is not known"), "{output:?}");
    home.run_with(&variables, "login alpha.bitrix24.com --code 0123456789").ended_with(4);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn a_corrupt_profile_does_not_affect_the_others() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox.home.write("config/profiles/bad.toml", "host = \"a.b\"\naccess_token = s3cr3t-t0ken\n");
    sandbox.home.run("-p acme list").ended_with(0);
    sandbox.home.run(&format!("-p {} list", sandbox.url())).ended_with(0);
    let listed = sandbox.home.run("portals -o plain").ended_with(1);
    assert!(listed.stdout.starts_with("acme\t") && listed.stderr.contains("bad.toml, line 2"), "{listed:?}");
    assert!(!listed.stderr.contains("s3cr3t"), "{listed:?}");
    assert!(sandbox.home.run("-p bad list").ended_with(1).stderr.contains("bad.toml, line 2"));
    sandbox.home.run("logout -p bad").ended_with(0);
    sandbox.home.run("portals").ended_with(0);
}

#[test]
fn a_profile_of_a_newer_version_is_refused_and_left_alone() {
    let home = Home::new();
    let newer = "version = 2\nhost = \"a.b\"\naccess_token = \"x\"\n";
    let path = home.write("config/profiles/acme.toml", newer);
    for args in ["-p acme list", "login acme --tokens /dev/null"] {
        let output = home.run(args).ended_with(1);
        assert!(output.stderr.contains("written by a newer imconn") && output.stderr.contains("upgrade"), "{output:?}");
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), newer);
}

#[test]
fn a_fifo_in_place_of_a_lock_file_is_refused() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let lock = sandbox.home.path("config/profiles/acme.lock");
    assert!(Command::new("mkfifo").arg(&lock).status().unwrap().success());
    sandbox.fault(&serde_json::json!({"kind": "expired-token"}));
    let output = sandbox.home.run("-p acme list").ended_with(1);
    assert!(output.stderr.contains("acme.lock is not a regular file"), "{output:?}");
    assert_eq!(sandbox.refreshes(), 0);
}

#[test]
fn a_lock_is_waited_for_as_long_as_the_timeout() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let lock = std::fs::File::create(sandbox.home.path("config/profiles/acme.lock")).unwrap();
    lock.lock().unwrap();
    sandbox.fault(&serde_json::json!({"kind": "expired-token"}));
    let output = sandbox.home.run("-p acme list --timeout 1").ended_with(1);
    assert!(output.stderr.contains("acme.lock for more than 1 s"), "{output:?}");
}

/// Runs under strace, which shows the path of each file descriptor, and returns its log.
fn traced(home: &Home, variables: &[(&str, &str)], args: &str) -> String {
    let log = home.path("strace.log");
    let untraced = home.command();
    let mut command = Command::new("strace");
    command.env_clear().envs(untraced.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.envs(variables.iter().copied()).current_dir(home.path(""));
    command.args(["-f", "-qq", "-y", "-e", "trace=%file,%desc", "-o"]).arg(&log);
    let output = finish(command.arg(untraced.get_program()).args(args.split_whitespace()));
    assert!([0, 3].contains(&output.code), "{args}: {output:?}");
    std::fs::read_to_string(log).unwrap()
}

fn opened(log: &str, file: &str) -> usize {
    log.lines().filter(|line| line.contains("open") && line.contains(&format!("{file}\""))).count()
}

#[test]
fn each_settings_file_is_opened_once_at_most() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox.home.write("config/config.toml", "portal = \"acme\"\n[portals.acme]\nhandler = \"http://127.0.0.1:9/x\"\n");
    sandbox.home.write("imconn.toml", "handler = \"http://127.0.0.1:9/x\"\n");
    let commands =
        [("list", 0), ("-p acme list", 0), ("doctor", 1), ("bind message-add", 1), ("status", 0), ("portals", 0)];
    for (args, manifests) in commands {
        let log = traced(&sandbox.home, &[], args);
        let counts = ["config/config.toml", "profiles/acme.toml", "imconn.toml"].map(|file| opened(&log, file));
        assert_eq!(counts, [1, 1, manifests], "{args}:\n{log}");
    }
}

/// The system calls that concern the settings, whatever else differs from run to run.
fn calls_about_settings(sandbox: &Sandbox) -> usize {
    let log = traced(&sandbox.home, &[("IMCONN_OAUTH_SERVER", sandbox.url())], "-p acme list");
    // A call that another thread interrupts has a second line, which begins with `<... NAME resumed>`.
    log.lines().filter(|line| line.contains("/config") && !line.contains(" resumed>")).count()
}

/// Calls of a `list`, and of one that renews its tokens, with this many other profiles.
fn costs(others: usize) -> (usize, usize) {
    let sandbox = Sandbox::start();
    let folder = sandbox.store_profile().parent().unwrap().to_owned();
    for i in 0..others {
        std::fs::write(folder.join(format!("portal{i}.toml")), profile("other.bitrix24.com", "x")).unwrap();
    }
    let list = calls_about_settings(&sandbox);
    sandbox.fault(&serde_json::json!({"kind": "expired-token"}));
    let renewal = calls_about_settings(&sandbox);
    assert_eq!(sandbox.refreshes(), 1);
    (list, renewal)
}

#[test]
fn ten_thousand_profiles_cost_as_much_as_one() {
    let alone = costs(0);
    assert!(alone.0 > 0 && alone.1 > alone.0, "{alone:?}");
    assert_eq!(costs(10_000), alone);
}

#[test]
fn what_follows_the_host_of_an_address_is_refused_not_dropped() {
    let sandbox = Sandbox::start();
    let url = sandbox.url();
    for address in [
        format!("{url}/some/path"),
        format!("{url}/rest/event.get"),
        format!("{url}/?x=1"),
        format!("{url}#f"),
        format!("{url}\\x"),
        "acme.bitrix24.com/crm/".to_owned(),
        "../x".to_owned(),
        "..".to_owned(),
        "a..b".to_owned(),
        "a b.c".to_owned(),
        "a\tb.c".to_owned(),
    ] {
        for args in [["-p", &address, "list"], ["portals", "use", &address], ["login", &address, "--tokens=x"]] {
            let output = finish(sandbox.home.command().env("IMCONN_ACCESS_TOKEN", TOKEN).args(args)).ended_with(2);
            assert!(output.stderr.contains("address"), "{args:?}: {output:?}");
        }
        let output = sandbox.home.run_with(&[("IMCONN_PORTAL", &address), ("IMCONN_ACCESS_TOKEN", TOKEN)], "list");
        assert_eq!(output.code, 2, "{address}: {output:?}");
    }
    assert_eq!(sandbox.requests().len(), 0);
    sandbox.run(&format!("-p {url}/ list")).ended_with(0);
}
