//! A public SDK, unchanged, against the sandbox.

use std::path::PathBuf;
use std::process::Command;

use crate::sandbox_serve::certificates;
use crate::support::{Home, Sandbox};

/// A Python that has `b24pysdk`: the one that `IMCONN_TEST_PYTHON` names, or any on the path.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("IMCONN_TEST_PYTHON").map(PathBuf::from);
    let candidates = named.map_or_else(|| vec!["python3".into(), "python".into()], |named| vec![named]);
    let has_sdk = |python: &PathBuf| {
        Command::new(python).args(["-c", "import b24pysdk"]).output().is_ok_and(|output| output.status.success())
    };
    candidates.into_iter().find(has_sdk)
}

#[test]
fn b24pysdk_binds_lists_unbinds_batches_and_renews_its_token() {
    let Some(python) = python() else {
        assert!(std::env::var_os("IMCONN_TEST_PYTHON").is_none(), "the named Python has no b24pysdk");
        skip(
            "no Python with b24pysdk: python3 -m venv VENV && VENV/bin/pip install b24pysdk==1.3.2, then IMCONN_TEST_PYTHON=VENV/bin/python",
        );
        return;
    };
    let home = Home::new();
    let (ca, certificate, key) = certificates(home.path("").as_path());
    let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
    let host = sandbox.url().trim_start_matches("https://").replace("127.0.0.1", "localhost");
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/b24pysdk_client.py"))
        .env_clear()
        .env("HOME", sandbox.home.path(""))
        .env("REQUESTS_CA_BUNDLE", ca)
        .env("NO_PROXY", "*")
        .env("SANDBOX_DOMAIN", &host)
        .env("SANDBOX_OAUTH_SERVER", format!("https://{host}"))
        .env("SANDBOX_CONTROL", sandbox.fact("control"))
        .env("SANDBOX_ACCESS_TOKEN", sandbox.fact("access_token"))
        .env("SANDBOX_REFRESH_TOKEN", sandbox.fact("refresh_token"))
        .env("SANDBOX_CLIENT_ID", sandbox.fact("client_id"))
        .env("SANDBOX_CLIENT_SECRET", sandbox.fact("client_secret"))
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.lines().count() >= 13, "{stdout}");
}

/// Says past the harness, which captures what a test prints, that a test did not run.
fn skip(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
