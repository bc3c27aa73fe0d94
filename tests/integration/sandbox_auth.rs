//! How the sandbox authorises a request, and what browsers may do.

use serde_json::{Value, json};

use crate::support::Sandbox;
use crate::support::http::{Answer, post_json, request};

#[track_caller]
fn error(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["error"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned())
}

#[test]
fn a_bearer_token_counts_first_then_auth_then_access_token() {
    let sandbox = Sandbox::start();
    let good = sandbox.fact("access_token");
    let call = |query: &str, header: &str, body: Value| {
        let headers: Vec<&str> =
            ["Content-Type: application/json", header].into_iter().filter(|h| !h.is_empty()).collect();
        request(sandbox.url(), "POST", &format!("/rest/scope?{query}"), &headers, &body.to_string())
    };
    assert_eq!(call("", &format!("Authorization: bearer {good}"), json!({"auth": "bad"})).status, 200);
    assert_eq!(error(&call("", "Authorization: Bearer bad", json!({"auth": good}))), (401, "invalid_token".into()));
    assert_eq!(call(&format!("auth={good}"), "", json!({"access_token": "bad"})).status, 200);
    assert_eq!(
        error(&call(&format!("access_token={good}"), "", json!({"auth": "bad"}))),
        (401, "invalid_token".into())
    );
    assert_eq!(call(&format!("access_token={good}"), "", json!({})).status, 200);
}

#[test]
fn names_of_the_authorisation_are_lower_case() {
    let sandbox = Sandbox::start();
    for name in ["AUTH", "Auth", "ACCESS_TOKEN"] {
        let answer = post_json(sandbox.url(), "/rest/scope", &json!({name: sandbox.fact("access_token")}));
        assert_eq!(error(&answer), (401, "NO_AUTH_FOUND".into()), "{name}");
    }
}

#[test]
fn an_unknown_method_is_reported_before_the_token() {
    let sandbox = Sandbox::start();
    let answer = post_json(sandbox.url(), "/rest/no.such", &json!({}));
    assert_eq!(error(&answer), (404, "ERROR_METHOD_NOT_FOUND".into()));
}

#[test]
fn the_auth_server_has_a_status_for_each_mistake() {
    let sandbox = Sandbox::start();
    let (id, secret) = (sandbox.fact("client_id"), sandbox.fact("client_secret"));
    let refresh = |id: &str, secret: &str, token: &str| {
        let query = format!("grant_type=refresh_token&client_id={id}&client_secret={secret}{token}");
        error(&request(sandbox.url(), "GET", &format!("/oauth/token/?{query}"), &[], ""))
    };
    assert_eq!(refresh("x", secret, "&refresh_token=y"), (200, "wrong_client".into()));
    assert_eq!(refresh(id, "x", "&refresh_token=y"), (400, "invalid_client".into()));
    assert_eq!(refresh(id, secret, ""), (400, "invalid_request".into()));
    assert_eq!(refresh(id, secret, "&refresh_token=y"), (400, "invalid_grant".into()));
}

#[test]
fn the_auth_server_knows_the_application_of_a_token() {
    let sandbox = Sandbox::start();
    let path = format!("/rest/app.info/?auth={}", sandbox.fact("access_token"));
    let result = request(sandbox.url(), "GET", &path, &[], "").json()["result"].clone();
    assert_eq!((&result["client_id"], &result["user_id"]), (&sandbox.ready["client_id"], &json!(1)));
    let install = &result["install"];
    assert_eq!(install["client_endpoint"], format!("{}/rest/", sandbox.url()));
    assert_eq!((&install["installed"], &install["status"]), (&json!(true), &json!("L")));
    assert_eq!(install["member_id"].as_str().unwrap().len(), 32);
}

#[test]
fn scripts_of_any_origin_may_call_rest_methods() {
    let sandbox = Sandbox::start();
    let origin = "Origin: https://app.example.com";
    let preflight = request(sandbox.url(), "OPTIONS", "/rest/event.get", &[origin], "");
    assert_eq!(preflight.status, 200);
    assert!(preflight.head.contains("access-control-allow-headers: origin, content-type, accept"), "{preflight:?}");
    for path in ["/rest/scope", "/rest/no.such"] {
        let answer = request(sandbox.url(), "POST", path, &[origin], "");
        assert!(answer.head.contains("access-control-allow-origin: *"), "{answer:?}");
    }
}
