//! Every command in every format, with tokens from every place that they can come from: where do they turn up?

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::support::home::{Output, finish};
use crate::support::{HANDLER, Home, RawServer, Recorder, Sandbox, skip};

const FORMATS: [&str; 6] = ["table", "json", "jsonl", "csv", "plain", "markdown"];

/// Every command, with arguments that let it do its work. `{handler}` is a handler that answers.
const COMMANDS: &[(&str, &str)] = &[
    ("bind", "--all --handler {handler}"),
    ("list", ""),
    ("events", "--available"),
    ("diff", "-f wanted.toml"),
    ("apply", "-f wanted.toml --yes --force"),
    ("undo", "--yes"),
    ("export", ""),
    ("manifest schema", ""),
    ("status", ""),
    ("doctor", "--handler {handler}"),
    ("call", "event.get"),
    ("call", "no.such.method"),
    ("login", "{portal} --tokens {tokens} --name other"),
    ("portals", ""),
    ("portals use", "other"),
    ("portals rename", "other another"),
    ("portals remove", "another"),
    ("login", "{portal} --tokens {tokens} --name leaving"),
    ("logout", "-p leaving"),
    ("unbind", "--all --yes"),
    ("sandbox reset", ""),
    ("completions", "bash"),
    ("man", "bind"),
    ("version", ""),
];

/// `sandbox serve` runs until it is stopped, and shows its tokens on purpose: they open nothing else.
const EXEMPT: &[&str] = &["sandbox serve"];

/// Where the tokens are.
#[derive(Debug, Clone, Copy)]
enum Source {
    Environment,
    Profile,
    Program,
}

/// A client, a portal, an auth server and a handler; all traffic is recorded.
struct Scene {
    sandbox: Sandbox,
    portal: Recorder,
    auth: Recorder,
    handler: RawServer,
    home: Home,
    source: Source,
}

impl Scene {
    fn of(source: Source) -> Self {
        let sandbox = Sandbox::start();
        let portal = Recorder::before(sandbox.url());
        let auth = Recorder::before(sandbox.url());
        let handler = RawServer::page("text/plain", "ok");
        let home = Home::new();
        home.write("wanted.toml", &format!("[[subscription]]\nevents = [\"message-add\"]\nhandler = \"{HANDLER}\"\n"));
        let scene = Self { sandbox, portal, auth, handler, home, source };
        scene.supply_tokens();
        scene
    }

    fn supply_tokens(&self) {
        let fact = |name| self.sandbox.fact(name);
        match self.source {
            Source::Environment => {}
            Source::Profile => {
                let names = ["access_token", "refresh_token", "client_id", "client_secret", "application_token"];
                let tokens: Vec<String> = names.map(|name| format!("{name} = \"{}\"\n", fact(name))).to_vec();
                let text =
                    format!("version = 1\nhost = \"{}\"\nmember_id = \"m\"\n{}", self.portal.url, tokens.concat());
                private(&self.home.write("config/profiles/acme.toml", &text), 0o600);
            }
            Source::Program => {
                let tokens = self.tokens();
                private(&self.home.write("secret/answer.json", &tokens), 0o600);
                private(&self.home.write("get", "#!/bin/sh\ncat \"$HOME/secret/answer.json\"\n"), 0o700);
                private(&self.home.write("store", "#!/bin/sh\numask 077\ncat > \"$HOME/secret/stored.json\"\n"), 0o700);
                let (get, store) = (self.home.path("get"), self.home.path("store"));
                let text = format!(
                    "[portals.acme]\nhost = \"{}\"\ncredential_command = [\"{}\"]\n\
                     credential_store_command = [\"{}\"]\n",
                    self.portal.url,
                    get.display(),
                    store.display()
                );
                self.home.write("config/config.toml", &text);
            }
        }
    }

    fn tokens(&self) -> String {
        let fact = |name| self.sandbox.fact(name);
        json!({"access_token": fact("access_token"), "refresh_token": fact("refresh_token"),
            "client_id": fact("client_id"), "client_secret": fact("client_secret"),
            "application_token": fact("application_token"), "client_endpoint": format!("{}/rest/", self.portal.url)})
        .to_string()
    }

    /// The access and refresh tokens that exist by now, the client secret and the application token.
    fn secrets(&self) -> Vec<String> {
        let kept = ["client_secret", "application_token", "user_access_token"];
        let pairs = self.sandbox.pairs().into_iter().flat_map(|(access, refresh)| [access, refresh]);
        pairs.chain(kept.map(|name| self.sandbox.fact(name).to_owned())).collect()
    }

    fn command(&self, program: &str, command: &str, args: &str, format: &str) -> Command {
        let tokens = self.home.path("secret/login.json");
        let args = args.replace("{handler}", &self.handler.url).replace("{portal}", &self.portal.url);
        let args = args.replace("{tokens}", tokens.to_str().unwrap());
        let imconn = self.home.command();
        let mut run = Command::new(program);
        if program == "strace" {
            let log = self.home.path("strace.log");
            run.args(["-f", "-qq", "-v", "-s", "100000", "-e", "trace=execve", "-o"]).arg(log);
            run.arg(imconn.get_program());
        }
        run.env_clear().current_dir(self.home.path("")).stdin(std::process::Stdio::null());
        run.envs(imconn.get_envs().filter_map(|(name, value)| Some((name, value?))));
        run.env("IMCONN_OAUTH_SERVER", &self.auth.url).env("PATH", "/usr/bin:/bin");
        if let Source::Environment = self.source {
            run.env("IMCONN_PORTAL", &self.portal.url);
            for name in ["access_token", "refresh_token", "client_id", "client_secret", "application_token"] {
                run.env(format!("IMCONN_{}", name.to_uppercase()), self.sandbox.fact(name));
            }
            run.args(["--print-tokens-to", "secret/renewed.json"]);
        } else if !matches!(command, "login" | "logout" | "portals use" | "portals rename" | "portals remove") {
            run.args(["-p", "acme"]);
        }
        run.args(["-vvv", "-o", format]).args(command.split(' ')).args(args.split_whitespace());
        run
    }

    fn run(&self, program: &str, command: &str, args: &str, format: &str) -> Output {
        private(&self.home.write("secret/login.json", &self.tokens()), 0o600);
        self.sandbox.clear_faults();
        self.sandbox.fault(&json!({"kind": "expired-token"}));
        let output = finish(&mut self.command(program, command, args, format));
        assert!((0..=6).contains(&output.code), "{command}: {output:?}");
        output
    }
}

fn private(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[track_caller]
fn assert_free_of(secrets: &[String], text: &str, place: &str) {
    for secret in secrets {
        if let Some(at) = text.find(secret.as_str()) {
            let before: String = text[..at].chars().rev().take(100).collect();
            panic!("{secret} in {place}, after {:?}", before.chars().rev().collect::<String>());
        }
    }
}

#[test]
fn no_command_in_any_format_shows_a_token_of_the_environment() {
    check(Source::Environment);
}

#[test]
fn no_command_in_any_format_shows_a_token_of_a_profile() {
    check(Source::Profile);
}

#[test]
fn no_command_in_any_format_shows_a_token_of_a_credential_command() {
    check(Source::Program);
}

fn check(source: Source) {
    let scene = Scene::of(source);
    let mut worked = BTreeSet::new();
    for format in FORMATS {
        for (command, args) in COMMANDS {
            let output = scene.run(env!("CARGO_BIN_EXE_imconn"), command, args, format);
            let place = format!("the output of {command} -o {format} with {source:?}");
            assert_free_of(&scene.secrets(), &(output.stdout + &output.stderr), &place);
            if output.code == 0 {
                worked.insert(*command);
            }
        }
    }
    for command in ["bind", "list", "events", "apply", "undo", "export", "status", "login", "unbind"] {
        assert!(worked.contains(command), "{command} never did its work with {source:?}");
    }
    check_traffic(&scene);
    check_files(&scene);
}

/// Who gets what: the portal the access token, the auth server the refresh token and the client secret, and a handler
/// the application token.
fn check_traffic(scene: &Scene) {
    let fact = |name: &str| scene.sandbox.fact(name).to_owned();
    let (access, refresh): (Vec<String>, Vec<String>) = scene.sandbox.pairs().into_iter().unzip();
    let (portal, auth) = (scene.portal.sent(), scene.auth.sent());
    let handler = scene.handler.received().join("\n");
    assert!(portal.contains(&access[0]) && auth.contains(&fact("client_secret")), "{portal}\n{auth}");
    assert!(refresh.iter().any(|token| auth.contains(token)), "no renewal: {auth}");
    assert_free_of(&refresh, &portal, "what the portal received");
    assert_free_of(&[fact("client_secret"), fact("application_token")], &portal, "what the portal received");
    assert_free_of(&access, &auth, "what the auth server received");
    assert_free_of(&[fact("application_token")], &auth, "what the auth server received");
    assert_free_of(&[access, refresh, vec![fact("client_secret")]].concat(), &handler, "what the handler received");
    let traffic = [portal, auth, handler].join("\n");
    // What stands between a method and the version is the URL.
    let urls: Vec<&str> = traffic.split(" HTTP/1.1").filter_map(|text| text.split_whitespace().last()).collect();
    assert_free_of(&scene.secrets(), &urls[..urls.len() - 1].join("\n"), "a URL");
}

/// Only files for tokens hold some, and only their owner can read those.
fn check_files(scene: &Scene) {
    let secrets = scene.secrets();
    let mut holding = Vec::new();
    for path in files(&scene.home.path("")) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        if secrets.iter().any(|secret| text.contains(secret.as_str())) {
            holding.push(path);
        }
    }
    for path in holding {
        let name = path.strip_prefix(scene.home.path("")).unwrap();
        let is_for_tokens = ["config/profiles", "secret"].iter().any(|folder| name.starts_with(folder));
        assert!(is_for_tokens, "a token in {}", name.display());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", name.display());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] }).collect()
}

#[test]
fn no_process_that_a_command_starts_sees_a_token() {
    if !Path::new("/usr/bin/strace").exists() {
        return skip("strace is not installed");
    }
    for source in [Source::Environment, Source::Profile, Source::Program] {
        let scene = Scene::of(source);
        let mut started = 0;
        for (command, args) in COMMANDS {
            scene.run("strace", command, args, "json");
            let log = std::fs::read_to_string(scene.home.path("strace.log")).unwrap();
            // The first is imconn itself: its environment may hold tokens, its arguments may not.
            let (own, others) = log.split_once('\n').unwrap();
            let arguments = own.split("], [").next().unwrap();
            assert_free_of(&scene.secrets(), arguments, "the arguments of imconn");
            assert_free_of(&scene.secrets(), others, &format!("a process of {command} with {source:?}"));
            started += others.lines().filter(|line| line.contains("execve(")).count();
        }
        assert!(started > 0 || !matches!(source, Source::Program), "no credential_command was started");
    }
}

#[test]
fn every_command_is_among_those_that_are_searched_for_tokens() {
    let mut leaves = BTreeSet::new();
    collect(&imconn::cli::tree(), "", &mut leaves);
    let searched: BTreeSet<String> =
        COMMANDS.iter().map(|(name, _)| *name).chain(EXEMPT.iter().copied()).map(str::to_owned).collect();
    let missing: Vec<&String> = leaves.difference(&searched).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn collect(command: &clap::Command, path: &str, leaves: &mut BTreeSet<String>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = format!("{path} {}", sub.get_name()).trim().to_owned();
        if sub.get_subcommands().next().is_none() || !sub.is_subcommand_required_set() {
            leaves.insert(name.clone());
        }
        collect(sub, &name, leaves);
    }
}
