//! Which auth server gets the client secret and the refresh token, and which list of senders belongs to it.

use std::io::{Read as _, Write as _, copy};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use crate::sandbox_serve::certificates_for;
use crate::support::{Home, Output, RawServer, Sandbox};

/// A proxy that leads every https host to one server, and records which hosts were asked for.
struct Tunnel {
    url: String,
    hosts: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hosts = Arc::new(Mutex::new(Vec::new()));
        let (log, server) = (Arc::clone(&hosts), server.to_owned());
        thread::spawn(move || {
            for client in listener.incoming() {
                let (log, server) = (Arc::clone(&log), server.clone());
                thread::spawn(move || tunnel(client.unwrap(), &server, &log));
            }
        });
        Self { url, hosts }
    }

    fn hosts(&self) -> Vec<String> {
        self.hosts.lock().unwrap().clone()
    }
}

fn tunnel(mut client: TcpStream, server: &str, log: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let host = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(':').next()).unwrap_or_default();
    log.lock().unwrap().push(host.to_owned());
    let mut server = TcpStream::connect(server).unwrap();
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let upwards = thread::spawn(move || copy(&mut from_client, &mut to_server));
    let _ = copy(&mut server, &mut client);
    let _ = upwards.join();
}

/// The sandbox as acme.bitrix24.com with both of the vendor's auth servers.
fn world() -> (Sandbox, Tunnel, String) {
    let home = Home::new();
    let hosts = ["acme.bitrix24.com", "acme.bitrix24.ru", "oauth.bitrix.info", "oauth.bitrix24.tech", "evil.example"];
    let (ca, certificate, key) = certificates_for(&hosts, home.path("").as_path());
    let sandbox = Sandbox::start_in(home, &["--tls-cert", &certificate, "--tls-key", &key]);
    let tunnel = Tunnel::to(sandbox.url().trim_start_matches("https://"));
    (sandbox, tunnel, ca)
}

/// A file of tokens from the field, with the sandbox's own tokens.
pub(crate) fn case(name: &str, sandbox: &Sandbox) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace("test-access-token", sandbox.fact("access_token"));
    text.replace("test-refresh-token", sandbox.fact("refresh_token"))
}

fn run(world: &(Sandbox, Tunnel, String), tokens: &str, args: &str) -> Output {
    let (sandbox, tunnel, ca) = world;
    let file = sandbox.home.write("tokens", tokens);
    sandbox.fault(&json!({"kind": "expired-token"}));
    let variables = [
        ("HTTPS_PROXY", tunnel.url.as_str()),
        ("IMCONN_CLIENT_ID", sandbox.fact("client_id")),
        ("IMCONN_CLIENT_SECRET", sandbox.fact("client_secret")),
    ];
    let args = args.replace("FILE", file.to_str().unwrap());
    sandbox.home.run_with(&variables, &format!("--ca-cert {ca} {args}"))
}

#[test]
fn tokens_of_an_eastern_portal_are_renewed_at_the_eastern_server() {
    for name in ["t03-oauth-answer-2026-tech.json", "t09-frame-2026.form", "t17-onappupdate.form"] {
        let world = world();
        let text = case(name, &world.0);
        run(&world, &text, "login acme.bitrix24.com --tokens FILE").ended_with(0);
        assert!(world.1.hosts().contains(&"oauth.bitrix24.tech".to_owned()), "{name}: {:?}", world.1.hosts());
        let profile = std::fs::read_to_string(world.0.home.path("config/profiles/acme.toml")).unwrap();
        assert!(profile.contains("oauth_server = \"https://oauth.bitrix24.tech/\""), "{name}: {profile}");
        run(&world, "", "-p acme list").ended_with(0);
        assert!(!world.1.hosts().contains(&"oauth.bitrix.info".to_owned()), "{name}: {:?}", world.1.hosts());
    }
}

#[test]
fn the_country_of_the_portal_decides_without_a_named_server() {
    for (host, server) in [("acme.bitrix24.ru", "oauth.bitrix24.tech"), ("acme.bitrix24.com", "oauth.bitrix.info")] {
        let world = world();
        let (access, refresh) = (world.0.fact("access_token"), world.0.fact("refresh_token"));
        let text = format!("{{\"access_token\": \"{access}\", \"refresh_token\": \"{refresh}\"}}");
        run(&world, &text, &format!("login {host} --tokens FILE")).ended_with(0);
        assert!(world.1.hosts().contains(&server.to_owned()), "{:?}", world.1.hosts());
    }
}

#[test]
fn a_server_that_is_not_the_vendors_gets_nothing() {
    let world = world();
    let text = case("t03-oauth-answer-2026-tech.json", &world.0);
    let text = text.replace("https://oauth.bitrix24.tech/rest/", "https://evil.example/rest/");
    let output = run(&world, &text, "login acme.bitrix24.com --tokens FILE").ended_with(0);
    assert!(output.stderr.contains("evil.example") && output.stderr.contains("IMCONN_OAUTH_SERVER"), "{output:?}");
    assert!(!world.1.hosts().contains(&"evil.example".to_owned()), "{:?}", world.1.hosts());
}

#[test]
fn a_portal_on_this_machine_renews_on_this_machine() {
    let sandbox = Sandbox::start();
    let ready = sandbox.ready.to_string();
    sandbox.home.run_with_input(&ready, &format!("login {} --name acme --tokens -", sandbox.url())).ended_with(0);
    sandbox.fault(&json!({"kind": "expired-token"}));
    sandbox.home.run("-p acme list").ended_with(0);
    assert_eq!(sandbox.refreshes(), 1);
}

#[test]
fn the_secrets_of_a_portal_on_this_machine_do_not_reach_the_vendor() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    let proxy = RawServer::status(403, "text/plain", "no");
    sandbox.fault(&json!({"kind": "expired-token"}));
    let output = sandbox.home.run_with(&[("HTTPS_PROXY", &proxy.url)], "-p acme list").ended_with(4);
    assert!(output.stderr.contains("IMCONN_OAUTH_SERVER"), "{output:?}");
    assert_eq!(proxy.received(), Vec::<String>::new());
}

#[test]
fn the_hint_for_an_unreachable_auth_server_names_the_variable() {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let variables = [("IMCONN_OAUTH_SERVER", "http://127.0.0.1:1")];
    let output = sandbox.home.run_with(&variables, "-p acme --retries 0 list").ended_with(6);
    assert!(output.stderr.contains("127.0.0.1:1") && output.stderr.contains("IMCONN_OAUTH_SERVER"), "{output:?}");
}

#[test]
fn each_auth_server_has_its_list_of_senders() {
    for (host, list) in [("acme.bitrix24.ru", "repos.1c-bitrix.ru"), ("acme.bitrix24.com", "dl.bitrix24.com")] {
        let proxy = RawServer::status(403, "text/plain", "no");
        let args = format!("-p {host} --retries 0 doctor --firewall nginx");
        Home::new().run_with(&[("HTTPS_PROXY", &proxy.url)], &args).ended_with(6);
        assert!(proxy.received()[0].starts_with(&format!("CONNECT {list}:443")), "{:?}", proxy.received());
    }
}
