//! A command in a hint works when it is pasted.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::{Home, Output, Sandbox};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files whose hints are pasted, and whether all of a file is prose in which placeholders may stand.
fn sources() -> Vec<(PathBuf, bool)> {
    let mut sources = vec![(root().join("README.md"), true)];
    for (folder, is_prose) in [("tests/transcripts", false), ("src/help/topics", true)] {
        let files = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        sources.extend(files.filter(|path| path.is_file()).map(|path| (path, is_prose)));
    }
    sources
}

/// Commands in backticks: in all of a document, in the hints of a transcript.
fn commands() -> Vec<String> {
    let mut commands = Vec::new();
    for (path, is_prose) in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| is_prose || is_hint(line));
        for command in
            lines.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(|code| code.starts_with("imconn "))
        {
            let has_placeholder = placeholder(command).is_some();
            assert!(is_prose || !has_placeholder, "{}: `{command}` cannot be pasted", path.display());
            if !has_placeholder {
                commands.push(command.to_owned());
            }
        }
    }
    commands.sort();
    commands.dedup();
    commands
}

fn is_hint(line: &str) -> bool {
    ["hint: ", "  → ", "warning: "].iter().any(|start| line.starts_with(start)) || line.contains("\"hint\":")
}

/// A word in capitals, such as NAME, that is not a variable.
fn placeholder(command: &str) -> Option<&str> {
    let is_capital = |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || "-|:".contains(c));
    command.split_whitespace().find(is_capital)
}

#[test]
fn every_command_in_a_hint_can_be_pasted() {
    let commands = commands();
    assert!(commands.len() > 12, "{commands:?}");
    let mut refused = Vec::new();
    for command in commands {
        let output = paste(&command);
        if output.code == 2 && !is_asked_for_more(&output) {
            refused.push(format!("`{command}`: {}", output.stderr));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// Off a terminal, a login needs its keys and a change a confirmation: neither makes the command wrong.
fn is_asked_for_more(output: &Output) -> bool {
    ["client id is not known", "cannot prompt for the code", "without confirmation"]
        .iter()
        .any(|text| output.stderr.contains(text))
}

/// Runs a line in a shell, for a portal with a profile, a manifest and a history.
#[track_caller]
fn paste(line: &str) -> Output {
    let sandbox = Sandbox::start();
    sandbox.store_profile();
    sandbox
        .home
        .write("imconn.toml", "handler = \"https://bot.example.com/b24\"\n[[subscription]]\nevents = \"connector\"\n");
    sandbox.run("bind message-add").ended_with(0);
    let binary = Path::new(env!("CARGO_BIN_EXE_imconn")).parent().unwrap().to_owned();
    // `sandbox serve` does not end.
    let mut shell = std::process::Command::new("timeout");
    shell.args(["5", "bash", "-c", line]).env_clear().current_dir(sandbox.home.path("")).stdin(Stdio::null());
    shell.env("PATH", format!("{}:/usr/bin:/bin", binary.display())).env("HOME", sandbox.home.path(""));
    shell.env("IMCONN_CONFIG_DIR", sandbox.home.path("config")).env("IMCONN_DATA_DIR", sandbox.home.path("data"));
    shell.env("IMCONN_PORTAL", sandbox.url()).env("IMCONN_ACCESS_TOKEN", sandbox.fact("access_token"));
    Output::from(shell.output().unwrap())
}

#[test]
fn a_refused_token_is_replaced_where_it_came_from() {
    let sandbox = Sandbox::start();
    let environment = sandbox.run_with(&[("IMCONN_ACCESS_TOKEN", "0123456789abcdef")], "list").ended_with(4);
    assert!(environment.stderr.contains("IMCONN_ACCESS_TOKEN"), "{environment:?}");
    assert!(!environment.stderr.contains("imconn login"), "{environment:?}");
    let none = Home::new().run("-p acme.bitrix24.com list").ended_with(4);
    assert!(none.stderr.ends_with("hint: to log in, run `imconn login acme.bitrix24.com`\n"), "{none:?}");
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
fn a_manifest_that_cannot_be_read_is_not_a_question_of_folders() {
    let home = Home::new();
    let path = home.write("imconn.toml", "");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o0)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        eprintln!("skipped: the superuser can read every file");
        return;
    }
    let output = home.run("-p sandbox diff");
    assert!(output.stderr.contains("check the owner and the mode of the file"), "{output:?}");
}
