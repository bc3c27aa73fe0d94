//! `imconn list`.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::json;

use crate::support::{HANDLER, RawServer, Sandbox};

fn with_two_bound() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind message-add --handler {HANDLER}")).ended_with(0);
    sandbox.run("bind dialog-start --offline --auth-connector shop").ended_with(0);
    sandbox.forget();
    sandbox
}

#[test]
fn json_has_the_documented_shape_in_one_request() {
    let sandbox = with_two_bound();
    let output = sandbox.run("list -o json").ended_with(0);
    let expected = json!({
        "portal": sandbox.url().trim_start_matches("http://"),
        "view": "app",
        "bindings": [
            {
                "event": "OnImConnectorMessageAdd", "scope": "imconnector", "type": "online", "handler": HANDLER,
                "auth_user": 0, "auth_connector": null,
            },
            {
                "event": "OnImConnectorDialogStart", "scope": "imconnector", "type": "offline", "handler": null,
                "auth_user": null, "auth_connector": "shop",
            },
        ],
    });
    assert_eq!(output.json(), expected);
    assert_eq!(output.stderr, "");
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn every_other_format_holds_the_same_records() {
    let sandbox = with_two_bound();
    let lines = |format: &str| sandbox.run(&format!("list -q -o {format}")).ended_with(0).stdout;
    assert_eq!(
        lines("csv"),
        format!(
            "event,scope,type,handler,auth_user,auth_connector\n\
             OnImConnectorMessageAdd,imconnector,online,{HANDLER},0,\n\
             OnImConnectorDialogStart,imconnector,offline,,,shop\n"
        )
    );
    assert_eq!(
        lines("plain"),
        format!(
            "OnImConnectorMessageAdd\timconnector\tonline\t{HANDLER}\t0\t\nOnImConnectorDialogStart\timconnector\toffline\t\t\tshop\n"
        )
    );
    let jsonl = lines("jsonl");
    let records: Vec<serde_json::Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((records.len(), &records[1]["auth_connector"]), (2, &json!("shop")));
}

#[test]
fn the_count_of_connector_events_goes_to_stderr() {
    let sandbox = with_two_bound();
    let output = sandbox.run("list").ended_with(0);
    assert!(output.stderr.contains("2 of the 7 connector events are bound"), "{output:?}");
    assert!(!output.stdout.contains("of the 7"), "{output:?}");
    sandbox.run("unbind dialog-start --offline --auth-connector shop --yes").ended_with(0);
    let output = sandbox.run("list").ended_with(0);
    assert!(output.stderr.contains("1 of the 7 connector events is bound"), "{output:?}");
}

#[test]
fn filters_narrow_the_list_but_not_the_count() {
    let sandbox = with_two_bound();
    let events = |args: &str| sandbox.run(&format!("list -o plain {args}")).ended_with(0).stdout.lines().count();
    assert_eq!(
        (events("message-add"), events("--type offline"), events("--handler bot.ex"), events("--all")),
        (1, 1, 1, 2)
    );
    assert_eq!(events("line-delete"), 0);
}

#[test]
fn a_non_admin_is_informed_of_its_limited_view() {
    let sandbox = with_two_bound();
    let output = sandbox.run_as_user("list").ended_with(0);
    assert!(output.stderr.contains("only their own bindings are visible"), "{output:?}");
    assert!(output.stderr.contains("0 of the 7 connector events are bound by user 2\n"), "{output:?}");
    let own = sandbox.run_as_user("list -o json").json();
    assert_eq!((&own["view"], &own["bindings"]), (&json!("own"), &json!([])));
}

#[test]
fn the_table_fits_60_columns_and_loses_nothing() {
    let sandbox = with_two_bound();
    let output = sandbox.run_with(&[("COLUMNS", "60")], "list").ended_with(0);
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 60), "{}", output.stdout);
    let letters: String = output.stdout.chars().filter(|c| !c.is_whitespace()).collect();
    for format in ["csv", "plain", "json", "jsonl"] {
        let output = sandbox.run_with(&[("COLUMNS", "20")], &format!("list -o {format}")).ended_with(0);
        assert!(output.stdout.contains(HANDLER), "{format}: {}", output.stdout);
    }
    for part in ["OnImConnectorMessageAdd", HANDLER, "imconnector"] {
        assert!(letters.contains(part), "{part}: {}", output.stdout);
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let sandbox = with_two_bound();
    let mut command = sandbox.home.command();
    command.args(["list", "-o", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn control_characters_in_a_handler_are_escaped() {
    let row = json!({"event": "ONX", "handler": "https://a.b/\u{1b}[2J\tx", "auth_type": "0", "offline": 0});
    let body =
        json!({"result": {"result": {"c0": [row], "c1": {"ID": "1", "ADMIN": true}}, "result_error": []}, "time": {}});
    let server = RawServer::page("application/json", &body.to_string());
    let plain = server.run("list -q -o plain").ended_with(0).stdout;
    assert_eq!(plain, "ONX\t\tonline\thttps://a.b/\\u{1b}[2J\\tx\t0\t\n");
    let table = server.run("list").ended_with(0).stdout;
    assert!(!table.contains('\u{1b}'), "{table:?}");
}

#[test]
fn a_truncated_list_is_an_error_not_a_shorter_list() {
    for rows in [json!([{"event": "ONX"}]), json!({"x": 1}), json!("x")] {
        let body = json!({"result": {"result": {"c0": rows, "c1": {"ID": "1", "ADMIN": true}}, "result_error": []}, "time": {}});
        let server = RawServer::page("application/json", &body.to_string());
        let output = server.run("list").ended_with(6);
        assert!(output.stderr.contains("event.get"), "{output:?}");
    }
}
