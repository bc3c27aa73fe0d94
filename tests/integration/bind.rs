//! `imconn bind`.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::{HANDLER, Home, RawServer, Sandbox};

#[test]
fn all_binds_the_seven_connector_events_in_one_request() {
    let sandbox = Sandbox::start();
    let output = sandbox.run(&format!("bind --all --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(output.json()["summary"], json!({"bound": 7, "unbound": 0, "unchanged": 0, "planned": 0, "failed": 0}));
    assert_eq!(sandbox.requests().len(), 1);
    assert_eq!(sandbox.bindings().len(), 7);
    assert_eq!(sandbox.bindings()[0]["event"], "ONIMCONNECTORMESSAGEADD");
}

#[test]
fn a_second_bind_reports_seven_unchanged_and_succeeds() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    let second = sandbox.run(&format!("bind --all --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(second.statuses(), ["unchanged"; 7]);
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn a_change_has_the_documented_shape() {
    let sandbox = Sandbox::start();
    let output = sandbox.run(&format!("bind message-add --handler {HANDLER} -o json")).ended_with(0);
    let expected = json!({
        "portal": sandbox.url().trim_start_matches("http://"),
        "changes": [{
            "action": "bind",
            "event": "OnImConnectorMessageAdd",
            "type": "online",
            "handler": HANDLER,
            "auth_user": 0,
            "auth_connector": null,
            "status": "bound",
            "error": null,
        }],
        "summary": {"bound": 1, "unbound": 0, "unchanged": 0, "planned": 0, "failed": 0},
    });
    assert_eq!(output.json(), expected);
}

#[test]
fn a_lost_answer_succeeds_without_duplicates() {
    for kind in ["reset", "truncate", "server-error"] {
        let sandbox = Sandbox::start();
        sandbox.fault(&json!({"kind": kind, "after": true}));
        let output = sandbox.run(&format!("bind --all --handler {HANDLER} -o json")).ended_with(0);
        assert_eq!(output.statuses(), ["unchanged"; 7], "{kind}");
        assert_eq!(sandbox.requests().len(), 2, "{kind}");
        assert_eq!(sandbox.bindings().len(), 7, "{kind}");
    }
}

#[test]
fn a_partial_refusal_exits_5_and_the_rest_is_done_and_reported() {
    let sandbox = Sandbox::start();
    let output =
        sandbox.run(&format!("bind message-add OnCrmLeadAdd dialog-start --handler {HANDLER} -o json")).ended_with(5);
    assert_eq!(output.statuses(), ["bound", "failed", "bound"]);
    let error = &output.json()["changes"][1]["error"];
    assert_eq!(error["code"], "ERROR_EVENT_NOT_FOUND");
    assert!(error["hint"].as_str().unwrap().contains("add the scope crm"), "{error}");
    assert_eq!(output.json_error()["exit_code"], 5);
    assert_eq!(output.json_error()["code"], "partial");
    assert_eq!(output.json_error()["portal_code"], "ERROR_EVENT_NOT_FOUND");
    assert_eq!(sandbox.bindings().len(), 2);
}

#[test]
fn a_missing_scope_is_reported_after_one_more_request() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["user"]}));
    let output = sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(5);
    assert!(output.stderr.contains("add the scopes imconnector and imopenlines"), "{output:?}");
    let asked: Vec<_> = sandbox.requests().iter().map(|request| request["method"].clone()).collect();
    assert_eq!(asked, ["batch", "scope"]);
}

#[test]
fn a_typo_is_refused_with_a_suggestion_before_any_request() {
    let sandbox = Sandbox::start();
    for (typed, meant) in [("mesage-add", "message-add"), ("OnImConnectorMessageAd", "OnImConnectorMessageAdd")] {
        let output = sandbox.run(&format!("bind {typed} --handler {HANDLER}")).ended_with(2);
        assert!(output.stderr.contains(&format!("did you mean {meant}")), "{output:?}");
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn a_missing_event_or_handler_is_an_error_before_any_request() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --handler {HANDLER}")).ended_with(2);
    sandbox.run("bind --all").ended_with(2);
    for handler in ["https://localhost/x", "ftp://a.b/", "https://me:pw@a.b/", "nonsense"] {
        sandbox.run(&format!("bind --all --handler {handler}")).ended_with(2);
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn the_handler_comes_from_option_environment_manifest_then_profile() {
    let sandbox = Sandbox::start();
    let bound = |variables: &[(&str, &str)], args: &str| {
        let output = sandbox.run_with(variables, &format!("bind message-add -o json {args}")).ended_with(0);
        output.json()["changes"][0]["handler"].clone()
    };
    let host = sandbox.url().trim_start_matches("http://");
    sandbox.home.write(
        "config/config.toml",
        &format!("handler = \"https://all.b\"\n[portals.\"{host}\"]\nhandler = \"https://own.b\"\n"),
    );
    assert_eq!(bound(&[], ""), "https://own.b");
    sandbox.home.write("imconn.toml", "handler = \"https://manifest.b\"\n");
    assert_eq!(bound(&[], ""), "https://manifest.b");
    assert_eq!(bound(&[("IMCONN_HANDLER", "https://env.b")], ""), "https://env.b");
    assert_eq!(bound(&[("IMCONN_HANDLER", "https://env.b")], "--handler https://option.b"), "https://option.b");
}

#[test]
fn a_non_admin_binds_as_itself_and_the_report_says_so() {
    let sandbox = Sandbox::start();
    let output = sandbox.run_as_user(&format!("bind message-add --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(output.json()["changes"][0]["auth_user"], 2);
    assert_eq!(sandbox.bindings()[0]["auth_type"], "2");
}

#[test]
fn binding_for_another_user_requires_an_administrator() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --auth-user 2 --handler {HANDLER}")).ended_with(0);
    let output = sandbox.run_as_user(&format!("bind message-add --auth-user 1 --handler {HANDLER}")).ended_with(4);
    assert!(output.stderr.contains("administrator"), "{output:?}");
}

#[test]
fn offline_bindings_have_no_handler_and_require_an_administrator() {
    let sandbox = Sandbox::start();
    let output = sandbox.run("bind message-add --offline --auth-connector shop -o json").ended_with(0);
    let change = &output.json()["changes"][0];
    assert_eq!(
        (&change["type"], &change["handler"], &change["auth_user"]),
        (&json!("offline"), &json!(null), &json!(null))
    );
    assert_eq!(sandbox.bindings(), [json!({"event": "ONIMCONNECTORMESSAGEADD", "connector_id": "shop", "offline": 1})]);
    sandbox.run_as_user("bind message-add --offline").ended_with(4);
    sandbox.run(&format!("bind message-add --offline --handler {HANDLER}")).ended_with(2);
}

#[test]
fn replace_binds_first_and_then_removes_other_handlers_of_the_same_events() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add dialog-start --handler https://old.b").ended_with(0);
    sandbox.forget();
    let output = sandbox.run(&format!("bind message-add --replace --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(output.statuses(), ["bound", "unbound"]);
    let commands: Vec<_> = sandbox.requests().iter().map(|request| request["commands"].clone()).collect();
    assert_eq!(
        commands,
        [json!(["event.bind", "app.info", "profile", "event.get"]), json!(["event.unbind", "event.get"])]
    );
    let left: Vec<_> = sandbox.bindings().iter().map(|row| (row["event"].clone(), row["handler"].clone())).collect();
    assert_eq!(
        left,
        [
            (json!("ONIMCONNECTORDIALOGSTART"), json!("https://old.b")),
            (json!("ONIMCONNECTORMESSAGEADD"), json!(HANDLER))
        ]
    );
}

#[test]
fn replace_removes_nothing_if_the_new_handler_was_refused() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add --handler https://old.b").ended_with(0);
    sandbox.app(&json!({"scopes": []}));
    sandbox.run(&format!("bind message-add --replace --handler {HANDLER}")).ended_with(5);
    assert_eq!(sandbox.bindings()[0]["handler"], "https://old.b");
}

#[test]
fn replace_reports_the_handlers_that_it_could_not_remove() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add --handler https://old.b").ended_with(0);
    sandbox.fault(&json!({"kind": "html", "skip": 1}));
    let output = sandbox.run(&format!("bind message-add --replace --handler {HANDLER} -o json")).ended_with(5);
    assert_eq!(output.statuses(), ["bound", "failed"]);
    assert_eq!(output.json()["changes"][1]["handler"], "https://old.b");
}

#[test]
fn an_uninstalled_application_is_a_warning() {
    let sandbox = Sandbox::start();
    let installed = sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    assert!(!installed.stderr.contains("warning"), "{installed:?}");
    sandbox.app(&json!({"installed": false}));
    let output = sandbox.run(&format!("bind dialog-start --handler {HANDLER}")).ended_with(0);
    assert!(output.stderr.contains("is not installed yet"), "{output:?}");
}

#[test]
fn a_non_admin_is_warned_that_it_binds_for_itself() {
    let sandbox = Sandbox::start();
    let args = format!("bind message-add --auth-user 0 --handler {HANDLER} -o json");
    assert_eq!(sandbox.run_as_user(&args).ended_with(0).json()["changes"][0]["auth_user"], 2);
    assert_eq!(sandbox.run_as_user(&format!("{args} --dry-run")).ended_with(0).statuses(), ["unchanged"]);
}

#[test]
fn a_lost_retry_is_not_reported_as_the_first_refusal() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "limit", "method": "event.bind"}));
    // The second request retries the limited command, and its answer is lost.
    sandbox.fault(&json!({"kind": "html", "skip": 1, "after": true}));
    let output = sandbox.run(&format!("bind message-add --handler {HANDLER} -o json")).ended_with(6);
    assert_eq!(output.json()["changes"][0]["error"]["code"], "unusable_answer");
    assert_eq!(sandbox.bindings().len(), 1, "it is bound, and no report said that it was refused");
}

/// A portal that refuses a batch of one bind with this error.
fn refusing(code: &str, text: &str) -> RawServer {
    let refusal = json!({"c0": {"error": code, "error_description": text}});
    let results = json!({"c2": {"ID": "1", "ADMIN": true}});
    let body = json!({"result": {"result": results, "result_error": refusal}, "time": {}});
    RawServer::page("application/json", &body.to_string())
}

#[test]
fn every_already_bound_answer_succeeds_and_a_parallel_bind_is_awaited() {
    let bind =
        |server: &RawServer, args: &str| server.run(&format!("bind message-add --handler {HANDLER} -o json {args}"));
    let core = "Unable to set event handler: ";
    for (code, text) in
        [("ERROR_CORE", format!("{core}Handler already binded")), ("ERROR_EVENT_BINDING_EXISTS", String::new())]
    {
        assert_eq!(bind(&refusing(code, &text), "").ended_with(0).statuses(), ["unchanged"]);
    }
    let under_way = refusing("ERROR_CORE", &format!("{core}Process of binding the handler has already started"));
    assert_eq!(bind(&under_way, "--retries 2").ended_with(5).statuses(), ["failed"]);
    assert_eq!(under_way.received().len(), 3);
}

#[test]
fn a_dry_run_changes_nothing_and_shows_what_is_already_bound() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    let output =
        sandbox.run(&format!("bind message-add dialog-start --dry-run --handler {HANDLER} -o json")).ended_with(0);
    assert_eq!(output.statuses(), ["unchanged", "planned"]);
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn a_private_handler_address_is_a_warning_for_a_remote_portal() {
    let sandbox = Sandbox::start();
    let near = sandbox.run("bind message-add --handler http://127.0.0.1:8080/b24").ended_with(0);
    assert!(!near.stderr.contains("warning"), "{near:?}");
    // The proxy refuses: the warning must come before the first request.
    let closed = RawServer::status(403, "text/plain", "no");
    let proxy = [("HTTPS_PROXY", closed.url.as_str()), ("IMCONN_ACCESS_TOKEN", "0123456789abcdef")];
    let args = "-p acme.bitrix24.com --retries 0 bind message-add --handler http://192.168.1.5/b24";
    let far = Home::new().run_with(&proxy, args).ended_with(6);
    assert!(far.stderr.contains("192.168.1.5 is a private address"), "{far:?}");
}

#[test]
fn more_than_fifty_events_are_sent_in_batches_of_fifty() {
    let sandbox = Sandbox::start();
    let events: String = (0..60).map(|i| format!("OnCustomEvent{i:02} ")).collect();
    sandbox.run(&format!("bind {events} --handler {HANDLER} -q")).ended_with(5);
    let sizes: Vec<usize> = sandbox
        .requests()
        .iter()
        .filter(|r| r["method"] == "batch")
        .map(|r| r["commands"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [50, 13]);
}

#[test]
fn other_handlers_of_the_events_are_a_warning_with_the_command_that_removes_them() {
    let sandbox = Sandbox::start();
    sandbox.run("bind message-add dialog-start --handler https://old.b/x?y=1").ended_with(0);
    sandbox.forget();
    let output = sandbox.run(&format!("bind message-add line-delete --handler {HANDLER}")).ended_with(0);
    assert_eq!(sandbox.requests().len(), 1);
    let warning = "warning: OnImConnectorMessageAdd has another handler, so each event is delivered more than once: \
                   https://old.b/x?y=1";
    assert!(output.stderr.contains(warning), "{output:?}");
    let command = output.stderr.split("to remove them, run `imconn ").nth(1).unwrap().split('`').next().unwrap();
    sandbox.run(command).ended_with(0);
    let left: Vec<_> = sandbox.bindings().iter().map(|row| (row["event"].clone(), row["handler"].clone())).collect();
    assert_eq!(
        left,
        [
            (json!("ONIMCONNECTORDIALOGSTART"), json!("https://old.b/x?y=1")),
            (json!("ONIMCONNECTORMESSAGEADD"), json!(HANDLER)),
            (json!("ONIMCONNECTORLINEDELETE"), json!(HANDLER)),
        ]
    );
    assert!(!sandbox.run(command).ended_with(0).stderr.contains("warning"));
}

#[test]
fn one_handler_for_two_users_is_not_another_handler() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    let output = sandbox.run(&format!("bind message-add --auth-user 2 --handler {HANDLER}")).ended_with(0);
    assert!(!output.stderr.contains("warning"), "{output:?}");
}

#[test]
fn an_expired_payment_is_a_warning() {
    let body = json!({
        "result": {
            "result": {
                "c0": true,
                "c1": {"CODE": "acme.bot", "INSTALLED": true, "PAYMENT_EXPIRED": "Y"},
                "c2": {"ID": "1", "ADMIN": true},
                "c3": [],
            },
            "result_error": [],
        },
        "time": {},
    });
    let portal = RawServer::page("application/json", &body.to_string());
    let output = portal.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    assert!(output.stderr.contains("warning: the payment for the application has expired"), "{output:?}");
    assert_eq!(portal.received().len(), 1);
}

#[test]
fn a_handler_from_a_file_says_so() {
    let sandbox = Sandbox::start();
    sandbox.home.write("imconn.toml", &format!("handler = \"{HANDLER}\"\n"));
    let output = sandbox.run("bind message-add").ended_with(0);
    assert!(output.stderr.contains(&format!("handler: {HANDLER} (from imconn.toml)")), "{output:?}");
    let typed = sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    assert!(!typed.stderr.contains("(from"), "{typed:?}");
    let given = sandbox.run_with(&[("IMCONN_HANDLER", HANDLER)], "bind message-add").ended_with(0);
    assert!(!given.stderr.contains("(from"), "{given:?}");
}

#[test]
fn a_file_that_strangers_can_write_decides_nothing() {
    let sandbox = Sandbox::start();
    let text = format!("handler = \"{HANDLER}\"\n[[subscription]]\nevents = [\"message-add\"]\n");
    let file = sandbox.home.write("imconn.toml", &text);
    let set = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    set(0o666);
    for command in ["bind message-add", "diff", "apply --yes"] {
        let output = sandbox.run(command).ended_with(2);
        assert!(output.stderr.contains("others can write imconn.toml"), "{output:?}");
        assert!(output.stderr.contains("`chmod go-w imconn.toml`"), "{output:?}");
    }
    assert_eq!(sandbox.requests().len(), 0);
    sandbox.run("diff -f imconn.toml").ended_with(3);
    // A checkout with the umask of a user who has a group of their own.
    set(0o664);
    sandbox.run("bind message-add").ended_with(0);
}

#[test]
fn a_handler_that_portals_may_cut_off_is_warned_about() {
    let sandbox = Sandbox::start();
    let long = |length: usize| format!("{HANDLER}/{}", "x".repeat(length - HANDLER.len() - 1));
    let output = sandbox.run(&format!("bind message-add --handler {} -o json", long(256))).ended_with(0);
    assert!(output.stderr.contains("\"long_handler\"") && output.stderr.contains("255 characters"), "{output:?}");
    let output = sandbox.run(&format!("bind message-add --handler {}", long(255))).ended_with(0);
    assert!(!output.stderr.contains("255 characters"), "{output:?}");
    sandbox.forget();
    sandbox.run("bind message-add --handler HTTPS://bot.example.com/").ended_with(2);
    assert_eq!(sandbox.requests().len(), 0, "a portal would refuse it");
}
