//! `imconn events`.

use serde_json::json;

use crate::support::{Home, Sandbox};

#[test]
fn the_catalog_needs_no_portal() {
    let output = Home::new().run("events -o json").ended_with(0);
    let events = output.json()["events"].clone();
    assert_eq!(
        events[0],
        json!({
            "event": "OnImConnectorMessageAdd",
            "short": "message-add",
            "scope": "imconnector",
            "fired": "an operator's message leaves an open line for the external channel",
            "available": null,
        })
    );
}

#[test]
fn available_shows_what_can_be_bound_in_one_request() {
    let sandbox = Sandbox::start();
    let of = |name: &str| {
        let events = sandbox.run("events --available -o json").ended_with(0).json()["events"].clone();
        events.as_array().unwrap().iter().find(|event| event["event"] == name).cloned()
    };
    assert_eq!(of("OnImConnectorMessageAdd").unwrap()["available"], true);
    assert_eq!(of("ONUSERADD").unwrap()["available"], true, "events outside the catalogue are listed as well");
    assert_eq!(of("ONCRMLEADADD"), None);
    sandbox.forget();
    sandbox.app(&json!({"scopes": []}));
    assert_eq!(of("OnImConnectorMessageAdd").unwrap()["available"], false);
    let asked: Vec<_> = sandbox.requests().iter().map(|request| request["commands"].clone()).collect();
    assert_eq!(asked, [json!(["events", "scope"])]);
}

#[test]
fn a_missing_connector_scope_is_a_warning() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["user"]}));
    let output = sandbox.run("events --available").ended_with(0);
    assert!(output.stderr.contains("lacks the scope imconnector"), "{output:?}");
}
