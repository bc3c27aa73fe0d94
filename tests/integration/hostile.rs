//! Portals that answer with anything but REST.

use std::io::Write as _;
use std::time::Duration;

use serde_json::json;

use crate::support::{HANDLER, Home, Output, RawServer, Sandbox, TOKEN};

fn list(server: &RawServer, args: &str) -> Output {
    server.run(&format!("list --retries 0 {args}"))
}

#[track_caller]
fn assert_unreachable(output: Output, said: &str) {
    let output = output.ended_with(6);
    assert!(output.stderr.contains(said), "`{said}` is missing: {output:?}");
    assert!(output.stderr.contains("hint:"), "{output:?}");
    assert!(output.stdout.is_empty() && !output.stderr.contains(TOKEN), "{output:?}");
    assert!(output.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{output:?}");
}

#[test]
fn a_web_page_is_reported_with_its_first_words() {
    let server = RawServer::page("text/html", "<!DOCTYPE html><title>Portal is closed</title>");
    assert_unreachable(list(&server, ""), "a web page (text/html): \"Portal is closed\"");
}

#[test]
fn a_truncated_body_is_reported() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"result\":";
    assert_unreachable(list(&RawServer::answering(cut), ""), "connection closed before the answer was complete");
    assert_unreachable(list(&RawServer::page("application/json", "{\"result\":"), ""), "truncated JSON");
}

#[test]
fn an_empty_answer_is_reported() {
    assert_unreachable(list(&RawServer::answering(""), ""), "connection closed before the answer was complete");
    assert_unreachable(list(&RawServer::page("application/json", ""), ""), "an empty body");
}

#[test]
fn a_64_mib_answer_is_not_read() {
    let announced = RawServer::answering(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 64 << 20));
    let output = list(&announced, "");
    assert!(!output.stderr.contains("address"), "{output:?}");
    assert_unreachable(output, "longer than 8 MiB");
    let unannounced = RawServer::doing(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let block = vec![b' '; 1 << 20];
        // Fails as soon as the client stops reading.
        for _ in 0..64 {
            if stream.write_all(&block).is_err() {
                return;
            }
        }
    });
    assert_unreachable(list(&unannounced, ""), "longer than 8 MiB");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let body = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}evil";
    assert_unreachable(list(&RawServer::page("text/plain", body), ""), "]0;owned[2Jevil");
    assert_unreachable(list(&RawServer::page("text/\u{1b}[31mplain", body), ""), "not HTTP");
    let refusal = json!({"error": "X\u{1b}[2J", "error_description": "a\u{1b}]0;x\u{7}b"}).to_string();
    let output = list(&RawServer::status(400, "application/json", &refusal), "").ended_with(5);
    assert!(!output.stderr.contains('\u{1b}'), "{output:?}");
}

#[test]
fn a_redirect_to_another_host_is_not_followed_and_leaks_no_token() {
    let stranger = RawServer::page("application/json", "{}");
    for (status, target) in [
        (302, format!("{}/rest/batch", stranger.url)),
        (307, format!("{}/rest/batch", stranger.url)),
        (301, "https://evil.example.com/rest/batch".to_owned()),
        (302, "https://evil.example.com/login?auth=x".to_owned()),
        (302, "https://evil.example.com/rest/batch".to_owned()),
    ] {
        let server =
            RawServer::answering(format!("HTTP/1.1 {status} X\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"));
        let output = list(&server, "").ended_with(6);
        assert!(output.stderr.contains(&format!("HTTP {status} and points to")), "{output:?}");
        assert_eq!(server.received().len(), 1);
    }
    assert_eq!(stranger.received(), Vec::<String>::new());
}

#[test]
fn a_silent_portal_times_out() {
    let server = RawServer::doing(|_| std::thread::sleep(Duration::from_mins(1)));
    assert_unreachable(list(&server, "--timeout 1"), "no answer within 1 s");
    assert_eq!(server.received().len(), 1, "a request that timed out is not repeated");
}

#[test]
fn an_unreachable_portal_exits_6() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let variables = [("IMCONN_ACCESS_TOKEN", TOKEN)];
    let output = Home::new().run_with(&variables, &format!("-p http://{closed} list --retries 0"));
    assert_unreachable(output, "no connection");
}

#[test]
fn an_echoed_token_is_masked() {
    let refusal = json!({"error": "ERROR", "error_description": format!("bad token {TOKEN}")}).to_string();
    let output = list(&RawServer::status(400, "application/json", &refusal), "-vv").ended_with(5);
    assert!(output.stderr.contains("bad token ***"), "{output:?}");
    assert!(!output.stderr.contains(TOKEN), "{output:?}");
}

#[test]
fn an_echoed_token_is_masked_in_any_encoding() {
    let (front, back) = TOKEN.split_at(12);
    let spelled: String = TOKEN.chars().map(|c| format!("\\u{:04x}", c as u32)).collect();
    let with_type =
        |name: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: text/{name}\r\nContent-Length: 4\r\n\r\nnope");
    let refusal = |text: String| json!({"error": "X", "error_description": text}).to_string();
    let servers = [
        RawServer::answering(with_type(TOKEN)),
        RawServer::answering(with_type(&format!("{front}\t{back}"))),
        RawServer::page("text/html", &format!("<html>{front}\n{back}<b></b></html>")),
        RawServer::page("application/json", &json!({"result": {format!("{front}\u{ad}{back}"): 1}}).to_string()),
        RawServer::status(400, "application/json", &refusal(format!("{front}\u{200b}{back}"))),
        RawServer::status(400, "application/json", &refusal(format!("{front}\u{1b}{back}"))),
        RawServer::page("application/json", &format!("{{\"result\":\"{spelled}\"}}")),
        RawServer::answering(format!("HTTP/1.1 302 X\r\nLocation: https://a.b/{TOKEN}\r\nContent-Length: 0\r\n\r\n")),
    ];
    for server in servers {
        let output = server.run("call foo -vv --retries 0");
        let seen: String = (output.stdout + &output.stderr).chars().filter(char::is_ascii_graphic).collect();
        assert!(!seen.contains(TOKEN), "{seen}");
        assert!(seen.contains("***"), "{seen}");
    }
}

#[test]
fn a_portal_cannot_forge_our_messages() {
    let scopes = json!(["im\nerror: forged line\nhint: run evil"]);
    let body = json!({"result": {"result": {"c0": [], "c1": scopes}, "result_error": []}, "time": {}});
    let server = RawServer::page("application/json", &body.to_string());
    let output = server.run("events --available").ended_with(0);
    assert!(!output.stderr.lines().any(|line| line.starts_with("error:")), "{output:?}");
}

#[test]
fn an_error_without_a_code_is_not_a_rest_answer() {
    for body in [r#"{"error":"","error_description":""}"#, r#"{"error":0}"#] {
        assert_unreachable(
            list(&RawServer::status(400, "application/json", body), ""),
            "HTTP 400 with JSON without `result` or `error`",
        );
    }
}

#[test]
fn a_proxys_error_page_is_retried_and_then_reported() {
    let server = RawServer::status(502, "text/html", "<html><title>502 Bad Gateway</title></html>");
    let output = server.run("list --retries 1");
    assert_unreachable(output, "HTTP 502 with a web page");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_closed_sandbox_portal_is_reported() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "html"}));
    let output = sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(6);
    assert!(output.stderr.contains("Portal is closed"), "{output:?}");
}

#[test]
fn a_refused_command_without_an_answer_does_not_count_as_done() {
    let body = json!({"result": {"result": {"c1": {"ID": "1", "ADMIN": true}}, "result_error": []}, "time": {}});
    let server = RawServer::page("application/json", &body.to_string());
    let output = server.run(&format!("bind message-add --handler {HANDLER} -o json"));
    assert_eq!(output.ended_with(6).statuses(), ["failed"]);
}

#[test]
fn an_error_that_is_not_text_is_not_a_success() {
    for error in [json!(true), json!({"code": "ERROR_X", "message": "no"}), json!([1])] {
        let body = json!({"result": true, "error": error, "time": {}}).to_string();
        let output = RawServer::page("application/json", &body).run("call foo -o json").ended_with(5);
        assert_eq!((output.stdout.as_str(), &output.json_error()["code"]), ("", &json!("refused")));
    }
}

#[test]
fn a_command_with_an_error_as_text_has_failed() {
    let body = json!({"result": {"result": {"c0": true}, "result_error": {"c0": "ERROR_CORE"}}, "time": {}});
    let server = RawServer::page("application/json", &body.to_string());
    let output = server.run(&format!("bind message-add --handler {HANDLER} -o json")).ended_with(5);
    assert_eq!(
        (output.statuses(), &output.json_error()["portal_code"]),
        (vec!["failed".to_owned()], &json!("ERROR_CORE"))
    );
}

#[test]
fn a_byte_order_mark_is_reported() {
    let server = RawServer::page("application/json", "\u{feff}{\"result\":[],\"time\":{}}");
    let output = list(&server, "").ended_with(6);
    assert!(output.stderr.contains("JSON that begins with a byte order mark"), "{output:?}");
    assert!(output.stderr.contains("one of the portal's PHP files"), "{output:?}");
}
