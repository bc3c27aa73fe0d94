//! The command line: global options, and the settings they make.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Parser, ValueEnum as _, value_parser};
use url::Url;

use crate::commands;
use crate::error::Error;
use crate::output::{ColorMode, Format};
use crate::settings::{Environment, Settings, oauth_server, senders_list, variable};
use crate::store::folders::Folders;

/// Manage which handlers a Bitrix24 application's events are delivered to
///
/// Examples:
///   imconn -p sandbox bind --all            try it without an account
///   imconn bind --all --handler https://bot.example.com/b24
///   imconn list                             what is bound now
///   imconn unbind message-add               remove what was asked for, nothing else
///   imconn events --available               what this application may bind
///
/// The portal is named with -p or IMCONN_PORTAL, its token with IMCONN_ACCESS_TOKEN.
#[derive(Debug, Parser)]
#[command(name = "imconn", version, verbatim_doc_comment, propagate_version = true)]
#[command(subcommand_required = true, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: GlobalOptions,
    /// What to do.
    #[command(subcommand)]
    pub command: commands::Command,
}

/// Options of every command, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalOptions {
    /// Portal: a profile's name, a host, or a URL; `sandbox` is built in
    #[arg(short, long, global = true, value_name = "NAME|HOST|URL", env = "IMCONN_PORTAL", hide_env_values = true)]
    pub portal: Option<String>,

    /// Format of the result [default: table] [env: IMCONN_OUTPUT]
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// Say nothing but results, warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Tell about each request; twice for more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorMode,

    /// Never ask; fail and name the option that answers
    #[arg(long, global = true, env = "IMCONN_NO_INPUT", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub no_input: bool,

    /// Longest time for one request, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=3600))]
    pub timeout: u64,

    /// How often a request is tried again
    #[arg(long, global = true, value_name = "N", default_value_t = 5)]
    pub retries: usize,

    /// PEM file with certificate authorities to trust beside the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// Write tokens that were renewed during this run to this file as well (JSON, mode 0600)
    #[arg(long, global = true, value_name = "FILE")]
    pub print_tokens_to: Option<PathBuf>,

    /// Folder of config.toml and credentials.toml [env: IMCONN_CONFIG_DIR]
    #[arg(long, global = true, value_name = "DIR")]
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
        let message = format!("IMCONN_OUTPUT is no format: `{}`", name.escape_debug());
        Error::usage(message, "it is table, json, jsonl, csv or plain")
    })
}

/// The format for an error in a command line that could not be understood: of the option's text, else of the
/// environment, else a table.
#[must_use]
pub fn format_for_usage(option: Option<&str>) -> Format {
    let name = option.map(str::to_owned).or_else(|| variable("IMCONN_OUTPUT"));
    named_format(name.as_deref()).unwrap_or_default()
}
