//! `login --tokens` with the files and pastes of other programs.

use serde_json::{Value, json};

use crate::auth_servers::case;
use crate::support::{Output, RawServer, Sandbox};

const FRAME_ID: &str = "fedcba9876543210fedcba9876543210";
const APPLICATION_TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A case with the sandbox's address and keys as well.
fn local(name: &str, sandbox: &Sandbox) -> String {
    let text = case(name, sandbox).replace("https:\\/\\/acme.bitrix24.com", sandbox.url());
    let text = text.replace("https://acme.bitrix24.com", sandbox.url());
    let text = text.replace("acme.bitrix24.com", sandbox.url().trim_start_matches("http://"));
    text.replace("local.test", sandbox.fact("client_id")).replace("test-secret", sandbox.fact("client_secret"))
}

fn login(sandbox: &Sandbox, text: &str) -> Output {
    let file = sandbox.home.write("tokens", text);
    let args = format!("login {} --name acme --tokens {}", sandbox.url(), file.display());
    sandbox.home.run_with(&[("IMCONN_OAUTH_SERVER", sandbox.url())], &args)
}

fn profile(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.home.path("config/profiles/acme.toml")).unwrap()
}

#[test]
fn files_of_other_programs_are_read() {
    for (name, application_token) in [
        ("t09-frame-2026.form", true),
        ("t10-crest-settings-ui-install.json", false),
        ("t12-crest-settings-after-refresh.json", false),
        ("t13-b24phpsdk-AppAuthFileStorage.json", true),
        ("t15-b24jssdk-recipe12-oauth-store.json", true),
        ("t19-php-print_r.txt", false),
    ] {
        let sandbox = Sandbox::start();
        login(&sandbox, &local(name, &sandbox)).ended_with(0);
        let profile = profile(&sandbox);
        assert!(profile.contains(sandbox.fact("refresh_token")), "{name}: {profile}");
        assert_eq!(profile.contains(APPLICATION_TOKEN), application_token, "{name}: {profile}");
        assert!(!profile.contains(&format!("\napplication_token = \"{FRAME_ID}\"")), "{name}: {profile}");
    }
}

#[test]
fn what_crest_calls_the_application_token_is_kept_and_not_used() {
    let sandbox = Sandbox::start();
    let handler = RawServer::page("text/plain", "ok");
    login(&sandbox, &local("t10-crest-settings-ui-install.json", &sandbox)).ended_with(0);
    assert!(profile(&sandbox).contains(&format!("\nunverified_application_token = \"{FRAME_ID}\"")));
    let output = sandbox.home.run(&format!("-p acme -vvv doctor --handler {}", handler.url));
    assert!(!handler.received().is_empty() && !handler.received().join("\n").contains(FRAME_ID), "it is not sent");
    assert!(!(output.stdout.clone() + &output.stderr).contains(FRAME_ID), "{output:?}");
    // A delivery brings the real one.
    let delivered = local("t09-frame-2026.form", &sandbox);
    login(&sandbox, &delivered).ended_with(0);
    assert!(!profile(&sandbox).contains("unverified") && profile(&sandbox).contains(APPLICATION_TOKEN));
}

#[test]
fn the_keys_in_the_settings_of_crest_renew_its_tokens() {
    let sandbox = Sandbox::start();
    sandbox.fault(&json!({"kind": "expired-token"}));
    login(&sandbox, &local("t12-crest-settings-after-refresh.json", &sandbox)).ended_with(0);
    assert_eq!(sandbox.refreshes(), 1);
    assert!(profile(&sandbox).contains(sandbox.fact("client_secret")));
}

#[test]
fn an_update_replaces_the_application_token() {
    let sandbox = Sandbox::start();
    login(&sandbox, &local("t09-frame-2026.form", &sandbox)).ended_with(0);
    login(&sandbox, &local("t17-onappupdate.form", &sandbox)).ended_with(0);
    assert!(profile(&sandbox).contains("00000000111111112222222233333333"), "{}", profile(&sandbox));
    let forged = local("t17-onappupdate.form", &sandbox).replace(sandbox.fact("access_token"), "0123456789");
    login(&sandbox, &forged.replace("00000000111111112222222233333333", APPLICATION_TOKEN)).ended_with(4);
    assert!(profile(&sandbox).contains("00000000111111112222222233333333"), "{}", profile(&sandbox));
}

#[test]
fn the_entry_of_the_portal_is_taken_from_a_store_of_several() {
    let sandbox = Sandbox::start();
    let text = local("t15-b24jssdk-recipe12-oauth-store.json", &sandbox);
    let mut store: Value = serde_json::from_str(&text).unwrap();
    let mut other = store["00112233445566778899aabbccddeeff"].clone();
    other["clientEndpoint"] = json!("https://other.example.com/rest/");
    other["accessToken"] = json!("s3cr3t");
    store["other"] = other.clone();
    login(&sandbox, &store.to_string()).ended_with(0);
    store["00112233445566778899aabbccddeeff"] = other;
    let output = login(&sandbox, &store.to_string()).ended_with(2);
    assert!(output.stderr.contains("other.example.com") && !output.stderr.contains("s3cr3t"), "{output:?}");
}

#[test]
fn pastes_in_every_form_are_read() {
    let sandbox = Sandbox::start();
    let (access, refresh) = (sandbox.fact("access_token"), sandbox.fact("refresh_token"));
    for text in [
        format!("{{\"auth[access_token]\": \"{access}\", \"auth[refresh_token]\": \"{refresh}\", \"ts\": 5}}"),
        format!("event=ONAPPINSTALL\nauth[access_token]={access}\nauth[refresh_token]={refresh}\n"),
        format!("{{\"request\": {{\"AUTH_ID\": \"{access}\", \"REFRESH_ID\": \"{refresh}\"}}, \"result\": []}}"),
        format!(
            "array (\n  'auth' => \n  array (\n    'access_token' => '{access}',\n    'refresh_token' => '{refresh}',\n  ),\n)"
        ),
        format!(
            "array(2) {{\n  [\"access_token\"]=>\n  string(9) \"{access}\"\n  [\"refresh_token\"]=>\n  string(9) \"{refresh}\"\n}}"
        ),
    ] {
        let _ = std::fs::remove_file(sandbox.home.path("config/profiles/acme.toml"));
        login(&sandbox, &text).ended_with(0);
        assert!(profile(&sandbox).contains(refresh), "{text}");
    }
}
