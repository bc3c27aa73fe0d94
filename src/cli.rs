//! The command line: what can be typed, and what is printed before any command runs.

mod early;
mod help;
mod options;

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub(crate) use self::early::printer_for;
use self::early::{print_and_exit, report_mistake};
use self::options::GlobalOptions;
use crate::commands;
use crate::error::ExitCode;
use crate::help::TOPICS;

/// A parsed command line.
#[derive(Debug)]
pub(crate) struct Cli {
    pub(crate) global: GlobalOptions,
    pub(crate) command: commands::Command,
}

/// Manage which handlers a Bitrix24 portal calls for an application's events
///
/// First steps:
///   imconn -p sandbox bind --all       try it without an account
///   imconn login acme.bitrix24.com     log in to a portal
///   imconn bind --all --handler https://bot.example.com/b24
///   imconn doctor                      find out why no event arrives
///
/// Examples:
///   imconn list                        show what is bound
///   imconn unbind message-add          remove only the matching bindings
///   imconn diff                        compare the portal with imconn.toml
///   imconn apply                       make the portal match imconn.toml
///
/// In CI, set IMCONN_PORTAL and IMCONN_ACCESS_TOKEN instead of logging in. See `imconn help environment`.
#[derive(Debug, Parser)]
#[command(name = "imconn", version, verbatim_doc_comment, propagate_version = true, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
struct CommandLine {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    action: Action,
}

/// A command, or a question about the program that is answered before any setting is read.
#[derive(Debug, Subcommand)]
enum Action {
    #[command(flatten)]
    Run(commands::Command),
    Help(HelpArgs),
    /// Print the version
    ///
    /// Examples:
    ///   imconn version
    #[command(verbatim_doc_comment)]
    Version,
}

/// Show the help of a command or a topic
///
/// Examples:
///   imconn help bind
///   imconn help sandbox serve
///   imconn help environment       the variables that imconn reads
///
/// Topics:
///
/// {topics}
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
struct HelpArgs {
    /// A command with its subcommand, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// Parses the arguments. Help, the version and mistakes are printed here; then only an exit code is left.
pub(crate) fn parse(args: &[OsString]) -> Result<Cli, ExitCode> {
    if asks_version(args) {
        return Err(print_and_exit(VERSION, args));
    }
    let parsed =
        CommandLine::command().try_get_matches_from(args).and_then(|matches| CommandLine::from_arg_matches(&matches));
    match parsed {
        Ok(CommandLine { global, action: Action::Run(command) }) => Ok(Cli { global, command }),
        Ok(CommandLine { action: Action::Version, .. }) => Err(print_and_exit(VERSION, args)),
        Ok(CommandLine { action: Action::Help(asked), .. }) => Err(help::show(&asked.words, args)),
        Err(error) if is_incomplete(&error) => Err(help::show_for_incomplete(args)),
        Err(error) if error.use_stderr() => Err(report_mistake(&error, args)),
        Err(_) => Err(help::show_asked(args)),
    }
}

/// Whether only a command is missing.
fn is_incomplete(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// The whole command line, for commands that describe it. `help` completes commands and topics here; a run that only
/// parses need not collect them.
#[must_use]
pub fn tree() -> clap::Command {
    let commands = help::GROUPS.iter().flat_map(|(_, names)| names.iter().copied());
    let parser = PossibleValuesParser::new(commands.chain(TOPICS.iter().map(|topic| topic.name)));
    CommandLine::command()
        .mut_subcommand("help", |help| help.mut_arg("words", |arg| arg.value_parser(parser).hide_possible_values(true)))
}

/// The command in these arguments, without its options: `sandbox serve`.
pub(crate) fn command_name(args: &[OsString]) -> String {
    let tree = CommandLine::command();
    let mut names = Vec::new();
    let mut command = &tree;
    for arg in args.iter().skip(1) {
        if let Some(sub) = command.find_subcommand(arg) {
            names.push(sub.get_name());
            command = sub;
        }
    }
    names.join(" ")
}

const VERSION: &str = concat!("imconn ", env!("CARGO_PKG_VERSION"), "\n");

/// Building the whole command tree takes longer than everything else that `--version` does, and scripts ask for it often.
fn asks_version(args: &[OsString]) -> bool {
    matches!(args, [_, only] if only == "--version" || only == "-V" || only == "version")
}
