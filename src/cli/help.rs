//! Help, laid out for the terminal.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::{Arg, Command};

use super::early::{print_styled, report_error, report_incomplete, report_mistake};
use super::tree;
use crate::error::{Error, ExitCode};
use crate::help::{GLUE, Layout, TOPICS, Topic, heading_style, topic_rows, unbroken};
use crate::output::{ColorMode, Terminal};

/// The commands of the main help, in groups. A test compares them with the commands there are.
pub(super) const GROUPS: [(&str, &[&str]); 6] = [
    ("Subscriptions", &["bind", "unbind", "list", "events"]),
    ("Subscriptions as code", &["diff", "apply", "export", "undo", "manifest"]),
    ("Portals and tokens", &["login", "logout", "portals", "status", "doctor", "call"]),
    ("Handlers", &[]),
    ("Many portals", &[]),
    ("Local", &["sandbox", "completions", "man", "help", "version"]),
];

/// The help of a command. clap would break the lines of `{about}`, and so the commands in it.
const TEMPLATE: &str = "{before-help}{usage-heading} {usage}\n\n{all-args}";

/// How much of the help is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// `-h`: no examples, only the common options.
    Short,
    /// `imconn` alone: short, with the first steps.
    FirstSteps,
    /// `--help`, `help COMMAND`.
    Full,
}

/// `imconn help WORDS`: of a topic, a command, or the whole program.
pub(super) fn show(words: &[String], args: &[OsString]) -> ExitCode {
    if let [word] = words
        && let Some(topic) = Topic::find(word)
    {
        let text = layout().render(&topic.text());
        return print_styled(&format!("{text}\n"), args);
    }
    if let Some(error) = unknown(words) {
        return report_error(&error, args);
    }
    let line = ["imconn"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    show_parsed(line.map(OsString::from).collect(), Length::Full, args)
}

/// The error for words that are neither a command nor a topic.
fn unknown(words: &[String]) -> Option<Error> {
    let mut command = &tree();
    let mut known: Vec<&str> = Vec::new();
    for word in words {
        let Some(sub) = command.find_subcommand(word) else { return Some(unknown_after(&known, words)) };
        known.push(sub.get_name());
        command = sub;
    }
    None
}

fn unknown_after(known: &[&str], words: &[String]) -> Error {
    let asked = words.join(" ");
    let hint = match (known, nearest(&asked)) {
        ([], Some(name)) => format!("to see the help of {name}, run `imconn help {name}`"),
        ([], None) => "to see all topics, run `imconn help help`".to_owned(),
        (known, _) => format!("to see its commands, run `imconn help {}`", known.join(" ")),
    };
    Error::usage(format!("no command or topic named `{}`", asked.escape_debug()), hint)
}

/// The command or topic that begins like this word, or is one or two letters away from it.
fn nearest(word: &str) -> Option<&'static str> {
    let beginning = names().find(|name| word.len() > 1 && name.starts_with(word));
    beginning.or_else(|| names().find(|name| name.len() > 2 && strsim::osa_distance(name, word) <= 2))
}

fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, names)| *names).copied().chain(TOPICS.iter().map(|topic| topic.name))
}

/// `--help` or `-h` somewhere in the arguments, or a command that needs a subcommand.
pub(super) fn show_asked(args: &[OsString]) -> ExitCode {
    let length = if args.iter().any(|arg| arg == "--help") { Length::Full } else { Length::Short };
    show_parsed(args.to_vec(), length, args)
}

/// `imconn`, or `imconn sandbox`: the short help, as a mistake.
pub(super) fn show_for_incomplete(args: &[OsString]) -> ExitCode {
    let line = args.iter().cloned().chain(["-h".into()]).collect();
    match parse_laid_out(line, Length::FirstSteps) {
        Some(error) => report_incomplete(&error, args),
        None => ExitCode::Usage,
    }
}

fn show_parsed(line: Vec<OsString>, length: Length, args: &[OsString]) -> ExitCode {
    match parse_laid_out(line, length) {
        Some(error) if !error.use_stderr() => print_styled(&error.render().ansi().to_string().replace(GLUE, " "), args),
        Some(error) => report_mistake(&error, args),
        None => ExitCode::Done,
    }
}

/// What clap prints for a line. The tree is built again with its texts laid out: most runs print no help, and need not
/// wait for that.
fn parse_laid_out(line: Vec<OsString>, length: Length) -> Option<clap::Error> {
    let layout = layout();
    let tree = laid_out(tree(), layout, length).help_template(root_template(layout)).term_width(layout.width());
    tree.try_get_matches_from(line).err()
}

fn layout() -> Layout {
    Layout::new(Terminal::detect(ColorMode::Auto, true).width)
}

/// Lays out the texts of a command and its subcommands. clap shows the long form of options one to a paragraph, so that
/// the global ones alone fill a screen: both lengths use its short form.
fn laid_out(mut command: Command, layout: Layout, length: Length) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| laid_out(sub, layout, length));
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let full = command.get_long_about().map_or_else(|| about.clone(), ToString::to_string);
    let text = match length {
        Length::Short => about,
        Length::FirstSteps => with_first_steps(&about, &full),
        Length::Full => full.replace("{topics}", &topic_rows()),
    };
    // The list of its parent shows a command's `about`.
    let command = command.before_help(layout.render(&text)).long_about(None::<&str>).help_template(TEMPLATE);
    command.mut_args(|arg| plain_option(arg, length))
}

/// A command's summary and, for imconn itself, the first steps.
fn with_first_steps(about: &str, full: &str) -> String {
    match full.split("\n\n").find(|block| block.starts_with("First steps:")) {
        Some(steps) => format!("{about}\n\n{steps}"),
        None => about.to_owned(),
    }
}

/// An option that fits on one line: its values have no descriptions.
fn plain_option(arg: Arg, length: Length) -> Arg {
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    let arg = if length == Length::Full { arg.hide_short_help(false) } else { arg };
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let takes_values = arg.get_action().takes_values();
    if takes_values {
        if !values.is_empty() && !arg.is_hide_possible_values_set() {
            let _ = write!(help, " [possible values: {}]", values.join(", "));
        }
        if let [default] = arg.get_default_values() {
            let _ = write!(help, " [default: {}]", default.to_string_lossy());
        }
    }
    let arg = arg.help(unbroken(&help));
    if takes_values { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

/// clap lists all commands under one heading; the main help has them in groups.
fn root_template(layout: Layout) -> String {
    let mut text = "{before-help}{usage-heading} {usage}\n\n".to_owned();
    let tree = tree();
    for (title, names) in GROUPS.iter().filter(|(_, names)| !names.is_empty()) {
        let style = heading_style();
        let rows: String = names.iter().filter_map(|name| row(&tree, name)).collect();
        let _ = write!(text, "{style}{title}:{style:#}\n{}\n\n", layout.render(&rows));
    }
    let style = heading_style();
    let _ = write!(text, "{style}Options:{style:#}\n{{options}}");
    text
}

fn row(tree: &Command, name: &str) -> Option<String> {
    let command = tree.find_subcommand(name)?;
    let about = command.get_about()?;
    let alias = command.get_visible_aliases().map(|alias| format!(" [alias: {alias}]")).collect::<String>();
    Some(format!("| {name} | {about}{alias} |\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let tree = tree();
        let mut commands: Vec<&str> =
            tree.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        commands.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(commands, grouped);
    }
}
