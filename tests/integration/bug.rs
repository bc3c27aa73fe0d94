//! Panics: the report file, and what it must not contain.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Home, TOKEN};

#[test]
fn a_panic_leaves_a_private_report_without_secrets() {
    let home = Home::new();
    let variables = [("IMCONN_TEST_PANIC", "1"), ("IMCONN_ACCESS_TOKEN", TOKEN)];
    let output = home.run_with(&variables, "call scope secret=s3cr3t -p sandbox").ended_with(1);
    assert!(output.stderr.starts_with("error: imconn failed unexpectedly"), "{output:?}");
    let reports: Vec<_> =
        std::fs::read_dir(home.path("data/crash")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    assert!(output.stderr.contains(report.to_str().unwrap()), "{output:?}");
    assert_eq!(std::fs::metadata(report).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(report).unwrap();
    assert!(text.contains("command: imconn call\n") && text.contains("message: a test asked"), "{text}");
    assert!(!text.contains("s3cr3t") && !text.contains(TOKEN), "{text}");
}

#[test]
fn a_panic_is_a_json_error_where_json_was_asked_for() {
    let output = Home::new().run_with(&[("IMCONN_TEST_PANIC", "1")], "list -p sandbox -o json").ended_with(1);
    assert_eq!(output.json_error()["code"], "bug");
}
