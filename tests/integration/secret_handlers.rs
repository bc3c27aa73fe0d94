//! Secrets in handlers: refused where they are ours to bind, removed by their true URL where they are bound already.

use serde_json::json;

use crate::support::{HANDLER, RawServer, Sandbox};

fn subscription(handler: &str) -> String {
    format!("[[subscription]]\nevents = [\"message-add\"]\nhandler = \"{handler}\"\n")
}

#[test]
fn a_manifest_cannot_use_the_variables_that_hold_secrets() {
    let sandbox = Sandbox::start();
    for name in ["ACCESS_TOKEN", "REFRESH_TOKEN", "CLIENT_SECRET", "APPLICATION_TOKEN"] {
        let variable = format!("IMCONN_{name}");
        for use_of_it in [format!("${{{variable}}}"), format!("${{{variable}:-x}}")] {
            let text = subscription(&format!("https://bot.example.com/{use_of_it}"));
            sandbox.home.write("imconn.toml", &text);
            for command in ["diff -o markdown", "apply --yes"] {
                let output = sandbox.run_with(&[(&variable, "s3cr3tv4lue")], command).ended_with(2);
                assert!(output.stderr.contains(&format!("{variable} is secret")), "{output:?}");
            }
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_handler_that_holds_a_known_secret_is_not_bound() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    for secret in ["access_token", "refresh_token", "client_secret"] {
        let handler = format!("https://bot.example.com/?k={}", sandbox.fact(secret));
        sandbox.home.write("imconn.toml", &subscription(&handler));
        for command in [format!("bind message-add --handler {handler}"), "diff".to_owned(), "apply --yes".to_owned()] {
            let output = sandbox.home.run(&format!("-p acme {command}")).ended_with(2);
            assert!(output.stderr.contains("holds a secret"), "{output:?}");
            assert!(!output.stderr.contains(sandbox.fact(secret)), "{output:?}");
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_bound_handler_that_holds_a_secret_is_shown_masked_and_removed_whole() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("access_token");
    let handler = format!("https://bot.example.com/?k={token}");
    for format in ["table", "json", "jsonl", "csv", "plain", "markdown"] {
        sandbox.call("event.bind", &json!({"event": "OnImConnectorMessageAdd", "handler": handler}));
        for command in ["list", "unbind --all --yes --dry-run", "export", "call event.get", "unbind --all --yes"] {
            let output = sandbox.run(&format!("{command} -o {format}"));
            let shown = output.stdout.clone() + &output.stderr;
            assert!(!shown.contains(token), "{command}: {output:?}");
            if command == "list" {
                assert!(shown.contains("***"), "{output:?}");
            }
        }
        assert_eq!(sandbox.bindings().len(), 0, "{format}");
    }
    sandbox.call("event.bind", &json!({"event": "OnImConnectorMessageAdd", "handler": handler}));
    assert_eq!(sandbox.run("unbind message-add -o json").ended_with(0).statuses(), ["unbound"]);
    sandbox.run("undo --yes").ended_with(0);
    assert_eq!(sandbox.bindings()[0]["handler"], handler, "undo restores the true URL");
}

#[test]
fn doctor_does_not_show_an_application_token_that_a_handler_echoes() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("application_token");
    let handler = RawServer::status(500, "text/plain", &format!("expected {token}"));
    sandbox.run(&format!("bind --all --handler {}", handler.url)).ended_with(0);
    let variables = [("IMCONN_APPLICATION_TOKEN", token)];
    for format in ["table", "json", "csv"] {
        let output = sandbox.run_with(&variables, &format!("doctor --handler {} -o {format}", handler.url));
        assert!(!(output.stdout.clone() + &output.stderr).contains(token), "{output:?}");
    }
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
}
