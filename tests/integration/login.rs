//! `login` with tokens or codes: what is accepted, stored and refused.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::home::finish;
use crate::support::sandbox::stored_pair;
use crate::support::{Home, Output, RawServer, Sandbox};

/// Logs in as `acme` with the keys in the environment.
fn login(sandbox: &Sandbox, args: &[&str]) -> Output {
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", sandbox.url()).env("IMCONN_CLIENT_ID", sandbox.fact("client_id"));
    command.env("IMCONN_CLIENT_SECRET", sandbox.fact("client_secret"));
    finish(command.args(["login", sandbox.url(), "--name", "acme"]).args(args))
}

fn login_with_tokens(sandbox: &Sandbox, text: &str) -> Output {
    let args = format!("login {} --name acme -o json --tokens -", sandbox.url());
    sandbox.home.run_with_input(text, &args)
}

fn store(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.home.path("config/profiles/acme.toml")).unwrap_or_default()
}

fn host(sandbox: &Sandbox) -> &str {
    sandbox.url().trim_start_matches("http://")
}

#[test]
fn a_code_is_exchanged_verified_in_one_batch_and_stored_privately() {
    let sandbox = Sandbox::start();
    let code = sandbox.code();
    sandbox.forget();
    let output = login(&sandbox, &["--code", &code, "-o", "json"]).ended_with(0).json();
    assert_eq!((&output["portal"], &output["user"]["name"]), (&json!("acme"), &json!("Ada Admin")));
    assert_eq!((&output["missing"], &output["token"]["renewable"]), (&json!([]), &json!(true)));
    let requests = sandbox.requests();
    let methods: Vec<&Value> = requests.iter().map(|request| &request["method"]).collect();
    assert_eq!(methods, ["/oauth/token/", "batch"]);
    assert_eq!(requests[1]["commands"], json!(["app.info", "user.admin", "scope", "profile"]));
    assert!(requests.iter().all(|request| request["query"] == false), "nothing secret in an address");
    let path = sandbox.home.path("config/profiles/acme.toml");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(stored_pair(&path), sandbox.pairs().last().cloned());
    for member in ["member_id", "client_id", "client_secret", "expires", "refresh_expires", "scopes", "user_id"] {
        assert!(store(&sandbox).contains(&format!("\n{member} = ")), "{member}");
    }
    sandbox.home.run("-p acme list").ended_with(0);
    sandbox.home.run("list").ended_with(0);
}

#[test]
fn the_code_and_the_secret_can_come_from_stdin() {
    let sandbox = Sandbox::start();
    let args = format!(
        "login {} --name acme --client-id {} --client-secret-stdin --code {}",
        sandbox.url(),
        sandbox.fact("client_id"),
        sandbox.code()
    );
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", sandbox.url());
    let secret = sandbox.home.write("secret", sandbox.fact("client_secret"));
    finish(command.args(args.split(' ')).stdin(std::fs::File::open(secret).unwrap())).ended_with(0);
    let code = sandbox.home.write("code", &sandbox.code());
    let mut again = sandbox.home.command();
    again.env("IMCONN_OAUTH_SERVER", sandbox.url()).args(["login", "acme", "--code", "-"]);
    finish(again.stdin(std::fs::File::open(code).unwrap())).ended_with(0);
}

#[test]
fn a_refusal_by_the_auth_server_exits_4_and_stores_nothing() {
    let sandbox = Sandbox::start();
    let refused = |code: &str, said: &str| {
        let output = login(&sandbox, &["--code", code]).ended_with(4);
        assert!(output.stderr.contains(said) && output.stderr.contains("nothing was stored"), "{said}: {output:?}");
        assert_eq!((output.stdout.as_str(), store(&sandbox).as_str()), ("", ""));
    };
    refused("0123456789", "the code is wrong, already used, or older than 30 seconds");
    let dead = sandbox.code();
    sandbox.edit_state(|state| state["codes"][0]["expires"] = json!(1));
    refused(&dead, "the code is wrong, already used, or older than 30 seconds");
    let good = sandbox.code();
    sandbox.app(&json!({"installed": false}));
    refused(&good, "the application is not installed on this portal");
    sandbox.app(&json!({"installed": true, "payment_expired": true}));
    refused(&good, "is not paid");
    sandbox.app(&json!({"payment_expired": false}));
    let foreign = format!("https://app.example.com/?code={good}&state=x");
    login(&sandbox, &["--code", &foreign]).ended_with(0);
}

#[test]
fn a_refused_login_is_json_if_json_was_requested() {
    let sandbox = Sandbox::start();
    let error = login(&sandbox, &["--code", "0123456789", "-o", "json"]).ended_with(4).json_error();
    assert_eq!((&error["code"], &error["portal_code"]), (&json!("not_authorised"), &json!("invalid_grant")));
    assert!(!error.to_string().contains("0123456789"), "{error}");
}

#[test]
fn tokens_are_accepted_in_every_known_form() {
    let sandbox = Sandbox::start();
    let (access, refresh, app) =
        (sandbox.fact("access_token"), sandbox.fact("refresh_token"), sandbox.fact("application_token"));
    let (url, host) = (sandbox.url(), host(&sandbox));
    let answer = json!({"access_token": access, "refresh_token": refresh, "expires": 1_900_000_000, "expires_in": 3600,
        "domain": "oauth.bitrix.info", "client_endpoint": format!("{url}/rest/"), "member_id": "m", "user_id": 1});
    let install = json!({"event": "ONAPPINSTALL", "data": {"VERSION": "1"}, "auth": {"access_token": access,
        "refresh_token": refresh, "domain": host, "member_id": "m", "application_token": app}});
    let crest = json!({"access_token": access, "expires_in": 3600, "application_token": app, "refresh_token": refresh,
        "domain": host, "client_endpoint": format!("{url}/rest/")});
    let form = format!(
        "event=ONAPPINSTALL&auth[access_token]={access}&auth[refresh_token]={refresh}&auth[domain]={host}\
         &auth[application_token]={app}&auth[member_id]=m"
    );
    let frame = format!("DOMAIN={host}&PROTOCOL=0&AUTH_ID={access}&AUTH_EXPIRES=3600&REFRESH_ID={refresh}&member_id=m");
    for text in [answer.to_string(), install.to_string(), crest.to_string(), form, frame] {
        let home = Home::new();
        let args = format!("login {url} --name acme -o json --tokens -");
        let output = home.run_with_input(&text, &args).ended_with(0);
        assert_eq!(output.json()["user"]["id"], 1);
        let stored = stored_pair(&home.path("config/profiles/acme.toml"));
        assert_eq!(stored, Some((access.to_owned(), refresh.to_owned())), "{text}");
        home.run("-p acme list").ended_with(0);
    }
}

#[test]
fn missing_requirements_for_connector_events_are_reported() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"installed": false, "scopes": ["im"]}));
    let tokens = json!({"access_token": sandbox.fact("user_access_token")}).to_string();
    let output = login_with_tokens(&sandbox, &tokens).ended_with(0).json();
    let missing: Vec<&str> = output["missing"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap()).collect();
    assert_eq!(missing, ["token-refresh", "administrator", "installed", "scopes"]);
}

#[test]
fn an_expired_token_with_a_good_refresh_token_is_renewed_and_the_new_pair_stored() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    let tokens = json!({"access_token": sandbox.fact("access_token"), "refresh_token": sandbox.fact("refresh_token")});
    let file = sandbox.home.write("tokens.json", &tokens.to_string());
    login(&sandbox, &["--tokens", file.to_str().unwrap()]).ended_with(0);
    assert_eq!(stored_pair(&sandbox.home.path("config/profiles/acme.toml")), sandbox.pairs().last().cloned());
}

#[test]
fn keys_supplied_with_tokens_renew_them_and_missing_keys_are_requested() {
    let sandbox = Sandbox::start();
    let mut tokens =
        json!({"access_token": sandbox.fact("access_token"), "refresh_token": sandbox.fact("refresh_token")});
    let hand_over = |tokens: &Value| {
        sandbox.fault(&json!({"kind": "expired-token"}));
        let file = sandbox.home.write("tokens.json", &tokens.to_string());
        let args = format!("login {} --name acme --tokens {}", sandbox.url(), file.display());
        sandbox.home.run_with(&[("IMCONN_OAUTH_SERVER", sandbox.url())], &args)
    };
    assert!(hand_over(&tokens).ended_with(4).stderr.contains("--client-secret-stdin"));
    tokens["client_id"] = json!(sandbox.fact("client_id"));
    tokens["client_secret"] = json!(sandbox.fact("client_secret"));
    hand_over(&tokens).ended_with(0);
    assert!(store(&sandbox).contains(sandbox.fact("client_secret")));
}

#[test]
fn a_fresh_answer_may_have_only_the_lifetime() {
    let sandbox = Sandbox::start();
    let pair =
        json!({"access_token": sandbox.fact("access_token"), "refresh_token": "r0123456789", "expires_in": 3600});
    let server = RawServer::page("application/json", &pair.to_string());
    let keys = [
        ("IMCONN_OAUTH_SERVER", server.url.as_str()),
        ("IMCONN_CLIENT_ID", sandbox.fact("client_id")),
        ("IMCONN_CLIENT_SECRET", sandbox.fact("client_secret")),
    ];
    let args = format!("login {} --name acme --code 0123456789 -o json", sandbox.url());
    assert!(sandbox.home.run_with(&keys, &args).ended_with(0).json()["token"]["expires"].is_i64());
}

#[test]
fn unverified_tokens_are_not_stored() {
    let sandbox = Sandbox::start();
    let token = sandbox.fact("access_token");
    let unknown = json!({"access_token": "0123456789abcdef"}).to_string();
    assert!(login_with_tokens(&sandbox, &unknown).ended_with(4).stderr.contains("invalid_token"));
    let other = json!({"access_token": token, "client_endpoint": "https://other.bitrix24.com/rest/"}).to_string();
    let output = login_with_tokens(&sandbox, &other).ended_with(4);
    assert!(output.stderr.contains("for other.bitrix24.com, not for"), "{output:?}");
    let keys = [("IMCONN_CLIENT_ID", "local.0.0"), ("IMCONN_CLIENT_SECRET", "0123456789")];
    let file = sandbox.home.write("tokens.json", &json!({"access_token": token}).to_string());
    let args = format!("login {} --name acme --tokens {}", sandbox.url(), file.display());
    let output = sandbox.home.run_with(&keys, &args).ended_with(4);
    assert!(output.stderr.contains("not local.0.0"), "{output:?}");
    sandbox.app(&json!({"payment_expired": true}));
    let output = login_with_tokens(&sandbox, &json!({"access_token": token}).to_string()).ended_with(4);
    assert!(output.stderr.contains("not paid"), "{output:?}");
    assert_eq!(store(&sandbox), "");
}

#[test]
fn input_without_tokens_is_a_usage_error_that_does_not_show_it() {
    let sandbox = Sandbox::start();
    for (text, said) in [
        ("s3cr3t", "neither JSON nor a form"),
        ("{\"access_token\": s3cr3t", "not valid JSON"),
        ("{\"refresh_token\": \"s3cr3t\"}", "no access_token"),
        ("https://a.b/rest/1/s3cr3tc0de/", "an incoming webhook"),
        ("{\"client_endpoint\":\"https://a.b/rest/1/s3cr3t/\",\"is_web_hook\":\"Y\"}", "an incoming webhook"),
    ] {
        let output = login_with_tokens(&sandbox, text).ended_with(2);
        assert!(output.stderr.contains(said) && !output.stderr.contains("s3cr3t"), "{output:?}");
    }
    let args = format!("login {} --tokens /no/such.json", sandbox.url());
    assert!(sandbox.home.run(&args).ended_with(1).stderr.contains("/no/such.json"));
}

#[test]
fn a_webhook_url_is_refused_with_the_reason() {
    let output = Home::new().run("login https://acme.bitrix24.com/rest/1/s3cr3tc0de/").ended_with(2);
    assert!(output.stderr.contains("a webhook cannot subscribe") && !output.stderr.contains("s3cr3t"), "{output:?}");
}

#[test]
fn the_missing_option_is_reported_without_a_terminal() {
    let home = Home::new();
    for (args, said) in [
        ("login", "imconn login acme.bitrix24.com"),
        ("login acme.bitrix24.com", "--client-id"),
        ("login acme.bitrix24.com --client-id x", "--client-secret-stdin"),
        ("login sandbox", "needs no login"),
        ("login a.b --code x --tokens y", "cannot be used with"),
        ("login acme.bitrix24.com --name sandbox", "built-in"),
        ("login acme.bitrix24.com --name a/b", "invalid profile name `a/b`"),
        ("login sandbox.bitrix24.com --tokens x", "choose another name"),
    ] {
        let output = home.run(args).ended_with(2);
        assert!(output.stderr.contains(said), "{args}: {output:?}");
    }
    let keys = [("IMCONN_CLIENT_ID", "x"), ("IMCONN_CLIENT_SECRET", "0123456789")];
    let output = home.run_with(&keys, "login acme.bitrix24.com").ended_with(2);
    assert!(output.stderr.contains("--callback") && output.stderr.contains("--code"), "{output:?}");
    let output = home.run_with(&keys, "login acme.bitrix24.com --callback 0.0.0.0:0").ended_with(2);
    assert!(output.stderr.contains("which other machines can reach"), "{output:?}");
}

#[test]
fn a_second_login_keeps_other_fields_and_a_taken_name_is_refused() {
    let sandbox = Sandbox::start();
    let access = sandbox.fact("access_token");
    let install = json!({"auth": {"access_token": access, "application_token": "0123456789", "member_id": "m"}});
    let file = sandbox.home.write("install.json", &install.to_string());
    login(&sandbox, &["--tokens", file.to_str().unwrap()]).ended_with(0);
    login_with_tokens(&sandbox, &json!({"access_token": access}).to_string()).ended_with(0);
    for kept in ["application_token = \"0123456789\"", "member_id = \"m\"", "client_secret"] {
        assert!(store(&sandbox).contains(kept), "{kept}: {}", store(&sandbox));
    }
    let output = sandbox.home.run("login other.bitrix24.com --name acme --tokens x").ended_with(2);
    assert!(output.stderr.contains("is taken by"), "{output:?}");
}

#[test]
fn a_profile_belongs_to_one_application() {
    let sandbox = Sandbox::start();
    let path = sandbox.store_profile();
    for other in ["local.0.0", "app.market"] {
        let text = std::fs::read_to_string(&path).unwrap().replace(sandbox.fact("client_id"), other);
        std::fs::write(&path, &text).unwrap();
        let tokens = json!({"access_token": sandbox.fact("access_token")}).to_string();
        let output = login_with_tokens(&sandbox, &tokens).ended_with(2);
        assert!(output.stderr.contains(&format!("belongs to the application {other}")), "{output:?}");
        let output = login(&sandbox, &["--code", "0123456789"]).ended_with(2);
        assert!(output.stderr.contains("imconn logout -p acme"), "{output:?}");
        assert_eq!(store(&sandbox), text);
        sandbox.store_profile();
    }
}

#[test]
fn a_profile_follows_a_rename_only_if_the_auth_server_confirms_it() {
    let sandbox = Sandbox::start();
    let moved = |profile_member: &str| {
        let pair = json!({"access_token": sandbox.fact("access_token"), "refresh_token": "r0123456789", "member_id": "m",
            "client_endpoint": format!("{}/rest/", sandbox.url())});
        let server = RawServer::page("application/json", &pair.to_string());
        let text = format!(
            "host = \"old.bitrix24.com\"\nmember_id = \"{profile_member}\"\naccess_token = \"a0123456789\"\n\
             client_id = \"{}\"\nclient_secret = \"{}\"\n",
            sandbox.fact("client_id"),
            sandbox.fact("client_secret")
        );
        sandbox.home.write("config/profiles/acme.toml", &text);
        sandbox.home.run_with(&[("IMCONN_OAUTH_SERVER", &server.url)], "login acme --code 0123456789")
    };
    moved("other").ended_with(4);
    moved("m").ended_with(0);
    assert!(store(&sandbox).contains(&format!("host = \"{}\"", sandbox.url())), "{}", store(&sandbox));
    moved("m");
    let tokens =
        json!({"access_token": "a0123456789", "member_id": "m", "client_endpoint": format!("{}/rest/", sandbox.url())});
    let file = sandbox.home.write("tokens.json", &tokens.to_string());
    std::fs::write(
        sandbox.home.path("config/profiles/acme.toml"),
        store(&sandbox).replace(sandbox.url(), "old.bitrix24.com"),
    )
    .unwrap();
    sandbox.home.run(&format!("login acme --tokens {}", file.display())).ended_with(4);
}

#[test]
fn a_pair_renewed_during_a_failed_login_is_kept_in_a_separate_file() {
    let sandbox = Sandbox::start();
    sandbox.app(&json!({"single_use_refresh": true}));
    sandbox.fault(&json!({"kind": "expired-token"}));
    sandbox.fault(&json!({"kind": "html"}));
    let tokens = json!({"access_token": sandbox.fact("access_token"), "refresh_token": sandbox.fact("refresh_token")});
    let file = sandbox.home.write("tokens.json", &tokens.to_string());
    let output = login(&sandbox, &["--tokens", file.to_str().unwrap()]).ended_with(6);
    let kept = sandbox.home.path("data/renewed-acme.json");
    assert!(output.stderr.contains(kept.to_str().unwrap()), "{output:?}");
    assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    login(&sandbox, &["--tokens", kept.to_str().unwrap()]).ended_with(0);
}

#[test]
fn options_that_conflict_with_tokens_are_refused() {
    let sandbox = Sandbox::start();
    let file = sandbox.home.write("tokens.json", &json!({"access_token": sandbox.fact("access_token")}).to_string());
    let args = format!("login {} --name acme --tokens {} --client-id local.1.1", sandbox.url(), file.display());
    assert!(sandbox.home.run(&args).ended_with(2).stderr.contains("client secret is not known"));
    let args = format!("login {} --name acme --client-id x --client-secret-stdin --code x", sandbox.url());
    assert!(sandbox.home.run_with_input("\n", &args).ended_with(2).stderr.contains("no client secret on stdin"));
}

#[test]
fn several_profiles_with_one_host_must_be_selected_by_name() {
    let sandbox = Sandbox::start();
    let file = sandbox.home.write("tokens.json", &json!({"access_token": sandbox.fact("access_token")}).to_string());
    for name in ["one", "two"] {
        let args = format!("login {} --name {name} --tokens {}", sandbox.url(), file.display());
        sandbox.home.run(&args).ended_with(0);
    }
    let stderr = |args: &str| sandbox.home.run(&args.replace("URL", sandbox.url())).ended_with(2).stderr;
    assert!(stderr("-p URL list").contains("add -p with its name: one, two"));
    assert!(
        stderr("login URL --tokens x").contains("add --name with a new name, or with the name of one of them: one")
    );
    assert!(stderr("portals use URL").contains("give the name of one of them: one, two"));
    sandbox.home.run("-p two list").ended_with(0);
}

#[test]
fn renewals_use_the_auth_server_of_the_login() {
    let sandbox = Sandbox::start();
    login(&sandbox, &["--code", &sandbox.code()]).ended_with(0);
    sandbox.fault(&json!({"kind": "expired-token"}));
    sandbox.home.run("-p acme list").ended_with(0);
    assert_eq!(stored_pair(&sandbox.home.path("config/profiles/acme.toml")), sandbox.pairs().last().cloned());
    let unsafe_one =
        store(&sandbox).replace(&format!("oauth_server = \"{}/", sandbox.url()), "oauth_server = \"http://a.b/");
    sandbox.home.write("config/profiles/acme.toml", &unsafe_one);
    assert!(sandbox.home.run("-p acme list").ended_with(2).stderr.contains("oauth_server of the profile `acme`"));
}

#[test]
fn an_interrupted_login_that_has_tokens_still_stores_them() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "delay", "seconds": 1.0}));
    let file = sandbox.home.write("tokens.json", &json!({"access_token": sandbox.fact("access_token")}).to_string());
    let mut command = sandbox.home.command();
    command.args(["login", sandbox.url(), "--name", "acme", "--tokens"]).arg(file);
    let mut child = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    // Once the sandbox has consumed the fault, the verification is in flight.
    while !sandbox.waiting_faults().is_empty() {
        std::thread::yield_now();
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(store(&sandbox).contains("access_token"));
}

#[test]
fn a_corrupt_store_stops_a_login_before_the_code_is_used() {
    let sandbox = Sandbox::start();
    let path = sandbox.home.write("config/profiles/acme.toml", "\nhost = \n");
    let code = sandbox.code();
    let output = login(&sandbox, &["--code", &code]).ended_with(1);
    assert!(output.stderr.contains("line 2"), "{output:?}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "\nhost = \n");
    assert_eq!(sandbox.refreshes(), 0, "the auth server was not asked");
}

#[test]
fn an_echoed_code_or_secret_is_masked() {
    let sandbox = Sandbox::start();
    let (code, secret) = ("c0de0123456789", sandbox.fact("client_secret"));
    let body = json!({"error": "invalid_grant", "error_description": format!("{code} {secret}")}).to_string();
    let server = RawServer::status(400, "application/json", &body);
    let mut command = sandbox.home.command();
    command.env("IMCONN_OAUTH_SERVER", &server.url).env("IMCONN_CLIENT_ID", "x").env("IMCONN_CLIENT_SECRET", secret);
    let output = finish(command.args(["login", sandbox.url(), "--name", "acme", "-vv", "--code", code])).ended_with(4);
    assert!(output.stderr.contains("*** ***") && !output.stderr.contains(code), "{output:?}");
    assert!(!output.stderr.contains(secret), "{output:?}");
}

#[test]
fn the_client_secret_goes_to_the_auth_server_and_not_to_the_portal() {
    let refusal = r#"{"error":"expired_token","error_description":"The access token provided has expired."}"#;
    let portal = RawServer::status(401, "application/json", refusal);
    let pair = json!({"access_token": "0123456789abcdef", "refresh_token": "fedcba9876543210"}).to_string();
    let server = RawServer::page("application/json", &pair);
    let home = Home::new();
    let secret = "s3cr3t-s3cr3t-s3cr3t";
    let variables = [
        ("IMCONN_OAUTH_SERVER", server.url.as_str()),
        ("IMCONN_CLIENT_ID", "local.1.1"),
        ("IMCONN_CLIENT_SECRET", secret),
    ];
    let file = home.write("tokens.json", r#"{"access_token": "a0123456789", "refresh_token": "r0123456789"}"#);
    let args = format!("login {} --name acme --tokens {}", portal.url, file.display());
    home.run_with(&variables, &args).ended_with(4);
    home.run_with(&variables, &format!("login {} --name acme --code c0123456789", portal.url)).ended_with(4);
    assert!(server.received().iter().all(|request| request.contains(secret)) && server.received().len() == 2);
    assert!(portal.received().len() >= 2 && !portal.received().iter().any(|request| request.contains(secret)));
    assert!(!portal.received().iter().any(|request| request.contains("r0123456789")), "nor does the refresh token");
}

#[test]
fn a_readable_token_file_is_a_warning() {
    let sandbox = Sandbox::start();
    let file = sandbox.home.write("tokens.json", &json!({"access_token": sandbox.fact("access_token")}).to_string());
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let output = login(&sandbox, &["--tokens", file.to_str().unwrap()]).ended_with(0);
    assert!(output.stderr.contains("chmod 600"), "{output:?}");
}
