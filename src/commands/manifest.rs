//! `imconn manifest`.

use clap::{Args, Subcommand};

use super::Run;
use crate::bindings::manifest::schema;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Output, Report};

/// About imconn.toml, the file that says what shall be bound
///
/// Examples:
///   imconn manifest schema > imconn.schema.json     for editors that complete and check TOML
///
/// A whole manifest:
///   handler = "${HANDLER_BASE:-https://bot.example.com}/b24"
///
///   [[subscription]]
///   events = "connector"
///
///   [[subscription]]
///   events = ["OnAppUninstall"]
///   handler = "https://bot.example.com/uninstall"
///   auth_user = 1
///
///   [manage]
///   remove = "listed"
///   ignore = ["https://*.ngrok.app/*"]
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, subcommand_required = true, arg_required_else_help = true)]
pub struct ManifestArgs {
    /// What to print.
    #[command(subcommand)]
    pub command: ManifestCommand,
}

/// What can be had.
#[derive(Debug, Subcommand)]
pub enum ManifestCommand {
    /// Print the JSON schema of imconn.toml
    Schema,
}

impl Run for ManifestArgs {
    async fn run(&self, _context: &Context) -> Result<Report, Error> {
        Ok(run(self))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

fn run(args: &ManifestArgs) -> Report {
    match args.command {
        ManifestCommand::Schema => Report::of(Output::Value(schema())),
    }
}
