//! `imconn export`.

use super::Run;
use super::shared::own_view::own_view;
use crate::bindings::manifest::Manifest;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Output, Report};
use crate::reconcile::View;

/// Write the current bindings as a manifest
///
/// Examples:
///   imconn export > imconn.toml
///   imconn -p acme export | imconn -p beta diff -f -  compare two portals
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let connection = context.connect().await?;
        let view = View::read(&connection.portal).await?;
        let mut messages: Vec<Message> =
            own_view(&view, " and exported").map(|text| Message::warning("own_view", text)).into_iter().collect();
        if view.bindings.is_empty() {
            messages.push(Message::Info(format!("no bindings on {}", connection.name)));
        }
        Ok(Report::of(Output::Text(Manifest::describing(&view.bindings))).with_messages(messages))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}
