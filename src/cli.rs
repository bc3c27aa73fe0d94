//! The command line: what can be typed, and what is printed before any command runs.

mod early;
mod help;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{FalseyValueParser, PossibleValuesParser};
use clap::{
    ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum as _, value_parser,
};
use url::Url;

pub(crate) use self::early::printer_for;
use self::early::{print_and_exit, report_mistake};
use crate::commands;
use crate::error::{Error, ExitCode};
use crate::help::TOPICS;
use crate::output::{ColorMode, Format};
use crate::settings::{Environment, Settings, oauth_server, senders_list, variable};
use crate::store::folders::Folders;

/// What was typed, understood.
#[derive(Debug)]
pub struct Cli {
    /// Options of every command.
    pub global: GlobalOptions,
    /// What to do.
    pub command: commands::Command,
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
///   imconn unbind message-add          remove exactly what is named
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
    #[command(hide = true)]
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

/// Understands what was typed. What only has to be printed (help, the version, a mistake) is printed, and the exit code
/// returned.
pub(crate) fn parse(args: &[OsString]) -> Result<Cli, ExitCode> {
    if asks_version(args) {
        return Err(print_and_exit(VERSION));
    }
    let parsed =
        CommandLine::command().try_get_matches_from(args).and_then(|matches| CommandLine::from_arg_matches(&matches));
    match parsed {
        Ok(CommandLine { global, action: Action::Run(command) }) => Ok(Cli { global, command }),
        Ok(CommandLine { action: Action::Version, .. }) => Err(print_and_exit(VERSION)),
        Ok(CommandLine { action: Action::Help(asked), .. }) => Err(help::show(&asked.words, args)),
        Err(error) if error.use_stderr() => Err(report_mistake(&error, args)),
        Err(_) => Err(help::show_asked(args)),
    }
}

/// The whole command line, for commands that describe it. `help` completes commands and topics here; a run that only
/// parses need not collect them.
#[must_use]
pub fn tree() -> clap::Command {
    let topics = TOPICS.iter().map(|topic| topic.name);
    let parser =
        PossibleValuesParser::new(help::GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).chain(topics));
    CommandLine::command()
        .mut_subcommand("help", |help| help.mut_arg("words", |arg| arg.value_parser(parser).hide_possible_values(true)))
}

/// The command in these arguments, without its options: `sandbox serve`.
pub(crate) fn command_name(args: &[OsString]) -> String {
    let (tree, mut names) = (CommandLine::command(), Vec::new());
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

/// Options of every command, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalOptions {
    /// The portal: a profile's name, a host, or a URL; `sandbox` is built in
    #[arg(short, long, global = true, value_name = "NAME|HOST|URL", env = "IMCONN_PORTAL", hide_env_values = true)]
    pub portal: Option<String>,

    /// Output format [default: table] [env: IMCONN_OUTPUT]
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// Print only results, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Log each request to stderr; -vv for more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// When to use colors
    #[arg(long, global = true, hide_short_help = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorMode,

    /// Never prompt; fail and name the option to use instead
    #[arg(long, global = true, hide_short_help = true, env = "IMCONN_NO_INPUT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub no_input: bool,

    /// Timeout for one request, in seconds
    #[arg(long, global = true, hide_short_help = true, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=3600))]
    pub timeout: u64,

    /// How often to retry a request
    #[arg(long, global = true, hide_short_help = true, value_name = "N", default_value_t = 5)]
    pub retries: usize,

    /// PEM file of certificate authorities to trust in addition to the system's
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// Also write tokens renewed during this run to this file (JSON, mode 0600)
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub print_tokens_to: Option<PathBuf>,

    /// The folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]
    #[arg(long, global = true, hide_short_help = true, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,
}

impl GlobalOptions {
    /// Puts options and environment together.
    ///
    /// # Errors
    /// [`Error::Usage`] for an auth server that is no safe address.
    pub fn settings(&self) -> Result<Settings, Error> {
        Ok(Settings {
            portal: self.portal.clone().filter(|portal| !portal.is_empty()),
            format: self.format()?,
            verbose: self.verbose,
            no_input: self.no_input,
            timeout: Duration::from_secs(self.timeout),
            retries: self.retries,
            ca_cert: self.ca_cert.clone(),
            print_tokens_to: self.print_tokens_to.clone(),
            folders: Folders {
                config: self.config_dir.clone().or_else(|| variable("IMCONN_CONFIG_DIR").map(PathBuf::from)),
                data: variable("IMCONN_DATA_DIR").map(PathBuf::from),
            },
            oauth_server: named_oauth_server()?,
            senders_list: senders_list(variable("IMCONN_SENDERS_LIST"))?,
            environment: Environment::read(),
        })
    }

    /// The format of results: the option, then the environment.
    ///
    /// # Errors
    /// [`Error::Usage`] for a format in the environment that is none.
    pub fn format(&self) -> Result<Format, Error> {
        match self.output {
            Some(format) => Ok(format),
            None => named_format(variable("IMCONN_OUTPUT").as_deref()),
        }
    }
}

fn named_oauth_server() -> Result<Option<Url>, Error> {
    let named = variable("IMCONN_OAUTH_SERVER");
    named.map(|named| oauth_server("IMCONN_OAUTH_SERVER", Some(named))).transpose()
}

/// A format by its name; a table where none is named.
///
/// # Errors
/// [`Error::Usage`] for what is no format.
fn named_format(name: Option<&str>) -> Result<Format, Error> {
    let Some(name) = name else { return Ok(Format::default()) };
    Format::from_str(name, true).map_err(|_| {
        let message = format!("invalid IMCONN_OUTPUT `{}`", name.escape_debug());
        Error::usage(message, "expected table, json, jsonl, csv, plain or markdown")
    })
}
