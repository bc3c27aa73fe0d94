//! `status`: one request, and the token's user.

use serde_json::json;

use crate::support::{Home, Sandbox};

#[test]
fn status_shows_everything_in_one_request() {
    let sandbox = Sandbox::start();
    let status = sandbox.run("status -o json").ended_with(0).json();
    assert_eq!(sandbox.requests().len(), 1);
    assert_eq!(status["address"], sandbox.url());
    assert_eq!(status["application"]["code"], sandbox.fact("client_id"));
    assert_eq!(status["application"]["installed"], true);
    assert_eq!(status["user"], json!({"id": 1, "name": "Ada Admin", "admin": true}));
    assert_eq!(status["scopes"], json!(["imconnector", "imopenlines", "im", "user"]));
    assert_eq!(status["token"], json!({"expires": null, "refresh_expires": null, "renewable": false}));
    assert_eq!(sandbox.run_as_user("status -o json").json()["user"]["admin"], false);
}

#[test]
fn status_shows_when_a_profiles_token_expires() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    let text = std::fs::read_to_string(&path).unwrap() + "expires = 1900000000\nrefresh_expires = 1910000000\n";
    std::fs::write(&path, text).unwrap();
    let status = sandbox.home.run("-p acme status -o json").ended_with(0).json();
    assert_eq!(status["token"], json!({"expires": 1_900_000_000, "refresh_expires": 1_910_000_000, "renewable": true}));
    let shown = sandbox.home.run("-p acme status").ended_with(0).stdout;
    assert!(shown.contains("expires 2030-03-17T17:46:40Z"), "{shown}");
}

#[test]
fn an_uninstalled_or_unpaid_application_is_a_warning() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"installed": false, "payment_expired": true}));
    let output = sandbox.run("status").ended_with(0);
    assert!(output.stderr.contains("installFinish") && output.stderr.contains("PAYMENT_EXPIRED"), "{output:?}");
}

#[test]
fn every_format_has_every_field() {
    let home = Home::new();
    assert!(
        home.run("-p sandbox status -o plain").ended_with(0).stdout.contains("installed\ttrue\npaid\ttrue\nuser\t1\n")
    );
    let csv = home.run("-p sandbox status -o csv").ended_with(0).stdout;
    assert!(csv.starts_with("portal,address,application,installed,") && csv.lines().count() == 2, "{csv}");
    assert_eq!(home.run("-p sandbox status -o jsonl").ended_with(0).stdout.lines().count(), 1);
}
