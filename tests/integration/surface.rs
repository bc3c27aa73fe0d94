//! The command line: help, completions and manual pages.

use std::path::Path;

use crate::support::Home;

const SHELLS: [(&str, &str); 5] = [
    ("bash", "imconn.bash"),
    ("zsh", "_imconn"),
    ("fish", "imconn.fish"),
    ("powershell", "_imconn.ps1"),
    ("elvish", "imconn.elv"),
];

/// Every command that has its own help, with its parents' names; the first is imconn itself.
fn commands() -> Vec<String> {
    fn collect(command: &clap::Command, path: &str, commands: &mut Vec<String>) {
        commands.push(path.to_owned());
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            collect(sub, format!("{path} {}", sub.get_name()).trim(), commands);
        }
    }
    let mut commands = Vec::new();
    collect(&imconn::cli::tree(), "", &mut commands);
    assert!(commands.len() >= 26, "{commands:?}");
    commands
}

/// Compares a committed file with a text; with `IMCONN_UPDATE_GOLDEN` set, rewrites it.
#[track_caller]
fn assert_golden(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("IMCONN_UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{} is out of date; rewrite it with IMCONN_UPDATE_GOLDEN=1 cargo test", path.display());
}

#[test]
fn the_committed_completions_are_up_to_date() {
    for (shell, file) in SHELLS {
        let script = Home::new().run(&format!("completions {shell}")).ended_with(0).stdout;
        assert_golden(&format!("completions/{file}"), &script);
    }
}

#[test]
fn bash_completes_commands_after_global_options_and_event_names() {
    let home = Home::new();
    let script = home.run("completions bash").ended_with(0).stdout;
    home.write("complete.bash", &script);
    let complete = |words: &str| {
        let count = words.split(' ').count() - 1;
        let program = format!(
            "source complete.bash; COMP_WORDS=({words}); COMP_CWORD={count}; \
             _imconn imconn \"${{COMP_WORDS[{count}]}}\" x; echo \"${{COMPREPLY[@]}}\""
        );
        let output =
            std::process::Command::new("bash").args(["-c", &program]).current_dir(home.path("")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete("imconn -p sandbox unb").trim(), "unbind");
    assert_eq!(complete("imconn -p sandbox --output json sandbox se").trim(), "serve");
    assert!(complete("imconn -p sandbox bind --rep").contains("--replace"));
    assert!(complete("imconn bind message-").contains("message-add"));
    assert!(complete("imconn help exit").contains("exit-codes"));
}

#[test]
fn help_begins_with_examples() {
    let home = Home::new();
    for command in commands().into_iter().filter(|command| !command.contains(' ')) {
        let help = home.run(&format!("{command} --help")).ended_with(0).stdout;
        assert!(help.find("Examples:").unwrap() < help.find("Usage:").unwrap(), "{command}");
        let short = home.run(&format!("{command} -h")).ended_with(0).stdout;
        assert!(short.len() < help.len() && !short.contains("Examples:"), "{command}: -h is the short one");
    }
}

/// `imconn` and its subcommands have a transcript each, which begins with their help.
#[test]
fn every_command_has_a_transcript() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    for command in commands() {
        let first = command.split(' ').next().unwrap();
        let name = if first.is_empty() { "imconn" } else { first };
        let transcript = std::fs::read_to_string(folder.join(format!("{name}.trycmd"))).unwrap_or_default();
        let help = if command.is_empty() { "$ imconn --help".to_owned() } else { format!("$ imconn {command} --help") };
        assert!(transcript.contains(&help), "{help} is missing in tests/transcripts/{name}.trycmd");
    }
}

#[test]
fn help_fits_narrow_and_wide_terminals() {
    let home = Home::new();
    for width in ["60", "80", "100"] {
        for command in commands() {
            let help = home.run_with(&[("COLUMNS", width)], &format!("{command} --help")).ended_with(0).stdout;
            let long = help.lines().find(|line| line.chars().count() > width.parse().unwrap());
            assert_eq!(long, None, "{command} at {width} columns");
        }
    }
}

#[test]
fn headings_of_help_have_the_style_of_usage() {
    let help = Home::new().run("bind --help --color always").ended_with(0).stdout;
    let style = &help[..help.find("Usage:").unwrap()];
    let style = &style[style.rfind('\n').unwrap() + 1..];
    assert!(style.contains('\u{1b}') && help.contains(&format!("{style}Examples:")), "{help:?}");
}

#[test]
fn every_way_to_ask_for_the_version_works() {
    let home = Home::new();
    let version = concat!("imconn ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(home.run("--version").ended_with(0).stdout, version);
    assert_eq!(home.run("-V").ended_with(0).stdout, version);
    assert_eq!(home.run("version").ended_with(0).stdout, version);
    assert_eq!(home.run("-q --version").ended_with(0).stdout, version);
}

#[test]
fn a_mistyped_command_gets_a_suggestion_and_is_not_run() {
    let output = Home::new().run("lst").ended_with(2);
    assert!(output.stderr.contains("list"), "{output:?}");
}

#[test]
fn every_way_to_ask_for_help_works() {
    let home = Home::new();
    let help = home.run("sandbox serve --help").ended_with(0).stdout;
    assert!(help.contains("--tls-cert"), "{help}");
    assert_eq!(home.run("help sandbox serve").ended_with(0).stdout, help);
    assert_eq!(home.run("help").ended_with(0).stdout, home.run("--help").ended_with(0).stdout);
    assert!(home.run("help nonsense").ended_with(2).stderr.contains("nonsense"));
}

#[test]
fn topics_hold_the_tables_of_variables_and_exit_codes() {
    let home = Home::new();
    let environment = home.run("help environment").ended_with(0).stdout;
    for (name, _) in imconn::help::variables::VARIABLES {
        assert!(environment.contains(name), "{name}");
    }
    let codes = home.run("help exit-codes").ended_with(0).stdout;
    for code in imconn::error::ExitCode::ALL {
        assert!(codes.contains(code.meaning()), "{codes}");
    }
    for topic in imconn::help::TOPICS {
        let text = home.run_with(&[("COLUMNS", "60")], &format!("help {}", topic.name)).ended_with(0).stdout;
        let kept = |line: &&str| line.starts_with("  ");
        let widest = text.lines().filter(|line| !kept(line)).map(|line| line.chars().count()).max();
        assert!(widest <= Some(60), "{text}");
    }
}

/// A variable that the source reads must be in the topic.
#[test]
fn every_variable_that_is_read_is_documented() {
    fn names(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                names(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_').map(str::to_owned);
                found.extend(words.filter(|word| {
                    word.starts_with("IMCONN_") && !word.starts_with("IMCONN_TEST_") && word.len() > "IMCONN_".len()
                }));
            }
        }
    }
    let mut found = Vec::new();
    names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for name in found {
        let is_documented = imconn::help::variables::VARIABLES.iter().any(|(variable, _)| *variable == name);
        assert!(is_documented, "{name} is missing in src/help/variables.rs");
    }
}

#[test]
fn every_command_has_a_manual_page_with_exit_codes() {
    let home = Home::new();
    let page = home.run("man bind").ended_with(0).stdout;
    assert!(page.contains("imconn\\-bind") && page.contains("EXIT STATUS"), "{page}");
    home.run("man nonsense").ended_with(2);
    home.run("man --dir pages").ended_with(0);
    assert!(home.path("pages/imconn.1").exists() && home.path("pages/imconn-sandbox-serve.1").exists());
}

#[test]
fn the_readme_has_the_table_of_exit_codes() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for code in imconn::error::ExitCode::ALL {
        let row = format!("| {} | {} |", code as i32, code.meaning());
        assert!(readme.contains(&row), "missing: {row}");
    }
}
