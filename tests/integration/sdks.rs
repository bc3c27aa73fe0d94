//! Public SDKs, unchanged, against the sandbox.

use std::path::PathBuf;
use std::process::Command;

use crate::sandbox_serve::certificates;
use crate::support::{Home, Sandbox, skip};

#[test]
fn b24pysdk_binds_lists_unbinds_batches_and_renews_its_token() {
    run_python("b24pysdk", "b24pysdk_client.py", 13);
}

#[test]
fn pybitrix24_logs_in_binds_lists_batches_renews_and_reads_the_offline_queue() {
    run_python("pybitrix24", "pybitrix24_client.py", 8);
}

#[test]
fn fast_bitrix24_binds_lists_batches_renews_and_reads_the_offline_queue() {
    run_python("fast_bitrix24", "fast_bitrix24_client.py", 7);
}

#[test]
fn b24jssdk_binds_lists_batches_renews_and_reads_the_offline_queue() {
    let Some(modules) = std::env::var_os("IMCONN_TEST_NODE_MODULES").map(PathBuf::from) else {
        return skip(
            "b24jssdk: npm ci --prefix tests/clients, then IMCONN_TEST_NODE_MODULES=tests/clients/node_modules",
        );
    };
    let home = Home::new();
    // Node looks for packages next to the script and above it.
    let script = home.path("client.mjs");
    std::fs::copy(client("b24jssdk_client.mjs"), &script).unwrap();
    std::os::unix::fs::symlink(std::fs::canonicalize(modules).unwrap(), home.path("node_modules")).unwrap();
    let mut node = Command::new("node");
    node.arg(script);
    run(home, node, 8);
}

fn run_python(library: &str, script: &str, steps: usize) {
    let Some(python) = python_with(library) else {
        let hint = "pip install -r tests/clients/requirements.txt into a venv, then IMCONN_TEST_PYTHON=VENV/bin/python";
        return skip(&format!("{library}: {hint}"));
    };
    let mut command = Command::new(python);
    command.arg(client(script));
    run(Home::new(), command, steps);
}

/// A Python with the library: `IMCONN_TEST_PYTHON`, which must have it, or one on the path.
fn python_with(library: &str) -> Option<PathBuf> {
    let has_library = |python: &PathBuf| {
        let import = Command::new(python).args(["-c", &format!("import {library}")]).output();
        import.is_ok_and(|output| output.status.success())
    };
    if let Some(configured) = std::env::var_os("IMCONN_TEST_PYTHON").map(PathBuf::from) {
        assert!(has_library(&configured), "{} has no {library}", configured.display());
        return Some(configured);
    }
    ["python3", "python"].map(PathBuf::from).into_iter().find(has_library)
}

fn client(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

/// Runs a client against its own sandbox, behind a certificate of a throw-away authority.
fn run(home: Home, mut client: Command, steps: usize) {
    let (ca, certificate, key) = certificates(home.path("").as_path());
    let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
    let host = sandbox.url().trim_start_matches("https://").replace("127.0.0.1", "localhost");
    let path = std::env::var_os("PATH").unwrap_or_default();
    client
        .env_clear()
        .env("PATH", path)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("HOME", sandbox.home.path(""))
        .env("NO_PROXY", "*");
    for variable in ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
        client.env(variable, &ca);
    }
    for fact in ["access_token", "refresh_token", "client_id", "client_secret", "application_token", "control"] {
        client.env(format!("SANDBOX_{}", fact.to_uppercase()), sandbox.fact(fact));
    }
    client.env("SANDBOX_DOMAIN", &host).env("SANDBOX_OAUTH_SERVER", format!("https://{host}"));
    let output = client.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    assert_eq!(stdout.lines().filter(|line| line.starts_with("ok ")).count(), steps, "{stdout}");
}
