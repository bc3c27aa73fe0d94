//! The options of every command, and the settings they make.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueEnum as _, value_parser};
use url::Url;

use crate::error::Error;
use crate::output::{ColorMode, Format};
use crate::settings::{Environment, Settings, oauth_server, senders_list, variable};
use crate::store::folders::Folders;
use crate::tokens::check_target;

/// Options of every command, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalOptions {
    // Variables are not read by clap: it would show them in the usage of an error as if they had been typed.
    /// The portal: a profile's name, a host, or a URL; `sandbox` is built in [env: IMCONN_PORTAL]
    #[arg(short, long, global = true, value_name = "NAME|HOST|URL")]
    pub(crate) portal: Option<String>,

    /// Output format [default: table] [env: IMCONN_OUTPUT]
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,

    /// Print only results, warnings and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Log each request to stderr; -vv also logs hosts, sizes and refusals
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// When to use colours
    #[arg(long, global = true, hide_short_help = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorMode,

    /// Never prompt; fail and name the option to use instead [env: IMCONN_NO_INPUT]
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_input: bool,

    /// Timeout for one request, in seconds
    #[arg(long, global = true, hide_short_help = true, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,

    /// How often to retry a request
    #[arg(long, global = true, hide_short_help = true, value_name = "N", default_value_t = 5)]
    pub(crate) retries: usize,

    /// PEM file of certificate authorities to trust in addition to the system's
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub(crate) ca_cert: Option<PathBuf>,

    /// Also write tokens renewed during this run to this file (JSON, mode 0600)
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub(crate) print_tokens_to: Option<PathBuf>,

    /// The folder of config.toml and the profiles [env: IMCONN_CONFIG_DIR]
    #[arg(long, global = true, hide_short_help = true, value_name = "DIR")]
    pub(crate) config_dir: Option<PathBuf>,
}

impl GlobalOptions {
    /// Options first, then the environment.
    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        self.print_tokens_to.as_deref().map_or(Ok(()), check_target)?;
        Ok(Settings {
            portal: self.portal.clone().or_else(|| variable("IMCONN_PORTAL")).filter(|portal| !portal.is_empty()),
            format: self.format()?,
            verbose: self.verbose,
            no_input: self.no_input || variable("IMCONN_NO_INPUT").is_some_and(|value| is_on(&value)),
            timeout: Duration::from_secs(self.timeout),
            retries: self.retries,
            ca_cert: self.ca_cert.clone(),
            print_tokens_to: self.print_tokens_to.clone(),
            folders: Folders {
                config: self.config_dir.clone().or_else(|| variable("IMCONN_CONFIG_DIR").map(PathBuf::from)),
                data: variable("IMCONN_DATA_DIR").map(PathBuf::from),
            },
            oauth_server: oauth_server_from_environment()?,
            senders_list: variable("IMCONN_SENDERS_LIST").map(|address| senders_list(&address)).transpose()?,
            environment: Environment::read(),
        })
    }

    /// The option, then the environment.
    pub(crate) fn format(&self) -> Result<Format, Error> {
        match self.output {
            Some(format) => Ok(format),
            None => format_from(variable("IMCONN_OUTPUT").as_deref()),
        }
    }
}

fn oauth_server_from_environment() -> Result<Option<Url>, Error> {
    let address = variable("IMCONN_OAUTH_SERVER");
    address.map(|address| oauth_server("IMCONN_OAUTH_SERVER", &address)).transpose()
}

/// The format of this name; a table by default.
pub(super) fn format_from(name: Option<&str>) -> Result<Format, Error> {
    let Some(name) = name else { return Ok(Format::default()) };
    Format::from_str(name, true).map_err(|_| {
        let message = format!("invalid IMCONN_OUTPUT `{}`", name.escape_debug());
        Error::usage(message, "expected table, json, jsonl, csv, plain or markdown")
    })
}

/// Whether a variable turns something on.
fn is_on(value: &str) -> bool {
    !["n", "no", "f", "false", "off", "0"].contains(&value.to_lowercase().as_str())
}
