//! The command line: help, completions and manual pages.

use std::path::Path;

use crate::architecture::rust_files;

use crate::support::Home;
use crate::support::home::finish;

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
    for command in commands() {
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
    for command in commands() {
        let at = |width: &str| home.run_with(&[("COLUMNS", width)], &format!("{command} --help")).ended_with(0).stdout;
        // An example stays on its line, so that it can be pasted.
        let wide = at("100");
        for width in [60, 80, 100] {
            let help = at(&width.to_string());
            let is_kept =
                |line: &&str| width < 80 && line.starts_with("  ") && wide.lines().any(|other| other == *line);
            let long = help.lines().find(|line| line.chars().count() > width && !is_kept(line));
            assert_eq!(long, None, "{command} at {width} columns");
        }
    }
}

/// A command to paste must stand on one line, and so must a table.
#[test]
fn nothing_that_keeps_its_layout_is_wider_than_80_columns() {
    fn check(command: &clap::Command) {
        let text = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string);
        let widest = imconn::help::widest_kept_line(&text.unwrap_or_default());
        assert!(widest <= 80, "{}: {widest}", command.get_name());
        command.get_subcommands().for_each(check);
    }
    check(&imconn::cli::tree());
    for topic in imconn::help::TOPICS {
        let widest = imconn::help::widest_kept_line(&topic.text());
        assert!(widest <= 80, "{}: {widest}", topic.name);
    }
}

/// A single word on the last line of a paragraph looks like an accident.
#[test]
fn no_line_of_help_has_a_single_word_left_over() {
    let home = Home::new();
    let topics = imconn::help::TOPICS.map(|topic| format!("help {}", topic.name));
    let helps = commands().into_iter().map(|command| format!("{command} --help"));
    for asked in helps.chain(topics) {
        let help = home.run_with(&[("COLUMNS", "80")], &asked).ended_with(0).stdout;
        let lines: Vec<&str> = help.lines().collect();
        for pair in lines.windows(2) {
            let fills_the_line = pair[0].chars().count() > 60 && !pair[0].trim_start().starts_with('-');
            let is_left_over = fills_the_line && !pair[1].trim().is_empty() && !pair[1].trim().contains(' ');
            let is_left_over = is_left_over && !pair[1].trim_start().starts_with('-');
            // A URL does not fit on the line before.
            assert!(!is_left_over || pair[1].contains("://"), "{asked}:\n{}\n{}", pair[0], pair[1]);
        }
    }
}

#[test]
fn an_unknown_topic_gets_a_suggestion() {
    let home = Home::new();
    for (asked, hint) in [
        ("env", "to see the help of environment, run `imconn help environment`"),
        ("bnd", "to see the help of bind, run `imconn help bind`"),
        ("nonsense", "to see all topics, run `imconn help help`"),
        ("sandbox nonsense", "to see its commands, run `imconn help sandbox`"),
    ] {
        let output = home.run(&format!("help {asked}")).ended_with(2);
        let expected = format!("error: no command or topic named `{asked}`\nhint: {hint}\n");
        assert_eq!(output.stderr, expected);
    }
    assert!(home.run("help help").ended_with(0).stdout.contains("exit-codes"));
}

#[test]
fn imconn_alone_shows_the_first_steps() {
    let output = Home::new().run("").ended_with(2);
    for step in ["imconn -p sandbox bind --all", "imconn login acme.bitrix24.com", "version"] {
        assert!(output.stderr.contains(step), "{output:?}");
    }
}

#[test]
fn help_that_cannot_be_written_is_an_error_with_its_reason() {
    for args in ["--help", "help files", "version"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Home::new().command().args(args.split(' ')).stdout(full).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args}: {stderr}");
        assert!(stderr.starts_with("error: cannot write the result: No space left on device"), "{args}: {stderr}");
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
fn every_code_of_a_warning_is_documented() {
    let topic = Home::new().run("help output").ended_with(0).stdout;
    let mut found = 0;
    for (file, text) in rust_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        for part in text.split("Message::warning(").skip(1) {
            let Some(code) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            assert!(topic.contains(code), "{code} of {file} is missing in src/help/topics/output.md");
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn every_command_has_a_manual_page_with_exit_codes() {
    let home = Home::new();
    let page = home.run("man bind").ended_with(0).stdout;
    assert!(page.contains("imconn\\-bind") && page.contains("EXIT STATUS"), "{page}");
    assert!(home.run("man nonsense").ended_with(2).stderr.contains("`imconn help help`"));
    assert!(home.run("man help").ended_with(0).stdout.contains("exit\\-codes"));
    assert!(home.run("man version").ended_with(0).stdout.contains("imconn\\-version"));
    assert!(home.run("man manifest").ended_with(0).stdout.contains(".SS \"WHAT MAY BE REMOVED\""));
    for topic in imconn::help::TOPICS {
        let page = home.run(&format!("man {}", topic.name)).ended_with(0).stdout;
        assert!(page.contains(".SH NAME") || page.contains(".SH \"NAME\""), "{page}");
    }
    home.run("man --dir pages").ended_with(0);
    for name in ["imconn", "imconn-sandbox-serve", "imconn-help", "imconn-version", "imconn-exit-codes"] {
        assert!(home.path(&format!("pages/{name}.1")).exists(), "{name}");
    }
}

#[test]
fn manual_pages_overwrite_others_only_when_asked() {
    let home = Home::new();
    let mine = home.write("my pages/imconn-list.1", "my notes");
    let run = |args: &[&str]| finish(home.command().args(["man", "--dir", "my pages"]).args(args));
    let refused = run(&[]).ended_with(2).stderr;
    assert!(refused.contains("imconn-list.1 exists already"), "{refused}");
    assert!(refused.contains("`imconn man --dir 'my pages' --force`"), "{refused}");
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "my notes");
    assert!(!home.path("my pages/imconn.1").exists(), "none of them was written");
    run(&["--force"]).ended_with(0);
    assert!(std::fs::read_to_string(&mine).unwrap().contains(".TH"));
}

#[test]
fn the_readme_has_the_table_of_exit_codes() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for code in imconn::error::ExitCode::ALL {
        let row = format!("| {} | {} |", code as i32, code.meaning());
        assert!(readme.contains(&row), "missing: {row}");
    }
}
