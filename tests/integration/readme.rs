//! Every command of the README's shell blocks runs. Its transcripts are in `transcripts`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::sandbox_serve::certificates;
use crate::support::{Home, Sandbox, home::finish};

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

/// What stands for `...` and for the portal in the README's exports.
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
                        value(&sandbox, name).unwrap_or_else(|| panic!("{name} of the README is no known variable"));
                    exported.push((name.to_owned(), value));
                }
            }
            // The whole suite, this test among it: `.ci/run` runs it.
            ["cargo", "test"] => {}
            ["imconn", "sandbox", "serve", options @ ..] => assert_serves(options),
            ["imconn", args @ ..] | ["cargo", "run", "--release", "--", args @ ..] => {
                let mut command = sandbox.home.command();
                finish(command.envs(exported.iter().cloned()).args(args)).ended_with(0);
            }
            other => panic!("no test runs this line of the README: {other:?}"),
        }
        run += 1;
    }
    assert!(run >= 9, "only {run} lines found");
}

/// Starts a server as the README does, and stops it once it is up.
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
    // The default port may be in use on the machine that runs the test.
    let taken = !options.contains(&"--addr") && said.contains("cannot listen on 127.0.0.1:8024");
    assert!(line.contains("sandbox is up") || line.contains("access_token") || taken, "{options:?}: {line} {said}");
}
