//! The sandbox's `batch` has the portal's corners.

use serde_json::{Value, json};

use crate::support::{HANDLER, Sandbox};

#[track_caller]
fn batch(sandbox: &Sandbox, params: &Value) -> Value {
    let answer = sandbox.call("batch", params);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["result"].clone()
}

const OFFLINE: &str = "event.bind?event=OnImConnectorMessageAdd&event_type=offline";

#[test]
fn the_fifty_first_command_fails_alone() {
    let result = batch(&Sandbox::start(), &json!({"cmd": vec!["user.admin"; 52]}));
    assert_eq!(result["result"].as_array().unwrap().len(), 50);
    for key in ["50", "51"] {
        let error = json!({"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"});
        assert_eq!(result["result_error"][key], error);
    }
}

#[test]
fn uploads_downloads_and_batches_are_refused_and_the_rest_goes_on() {
    let cmd = json!({"a": "batch?cmd[0]=scope", "b": "upload", "c": "download", "d": "user.admin"});
    let result = batch(&Sandbox::start(), &json!({"cmd": cmd}));
    assert_eq!(result["result"], json!({"d": true}));
    for key in ["a", "b", "c"] {
        assert_eq!(result["result_error"][key]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
    }
}

#[test]
fn commands_that_are_not_strings_vanish() {
    let cmd = json!({"a": 1, "b": ["scope"], "c": {"x": 1}, "d": null, "e": true, "f": "user.admin"});
    let result = batch(&Sandbox::start(), &json!({"cmd": cmd}));
    assert_eq!((&result["result"], &result["result_error"]), (&json!({"f": true}), &json!([])));
}

#[test]
fn a_batch_without_commands_is_empty() {
    let sandbox = Sandbox::start();
    for params in [json!({}), json!({"cmd": []}), json!({"cmd": "scope"})] {
        let result = batch(&sandbox, &params);
        for section in ["result", "result_error", "result_total", "result_next"] {
            assert_eq!(result[section], json!([]), "{params}");
        }
    }
}

#[test]
fn a_command_has_no_auth_connector_of_its_own() {
    let sandbox = Sandbox::start();
    let key = |sandbox: &Sandbox| sandbox.bindings()[0]["connector_id"].clone();
    batch(&sandbox, &json!({"cmd": [format!("{OFFLINE}&auth_connector=KEY")]}));
    assert_eq!(key(&sandbox), "");
    let sandbox = Sandbox::start();
    batch(&sandbox, &json!({"cmd": [format!("{OFFLINE}&auth_connector=OTHER")], "auth_connector": "KEY"}));
    assert_eq!(key(&sandbox), "KEY");
    let unbind = "event.unbind?event=OnImConnectorMessageAdd&event_type=offline&auth_connector=KEY";
    assert_eq!(batch(&sandbox, &json!({"cmd": [unbind]}))["result"][0]["count"], 0);
    assert_eq!(batch(&sandbox, &json!({"cmd": [unbind], "auth_connector": "KEY"}))["result"][0]["count"], 1);
}

#[test]
fn a_reference_ends_at_a_blank_and_takes_what_stands_behind_it() {
    let sandbox = Sandbox::start();
    sandbox.call("event.bind", &json!({"event": "OnImConnectorMessageAdd", "handler": HANDLER}));
    let unbind = "event.unbind?event=$result[g][0][event]-and-more&handler=$result[g][0][handler]";
    let result = batch(&sandbox, &json!({"cmd": {"g": "event.get", "u": unbind}}));
    assert_eq!(result["result"]["u"], json!({"count": 1}));
}

#[test]
fn a_reference_to_a_missing_key_yields_what_was_found() {
    let sandbox = Sandbox::start();
    let cmd = json!({
        "who": "profile",
        "name": "user.option.set?options[name]=$result[who][NAME][nope]",
        "total": "user.option.set?options[total]=$total[list]+of+$result[who][ID]x",
        "get": "user.option.get",
    });
    let result = batch(&sandbox, &json!({"cmd": cmd}));
    assert_eq!(result["result"]["get"]["name"], "Ada");
    assert_eq!(result["result"]["get"]["total"], "Array of 1", "the whole of an empty section");
}

#[test]
fn argument_errors_name_the_parameter_in_a_batch_as_well() {
    let result = batch(&Sandbox::start(), &json!({"cmd": ["event.bind"]}));
    let error = json!({
        "error": "ERROR_ARGUMENT",
        "error_description": "Argument 'EVENT' is null or empty",
        "argument": "EVENT",
    });
    assert_eq!(result["result_error"], json!([error]));
}
