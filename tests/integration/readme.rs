//! Every command of the README's shell blocks runs. Its transcripts are in `transcripts`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::login_browser::{authorised, browse, post, wait};
use crate::sandbox_serve::certificates;
use crate::support::{HANDLER, Home, RawServer, Sandbox, home::finish};
use crate::terminal::login_in_shell;

/// The lines of all ```` ```sh ```` blocks.
fn shell_lines() -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned());
    let lines: Vec<String> = blocks.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    lines
        .iter()
        .map(|line| line.split("  #").next().unwrap().trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// The values for `...` and the portal in the README's exports.
fn value(sandbox: &Sandbox, name: &str) -> Option<String> {
    Some(match name {
        "IMCONN_PORTAL" => sandbox.url().to_owned(),
        "IMCONN_ACCESS_TOKEN" => sandbox.fact("access_token").to_owned(),
        "IMCONN_REFRESH_TOKEN" => sandbox.fact("refresh_token").to_owned(),
        "IMCONN_CLIENT_ID" => sandbox.fact("client_id").to_owned(),
        "IMCONN_CLIENT_SECRET" => sandbox.fact("client_secret").to_owned(),
        _ => return None,
    })
}

#[test]
fn every_shell_command_of_the_readme_runs() {
    let sandbox = Sandbox::start();
    let mut exported: Vec<(String, String)> = Vec::new();
    let mut run = 0;
    for line in shell_lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["export", assignments @ ..] => {
                for assignment in assignments {
                    let name = assignment.split('=').next().unwrap();
                    let value =
                        value(&sandbox, name).unwrap_or_else(|| panic!("{name} of the README is not a known variable"));
                    exported.push((name.to_owned(), value));
                }
            }
            // The whole suite, including this test; `.ci/run` runs it.
            ["cargo", "test"] => {}
            ["imconn", "sandbox", "serve", options @ ..] => assert_serves(options),
            ["imconn", "login", "acme.bitrix24.com", options @ ..] => assert_logs_in(options),
            ["imconn", "export", ">", file] => {
                // Something must be bound for the manifest not to be empty.
                sandbox.run(&format!("bind --all --handler {HANDLER}")).ended_with(0);
                sandbox.home.write(file, &sandbox.run("export").ended_with(0).stdout);
            }
            ["imconn", "doctor", args @ ..] => assert_examines(&sandbox, &exported, args),
            ["imconn", args @ ..] | ["cargo", "run", "--release", "--", args @ ..] => {
                let mut command = sandbox.home.command();
                // What an earlier login would have stored.
                command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
                finish(command.envs(exported.iter().cloned()).args(args)).ended_with(0);
            }
            other => panic!("no test runs this line of the README: {other:?}"),
        }
        run += 1;
    }
    assert!(run >= 16, "only {run} lines found");
}

/// Logs in as in the README, to a sandbox instead of the portal.
fn assert_logs_in(options: &[&str]) {
    let sandbox = Sandbox::start();
    let options: Vec<&str> = options
        .iter()
        .map(|&option| match option {
            "127.0.0.1:8025" => "127.0.0.1:0",
            option if option.starts_with("local.") => sandbox.fact("client_id"),
            option => option,
        })
        .collect();
    let tokens = format!("AUTH_ID={}", sandbox.fact("access_token"));
    if options.contains(&"--tokens") {
        sandbox.home.write("settings.json", &tokens);
        let args = format!("login {} {}", sandbox.url(), options.join(" "));
        sandbox.home.run(&args).ended_with(0);
    } else if options.contains(&"--install-callback") {
        let waiting = wait(&sandbox, &options);
        assert_eq!(post(&waiting, "/", &tokens).status, 200);
        waiting.end().ended_with(0);
    } else if options.contains(&"--callback") {
        let waiting = wait(&sandbox, &options);
        sandbox.app(&json!({"return_address": format!("{}/", waiting.here)}));
        browse(&authorised(&sandbox, &waiting.authorize()));
        waiting.end().ended_with(0);
    } else {
        let mut session = login_in_shell(&sandbox, &options.join(" "), "");
        session.exp_string("Client secret").unwrap();
        session.send_line(sandbox.fact("client_secret")).unwrap();
        session.exp_string("Paste the code").unwrap();
        session.send_line(&sandbox.code()).unwrap();
        session.exp_string("ended 0").unwrap();
    }
}

/// `doctor` may report problems, as the README's handler does not exist, but must not fail otherwise.
fn assert_examines(sandbox: &Sandbox, exported: &[(String, String)], args: &[&str]) {
    let senders = RawServer::page("application/json", r#"{"nodes":["3.217.33.54"]}"#);
    let args = args.split(|arg| *arg == ">").next().unwrap();
    let mut command = sandbox.home.command();
    command.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    command.envs(exported.iter().cloned()).env("IMCONN_SENDERS_LIST", &senders.url);
    let output = finish(command.arg("doctor").args(args));
    assert!(output.code == 0 || output.code == 3, "{output:?}");
}

/// Starts a server as in the README, and stops it once it is up.
fn assert_serves(options: &[&str]) {
    let home = Home::new();
    certificates(home.path("").as_path());
    let mut command: Command = home.command();
    let mut server =
        command.args(["sandbox", "serve"]).args(options).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _ = server.kill();
    let said = String::from_utf8(server.wait_with_output().unwrap().stderr).unwrap();
    // The default port may be in use on this machine.
    let taken = !options.contains(&"--addr") && said.contains("cannot listen on 127.0.0.1:8024");
    assert!(line.contains("sandbox is up") || line.contains("access_token") || taken, "{options:?}: {line} {said}");
}

#[test]
fn every_recipe_for_ci_runs() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let recipes: Vec<&str> = readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(recipes.len(), 2);
    for recipe in recipes {
        let commands: Vec<&str> = recipe
            .lines()
            .filter_map(|line| Some(&line[line.find("imconn ")?..]))
            .filter(|line| !line.contains(':'))
            .collect();
        assert_eq!(commands.len(), 2, "{recipe}");
        let sandbox = Sandbox::start();
        sandbox
            .home
            .write("imconn.toml", &format!("[[subscription]]\nevents = \"connector\"\nhandler = \"{HANDLER}\"\n"));
        // Drift is found, corrected, and gone.
        let diff = commands.iter().find(|command| command.contains("diff")).unwrap();
        let apply = commands.iter().find(|command| command.contains("apply")).unwrap();
        for (command, code) in [(diff, 3), (apply, 0), (diff, 0)] {
            let args = command.split('>').next().unwrap().trim_start_matches("imconn ");
            sandbox.run_with(&sandbox.renewable(), args).ended_with(code);
        }
    }
}

#[test]
fn every_manifest_of_the_readme_is_valid() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let manifests: Vec<&str> = blocks.filter(|block| block.contains("[[subscription]]")).collect();
    assert_eq!(manifests.len(), 1);
    let home = Home::new();
    home.write("imconn.toml", manifests[0]);
    // Nothing is bound, so the portal differs.
    home.run("-p sandbox diff").ended_with(3);
}
