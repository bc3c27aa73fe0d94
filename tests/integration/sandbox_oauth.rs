//! The sandbox's auth server.

use serde_json::{Value, json};

use crate::support::Sandbox;
use crate::support::http::{Answer, request};

fn token(sandbox: &Sandbox, method: &str, fields: &str) -> Answer {
    let keys = format!("client_id={}&client_secret={}", sandbox.fact("client_id"), sandbox.fact("client_secret"));
    if method == "GET" {
        return request(sandbox.url(), "GET", &format!("/oauth/token/?{keys}&{fields}"), &[], "");
    }
    let form = "Content-Type: application/x-www-form-urlencoded";
    request(sandbox.url(), "POST", "/oauth/token/", &[form], &format!("{keys}&{fields}"))
}

fn refresh(sandbox: &Sandbox, refresh_token: &str) -> Answer {
    token(sandbox, "GET", &format!("grant_type=refresh_token&refresh_token={refresh_token}"))
}

fn authorise(sandbox: &Sandbox) -> Answer {
    let path = format!("/oauth/authorize/?client_id={}&state=st+1", sandbox.fact("client_id"));
    request(sandbox.url(), "GET", &path, &[], "")
}

#[test]
fn a_refresh_returns_a_new_pair_for_get_and_post() {
    let sandbox = Sandbox::start();
    for method in ["GET", "POST"] {
        let fields = format!("grant_type=refresh_token&refresh_token={}", sandbox.fact("refresh_token"));
        let pair = token(&sandbox, method, &fields).json();
        assert_ne!(pair["refresh_token"], sandbox.ready["refresh_token"]);
        assert_ne!(pair["access_token"], sandbox.ready["access_token"]);
        assert_eq!((&pair["expires_in"], &pair["user_id"], &pair["status"]), (&json!(3600), &json!(1), &json!("L")));
        assert_eq!(pair["client_endpoint"], format!("{}/rest/", sandbox.url()));
        assert_eq!(refresh(&sandbox, pair["refresh_token"].as_str().unwrap()).status, 200);
    }
}

#[test]
fn refresh_tokens_can_be_made_single_use() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"single_use_refresh": true}));
    assert_eq!(refresh(&sandbox, sandbox.fact("refresh_token")).status, 200);
    let second = refresh(&sandbox, sandbox.fact("refresh_token"));
    assert_eq!((second.status, &second.json()["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn a_code_is_shown_or_returned_and_works_once() {
    let sandbox = Sandbox::start();
    let page = authorise(&sandbox);
    assert!(page.status == 200 && page.body.contains("Authorisation code"), "{page:?}");
    sandbox.app(&json!({"return_address": "https://app.example.com/back"}));
    let redirect = authorise(&sandbox);
    let location = redirect.head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
    assert!(
        location.starts_with("https://app.example.com/back?code=") && location.contains("&state=st+1&"),
        "{location}"
    );
    let code = location.split(['=', '&']).nth(1).unwrap();
    let exchange = || token(&sandbox, "GET", &format!("grant_type=authorization_code&code={code}"));
    assert_eq!(exchange().status, 200);
    assert_eq!(exchange().json()["error"], "invalid_grant");
}

#[test]
fn a_code_expires_after_30_seconds() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"return_address": "https://app.example.com/back"}));
    let head = authorise(&sandbox).head;
    let code = head.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let path = sandbox.home.path("data/sandbox/state.json");
    let mut state: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let seconds = state["codes"][0]["expires"].as_i64().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(seconds - i64::try_from(now).unwrap() <= 30);
    state["codes"][0]["expires"] = json!(now - 1);
    std::fs::write(&path, state.to_string()).unwrap();
    let exchange = token(&sandbox, "GET", &format!("grant_type=authorization_code&code={code}"));
    assert_eq!(exchange.json()["error"], "invalid_grant");
}

#[test]
fn errors_have_the_auth_servers_codes() {
    let sandbox = Sandbox::start();
    let code = |answer: Answer| answer.json()["error"].as_str().unwrap().to_owned();
    assert_eq!(code(token(&sandbox, "GET", "grant_type=nonsense")), "invalid_request");
    assert_eq!(code(refresh(&sandbox, "nonsense")), "invalid_grant");
    let wrong =
        request(sandbox.url(), "GET", "/oauth/token/?grant_type=refresh_token&client_id=x&client_secret=y", &[], "");
    assert_eq!(code(wrong), "wrong_client");
    sandbox.app(&json!({"payment_expired": true}));
    assert_eq!(code(refresh(&sandbox, sandbox.fact("refresh_token"))), "PAYMENT_REQUIRED");
    sandbox.app(&json!({"payment_expired": false, "installed": false}));
    assert_eq!(code(refresh(&sandbox, sandbox.fact("refresh_token"))), "invalid_client");
    let refused = authorise(&sandbox);
    assert!(refused.status == 400 && !refused.head.contains("location"), "{refused:?}");
}

#[test]
fn the_new_access_token_works() {
    let sandbox = Sandbox::start();
    let pair: Value = refresh(&sandbox, sandbox.fact("refresh_token")).json();
    let variables = [("IMCONN_ACCESS_TOKEN", pair["access_token"].as_str().unwrap())];
    sandbox.run_with(&variables, "list").ended_with(0);
}
