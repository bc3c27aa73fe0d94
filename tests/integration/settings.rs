//! Options, environment and files: which portal, which folder, which format.

use crate::support::{Home, RawServer, Sandbox};

#[test]
fn the_sandbox_works_in_an_empty_home() {
    let home = Home::new();
    home.run("-p sandbox bind --all").ended_with(0);
    let listed = home.run("-p sandbox list -o json").ended_with(0).json();
    assert_eq!((listed["bindings"].as_array().unwrap().len(), &listed["portal"]), (7, &"sandbox".into()));
}

#[test]
fn a_missing_portal_is_an_error_that_leads_to_the_first_steps() {
    let output = Home::new().run("list").ended_with(2);
    assert!(output.stderr.ends_with("to see the first steps, run `imconn --help`\n"), "{output:?}");
}

#[test]
fn an_unknown_profile_is_refused_and_the_known_ones_are_listed() {
    let home = Home::new();
    home.write("config/profiles/acme.toml", "host = \"acme.bitrix24.com\"\naccess_token = \"t\"\n");
    let output = home.run("-p amce list").ended_with(2);
    assert!(output.stderr.contains("known portals: acme, sandbox"), "{output:?}");
}

#[test]
fn the_default_portal_is_the_configured_or_the_only_one() {
    let sandbox = Sandbox::start();
    let profile = format!("host = \"{}\"\naccess_token = \"{}\"\n", sandbox.url(), sandbox.fact("access_token"));
    sandbox.home.write("config/profiles/acme.toml", &profile);
    assert_eq!(sandbox.home.run("list -o json").ended_with(0).json()["portal"], "acme");
    sandbox.home.write("config/profiles/beta.toml", &profile);
    sandbox.home.run("list").ended_with(2);
    sandbox.home.write("config/config.toml", "portal = \"beta\"\n");
    assert_eq!(sandbox.home.run("list -o json").ended_with(0).json()["portal"], "beta");
    assert_eq!(sandbox.home.run("-p sandbox list -o json").ended_with(0).json()["portal"], "sandbox");
}

#[test]
fn a_syntax_error_in_config_toml_is_reported_with_its_line() {
    let home = Home::new();
    home.write("config/config.toml", "handler = \"https://a.b\"\nportal = \n");
    let output = home.run("-p sandbox bind --all").ended_with(1);
    assert!(output.stderr.contains("config.toml") && output.stderr.contains("line 2"), "{output:?}");
    home.write("config/config.toml", "handlre = \"https://a.b\"\n");
    let output = home.run("-p sandbox bind --all").ended_with(1);
    assert!(output.stderr.contains("unknown member `handlre`"), "{output:?}");
}

#[test]
fn a_wrong_key_in_config_toml_is_reported_with_its_line() {
    let home = Home::new();
    for (portal, text, line) in [
        ("sandbox", "\nportal = 5\n", 2),
        ("sandbox", "\n\n[other]\n", 3),
        ("a", "[portals.a]\nhosst = \"x\"\n", 2),
        ("a", "[portals.a]\nhandler = \"https://a.b\"\ncredential_command = [\"x\"]\n", 3),
        ("sandbox", "portals = 5\n", 1),
    ] {
        home.write("config/config.toml", text);
        let output = home.run(&format!("-p {portal} bind --all")).ended_with(1);
        assert!(output.stderr.contains(&format!("config.toml, line {line}: ")), "{text:?}: {output:?}");
    }
}

#[test]
fn an_unwritable_result_is_a_local_failure() {
    let home = Home::new();
    let mut command = home.command();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = command.args(["-p", "sandbox", "doctor"]).stdout(full).stderr(std::process::Stdio::piped()).spawn();
    crate::support::Output::from(child.unwrap().wait_with_output().unwrap()).ended_with(1);
}

#[test]
fn an_error_in_a_file_is_reported_without_its_content() {
    let home = Home::new();
    for text in ["access_token = \"s3cr3t-t0ken\"\n", "portals = \"s3cr3t-t0ken\"\n", "handler = \"s3cr3t-t0ken\n"] {
        home.write("config/config.toml", text);
        let output = home.run("-p sandbox bind --all").ended_with(1);
        assert!(output.stderr.contains("config.toml") && !output.stderr.contains("s3cr3t"), "{output:?}");
    }
}

#[test]
fn an_unknown_key_in_the_manifest_is_refused() {
    let home = Home::new();
    home.write("imconn.toml", "handlr = \"https://a.b/x\"\n");
    let output = home.run("-p sandbox bind --all").ended_with(2);
    assert!(output.stderr.contains("unknown key `handlr`"), "{output:?}");
}

#[test]
fn the_config_dir_option_takes_precedence_over_its_variable() {
    let home = Home::new();
    home.write("other/config.toml", "handler = \"https://other.b\"\n");
    let args = format!("-p sandbox bind message-add -o json --config-dir {}", home.path("other").display());
    assert_eq!(home.run(&args).ended_with(0).json()["changes"][0]["handler"], "https://other.b");
}

#[test]
fn a_profile_may_have_a_dot_in_its_name() {
    let sandbox = Sandbox::start();
    let (host, token) = (sandbox.url(), sandbox.fact("access_token"));
    let profile = format!("host = \"{host}\"\naccess_token = \"{token}\"\n");
    sandbox.home.write("config/profiles/acme.prod.toml", &profile);
    assert_eq!(sandbox.home.run("-p acme.prod list -o json").ended_with(0).json()["portal"], "acme.prod");
}

#[test]
fn empty_variables_count_as_unset() {
    let home = Home::new();
    let empty = ["IMCONN_OUTPUT", "IMCONN_PORTAL", "IMCONN_HANDLER", "IMCONN_NO_INPUT", "IMCONN_ACCESS_TOKEN"];
    let variables: Vec<(&str, &str)> = empty.iter().map(|name| (*name, "")).collect();
    home.run_with(&variables, "-p sandbox bind --all").ended_with(0);
    let output = home.run_with(&[("IMCONN_OUTPUT", "nonsense")], "-p sandbox list").ended_with(2);
    assert!(output.stderr.contains("IMCONN_OUTPUT"), "{output:?}");
}

#[test]
fn options_work_before_and_after_the_command() {
    let home = Home::new();
    home.run("-o json -p sandbox list").ended_with(0).json();
    home.run("list -p sandbox -o json").ended_with(0).json();
    home.run_with(&[("IMCONN_OUTPUT", "json"), ("IMCONN_PORTAL", "sandbox")], "list").ended_with(0).json();
}

#[test]
fn a_usage_error_is_json_if_json_was_requested() {
    let home = Home::new();
    for args in
        ["-o json nonsense", "nonsense --output=jsonl", "list --nonsense -ojson", "-qo json nonsense", "-o=json x"]
    {
        let error = home.run(args).ended_with(2).json_error();
        assert_eq!((&error["code"], &error["exit_code"]), (&"usage".into(), &2.into()));
    }
}

#[test]
fn a_json_usage_error_names_what_is_missing_and_follows_the_variable() {
    let home = Home::new();
    let missing = home.run("call -o json").ended_with(2).json_error();
    assert!(missing["message"].as_str().unwrap().contains("METHOD"), "{missing}");
    home.run_with(&[("IMCONN_OUTPUT", "JSON")], "bind --nope").ended_with(2).json_error();
    let wrong = [("IMCONN_OUTPUT", "json"), ("IMCONN_OAUTH_SERVER", "http://x.y")];
    home.run_with(&wrong, "-p sandbox list").ended_with(2).json_error();
}

#[test]
fn a_url_and_a_token_work_without_a_home_folder() {
    let sandbox = Sandbox::start();
    sandbox.home.write("config/profiles/acme.toml", "corrupt = ");
    let host = sandbox.url().trim_start_matches("http://");
    let variables = [("IMCONN_PORTAL", host), ("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"))];
    sandbox.home.run_with(&variables, "list").ended_with(0);
}

#[test]
fn changes_are_reported_even_if_the_result_cannot_be_written() {
    let sandbox = Sandbox::start();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    command.args(["bind", "--all", "--handler", "https://bot.example.com/b24"]).stdout(full);
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let output = crate::support::Output::from(child.wait_with_output().unwrap()).ended_with(1);
    assert!(output.stderr.contains("7 bound") && output.stderr.contains("cannot write the result"), "{output:?}");
}

#[test]
fn colors_follow_the_option_and_the_environment() {
    let home = Home::new();
    home.run("-p sandbox bind --all").ended_with(0);
    let colored = |variables: &[(&str, &str)], args: &str| home.run_with(variables, args).stdout.contains('\u{1b}');
    assert!(!colored(&[], "-p sandbox list"));
    assert!(colored(&[], "-p sandbox list --color always"));
    assert!(colored(&[("CLICOLOR_FORCE", "1")], "-p sandbox list"));
    assert!(!colored(&[("CLICOLOR_FORCE", "0")], "-p sandbox list"));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], "-p sandbox list --color never"));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], "-p sandbox list"));
}

#[test]
fn quiet_keeps_results_and_errors() {
    let home = Home::new();
    let output = home.run("-p sandbox bind --all -q").ended_with(0);
    assert_eq!((output.stderr.as_str(), output.stdout.lines().count()), ("", 8));
    assert!(home.run("-p sandbox bind nonsense -q").ended_with(2).stderr.contains("error:"));
}

#[test]
fn a_proxy_only_tunnels_and_sees_no_token() {
    let proxy = RawServer::status(403, "text/plain", "no");
    let variables = [("IMCONN_ACCESS_TOKEN", "0123456789abcdef"), ("HTTPS_PROXY", proxy.url.as_str())];
    Home::new().run_with(&variables, "-p acme.bitrix24.com --retries 0 list").ended_with(6);
    let asked = proxy.received();
    assert!(asked[0].starts_with("CONNECT acme.bitrix24.com:443") && !asked[0].contains("0123456789"), "{asked:?}");
    let sandbox = Sandbox::start();
    sandbox.run_with(&[("HTTP_PROXY", proxy.url.as_str()), ("ALL_PROXY", proxy.url.as_str())], "list").ended_with(0);
    assert_eq!(proxy.received().len(), 1, "a proxy cannot reach this machine's loopback");
}

#[test]
fn a_missing_ca_file_is_reported() {
    let variables = [("IMCONN_ACCESS_TOKEN", "0123456789abcdef")];
    let output = Home::new().run_with(&variables, "-p acme.bitrix24.com --ca-cert /no/such.pem list").ended_with(1);
    assert!(output.stderr.contains("/no/such.pem"), "{output:?}");
}

#[test]
fn interrupting_ends_with_130() {
    let sandbox = Sandbox::start();
    sandbox.fault(&serde_json::json!({"kind": "delay", "seconds": 60.0}));
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    let mut child = command.arg("list").stderr(std::process::Stdio::null()).spawn().unwrap();
    // Once the sandbox has consumed the fault, the request is in flight.
    while !sandbox.waiting_faults().is_empty() {
        std::thread::yield_now();
    }
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
