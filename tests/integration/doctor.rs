//! `doctor`: each problem is found by its own check, and a healthy portal passes all of them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use imconn::delivery::sample::{MemberId, Sender};
use imconn::doctor::handler::{Probe, Subject};
use imconn::doctor::{Check, Verdict};
use imconn::http::client::HttpOptions;
use serde_json::{Value, json};

use crate::sandbox_serve::{certificates, certificates_until};
use crate::support::{Home, Output, RawServer, Sandbox};

/// A correct handler: 200 for the right token, 403 for any other.
fn good_handler(sandbox: &Sandbox) -> RawServer {
    let token = sandbox.fact("application_token").to_owned();
    RawServer::replying(move |request| {
        let is_right = request.contains(&format!("auth%5Bapplication_token%5D={token}"));
        if is_right { (200, String::new()) } else { (403, String::new()) }
    })
}

/// A sandbox with this handler bound to the seven events.
fn bound_to(url: &str) -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {url}")).ended_with(0);
    sandbox
}

fn healthy() -> (Sandbox, RawServer) {
    let sandbox = Sandbox::start();
    let handler = good_handler(&sandbox);
    sandbox.run(&format!("bind --all --handler {}/b24", handler.url)).ended_with(0);
    (sandbox, handler)
}

/// Runs with everything a profile would have.
fn doctor(sandbox: &Sandbox, args: &str) -> Output {
    let mut variables = sandbox.renewable();
    variables.push(("IMCONN_APPLICATION_TOKEN", sandbox.fact("application_token")));
    sandbox.run_with(&variables, &format!("doctor -o json {args}"))
}

/// The verdict of a check and its texts.
#[track_caller]
fn check(document: &Value, id: &str) -> (String, String) {
    let checks = document["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id}: {document:#}"));
    (found["verdict"].as_str().unwrap().to_owned(), found.to_string())
}

#[track_caller]
fn assert_found(document: &Value, id: &str, verdict: &str, part: &str) {
    let (found, text) = check(document, id);
    assert!(found == verdict && text.contains(part), "{id} should be {verdict} with {part:?}: {text}");
    if verdict == "fail" || verdict == "warn" {
        assert!(!text.contains("\"fix\":null"), "no fix: {text}");
    }
}

#[test]
fn a_healthy_portal_passes_unchanged() {
    let (sandbox, handler) = healthy();
    let before = sandbox.bindings();
    sandbox.forget();
    let document = doctor(&sandbox, "").ended_with(0).json();
    assert_eq!((&document["summary"]["fail"], &document["summary"]["warn"]), (&json!(0), &json!(0)), "{document:#}");
    let checks = document["checks"].as_array().unwrap();
    let count = |verdict: &str| checks.iter().filter(|check| check["verdict"] == verdict).count();
    assert_eq!(document["summary"]["ok"], count("ok"));
    assert_eq!(document["summary"]["skipped"], count("skipped"));
    let members: Vec<&String> = checks[0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "verdict", "title", "evidence", "fix", "handler"]);
    assert_eq!(sandbox.bindings(), before);
    let asked: Vec<Value> = sandbox.requests().iter().map(|request| request["commands"].clone()).collect();
    let reads = json!([
        "app.info",
        "user.admin",
        "scope",
        "profile",
        "event.get",
        "events",
        "events",
        "events",
        "feature.get",
        "feature.get"
    ]);
    assert!(asked.contains(&reads), "{asked:?}");
    let posts = handler.received();
    assert_eq!(posts.len(), 2, "the right token, then a wrong one");
    assert!(posts.iter().all(|post| post.contains("event=ONAPPTEST") && !post.contains(sandbox.fact("access_token"))));
}

#[test]
fn problems_of_the_application_are_found() {
    let (sandbox, _handler) = healthy();
    sandbox.app(&json!({"installed": false, "payment_expired": true, "scopes": ["im"], "features": []}));
    let document = doctor(&sandbox, "").ended_with(3).json();
    assert_found(&document, "installed", "fail", "installFinish");
    assert_found(&document, "installed", "fail", "installation address");
    assert_found(&document, "paid", "fail", "PAYMENT_EXPIRED");
    assert_found(&document, "scopes", "fail", "imconnector and imopenlines are missing");
    assert_found(&document, "available", "fail", "OnImConnectorMessageAdd");
    assert_found(&document, "plan.rest_offline_extended", "ok", "not included");
    sandbox.app(&json!({"scopes": ["imconnector", "imopenlines"], "features": []}));
    sandbox.run("bind message-add --offline").ended_with(0);
    assert_found(&doctor(&sandbox, "").json(), "plan.rest_offline_extended", "warn", "larger plan");
}

#[test]
fn unbound_offline_only_and_duplicate_events_are_found() {
    let (sandbox, handler) = healthy();
    sandbox.run("unbind message-add dialog-start --yes").ended_with(0);
    sandbox.run("bind dialog-start --offline").ended_with(0);
    sandbox.run(&format!("bind line-delete --handler {}/other", handler.url)).ended_with(0);
    let document = doctor(&sandbox, "").ended_with(3).json();
    assert_found(&document, "bound.message-add", "fail", "bind message-add");
    assert_found(&document, "bound.dialog-start", "warn", "offline only");
    assert_found(&document, "bound.line-delete", "ok", &handler.url);
    assert_found(&document, "duplicates", "warn", "line-delete: ");
    let bare = Sandbox::start();
    assert_found(&doctor(&bare, "").ended_with(3).json(), "bound.message-add", "fail", "bind --all");
}

#[test]
fn a_non_admin_is_informed_that_the_view_is_partial() {
    let sandbox = bound_to("http://127.0.0.1:9/x");
    let token = [("IMCONN_ACCESS_TOKEN", sandbox.fact("user_access_token"))];
    let document = sandbox.run_with(&token, "doctor -o json").ended_with(0).json();
    assert_found(&document, "administrator", "warn", "not an administrator");
    assert_found(&document, "bound.message-add", "warn", "not visible");
    assert_found(&document, "token-refresh", "warn", "no refresh token");
}

#[test]
fn an_unusable_token_is_found_and_the_rest_is_skipped() {
    let sandbox = Sandbox::start();
    let dead = [("IMCONN_ACCESS_TOKEN", "0123456789abcdef")];
    let document = sandbox.run_with(&dead, "doctor -o json").ended_with(3).json();
    assert_found(&document, "token", "fail", "invalid_token");
    assert_found(&document, "address", "ok", "127.0.0.1");
    for id in ["installed", "scopes", "available", "bound.message-add", "duplicates", "plan.rest_auth_connector"] {
        assert_found(&document, id, "skipped", "");
    }
    let document = sandbox.home.run(&format!("doctor -p {} -o json", sandbox.url())).ended_with(3).json();
    assert_found(&document, "token", "fail", "imconn login");
    let refusal =
        r#"{"error":"WRONG_AUTH_TYPE","error_description":"Current authorization type is denied for this method"}"#;
    let document = RawServer::status(403, "application/json", refusal).run("doctor -o json").ended_with(3).json();
    assert_found(&document, "token-kind", "fail", "webhook");
}

#[test]
fn an_unreachable_portal_is_found() {
    let token = [("IMCONN_ACCESS_TOKEN", "0123456789abcdef")];
    let home = Home::new();
    let document = home.run_with(&token, "-p no-such-host.invalid doctor -o json --timeout 2").ended_with(3).json();
    assert_found(&document, "address", "fail", "does not resolve");
    assert_found(&document, "token", "skipped", "not reached");
    let document = home.run_with(&token, "-p http://127.0.0.1:9 doctor -o json").ended_with(3).json();
    assert_found(&document, "address", "fail", "no connection");
}

#[test]
fn a_certificate_is_checked_for_its_authority_and_its_dates() {
    let home = Home::new();
    let (ca, certificate, key) = certificates(home.path("").as_path());
    let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
    let document = sandbox.run("doctor -o json").ended_with(3).json();
    assert_found(&document, "tls", "fail", "unknown authority");
    let document = sandbox.run(&format!("doctor -o json --ca-cert {ca}")).ended_with(3).json();
    assert_found(&document, "tls", "ok", "days");
    // The same server as a handler: its certificate is valid, but the page does not exist.
    let handler = format!("{}/b24", sandbox.url());
    let document = doctor(&sandbox, &format!("--ca-cert {ca} --handler {handler}")).ended_with(3).json();
    assert_found(&document, "handler.tls", "ok", "days");
    assert_found(&document, "handler.answer", "fail", "HTTP 404");
}

#[test]
fn an_expired_or_expiring_certificate_is_found() {
    let in_days = |days: i64| {
        let date = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
        let date = date.to_zoned(jiff::tz::TimeZone::UTC).date();
        (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    for (days, verdict, said) in [(5, "warn", "days"), (-5, "fail", "has expired")] {
        let home = Home::new();
        let (ca, certificate, key) = certificates_until(home.path("").as_path(), in_days(days));
        let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
        let document = sandbox.run(&format!("doctor -o json --ca-cert {ca}")).ended_with(3).json();
        assert_found(&document, "tls", verdict, said);
    }
}

#[test]
fn a_clock_difference_is_found() {
    let body = "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n";
    let document = RawServer::answering(body).run("doctor -o json --retries 0").ended_with(3).json();
    assert_found(&document, "clock", "warn", "ahead");
}

#[test]
fn problems_of_a_handler_are_found() {
    for (status, verdict, said) in [
        (200, "ok", "HTTP 200"),
        (302, "fail", "redirect"),
        (403, "fail", "application_token"),
        (404, "fail", "path"),
        (500, "fail", "2xx"),
    ] {
        let handler = RawServer::replying(move |_| (status, "Location: https://a.b/new\r\n".to_owned()));
        let sandbox = bound_to(&format!("{}/b24", handler.url));
        let output = doctor(&sandbox, "").ended_with(if verdict == "ok" { 0 } else { 3 });
        assert_found(&output.json(), "handler.answer", verdict, said);
    }
    let document = doctor(&bound_to("http://127.0.0.1:9/b24"), "").ended_with(3).json();
    assert_found(&document, "handler.answer", "fail", "no connection");
    assert_found(&document, "handler.answer", "fail", "unbind --all --handler");
    let document = doctor(&bound_to("https://no-such-host.invalid/b24"), "").ended_with(3).json();
    assert_found(&document, "handler.dns", "fail", "does not resolve");
    assert_found(&document, "handler.answer", "skipped", "does not resolve");
}

#[test]
fn a_handler_that_accepts_a_wrong_application_token_is_a_warning() {
    let handler = RawServer::status(200, "text/plain", "");
    let document = doctor(&bound_to(&format!("{}/b24", handler.url)), "").ended_with(0).json();
    assert_found(&document, "handler.token", "warn", "wrong application_token");
    let (sandbox, _good) = healthy();
    assert_found(&doctor(&sandbox, "").json(), "handler.token", "ok", "HTTP 403");
    let document = sandbox.run("doctor -o json").ended_with(0).json();
    assert_found(&document, "handler.answer", "skipped", "IMCONN_APPLICATION_TOKEN");
    assert_found(&document, "handler.token", "ok", "HTTP 403");
}

#[test]
fn a_slow_handler_is_a_warning() {
    let handler = RawServer::doing(|stream| {
        // This tests the wait: it must exceed the second that a portal allows.
        std::thread::sleep(Duration::from_millis(1100));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    let document = doctor(&bound_to(&format!("{}/b24", handler.url)), "").ended_with(0).json();
    assert_found(&document, "handler.answer", "warn", "slow");
}

#[test]
fn a_dead_handler_next_to_a_working_one_is_a_warning() {
    let (sandbox, _handler) = healthy();
    sandbox.run("bind --all --handler http://127.0.0.1:9/tunnel").ended_with(0);
    let document = doctor(&sandbox, "").ended_with(0).json();
    let dead = document["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == "handler.answer" && check["handler"] == "http://127.0.0.1:9/tunnel");
    assert_eq!(dead.unwrap()["verdict"], "warn", "{document:#}");
}

#[test]
fn only_dead_handlers_are_a_failure() {
    let sandbox = bound_to("http://127.0.0.1:9/tunnel");
    sandbox.run("bind --all --handler http://127.0.0.1:7/server").ended_with(0);
    let document = doctor(&sandbox, "").ended_with(3).json();
    assert_found(&document, "handler.answer", "fail", "no connection");
    assert_eq!(document["summary"]["fail"], 2, "{document:#}");
}

#[test]
fn a_handler_that_rejects_a_wrong_token_is_not_broken() {
    for status in [400, 404] {
        let handler = RawServer::replying(move |_| (status, String::new()));
        let sandbox = bound_to(&format!("{}/b24", handler.url));
        let document = sandbox.run("doctor -o json").ended_with(0).json();
        assert_found(&document, "handler.answer", "skipped", "IMCONN_APPLICATION_TOKEN");
    }
}

#[test]
fn a_crash_on_a_wrong_token_is_not_a_rejection() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("application_token").to_owned();
    let handler = RawServer::replying(move |request| (if request.contains(&token) { 200 } else { 500 }, String::new()));
    sandbox.run(&format!("bind --all --handler {}/b24", handler.url)).ended_with(0);
    assert_found(&doctor(&sandbox, "").ended_with(0).json(), "handler.token", "skipped", "HTTP 500");
}

#[test]
fn a_handler_is_called_through_the_configured_proxy() {
    let sandbox = bound_to("https://no-such-host.invalid/b24");
    let proxy = RawServer::status(403, "text/plain", "no");
    let variables = [("HTTPS_PROXY", proxy.url.as_str())];
    let document = sandbox.run_with(&variables, "doctor -o json").json();
    assert_found(&document, "handler.answer", "skipped", "--handler");
    assert_eq!(proxy.received().len(), 0, "where the proxy would find it is unknown");
    let named = "doctor -o json --handler https://no-such-host.invalid/b24";
    assert_found(&sandbox.run_with(&variables, named).json(), "handler.dns", "skipped", "proxy");
    assert!(proxy.received()[0].starts_with("CONNECT no-such-host.invalid:443"), "the user gave it");
}

#[test]
fn a_given_handler_is_checked_and_compared_with_the_bindings() {
    let (sandbox, handler) = healthy();
    let document = doctor(&sandbox, &format!("--handler {}/b24", handler.url)).ended_with(0).json();
    assert_found(&document, "handler.bound", "ok", "all seven");
    let document = doctor(&sandbox, &format!("--handler {}/b24/", handler.url)).ended_with(0).json();
    assert_found(&document, "handler.bound", "warn", "byte for byte");
    for (wrong, said) in [("http://localhost/x", "dot inside the host"), ("https://me:pw@a.b/", "user name")] {
        let document = doctor(&sandbox, &format!("--handler {wrong}")).ended_with(3).json();
        assert_found(&document, "handler.address", "fail", said);
    }
    for no_url in ["", "notaurl", "ftp://a.b/"] {
        doctor(&sandbox, &format!("--handler={no_url}")).ended_with(2);
    }
}

/// Checks a handler as for a portal on the internet.
fn examine(url: &str, given: bool) -> Vec<Check> {
    let probe = Probe {
        options: HttpOptions { timeout: Duration::from_secs(5), ca_cert: None, pinned: None },
        application_token: None,
        sender: Sender {
            domain: "acme.bitrix24.com".to_owned(),
            client_endpoint: "https://acme.bitrix24.com/rest/".to_owned(),
            server_endpoint: "https://oauth.bitrix.info/rest/".to_owned(),
            member_id: MemberId::Known("0123456789abcdef0123456789abcdef".to_owned()),
            scope: "imconnector,imopenlines".to_owned(),
            status: "L".to_owned(),
            user_id: 1,
        },
        portal_is_local: false,
        command: "imconn".to_owned(),
    };
    let subject = Subject { url: url.to_owned(), given, bound: true, configured: false };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Arc::new(probe).examine(subject))
}

#[test]
fn a_portal_cannot_make_us_call_a_private_address() {
    let inner = RawServer::status(200, "text/plain", "");
    let verdict = |checks: &[Check], id: &str| checks.iter().find(|check| check.id == id).unwrap().verdict;
    let checks = examine(&format!("{}/x", inner.url), false);
    assert_eq!(
        (verdict(&checks, "handler.address"), verdict(&checks, "handler.answer")),
        (Verdict::Fail, Verdict::Skipped)
    );
    assert_eq!(inner.received().len(), 0, "nothing was called");
    let checks = examine(&format!("{}/x", inner.url), true);
    assert_eq!((verdict(&checks, "handler.address"), verdict(&checks, "handler.tls")), (Verdict::Fail, Verdict::Warn));
    assert_eq!((verdict(&checks, "handler.answer"), inner.received().len()), (Verdict::Ok, 1), "the user gave it");
}

#[test]
fn many_handlers_are_checked_and_the_rest_is_counted() {
    let sandbox = Sandbox::start();
    for i in 0..25 {
        sandbox.run(&format!("bind message-add --handler http://127.0.0.1:9/{i}")).ended_with(0);
    }
    let document = doctor(&sandbox, "").ended_with(3).json();
    assert_found(&document, "handler.more", "skipped", "5 more handlers");
}

fn senders(body: &str) -> (RawServer, Home) {
    (RawServer::page("application/json", body), Home::new())
}

#[test]
fn senders_are_fetched_and_printed_as_rules() {
    let (server, home) = senders(r#"{"nodes":["52.29.163.104","3.217.33.54","3.217.33.54"]}"#);
    let variables = [("IMCONN_SENDERS_LIST", server.url.as_str())];
    let rules = |kind: &str| home.run_with(&variables, &format!("doctor --firewall {kind}")).ended_with(0).stdout;
    assert!(rules("nginx").ends_with("allow 3.217.33.54;\nallow 52.29.163.104;\ndeny all;\n"));
    assert!(rules("iptables").contains("-A BITRIX24 -s 52.29.163.104/32 -j ACCEPT\n"));
    let json: Value = serde_json::from_str(&rules("json")).unwrap();
    assert_eq!(json, json!({"senders": ["3.217.33.54", "52.29.163.104"]}));
    let (sandbox, _handler) = healthy();
    let document = sandbox.run_with(&variables, "doctor -o json").json();
    assert_found(&document, "senders", "ok", "2 addresses");
}

#[test]
fn an_invalid_list_produces_no_rules() {
    for body in ["<html>", "{}", r#"{"nodes":[]}"#, r#"{"nodes":["1.2.3.4; deny all"]}"#, r#"{"nodes":[7]}"#] {
        let (server, home) = senders(body);
        let output = home.run_with(&[("IMCONN_SENDERS_LIST", &server.url)], "doctor --firewall nginx").ended_with(6);
        assert_eq!(output.stdout, "", "{body}");
    }
    let output = Home::new().run_with(&[("IMCONN_SENDERS_LIST", "http://a.b/")], "doctor --firewall nginx");
    assert!(output.ended_with(2).stderr.contains("IMCONN_SENDERS_LIST"));
}

#[test]
fn the_table_shows_hints_and_shared_facts_once() {
    let sandbox = Sandbox::start();
    let shown = sandbox.run("doctor").ended_with(3).stdout;
    assert_eq!(shown.matches("→ bind it with imconn bind --all --handler URL\n").count(), 1, "{shown}");
    let mut all = String::new();
    for args in ["doctor", "doctor -o json", "doctor -o csv", "doctor -o plain", "doctor -vv"] {
        let output = sandbox.run_with(&sandbox.renewable(), args).ended_with(3);
        write!(all, "{}{}", output.stdout, output.stderr).unwrap();
    }
    for name in ["access_token", "refresh_token", "client_secret", "application_token"] {
        assert!(!all.contains(sandbox.fact(name)), "{name}: {all}");
    }
}

/// The fields that b24pysdk's `OAuthEventData` and other strict handlers require, and of which kind they are.
fn is_complete(request: &str) -> bool {
    let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
    let fields: HashMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let texts = ["domain", "member_id", "client_endpoint", "server_endpoint", "application_token", "access_token"]
        .iter()
        .chain(&["scope", "status"])
        .map(|name| format!("auth[{name}]"))
        .chain(["event".to_owned()]);
    let numbers = ["event_handler_id", "ts", "auth[expires]", "auth[expires_in]", "auth[user_id]"];
    let has_text = |name: String| fields.get(&name).is_some_and(|value| !value.is_empty());
    let has_number = |name: &str| fields.get(name).is_some_and(|value| value.parse::<u64>().is_ok_and(|it| it > 0));
    texts.into_iter().all(has_text) && numbers.into_iter().all(has_number)
}

#[test]
fn a_handler_that_requires_every_field_of_an_event_is_correct() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("application_token").to_owned();
    let handler = RawServer::replying(move |request| {
        let status = match request {
            incomplete if !is_complete(incomplete) => 422,
            right if right.contains(&token) => 200,
            _ => 403,
        };
        (status, String::new())
    });
    sandbox.run(&format!("bind --all --handler {}/b24", handler.url)).ended_with(0);
    let document = doctor(&sandbox, "").ended_with(0).json();
    assert_found(&document, "handler.answer", "ok", "member_id unknown, a made-up one was sent");
    assert_found(&document, "handler.token", "ok", "HTTP 403");
    let post = &handler.received()[0];
    assert!(post.to_ascii_lowercase().contains("user-agent: bitrix24 webhook engine\r\n"), "{post}");
    assert!(!post.contains(sandbox.fact("refresh_token")) && !post.contains("refresh_token"), "{post}");
}

#[test]
fn a_profile_names_the_member_id_of_its_portal() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let handler = RawServer::status(200, "text/plain", "");
    sandbox.home.run(&format!("-p acme bind --all --handler {}/b24", handler.url)).ended_with(0);
    let document = sandbox.home.run("-p acme doctor -o json").ended_with(0).json();
    assert!(!check(&document, "handler.answer").1.contains("made-up"), "{document:#}");
    assert!(handler.received()[0].contains("auth%5Bmember_id%5D=m&"));
}

#[test]
fn scopes_are_judged_by_the_portals_own_list() {
    let (sandbox, _handler) = healthy();
    sandbox.app(&json!({"scopes": ["imopenlines"]}));
    assert_found(&doctor(&sandbox, "").json(), "scopes", "warn", "imconnector is missing");
    sandbox.app(&json!({"scopes": ["imconnector"]}));
    assert_found(&doctor(&sandbox, "").json(), "scopes", "fail", "belong to imopenlines");
}

#[test]
fn fixes_are_commands_that_work_when_pasted() {
    let (sandbox, handler) = healthy();
    sandbox.run("unbind message-add --yes").ended_with(0);
    let url = &handler.url;
    let document = doctor(&sandbox, "").ended_with(3).json();
    let command = format!("bind message-add --handler={url}/b24");
    assert_found(&document, "bound.message-add", "fail", &format!("`imconn {command}`"));
    sandbox.run(&command).ended_with(0);
    doctor(&sandbox, "").ended_with(0);
    // A portal would refuse this one, so no command binds it.
    let document = doctor(&sandbox, "--handler http://localhost/x").ended_with(3).json();
    assert_found(&document, "handler.bound", "skipped", "does not accept");
    assert!(!check(&document, "handler.address").1.contains("imconn"), "{document:#}");
}

#[test]
fn the_handler_of_the_settings_is_not_suggested_for_removal() {
    let sandbox = bound_to("http://127.0.0.1:9/b24");
    let mut variables = sandbox.renewable();
    variables.push(("IMCONN_HANDLER", "http://127.0.0.1:9/b24"));
    let document = sandbox.run_with(&variables, "doctor -o json").ended_with(3).json();
    assert!(!document.to_string().contains("unbind"), "{document:#}");
}
