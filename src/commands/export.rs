//! `imconn export`.

use clap::Args;

use super::Run;
use crate::bindings::View;
use crate::bindings::manifest::Manifest;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Output, Report};

/// Write what is bound as a manifest
///
/// Examples:
///   imconn export > imconn.toml
///   imconn -p acme export | imconn -p beta diff -f -      what beta lacks of acme
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct ExportArgs {}

impl Run for ExportArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn run(_args: &ExportArgs, context: &Context) -> Result<Report, Error> {
    let connection = context.connect().await?;
    let view = View::read(&connection.portal).await?;
    let mut messages = Vec::new();
    if !view.caller.admin {
        let text = "the token's user is no administrator: only its own bindings are visible, and exported";
        messages.push(Message::Warning(text.to_owned()));
    }
    if view.bindings.is_empty() {
        messages.push(Message::Info(format!("nothing is bound on {}", connection.name)));
    }
    Ok(Report::of(Output::Text(Manifest::describing(&view.bindings))).with_messages(messages))
}
