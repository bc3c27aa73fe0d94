//! `sandbox serve`: shared state, TLS, renames, and killed processes.

use std::path::Path;
use std::process::{Child, Stdio};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use serde_json::json;

use crate::support::http::{post_json, request, request_as};
use crate::support::{HANDLER, Home, Output, RawServer, Sandbox};

#[test]
fn the_ready_line_has_what_a_client_needs() {
    let sandbox = Sandbox::start();
    for member in [
        "url",
        "access_token",
        "user_access_token",
        "refresh_token",
        "client_id",
        "client_secret",
        "application_token",
        "oauth_server",
        "webhook",
    ] {
        assert!(!sandbox.fact(member).is_empty(), "{member}");
    }
}

#[test]
fn a_command_uses_the_sandbox_that_is_being_served() {
    let sandbox = Sandbox::start();
    sandbox.home.run("-p sandbox bind --all").ended_with(0);
    assert_eq!(sandbox.requests().len(), 1);
    assert_eq!(sandbox.bindings().len(), 7);
}

#[test]
fn a_second_server_on_the_same_state_is_refused_and_names_the_first() {
    let sandbox = Sandbox::start();
    let output = sandbox.home.run("sandbox serve --addr 127.0.0.1:0").ended_with(1);
    assert!(output.stderr.contains(sandbox.url()), "{output:?}");
}

#[test]
fn a_port_that_is_in_use_is_reported_with_a_way_out() {
    let sandbox = Sandbox::start();
    let address = sandbox.url().trim_start_matches("http://");
    let output = Home::new().run(&format!("sandbox serve --addr {address}")).ended_with(1);
    assert!(output.stderr.contains(&format!("cannot listen on {address}")), "{output:?}");
    assert!(output.stderr.contains("choose another port"), "{output:?}");
}

#[test]
fn leftovers_of_a_killed_server_do_not_block_the_next() {
    let mut sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    let home = std::mem::replace(&mut sandbox.home, Home::new());
    drop(sandbox);
    let listed = home.run("-p sandbox list -o json").ended_with(0).json();
    assert_eq!(listed["bindings"].as_array().unwrap().len(), 7);
    assert_eq!(Sandbox::start_in(home, &[]).bindings().len(), 7);
}

#[test]
fn concurrent_processes_lose_nothing() {
    let home = Home::new();
    let bind = |n: usize| -> Child {
        let handler = format!("https://bot{n}.example.com/b24");
        let mut command = home.command();
        command.args(["-p", "sandbox", "bind", "--all", "--handler", &handler]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<Child> = (0..12).map(bind).collect();
    for child in children {
        Output::from(child.wait_with_output().unwrap()).ended_with(0);
    }
    let listed = home.run("-p sandbox list -o json").json();
    assert_eq!(listed["bindings"].as_array().unwrap().len(), 12 * 7);
}

#[test]
fn reset_removes_bindings_and_keeps_tokens() {
    let sandbox = Sandbox::start();
    sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
    sandbox.home.run("sandbox reset").ended_with(0);
    assert_eq!(sandbox.bindings().len(), 0);
}

#[test]
fn an_unreadable_state_is_reported_and_reset_replaces_it() {
    let home = Home::new();
    home.write("data/sandbox/state.json", "{");
    let output = home.run("-p sandbox list").ended_with(1);
    assert!(output.stderr.contains("imconn sandbox reset"), "{output:?}");
    let renewed = home.run("sandbox reset").ended_with(0);
    assert!(renewed.stderr.contains("new tokens and keys"), "{renewed:?}");
    home.run("-p sandbox list").ended_with(0);
}

#[test]
fn the_sandbox_listens_on_loopback_only() {
    let output = Home::new().run("sandbox serve --addr 0.0.0.0:0").ended_with(2);
    assert!(output.stderr.contains("127.0.0.1"), "{output:?}");
    let sandbox = Sandbox::start();
    let browser = request(sandbox.fact("control"), "GET", "/requests", &["Origin: https://evil.example.com"], "");
    assert_eq!(browser.status, 403);
}

#[test]
fn the_control_address_answers_only_to_its_own_name() {
    let sandbox = Sandbox::start();
    let control = sandbox.fact("control");
    let port = control.rsplit(':').next().unwrap();
    let status = |host: &str| request_as(control, host, "GET", "/requests").status;
    assert_eq!(status(&format!("localhost:{port}")), 200);
    for host in ["evil.example.com", &format!("evil.example.com:{port}"), "127.0.0.1"] {
        assert_eq!(status(host), 403, "{host}");
    }
}

#[test]
fn an_unknown_fault_is_refused() {
    let sandbox = Sandbox::start();
    for fault in
        [json!({"kind": "nonsense"}), json!({"kind": "limit", "tims": 3}), json!({"kind": "limit", "times": 0})]
    {
        assert_eq!(post_json(sandbox.fact("control"), "/faults", &fault).status, 400, "{fault}");
    }
    assert_eq!(post_json(sandbox.fact("control"), "/app", &json!({"nonsense": 1})).status, 400);
    assert_eq!(request(sandbox.fact("control"), "GET", "/nonsense", &[], "").status, 404);
}

#[test]
fn serving_ends_with_a_signal_as_a_success() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let sandbox = Sandbox::start();
        let process = sandbox.process_id().to_string();
        let status = std::process::Command::new("kill").args([signal, &process]).status().unwrap();
        assert!(status.success());
        assert_eq!(sandbox.wait(), Some(0), "{signal}");
    }
}

/// A throw-away authority, and its certificate for this machine.
pub(crate) fn certificates(folder: &Path) -> (String, String, String) {
    certificates_until(folder, (2090, 1, 1))
}

/// The same, valid until a year, month and day.
pub(crate) fn certificates_until(folder: &Path, end: (i32, u8, u8)) -> (String, String, String) {
    issue(&[], end, folder)
}

/// The same, for these hosts as well.
pub(crate) fn certificates_for(hosts: &[&str], folder: &Path) -> (String, String, String) {
    issue(hosts, (2090, 1, 1), folder)
}

fn issue(hosts: &[&str], (year, month, day): (i32, u8, u8), folder: &Path) -> (String, String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "throw-away authority");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", "127.0.0.1"].iter().chain(hosts).map(|name| (*name).to_owned());
    let mut params = CertificateParams::new(names.collect::<Vec<_>>()).unwrap();
    params.use_authority_key_identifier_extension = true;
    params.not_after = date_time_ymd(year, month, day);
    let leaf = params.signed_by(&key, &authority).unwrap();
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    (write("ca.pem", authority.pem()), write("cert.pem", leaf.pem()), write("key.pem", key.serialize_pem()))
}

fn start_tls() -> (Sandbox, String) {
    let home = Home::new();
    let (ca, certificate, key) = certificates(home.path("").as_path());
    (Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]), ca)
}

#[test]
fn https_requires_a_trusted_authority() {
    let (sandbox, ca) = start_tls();
    assert!(sandbox.url().starts_with("https://127.0.0.1:"));
    let output = sandbox.run("list --retries 3").ended_with(6);
    assert!(output.stderr.contains("unknown authority") && output.stderr.contains("--ca-cert"), "{output:?}");
    sandbox.run(&format!("list --ca-cert {ca}")).ended_with(0);
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn bundled_certificates_are_used_where_the_system_has_none() {
    let (sandbox, ca) = start_tls();
    let nothing = [("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nonexistent")];
    let output = sandbox.run_with(&nothing, "list --retries 0").ended_with(6);
    assert!(output.stderr.contains("unknown authority"), "the client was built: {output:?}");
    sandbox.run_with(&nothing, &format!("list --ca-cert {ca}")).ended_with(0);
}

#[test]
fn a_renamed_portal_is_followed_reported_and_remembered() {
    let (old, old_ca) = start_tls();
    let (new, new_ca) = start_tls();
    let both = std::fs::read_to_string(&old_ca).unwrap() + &std::fs::read_to_string(&new_ca).unwrap();
    let ca = old.home.write("both.pem", &both);
    let profile = format!("host = \"{}\"\naccess_token = \"{}\"\n", old.url(), new.fact("access_token"));
    let store = old.home.write("config/profiles/acme.toml", &profile);
    old.fault(&json!({"kind": "rename", "to": new.url()}));
    let args = format!("-p acme --ca-cert {} bind --all --handler {HANDLER}", ca.display());
    let output = old.home.run(&args).ended_with(0);
    assert!(output.stderr.contains("has moved to") && output.stderr.contains("profile is updated"), "{output:?}");
    assert_eq!(new.requests()[0]["http_method"], "POST");
    assert_eq!(new.requests()[0]["commands"].as_array().unwrap().len(), 10);
    assert!(std::fs::read_to_string(store).unwrap().contains(new.url()));
    let again = old.home.run(&format!("-p acme --ca-cert {} list -o json", ca.display())).ended_with(0);
    assert_eq!(again.json()["bindings"].as_array().unwrap().len(), 7);
}

#[test]
fn a_rename_is_remembered_only_after_the_new_address_answers_as_a_portal() {
    let (sandbox, ca) = start_tls();
    let home = Home::new();
    let (_, certificate, key) = certificates(home.path("").as_path());
    let both = std::fs::read_to_string(&ca).unwrap() + &std::fs::read_to_string(home.path("ca.pem")).unwrap();
    let closed = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
    let ca = sandbox.home.write("both.pem", &both);
    let profile = format!("host = \"{}\"\naccess_token = \"0123456789abcdef\"\n", sandbox.url());
    let store = sandbox.home.write("config/profiles/acme.toml", &profile);
    // A web page, or a refusal that any web service could send: neither proves that a portal answers.
    for (fault, code) in [(Some(json!({"kind": "html"})), 6), (None, 4)] {
        if let Some(fault) = fault {
            closed.fault(&fault);
        }
        sandbox.fault(&json!({"kind": "rename", "to": closed.url()}));
        let output = sandbox.home.run(&format!("-p acme --ca-cert {} list", ca.display())).ended_with(code);
        assert!(!output.stderr.contains("has moved"), "{output:?}");
        assert_eq!(std::fs::read_to_string(&store).unwrap(), profile);
    }
}

#[test]
fn a_lock_held_too_long_is_reported_with_its_file() {
    let home = Home::new();
    home.run("-p sandbox list").ended_with(0);
    let lock = std::fs::File::open(home.path("data/sandbox/state.lock")).unwrap();
    lock.lock().unwrap();
    let output = home.run("-p sandbox list").ended_with(1);
    assert!(output.stderr.contains("state.lock"), "{output:?}");
}

#[test]
fn a_redirect_to_something_else_does_not_get_the_token() {
    let (sandbox, ca) = start_tls();
    let stranger = RawServer::page("application/json", "{}");
    for to in [stranger.url.as_str(), "https://evil.example.com", "https://me@127.0.0.1:9", "https://10.0.0.1"] {
        sandbox.fault(&json!({"kind": "rename", "to": to}));
        let output = sandbox.run(&format!("list --ca-cert {ca}")).ended_with(6);
        assert!(output.stderr.contains("HTTP 302 and points to"), "{to}: {output:?}");
    }
    assert_eq!(stranger.received(), Vec::<String>::new());
}

#[test]
fn a_rename_to_another_domain_does_not_get_the_token() {
    let (old, old_ca) = start_tls();
    let (new, new_ca) = start_tls();
    let both = std::fs::read_to_string(&old_ca).unwrap() + &std::fs::read_to_string(&new_ca).unwrap();
    let ca = old.home.write("both.pem", &both);
    let to = new.url().replace("127.0.0.1", "localhost");
    old.fault(&json!({"kind": "rename", "to": to}));
    let output = old.run(&format!("list --ca-cert {}", ca.display())).ended_with(6);
    assert!(output.stderr.contains("HTTP 302 and points to"), "{output:?}");
    assert!(output.stderr.contains(&format!("`imconn login {to}`")), "{output:?}");
    assert_eq!(new.requests().len(), 0);
}

/// Makes what plain `openssl req -x509` makes: an authority that serves itself.
fn self_signed(folder: &Path, host: &str, end: (i32, u8, u8)) -> [String; 2] {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = date_time_ymd(end.0, end.1, end.2);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    [("self.pem", certificate.pem()), ("self-key.pem", key.serialize_pem())].map(|(name, text)| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    })
}

#[test]
fn a_self_signed_certificate_is_trusted_when_it_is_given_as_authority() {
    for (host, end, code) in
        [("127.0.0.1", (2090, 1, 1), 0), ("localhost", (2090, 1, 1), 6), ("127.0.0.1", (2020, 1, 1), 6)]
    {
        let home = Home::new();
        let [certificate, key] = self_signed(home.path("").as_path(), host, end);
        let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
        sandbox.run(&format!("--ca-cert {certificate} list")).ended_with(code);
        sandbox.run("list").ended_with(6);
        let other = Home::new();
        let [foreign, _] = self_signed(other.path("").as_path(), host, (2090, 1, 1));
        sandbox.run(&format!("--ca-cert {foreign} list")).ended_with(6);
    }
}
