//! The sandbox's methods about the portal, the application and its users.

use serde_json::{Value, json};

use crate::support::Sandbox;
use crate::support::http::{Answer, post_json};

fn result(sandbox: &Sandbox, method: &str, params: &Value) -> Value {
    sandbox.call(method, params).json()["result"].clone()
}

/// Status, code and text of a refusal.
#[track_caller]
fn refusal(answer: &Answer) -> (u16, String, String) {
    let error = answer.json();
    let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    (answer.status, text("error"), text("error_description"))
}

fn webhook(sandbox: &Sandbox, method: &str) -> Answer {
    let code = sandbox.state()["webhook_code"].as_str().unwrap().to_owned();
    post_json(sandbox.url(), &format!("/rest/1/{code}/{method}"), &json!({}))
}

#[test]
fn scope_lists_those_of_the_application_or_of_the_portal() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["im"]}));
    assert_eq!(result(&sandbox, "scope", &json!({})), json!(["im"]));
    let all = result(&sandbox, "scope", &json!({"full": true}));
    for scope in ["crm", "imopenlines", "imconnector", "task"] {
        assert!(all.as_array().unwrap().contains(&json!(scope)), "{scope}: {all}");
    }
}

#[test]
fn methods_are_listed_by_scope() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["im"]}));
    let has =
        |params: Value, method: &str| result(&sandbox, "methods", &params).as_array().unwrap().contains(&json!(method));
    assert!(has(json!({}), "event.bind") && !has(json!({}), "user.current"));
    assert!(has(json!({"full": 1}), "user.current"));
    assert!(has(json!({"scope": "user"}), "user.current") && !has(json!({"scope": "user"}), "event.bind"));
    assert!(has(json!({"scope": ""}), "event.bind"));
}

#[test]
fn method_get_answers_without_a_name() {
    let sandbox = Sandbox::start();
    let get = |params: Value| {
        let answer = result(&sandbox, "method.get", &params);
        (answer["isExisting"] == true, answer["isAvailable"] == true)
    };
    assert_eq!(get(json!({})), (false, false));
    assert_eq!(get(json!({"name": "no.such"})), (false, false));
    assert_eq!(get(json!({"name": "event.bind"})), (true, true));
    sandbox.app(&json!({"scopes": ["im"]}));
    assert_eq!(get(json!({"name": "user.current"})), (true, false));
}

#[test]
fn feature_get_needs_a_code() {
    let sandbox = Sandbox::start();
    for params in [json!({}), json!({"CODE": ""})] {
        let refused = refusal(&sandbox.call("feature.get", &params));
        assert_eq!(refused, (400, "CODE_EMPTY".into(), "CODE can't be empty".into()));
    }
    assert_eq!(result(&sandbox, "feature.get", &json!({"code": "rest_auth_connector"})), json!({"value": "Y"}));
}

#[test]
fn server_time_is_an_iso_8601_time() {
    let time = result(&Sandbox::start(), "server.time", &json!({}));
    assert!(time.as_str().unwrap().ends_with("+00:00"), "{time}");
}

#[test]
fn app_options_belong_to_administrators_and_are_kept() {
    let sandbox = Sandbox::start();
    assert_eq!(result(&sandbox, "app.option.get", &json!({})), json!([]));
    assert_eq!(result(&sandbox, "app.option.set", &json!({"options": {"a": "1", "b": {"c": 2}}})), true);
    assert_eq!(result(&sandbox, "app.option.set", &json!({"d": 3})), true);
    assert_eq!(result(&sandbox, "app.option.get", &json!({})), json!({"a": "1", "b": {"c": 2}, "d": 3}));
    assert_eq!(result(&sandbox, "app.option.get", &json!({"option": "a"})), "1");
    assert_eq!(result(&sandbox, "app.option.get", &json!({"option": "x"})), Value::Null);
    let user = |method: &str, params: Value| sandbox.call_as("user_access_token", method, &params);
    let denied = "Access denied! Administrator authorization required";
    assert_eq!(refusal(&user("app.option.set", json!({"a": 2}))), (403, "ACCESS_DENIED".into(), denied.into()));
    assert_eq!(user("app.option.get", json!({"option": "a"})).json()["result"], "1");
    let empty = sandbox.call("app.option.set", &json!({}));
    assert_eq!((refusal(&empty).1, &empty.json()["argument"]), ("ERROR_ARGUMENT".into(), &json!("options")));
    assert_eq!(refusal(&webhook(&sandbox, "app.option.get")).2, "Access denied! Application context required");
}

#[test]
fn user_options_belong_to_each_user() {
    let sandbox = Sandbox::start();
    let user = |method: &str, params: Value| sandbox.call_as("user_access_token", method, &params);
    assert_eq!(result(&sandbox, "user.option.set", &json!({"a": 1})), true);
    assert_eq!(user("user.option.set", json!({"options": {"a": 2}})).json()["result"], true);
    assert_eq!(result(&sandbox, "user.option.get", &json!({"option": "a"})), 1);
    assert_eq!(user("user.option.get", json!({})).json()["result"], json!({"a": 2}));
}

#[test]
fn access_codes_have_names() {
    let sandbox = Sandbox::start();
    let names = result(&sandbox, "access.name", &json!({"ACCESS": ["U1", "AU", "X9"]}));
    assert_eq!((&names["U1"]["name"], &names["AU"]["name"]), (&json!("Ada Admin"), &json!("All authorized users")));
    assert_eq!(names["X9"], json!({"provider": "", "name": "X9"}));
    assert_eq!(result(&sandbox, "access.name", &json!({})), false);
    assert_eq!(result(&sandbox, "access.name", &json!({"ACCESS": "U1"})), false);
}

#[test]
fn user_access_compares_access_codes() {
    let sandbox = Sandbox::start();
    let user = |access: Value| {
        sandbox.call_as("user_access_token", "user.access", &json!({"ACCESS": access})).json()["result"] == true
    };
    assert!(user(json!(["U1", "U2"])) && user(json!("AU")) && !user(json!(["U1"])) && !user(json!(null)));
    assert_eq!(result(&sandbox, "user.access", &json!({"ACCESS": "U7"})), true, "an administrator has them all");
}

#[test]
fn user_current_needs_a_scope_of_users() {
    let sandbox = Sandbox::start();
    let user = sandbox.call_as("user_access_token", "user.current", &json!({})).json();
    assert_eq!((&user["result"]["ID"], &user["result"]["NAME"]), (&json!("2"), &json!("Uwe")));
    sandbox.app(&json!({"scopes": ["im"]}));
    assert_eq!(refusal(&sandbox.call("user.current", &json!({}))).1, "insufficient_scope");
    let batch = result(&sandbox, "batch", &json!({"cmd": ["user.current"]}));
    assert_eq!(batch["result_error"][0]["error"], "insufficient_scope");
    sandbox.app(&json!({"scopes": ["user_brief"]}));
    assert_eq!(sandbox.call("user.current", &json!({})).status, 200);
}

#[test]
fn a_state_that_is_not_text_can_be_reset() {
    let home = crate::support::Home::new();
    let path = home.write("data/sandbox/state.json", "");
    std::fs::write(path, b"{\"member_id\": \"\xff\"}").unwrap();
    let output = home.run("-p sandbox list").ended_with(1);
    assert!(output.stderr.contains("imconn sandbox reset"), "{output:?}");
    home.run("sandbox reset").ended_with(0);
    home.run("-p sandbox list").ended_with(0);
}
