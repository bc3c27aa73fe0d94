//! What is printed before any command runs, when the options are not fully understood yet.

use std::ffi::OsString;

use clap::{ArgMatches, Args as _};

use super::{GlobalOptions, named_format};
use crate::error::{Error, ExitCode};
use crate::output::{ColorMode, Format, Printer, Terminal, to_stdout};
use crate::redact::mask_urls;
use crate::settings::variable;

/// Prints a text, and returns the exit code.
pub(super) fn print_and_exit(text: &str) -> ExitCode {
    to_stdout(text).map_or(ExitCode::Failed, |()| ExitCode::Done)
}

/// Prints a text with ANSI styles to stdout, with or without them as the options and the terminal say.
pub(super) fn print_styled(text: &str, args: &[OsString]) -> ExitCode {
    let terminal = Terminal::detect(color(args), true);
    if terminal.stdout.color {
        print_and_exit(text)
    } else {
        print_and_exit(&anstream::adapter::strip_str(text).to_string())
    }
}

/// Reports that a command line was not understood: as JSON where JSON was asked for.
pub(super) fn report_mistake(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let terminal = Terminal::detect(color(args), true);
    let format = format(args);
    let printer = printer_for(args);
    // clap quotes what was typed, and that may be an address with a secret in it.
    let text = error.render();
    if format.is_json() {
        let text = mask_urls(&text.to_string());
        let (message, tip) = message_and_tip(&text);
        printer.error(&Error::usage(message, tip.unwrap_or_else(|| "run `imconn --help`".to_owned())));
    } else {
        let text = if terminal.stderr.color { text.ansi().to_string() } else { text.to_string() };
        printer.usage(&mask_urls(&text));
    }
    ExitCode::Usage
}

/// clap's message on one line, and its advice.
fn message_and_tip(text: &str) -> (String, Option<String>) {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_message = |line: &&str| !["tip:", "Usage:", "For more information"].iter().any(|end| line.starts_with(end));
    let message = lines().take_while(is_message).collect::<Vec<_>>().join(" ");
    let tip = lines().find_map(|line| line.strip_prefix("tip: "));
    (message.trim_start_matches("error: ").to_owned(), tip.map(str::to_owned))
}

/// What errors are printed with, whether or not the arguments were understood.
pub(crate) fn printer_for(args: &[OsString]) -> Printer {
    Printer::new(Terminal::detect(color(args), true), format(args), true)
}

/// The format in which a mistake is reported.
fn format(args: &[OsString]) -> Format {
    let typed = find(args, |matches| matches.get_one("output").copied());
    typed.or_else(|| named_format(variable("IMCONN_OUTPUT").as_deref()).ok()).unwrap_or_default()
}

fn color(args: &[OsString]) -> ColorMode {
    let is_typed = |matches: &ArgMatches| matches.value_source("color") == Some(clap::parser::ValueSource::CommandLine);
    let typed = find(args, |matches| matches.get_one("color").copied().filter(|_| is_typed(matches)));
    typed.unwrap_or_default()
}

/// The first global option that `get` finds, wherever it stands. clap ignores errors by ending at the first one, so it
/// begins again behind each argument.
fn find<T>(args: &[OsString], get: impl Fn(&ArgMatches) -> Option<T>) -> Option<T> {
    let options = || {
        let command = clap::Command::new("imconn").ignore_errors(true).no_binary_name(true);
        GlobalOptions::augment_args(command.disable_help_flag(true).disable_version_flag(true))
    };
    let rests = (1..args.len()).map(|start| &args[start..]);
    rests.filter_map(|rest| options().try_get_matches_from(rest).ok()).find_map(|matches| get(&matches))
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
    fn the_tip_is_no_part_of_the_message() {
        let text = "error: unexpected argument '-x'\n\n  tip: use '-y'\n\nUsage: imconn\n\nFor more information, try '--help'.\n";
        let expected = ("unexpected argument '-x'".to_owned(), Some("use '-y'".to_owned()));
        assert_eq!(message_and_tip(text), expected);
    }
}
