//! `portals` and `logout`: profiles, and deleting them.

use serde_json::json;

use crate::support::{Home, Sandbox, skip};

fn store(home: &Home, name: &str, host: &str) {
    let profile = format!("host = \"{host}\"\naccess_token = \"s3cr3t-t0ken\"\nuser_id = 7\n");
    home.write(&format!("config/profiles/{name}.toml"), &profile);
}

fn with_two() -> Home {
    let home = Home::new();
    store(&home, "acme", "acme.bitrix24.com");
    store(&home, "beta", "crm.beta.example");
    home
}

fn config(home: &Home) -> String {
    std::fs::read_to_string(home.path("config/config.toml")).unwrap_or_default()
}

fn names(home: &Home) -> Vec<String> {
    let listed = home.run("portals -o json").ended_with(0).json();
    listed["portals"].as_array().unwrap().iter().map(|portal| portal["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn portals_are_listed_without_their_tokens_and_without_a_request() {
    let home = with_two();
    home.write(
        "config/config.toml",
        "portal = \"beta\"\n[portals.vault]\nhost = \"v.example\"\ncredential_command = [\"x\"]\n",
    );
    let listed = home.run("portals -o json").ended_with(0);
    assert!(!listed.stdout.contains("s3cr3t"), "{listed:?}");
    let rows = listed.json();
    let row = |i: usize| {
        (
            rows["portals"][i]["name"].clone(),
            rows["portals"][i]["default"].clone(),
            rows["portals"][i]["tokens"].clone(),
        )
    };
    assert_eq!(row(0), (json!("acme"), json!(false), json!("stored")));
    assert_eq!(row(1), (json!("beta"), json!(true), json!("stored")));
    assert_eq!(row(2), (json!("vault"), json!(false), json!("command")));
    assert_eq!(rows["portals"][0]["user_id"], 7);
    assert_eq!(home.run("portals -o plain").stdout.lines().count(), 3);
    assert!(Home::new().run("portals").ended_with(0).stderr.contains("imconn login"));
}

#[test]
fn use_sets_the_default_and_keeps_comments() {
    let home = with_two();
    home.write("config/config.toml", "# mine\nhandler = \"https://a.b/x\" # theirs\n");
    home.run("portals use beta").ended_with(0);
    home.run("portals use acme").ended_with(0);
    assert_eq!(config(&home), "# mine\nhandler = \"https://a.b/x\" # theirs\nportal = \"acme\"\n");
    home.run("portals use sandbox").ended_with(0);
    home.run("list").ended_with(0);
    assert!(home.run("portals use nope").ended_with(2).stderr.contains("known portals: acme, beta, sandbox"));
}

#[test]
fn rename_updates_every_file_and_refuses_a_taken_name() {
    let home = with_two();
    home.write("config/config.toml", "portal = \"acme\"\n[portals.acme]\nhandler = \"https://a.b/x\"\n");
    home.run("portals rename acme acme.old").ended_with(0);
    assert_eq!(names(&home), ["acme.old", "beta"]);
    assert_eq!(config(&home), "portal = \"acme.old\"\n[portals.\"acme.old\"]\nhandler = \"https://a.b/x\"\n");
    for wrong in ["acme.old beta", "acme.old sandbox", "nope x", "acme.old a/b"] {
        home.run(&format!("portals rename {wrong}")).ended_with(2);
    }
    assert_eq!(names(&home), ["acme.old", "beta"]);
}

#[test]
fn rename_does_not_overwrite_a_profile_of_config_toml() {
    let home = with_two();
    let settings = "[portals.gamma] # mine\nhandler = \"https://a.b/x\"\n";
    home.write("config/config.toml", settings);
    home.run("portals rename acme gamma").ended_with(2);
    assert_eq!(config(&home), settings);
    home.run("portals remove gamma").ended_with(0);
}

#[test]
fn a_linked_config_toml_stays_a_link() {
    let home = with_two();
    let real = home.write("dotfiles/config.toml", "# mine\n");
    std::os::unix::fs::symlink(&real, home.path("config/config.toml")).unwrap();
    home.run("portals use acme").ended_with(0);
    assert!(home.path("config/config.toml").is_symlink());
    assert!(std::fs::read_to_string(real).unwrap().contains("portal = \"acme\""));
}

#[test]
fn a_dotted_profile_name_takes_precedence_over_a_host() {
    let sandbox = Sandbox::start();
    let profile = format!("host = \"{}\"\naccess_token = \"{}\"\n", sandbox.url(), sandbox.fact("access_token"));
    sandbox.home.write("config/profiles/acme.test.toml", &profile);
    sandbox.home.run("-p acme.test list").ended_with(0);
}

#[test]
fn remove_deletes_tokens_and_settings_and_logout_only_tokens() {
    let home = with_two();
    let settings = "portal = \"acme\"\n[portals.acme]\nhandler = \"https://a.b/x\"\n";
    home.write("config/config.toml", settings);
    home.run("logout --portal acme").ended_with(0);
    assert_eq!((names(&home), config(&home).as_str()), (vec!["beta".to_owned()], settings));
    store(&home, "acme", "acme.bitrix24.com");
    home.run("portals remove beta").ended_with(0);
    home.run("portals remove acme").ended_with(0);
    assert_eq!((names(&home), config(&home).as_str()), (vec![], ""));
    home.run("portals remove acme").ended_with(2);
}

#[test]
fn logout_deletes_the_given_the_default_or_all_profiles() {
    let home = with_two();
    home.run("logout").ended_with(2);
    home.run("logout -p crm.beta.example").ended_with(0);
    assert_eq!(names(&home), ["acme"]);
    home.run("logout").ended_with(0);
    assert_eq!(names(&home), Vec::<String>::new());
    store(&home, "a", "a.b");
    store(&home, "b", "b.c");
    home.run("logout --all").ended_with(0);
    for entry in std::fs::read_dir(home.path("config/profiles")).unwrap() {
        let left = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!left.contains("s3cr3t"), "{left}");
    }
    assert!(home.run("logout --all").ended_with(0).stderr.contains("no tokens to delete"));
    home.run("logout -p nope").ended_with(2);
    home.run("logout -p sandbox").ended_with(2);
}

#[test]
fn missing_tokens_are_an_error_that_suggests_login() {
    let output = Home::new().run("-p acme.bitrix24.com list").ended_with(4);
    assert!(output.stderr.contains("imconn login acme.bitrix24.com"), "{output:?}");
}

#[test]
fn a_host_of_config_toml_works_with_tokens_from_the_environment() {
    let sandbox = Sandbox::start();
    sandbox.home.write("config/config.toml", &format!("[portals.ci]\nhost = \"{}\"\n", sandbox.url()));
    let variables = [("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"))];
    assert_eq!(sandbox.home.run_with(&variables, "-p ci list -o json").ended_with(0).json()["portal"], "ci");
    assert!(sandbox.home.run("-p ci list").ended_with(4).stderr.contains("imconn login ci"));
}

#[test]
fn an_accessible_configuration_folder_is_a_warning() {
    let home = with_two();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    for name in ["acme", "beta"] {
        let path = home.path(&format!("config/profiles/{name}.toml"));
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    std::fs::set_permissions(home.path("config/profiles"), mode).unwrap();
    assert!(home.run("portals").ended_with(0).stderr.contains("chmod 700"));
}

/// A rename that dies at each of the calls that change a file, in turn.
#[test]
fn a_rename_that_was_killed_is_repeated() {
    if !std::path::Path::new("/usr/bin/strace").exists() {
        return skip("strace is not installed");
    }
    let mut killed = 0;
    for call in ["rename", "unlink", "fsync", "openat", "write"] {
        for nth in 1..60 {
            let home = Home::new();
            let profile = "version = 1\nhost = \"acme.bitrix24.com\"\naccess_token = \"s3cr3t-access\"\n";
            home.write("config/profiles/old.toml", profile);
            home.write("config/config.toml", "portal = \"old\"\n\n[portals.old]\nhandler = \"https://a.b/\"\n");
            let imconn = home.command();
            let mut strace = std::process::Command::new("strace");
            strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
            strace.args(["-e", &format!("inject={call}:signal=KILL:when={nth}")]);
            strace.arg(imconn.get_program()).args(["portals", "rename", "old", "new"]).env_clear();
            strace.envs(imconn.get_envs().filter_map(|(name, value)| Some((name, value?))));
            if strace.current_dir(home.path("")).output().unwrap().status.success() {
                break;
            }
            killed += 1;
            let usable = |name: &str| home.run(&format!("-p {name} list --timeout 1 --retries 0")).code != 2;
            assert!(usable("old") || usable("new"), "{call} {nth}: no profile is left");
            let again = home.run("portals rename old new");
            let is_done = again.stderr.contains("no portal named `old`");
            assert!(again.code == 0 || is_done, "{call} {nth}: {again:?}");
            let config = std::fs::read_to_string(home.path("config/config.toml")).unwrap();
            assert_eq!(config, "portal = \"new\"\n\n[portals.new]\nhandler = \"https://a.b/\"\n", "{call} {nth}");
            assert!(!home.path("config/profiles/old.toml").exists(), "{call} {nth}");
            let stored = std::fs::read_to_string(home.path("config/profiles/new.toml")).unwrap();
            assert_eq!(stored, profile, "{call} {nth}");
        }
    }
    assert!(killed > 5, "{killed}");
}

#[test]
fn tokens_that_were_left_behind_go_with_their_profile() {
    for command in ["logout -p acme", "portals remove acme"] {
        let home = Home::new();
        store(&home, "acme", "acme.bitrix24.com");
        home.write("config/profiles/.acme.toml.imconn-new", "access_token = \"s3cr3t-left\"\n");
        home.write("data/renewed-acme.json", "{\"access_token\": \"s3cr3t-rescued\"}");
        home.run(command).ended_with(0);
        assert!(!home.path("data/renewed-acme.json").exists(), "{command}");
        let left: Vec<_> = std::fs::read_dir(home.path("config/profiles")).unwrap().collect();
        let texts: Vec<String> =
            left.into_iter().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        assert!(!texts.concat().contains("s3cr3t"), "{command}: {texts:?}");
    }
}

#[test]
fn rescued_tokens_follow_a_renamed_profile() {
    let home = Home::new();
    store(&home, "acme", "acme.bitrix24.com");
    home.write("data/renewed-acme.json", "{\"access_token\": \"s3cr3t-rescued\"}");
    home.run("portals rename acme new").ended_with(0);
    assert!(home.path("data/renewed-new.json").exists() && !home.path("data/renewed-acme.json").exists());
}
