//! `imconn events`.

use serde_json::json;

use crate::support::{HANDLER, Home, Sandbox};

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
    assert_eq!(of("onUserAdd").unwrap()["available"], true, "events outside the catalogue are listed as well");
    assert_eq!(of("onCrmLeadAdd"), None);
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
    assert!(output.stderr.contains("lacks the scopes imconnector and imopenlines"), "{output:?}");
}

#[test]
fn one_of_the_connector_scopes_suffices_if_the_portal_offers_the_events() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["imopenlines"]}));
    let output = sandbox.run("events --available").ended_with(0);
    assert!(!output.stderr.contains("lacks"), "{output:?}");
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox.app(&json!({"scopes": ["imconnector"]}));
    let output = sandbox.run("events --available").ended_with(0);
    assert!(output.stderr.contains("lacks the scope imopenlines"), "{output:?}");
}

#[test]
fn the_full_catalogue_is_listed_with_and_without_a_portal() {
    let count = |output: crate::support::Output| output.ended_with(0).json()["events"].as_array().unwrap().len();
    assert_eq!(count(Home::new().run("events --full -o json")), 200);
    let sandbox = Sandbox::start();
    let events = sandbox.run("events --full --available -o json").ended_with(0).json()["events"].clone();
    let of = |name: &str| events.as_array().unwrap().iter().find(|event| event["event"] == name).unwrap().clone();
    assert_eq!((&of("onCrmLeadAdd")["available"], &of("onCrmLeadAdd")["scope"]), (&json!(false), &json!("crm")));
    assert_eq!(of("OnSessionStart")["available"], true);
}

#[test]
fn an_event_outside_the_scopes_is_explained_by_the_catalogue_and_a_typo_by_similar_names() {
    let sandbox = Sandbox::start();
    let output = sandbox.run(&format!("bind onCrmLeadAdd --handler {HANDLER}")).ended_with(5);
    assert!(output.stderr.contains("lacks the scope crm"), "{output:?}");
    let output = sandbox.run(&format!("bind onCrmLeedAdd --handler {HANDLER}")).ended_with(5);
    assert!(output.stderr.contains("did you mean onCrmLeadAdd or onCrmDealAdd?"), "{output:?}");
}

#[test]
fn events_of_smart_processes_are_bound_by_their_number() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"scopes": ["crm"]}));
    sandbox.run(&format!("bind ONCRMDYNAMICITEMADD_31 --handler {HANDLER}")).ended_with(0);
    let bindings = sandbox.run("list -o json").ended_with(0).json()["bindings"].clone();
    assert_eq!((&bindings[0]["event"], &bindings[0]["scope"]), (&json!("onCrmDynamicItemAdd_31"), &json!("crm")));
}

#[test]
fn bot_events_are_never_bound_and_warned_about_before_they_are_removed() {
    let sandbox = Sandbox::start();
    let output = sandbox.run(&format!("bind OnImBotV2MessageAdd --handler {HANDLER}")).ended_with(2);
    assert!(output.stderr.contains("imbot.v2.Bot.register"), "{output:?}");
    assert_eq!(sandbox.requests().len(), 0);
    sandbox.app(&json!({"scopes": ["imbot"]}));
    sandbox.call("event.bind", &json!({"event": "ONIMBOTV2MESSAGEADD", "handler": HANDLER}));
    let output = sandbox.run(&format!("unbind --handler {HANDLER}")).ended_with(0);
    assert!(output.stderr.contains("OnImBotV2MessageAdd stays"), "{output:?}");
    let output = sandbox.run("unbind OnImBotV2MessageAdd").ended_with(0);
    assert!(output.stderr.contains("belongs to a bot"), "{output:?}");
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn bindings_that_the_portal_may_have_made_itself_are_left_alone_unless_given() {
    let sandbox = Sandbox::start();
    for event in ["ONAPPINSTALL", "ONUSERADD"] {
        sandbox.call("event.bind", &json!({"event": event, "handler": HANDLER}));
    }
    let exported = sandbox.run("export").ended_with(0).stdout;
    assert!(exported.contains("events = [\"onUserAdd\"]"), "{exported}");
    assert!(exported.contains("# left out, because the portal may have bound it itself: OnAppInstall"), "{exported}");
    sandbox.home.write("imconn.toml", "[manage]\nremove = \"all\"\n");
    sandbox.run("apply --yes").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 1, "{:?}", sandbox.bindings());
    sandbox.run(&format!("unbind --handler {HANDLER} --yes")).ended_with(0);
    assert_eq!(sandbox.bindings().len(), 1, "{:?}", sandbox.bindings());
    sandbox.run("unbind OnAppInstall --yes").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 0);
}
