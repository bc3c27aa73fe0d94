//! No token, secret or webhook code where anyone else could see it.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::{HANDLER, Home, Sandbox};

fn secrets(sandbox: &Sandbox) -> Vec<String> {
    ["access_token", "refresh_token", "client_secret", "user_access_token"]
        .map(|name| sandbox.fact(name).to_owned())
        .to_vec()
}

#[test]
fn no_output_at_any_verbosity_holds_a_secret() {
    let sandbox = Sandbox::start();
    let secrets = secrets(&sandbox);
    for args in [
        format!("bind --all --handler {HANDLER} -vvv"),
        "list -vvv -o json".to_owned(),
        "events --available -vvv".to_owned(),
        "call scope -vvv".to_owned(),
        "call no.such -vvv -o json".to_owned(),
        "unbind --all --yes -vvv".to_owned(),
    ] {
        sandbox.fault(&json!({"kind": "expired-token"}));
        let output = sandbox.run_with(&sandbox.renewable(), &args);
        let shown = output.stdout + &output.stderr;
        assert!(shown.contains("POST"), "verbose output is missing: {shown}");
        for secret in &secrets {
            assert!(!shown.contains(secret), "{args}: {shown}");
        }
    }
}

#[test]
fn tokens_are_sent_in_the_body_and_never_in_the_url() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    sandbox.run_with(&sandbox.renewable(), "list").ended_with(0);
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!((&request["query"], &request["http_method"]), (&json!(false), &json!("POST")), "{request}");
        assert!(request["token_in"] == "body" || request["method"] == "/oauth/token/", "{request}");
        assert!(request["user_agent"].as_str().unwrap().starts_with("imconn/"), "{request}");
    }
}

#[test]
fn no_option_takes_a_secret_because_the_process_list_shows_them() {
    fn options(command: &clap::Command) -> Vec<String> {
        let own = command.get_arguments().map(|arg| arg.get_id().as_str().to_ascii_lowercase());
        own.chain(command.get_subcommands().flat_map(options)).collect()
    }
    // Two take a file, one is a flag; a code expires after 30 seconds, and is worthless without the client secret.
    let harmless = ["tokens", "print_tokens_to", "client_secret_stdin", "code"];
    let options = options(&imconn::cli::tree());
    assert!(options.len() > 20, "{options:?}");
    for word in ["token", "secret", "password", "credential", "code"] {
        let found = options.iter().find(|option| option.contains(word) && !harmless.contains(&option.as_str()));
        assert_eq!(found, None, "{word}");
    }
}

#[test]
fn a_webhook_url_is_refused_before_any_request_with_its_code_masked() {
    for (variable, args) in [(None, "-p https://acme.bitrix24.com/rest/1/s3cr3tc0de/ list -vv"), (Some(()), "list -vv")]
    {
        let variables: &[(&str, &str)] = match variable {
            Some(()) => &[("IMCONN_PORTAL", "https://acme.bitrix24.com/rest/1/s3cr3tc0de/")],
            None => &[],
        };
        let output = Home::new().run_with(variables, args).ended_with(2);
        assert!(output.stderr.contains("webhook cannot subscribe"), "{output:?}");
        assert!(!output.stderr.contains("s3cr3tc0de"), "{output:?}");
    }
}

#[test]
fn a_webhook_is_refused_as_a_token_wherever_it_comes_from() {
    let sandbox = Sandbox::start();
    let url = format!("{}/rest/1/s3cr3tc0de/", sandbox.url());
    for webhook in ["1/s3cr3tc0de", url.as_str()] {
        sandbox.home.write("tokens.json", &json!({"access_token": webhook}).to_string());
        sandbox.home.write("bare", webhook);
        let host = format!("host = \"{}\"", sandbox.url());
        sandbox.home.write("config/profiles/acme.toml", &format!("{host}\naccess_token = \"{webhook}\"\n"));
        let command = "credential_command = [\"cat\", \"bare\"]";
        sandbox.home.write("config/config.toml", &format!("[portals.vault]\n{host}\n{command}\n"));
        for (variables, args, code) in [
            (vec![("IMCONN_PORTAL", sandbox.url()), ("IMCONN_ACCESS_TOKEN", webhook)], "list -vv", 2),
            (vec![], "-p acme list -vv", 2),
            (vec![], "-p vault list -vv", 1),
            (vec![], &format!("login {} --name new --tokens tokens.json -vv", sandbox.url()), 2),
            (vec![], &format!("login {} --name new --tokens bare -vv", sandbox.url()), 2),
        ] {
            let output = sandbox.home.run_with(&variables, args).ended_with(code);
            assert!(output.stderr.contains("webhook cannot subscribe"), "{args}: {output:?}");
            assert!(!output.stderr.contains("s3cr3tc0de"), "{args}: {output:?}");
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_misplaced_webhook_url_is_masked() {
    let hook = "https://acme.bitrix24.com/REST//1/s3cr3tc0de/";
    for args in
        [format!("list {hook}"), format!("-p {hook} list"), format!("{hook} list"), format!("list --nope={hook}")]
    {
        for format in ["table", "json"] {
            let output = Home::new().run_with(&[("IMCONN_OUTPUT", format)], &args).ended_with(2);
            assert!(!output.stderr.contains("s3cr3tc0de"), "{args}: {output:?}");
        }
    }
}

#[test]
fn a_secret_in_a_typed_address_is_refused_and_masked() {
    let sandbox = Sandbox::start();
    for query in ["auth", "AUTH_ID", "REFRESH_ID", "access_token", "client_secret"] {
        let args = format!("-p {}/?{query}=s3cr3tt0ken list", sandbox.url());
        let output = sandbox.run(&args).ended_with(2);
        assert!(
            output.stderr.contains(&format!("{query}=***")) && !output.stderr.contains("s3cr3tt0ken"),
            "{output:?}"
        );
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let variables = [("IMCONN_ACCESS_TOKEN", "0123456789abcdef")];
    Home::new().run_with(&variables, "-p http://acme.bitrix24.com list").ended_with(2);
    let oauth = [("IMCONN_OAUTH_SERVER", "http://oauth.example.com"), variables[0]];
    Home::new().run_with(&oauth, "-p acme.bitrix24.com list").ended_with(2);
}

#[test]
fn the_files_of_the_sandbox_are_private() {
    let home = Home::new();
    home.run("-p sandbox list").ended_with(0);
    let folder = home.path("data/sandbox");
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
}
