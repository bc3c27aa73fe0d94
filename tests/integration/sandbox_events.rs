//! The sandbox's event methods: scopes, arguments, rights and handlers as the portal's module has them.

use serde_json::{Value, json};

use crate::support::http::Answer;
use crate::support::{HANDLER, Sandbox};

const EVENT: &str = "OnImConnectorMessageAdd";

/// Status, code, text and argument of a refusal.
#[track_caller]
fn refusal(answer: &Answer) -> (u16, String, String, Value) {
    let error = answer.json();
    let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned();
    (answer.status, text("error"), text("error_description"), error["argument"].clone())
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn an_empty_auth_type_is_the_user_who_fires_the_event() {
    let sandbox = Sandbox::start();
    for user in [0, 3] {
        sandbox.call("event.bind", &json!({"event": EVENT, "handler": HANDLER, "auth_type": user}));
    }
    let unbound = sandbox.call("event.unbind", &json!({"event": EVENT, "handler": HANDLER, "auth_type": ""}));
    assert_eq!(unbound.json()["result"], json!({"count": 1}));
    assert_eq!(sandbox.bindings()[0]["auth_type"], "3");
}

#[test]
fn online_unbinding_ignores_the_auth_connector() {
    let sandbox = Sandbox::start();
    let event = |key: &str| json!({"event": EVENT, "handler": HANDLER, "auth_connector": key});
    for key in ["a", "b"] {
        assert_eq!(sandbox.call("event.bind", &event(key)).json()["result"], true, "unique per key");
    }
    assert_eq!(sandbox.call("event.unbind", &event("c")).json()["result"]["count"], 2);
}

#[test]
fn argument_errors_name_the_parameter() {
    let sandbox = Sandbox::start();
    let argument = |method: &str, params: Value| refusal(&sandbox.call(method, &params)).3;
    for method in ["event.bind", "event.unbind"] {
        assert_eq!(argument(method, json!({})), "EVENT");
        assert_eq!(argument(method, json!({"event": EVENT, "event_type": "x"})), "EVENT_TYPE");
        assert_eq!(argument(method, json!({"event": EVENT})), "HANDLER");
    }
    let offline = json!({"event": "OnOfflineEvent", "event_type": "offline"});
    assert_eq!(argument("event.bind", offline), Value::Null, "the portal names none here");
}

#[test]
fn unbinding_checks_event_type_and_handler_before_the_rights_to_a_user() {
    let sandbox = Sandbox::start();
    let refused = |params: Value| refusal(&sandbox.call_as("user_access_token", "event.unbind", &params)).2;
    let denied = |what: &str| format!("Access denied! {what} requires administrator access rights");
    assert_eq!(refused(json!({"auth_type": 1})), "Argument 'EVENT' is null or empty");
    assert_eq!(
        refused(json!({"event": EVENT, "event_type": "offline", "auth_type": 1})),
        denied("Offline events unbinding")
    );
    assert_eq!(refused(json!({"event": EVENT, "auth_type": 1})), "Argument 'HANDLER' is null or empty");
    for user in [json!(1), json!("2"), json!("")] {
        let params = json!({"event": EVENT, "handler": HANDLER, "auth_type": user});
        assert_eq!(refused(params), denied("Event unbinding with AUTH_TYPE"), "{user}");
    }
}

#[test]
fn handlers_are_checked_by_the_rules_of_parse_url() {
    let sandbox = Sandbox::start();
    for (handler, code) in [
        ("HTTPS://bot.example.com/b24", "ERROR_UNSUPPORTED_PROTOCOL"),
        ("//bot.example.com/b24", "ERROR_UNSUPPORTED_PROTOCOL"),
        ("bot.example.com:443", "ERROR_UNSUPPORTED_PROTOCOL"),
        ("https://bot.example.com:65536/b24", "ERROR_WRONG_HANDLER_URL"),
        ("https://bot.example.com:port/", "ERROR_WRONG_HANDLER_URL"),
        ("bot.example.com/b24", "ERROR_WRONG_HANDLER_URL"),
    ] {
        let answer = sandbox.call("event.bind", &json!({"event": EVENT, "handler": handler}));
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(code)), "{handler}");
    }
    let answer = sandbox.call("event.bind", &json!({"event": EVENT, "handler": "https://bot.example.com:65535/b24"}));
    assert_eq!(answer.json()["result"], true);
}

#[test]
fn open_line_events_and_connector_events_belong_to_imopenlines() {
    let sandbox = Sandbox::start();
    let bind = |event: &str| sandbox.call("event.bind", &json!({"event": event, "handler": HANDLER}));
    sandbox.app(&json!({"scopes": ["imopenlines"]}));
    for event in ["OnOpenLineMessageAdd", "OnOpenLineMessageUpdate", "OnSessionStart", "OnSessionFinish", EVENT] {
        assert_eq!(bind(event).json()["result"], true, "{event}");
    }
    sandbox.app(&json!({"scopes": ["crm"]}));
    assert_eq!(bind("ONCRMDYNAMICITEMADD_31").json()["result"], true);
    sandbox.app(&json!({"scopes": ["imconnector"]}));
    assert_eq!(refusal(&bind("OnImConnectorLineDelete")).1, "ERROR_EVENT_NOT_FOUND");
}

#[test]
fn events_are_listed_by_scope() {
    let sandbox = Sandbox::start();
    let list = |params: Value| sandbox.call("events", &params).json()["result"].clone();
    let global = list(json!({"SCOPE": ""}));
    assert!(names(&global).contains(&"ONAPPINSTALL") && !names(&global).contains(&"ONUSERADD"), "{global}");
    assert_eq!(list(json!({"scope": "", "FULL": true})), global, "FULL counts only without SCOPE");
    assert_eq!(list(json!({"scope": "imconnector"})), json!([]));
    assert_eq!(names(&list(json!({"scope": "imopenlines"}))).len(), 12);
    assert_eq!(list(json!({"scope": "IMOPENLINES"})), json!([]), "the case counts");
    assert_eq!(names(&list(json!({"scope": "task"})))[0], "ONTASKADD");
    assert!(!names(&list(json!({"scope": "task"}))).contains(&"ONUSERADD"));
    assert!(names(&list(json!({"full": "1"}))).contains(&"ONTASKADD"));
    let own = list(json!({"full": 0}));
    assert!(names(&own).contains(&"ONUSERADD") && !names(&own).contains(&"ONTASKADD"), "{own}");
}

#[test]
fn an_auth_connector_outside_the_plan_is_refused_first_by_every_method() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"features": []}));
    for method in ["event.get", "event.unbind", "scope", "user.admin", "batch", "event.offline.get"] {
        let answer = sandbox.call(method, &json!({"auth_connector": "k"}));
        let text = "This feature is not enabled for the current license: auth_connector";
        assert_eq!(refusal(&answer), (403, "WRONG_LICENSE".into(), text.into(), Value::Null), "{method}");
    }
    assert_eq!(sandbox.call("scope", &json!({"AUTH_CONNECTOR": "k", "auth_connector": null})).status, 200);
}

#[test]
fn event_test_returns_all_parameters_but_those_of_the_authorisation() {
    let sandbox = Sandbox::start();
    let key = json!({"auth_connector": "k"});
    let with = |params: Value| {
        let mut params = params;
        params["auth_connector"] = key["auth_connector"].clone();
        params
    };
    sandbox.call("event.bind", &with(json!({"event": "OnAppTest", "event_type": "offline"})));
    sandbox.call("event.test", &with(json!({"any": "thing", "AUTH": 1})));
    let queued = sandbox.call("event.offline.get", &key).json();
    assert_eq!(queued["result"]["events"][0]["EVENT_DATA"]["QUERY"], json!({"any": "thing", "AUTH": 1}));
}
