//! `imconn manifest`.

use clap::Subcommand;

use super::Run;
use crate::bindings::manifest::schema;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Output, Report};

/// Work with the imconn.toml manifest
///
/// Examples:
///   imconn manifest schema > imconn.schema.json  for editors that complete and check TOML
///
/// A complete manifest:
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
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: ManifestCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ManifestCommand {
    /// Print the JSON schema of imconn.toml
    ///
    /// Examples:
    ///   imconn manifest schema > imconn.schema.json
    #[command(verbatim_doc_comment)]
    Schema,
}

impl Run for Args {
    async fn run(&self, _context: &Context) -> Result<Report, Error> {
        match self.command {
            ManifestCommand::Schema => Ok(Report::of(Output::Value(schema()))),
        }
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}
