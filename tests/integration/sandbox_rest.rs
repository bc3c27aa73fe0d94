//! The sandbox answers like the portal's event module, for every request format that SDKs use.

use serde_json::{Value, json};

use crate::support::http::{post_json, request};
use crate::support::{HANDLER, Sandbox};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[track_caller]
fn assert_refused(sandbox: &Sandbox, params: &Value, status: u16, code: &str, text: &str) {
    let answer = sandbox.call("event.bind", params);
    let error = answer.json();
    assert_eq!(
        (answer.status, &error["error"], &error["error_description"]),
        (status, &json!(code), &json!(text)),
        "{params}"
    );
}

#[test]
fn every_request_format_is_served() {
    let sandbox = Sandbox::start();
    let (url, token) = (sandbox.url(), sandbox.fact("access_token"));
    let bearer = format!("Authorization: Bearer {token}");
    let answers = [
        post_json(url, "/rest/user.admin", &json!({"auth": token})),
        post_json(url, "/rest/user.admin.json", &json!({"auth": token})),
        post_json(url, "/rest//user.admin", &json!({"auth": token})),
        post_json(url, "/rest/USER.Admin", &json!({"auth": token})),
        post_json(url, &format!("/rest/user.admin?auth={token}"), &json!({})),
        request(url, "POST", "/rest/user.admin", &[FORM], &format!("auth={token}")),
        request(url, "GET", &format!("/rest/user.admin?auth={token}"), &[], ""),
        request(url, "GET", "/rest/user.admin", &[&bearer], ""),
    ];
    for answer in answers {
        assert_eq!((answer.status, &answer.json()["result"]), (200, &json!(true)), "{answer:?}");
    }
}

#[test]
fn every_successful_answer_has_time() {
    let sandbox = Sandbox::start();
    let time = sandbox.call("scope", &json!({})).json()["time"].clone();
    for member in ["start", "finish", "duration", "processing", "operating"] {
        assert!(time[member].is_f64(), "{member}: {time}");
    }
    assert!(time["operating_reset_at"].is_i64());
    assert!(time["date_start"].as_str().unwrap().ends_with("+00:00"));
}

#[test]
fn parameter_names_are_case_insensitive_and_forms_work() {
    let sandbox = Sandbox::start();
    let body =
        format!("auth={}&EVENT=onimconnectormessageadd&HANDLER=https%3A%2F%2Fa.b%2Fx", sandbox.fact("access_token"));
    let answer = request(sandbox.url(), "POST", "/rest/event.bind", &[FORM], &body);
    assert_eq!(answer.json()["result"], true);
    assert_eq!(sandbox.bindings()[0]["handler"], "https://a.b/x");
}

#[test]
fn invalid_tokens_are_refused_with_the_portals_codes() {
    let sandbox = Sandbox::start();
    let refused = |body: &Value| {
        let answer = post_json(sandbox.url(), "/rest/scope", body);
        (answer.status, answer.json()["error"].as_str().unwrap().to_owned())
    };
    assert_eq!(refused(&json!({})), (401, "NO_AUTH_FOUND".into()));
    assert_eq!(refused(&json!({"auth": "nonsense"})), (401, "invalid_token".into()));
    sandbox.fault(&json!({"kind": "expired-token"}));
    assert_eq!(refused(&json!({"auth": sandbox.fact("access_token")})), (401, "expired_token".into()));
    assert_eq!(sandbox.call("scope", &json!({})).status, 401, "an expired token stays expired");
    assert_eq!(sandbox.call("no.such", &json!({})).status, 404, "the method comes before the token");
}

#[test]
fn bind_checks_in_the_portals_order() {
    let sandbox = Sandbox::start();
    let event = "OnImConnectorMessageAdd";
    let refused = |params: Value, status, code, text| assert_refused(&sandbox, &params, status, code, text);
    refused(json!({}), 400, "ERROR_ARGUMENT", "Argument 'EVENT' is null or empty");
    refused(json!({"event": "x", "event_type": "y"}), 400, "ERROR_ARGUMENT", "Value must be one of {online|offline}");
    refused(json!({"event": event}), 400, "ERROR_ARGUMENT", "Argument 'HANDLER' is null or empty");
    for handler in ["https://localhost/x", "nonsense", "https://.b/x"] {
        refused(json!({"event": "x", "handler": handler}), 400, "ERROR_WRONG_HANDLER_URL", "Wrong handler URL");
    }
    refused(
        json!({"event": "x", "handler": "ftp://a.b/"}),
        400,
        "ERROR_UNSUPPORTED_PROTOCOL",
        "Unsupported handler protocol",
    );
    refused(json!({"event": "OnCrmLeadAdd", "handler": HANDLER}), 400, "ERROR_EVENT_NOT_FOUND", "Event not found");
    refused(
        json!({"event": "OnOfflineEvent", "event_type": "offline"}),
        400,
        "ERROR_ARGUMENT",
        "Offline event cannot be registered for this event.",
    );
    sandbox.call("event.bind", &json!({"event": event, "handler": HANDLER}));
    refused(
        json!({"event": event, "handler": HANDLER, "auth_type": "0"}),
        400,
        "ERROR_CORE",
        "Unable to set event handler: Handler already binded",
    );
    sandbox.app(&json!({"features": []}));
    refused(
        json!({"event": event, "handler": HANDLER, "auth_connector": "k"}),
        403,
        "WRONG_LICENSE",
        "This feature is not enabled for the current license: auth_connector",
    );
}

#[test]
fn a_non_admin_is_limited_to_its_own_handlers() {
    let sandbox = Sandbox::start();
    let user = |method: &str, params: Value| sandbox.call_as("user_access_token", method, &params);
    let event = json!({"event": "OnImConnectorMessageAdd", "handler": HANDLER});
    let with = |name: &str, value: Value| {
        let mut params = event.clone();
        params[name] = value;
        params
    };
    sandbox.call("event.bind", &event);
    assert_eq!(user("event.bind", with("auth_type", json!(1))).status, 403);
    assert_eq!(user("event.bind", with("event_type", json!("offline"))).status, 403);
    assert_eq!(user("event.bind", event.clone()).json()["result"], true);
    assert_eq!(user("event.get", json!({})).json()["result"].as_array().unwrap().len(), 1);
    assert_eq!(
        user("event.unbind", with("auth_type", json!("2"))).status,
        403,
        "compared strictly: a string is not a number"
    );
    assert_eq!(user("event.unbind", with("auth_type", json!(2))).json()["result"], json!({"count": 1}));
    assert_eq!(user("event.unbind", event.clone()).json()["result"], json!({"count": 0}));
    assert_eq!(sandbox.bindings().len(), 1);
}

#[test]
fn an_administrator_unbinds_all_users_or_one() {
    let sandbox = Sandbox::start();
    let event = json!({"event": "OnImConnectorMessageAdd", "handler": HANDLER});
    let for_user = |user: Value| {
        let mut params = event.clone();
        params["auth_type"] = user;
        params
    };
    for user in [0, 1, 2] {
        sandbox.call("event.bind", &for_user(json!(user)));
    }
    assert_eq!(sandbox.call("event.unbind", &for_user(json!("0"))).json()["result"]["count"], 1);
    assert_eq!(sandbox.call("event.unbind", &event).json()["result"]["count"], 2);
}

#[test]
fn a_webhook_can_read_but_not_subscribe() {
    let sandbox = Sandbox::start();
    let path = sandbox.fact("webhook").strip_prefix(sandbox.url()).unwrap();
    let call = |method: &str| post_json(sandbox.url(), &format!("{path}{method}"), &json!({}));
    assert_eq!(call("profile").json()["result"]["ID"], "1");
    let refused = call("event.get");
    assert_eq!((refused.status, &refused.json()["error"]), (403, &json!("WRONG_AUTH_TYPE")));
    assert_eq!(call("app.info").json()["error_description"], "Access denied! Application context required");
}

#[test]
fn a_batch_runs_in_order_and_reports_each_command() {
    let sandbox = Sandbox::start();
    let cmd = json!({"who": "profile", "bad": "no.such", "get": "feature.get?CODE=$result[who][NAME]"});
    let result = sandbox.call("batch", &json!({"cmd": cmd})).json()["result"].clone();
    assert_eq!(result["result"]["get"], json!({"value": "N"}));
    assert_eq!(result["result_error"]["bad"]["error"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!((&result["result_total"], &result["result_next"]), (&json!([]), &json!([])));
    assert!(result["result_time"]["who"]["date_start"].is_string());
}

#[test]
fn a_batch_accepts_lists_and_forms_halts_and_has_limits() {
    let sandbox = Sandbox::start();
    let result = |params: Value| sandbox.call("batch", &params).json()["result"]["result"].clone();
    assert_eq!(
        result(json!({"cmd": ["user.admin?", "/user.admin.json"]})),
        json!([true, true]),
        "a list comes back as a list"
    );
    for halt in [json!(1), json!(true), json!("1")] {
        assert_eq!(result(json!({"halt": halt, "cmd": {"a": "no.such", "b": "user.admin"}})), json!([]));
    }
    for halt in [json!(0), json!(false), json!("0")] {
        assert_eq!(result(json!({"halt": halt, "cmd": {"a": "no.such", "b": "user.admin"}})), json!({"b": true}));
    }
    let body = format!("auth={}&halt=0&cmd[a]=user.admin", sandbox.fact("access_token"));
    let form = request(sandbox.url(), "POST", "/rest/batch", &[FORM], &body);
    assert_eq!(form.json()["result"]["result"], json!({"a": true}));
    let nested = sandbox.call("batch", &json!({"cmd": ["batch"]})).json();
    assert_eq!(nested["result"]["result_error"][0]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
}

#[test]
fn events_and_application_methods_answer_as_documented() {
    let sandbox = Sandbox::start();
    let result = |method: &str, params: Value| sandbox.call(method, &params).json()["result"].clone();
    let has = |list: &Value, name: &str| list.as_array().unwrap().contains(&json!(name));
    let own = result("events", json!({}));
    assert!(has(&own, "ONIMCONNECTORMESSAGEADD") && has(&own, "ONAPPINSTALL") && !has(&own, "ONCRMLEADADD"));
    assert!(has(&result("events", json!({"FULL": true})), "ONCRMLEADADD"));
    let task = result("events", json!({"SCOPE": "task"}));
    assert!(has(&task, "ONTASKADD") && !has(&task, "ONCRMLEADADD"), "{task}");
    let info = result("app.info", json!({}));
    assert_eq!(
        (&info["STATUS"], &info["INSTALLED"], &info["PAYMENT_EXPIRED"]),
        (&json!("L"), &json!(true), &json!("N"))
    );
    assert_eq!(result("profile", json!({}))["ADMIN"], true);
    assert_eq!(result("feature.get", json!({"CODE": "rest_offline_extended"})), json!({"value": "Y"}));
    assert_eq!(result("method.get", json!({"name": "event.bind"})), json!({"isExisting": true, "isAvailable": true}));
    assert_eq!(result("event.test", json!({})), 1);
}
