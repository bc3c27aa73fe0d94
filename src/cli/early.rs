//! What is printed before any command runs, whether or not the options could be parsed.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, Command};

use super::options::{GlobalOptions, format_from};
use crate::error::{Error, ExitCode, Problem};
use crate::help::GLUE;
use crate::output::{ColorMode, Format, Printer, Terminal, to_stdout};
use crate::redact::mask_urls;
use crate::settings::variable;

/// Prints a text, and returns the exit code.
pub(super) fn print_and_exit(text: &str, args: &[OsString]) -> ExitCode {
    match to_stdout(text) {
        Ok(()) => ExitCode::Done,
        Err(error) => report_error(&error, args),
    }
}

/// Reports a failure before any command was run.
pub(super) fn report_error(error: &Error, args: &[OsString]) -> ExitCode {
    let problem = Problem::from(error);
    printer_for(args).problem(&problem, problem.exit);
    problem.exit
}

/// Prints a text with ANSI styles to stdout, with or without them as the options and the terminal say.
pub(super) fn print_styled(text: &str, args: &[OsString]) -> ExitCode {
    let terminal = Terminal::detect(color(args), true);
    if terminal.stdout.color {
        print_and_exit(text, args)
    } else {
        print_and_exit(&anstream::adapter::strip_str(text).to_string(), args)
    }
}

/// Reports a parse error, as JSON if JSON was requested.
pub(super) fn report_mistake(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let terminal = Terminal::detect(color(args), true);
    let format = format(args);
    let printer = printer_for(args);
    // clap quotes what was typed, and that may be an address with a secret in it.
    let text = error.render();
    if format.is_json() {
        let text = mask_urls(&text.to_string());
        let (message, tip) = message_and_tip(&text);
        let problem = Problem::from(&Error::usage(message, tip.unwrap_or_else(|| "run `imconn --help`".to_owned())));
        printer.problem(&problem, problem.exit);
    } else {
        let text = if terminal.stderr.color { text.ansi().to_string() } else { text.to_string() };
        printer.usage(&mask_urls(&text.replace(GLUE, " ")));
    }
    ExitCode::Usage
}

/// Shows help because a command is missing.
pub(super) fn report_incomplete(help: &clap::Error, args: &[OsString]) -> ExitCode {
    if !format(args).is_json() {
        return report_mistake(help, args);
    }
    let error = Error::usage("a command is missing", "to see the commands, run `imconn --help`");
    printer_for(args).problem(&Problem::from(&error), ExitCode::Usage);
    ExitCode::Usage
}

/// clap's message on one line, and its advice.
fn message_and_tip(text: &str) -> (String, Option<String>) {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let message: Vec<&str> = lines.iter().copied().take_while(|line| is_message(line)).collect();
    let message = message.join(" ");
    let tip = lines.iter().find_map(|line| line.strip_prefix("tip: "));
    (message.trim_start_matches("error: ").to_owned(), tip.map(str::to_owned))
}

/// Prints errors, whether or not the arguments could be parsed.
pub(crate) fn printer_for(args: &[OsString]) -> Printer {
    Printer::new(Terminal::detect(color(args), true), format(args), true)
}

fn is_message(line: &str) -> bool {
    !["tip:", "Usage:", "For more information"].iter().any(|end| line.starts_with(end))
}

/// The format in which a mistake is reported.
fn format(args: &[OsString]) -> Format {
    let typed = find(args, |matches| matches.get_one("output").copied());
    typed.or_else(|| format_from(variable("IMCONN_OUTPUT").as_deref()).ok()).unwrap_or_default()
}

fn color(args: &[OsString]) -> ColorMode {
    let typed = find(args, |matches| {
        let is_typed = matches.value_source("color") == Some(ValueSource::CommandLine);
        matches.get_one("color").copied().filter(|_| is_typed)
    });
    typed.unwrap_or_default()
}

/// The first global option that `get` finds, wherever it stands. clap ignores errors by stopping at the first one, so it
/// starts again after each argument.
fn find<T>(args: &[OsString], get: impl Fn(&ArgMatches) -> Option<T>) -> Option<T> {
    let rests = (1..args.len()).map(|start| &args[start..]);
    rests.filter_map(|rest| lenient().try_get_matches_from(rest).ok()).find_map(|matches| get(&matches))
}

/// The global options alone.
fn lenient() -> Command {
    let command = Command::new("imconn").ignore_errors(true).no_binary_name(true);
    GlobalOptions::augment_args(command.disable_help_flag(true).disable_version_flag(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_format_is_found_wherever_it_stands() {
        for line in
            ["imconn -o json bnd", "imconn bnd -ojson", "imconn bind --nonsense x -o=json", "imconn -qo json bnd"]
        {
            assert_eq!(format(&args(line)), Format::Json, "{line}");
        }
        assert_eq!(format(&args("imconn bnd -o")), Format::Table);
    }

    #[test]
    fn colors_are_found_wherever_they_stand() {
        assert_eq!(color(&args("imconn bnd --color=always")), ColorMode::Always);
        assert_eq!(color(&args("imconn --color never bnd")), ColorMode::Never);
        assert_eq!(color(&args("imconn bnd")), ColorMode::Auto);
    }

    #[test]
    fn the_tip_is_not_part_of_the_message() {
        let text = "error: unexpected argument '-x'\n\n  tip: use '-y'\n\nUsage: imconn\n\nFor more information, try '--help'.\n";
        let expected = ("unexpected argument '-x'".to_owned(), Some("use '-y'".to_owned()));
        assert_eq!(message_and_tip(text), expected);
    }
}
