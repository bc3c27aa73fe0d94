//! `imconn status`.

use clap::Args;
use serde_json::Value;

use super::Run;
use super::shared::identity::{facts, members};
use crate::context::Context;
use crate::doctor::{Verdict, application};
use crate::error::Error;
use crate::output::{Facts, Message, Output, Report};
use crate::portal::identity::Identity;

/// Show the portal, the application, and whose token it is
///
/// Examples:
///   imconn status
///   imconn -p acme status -o json | jq .token.expires
///
/// One request. `imconn doctor` looks further.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct StatusArgs {}

impl Run for StatusArgs {
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

async fn run(_args: &StatusArgs, context: &Context) -> Result<Report, Error> {
    let connection = context.connect().await?;
    let portal = &connection.portal;
    let identity = Identity::read(portal).await?;
    let (address, credentials) = (portal.address(), portal.credentials().await?);
    let document = Value::Object(members(&connection.name, &address, &identity, &credentials));
    let facts = facts(&connection.name, &address, &identity, &credentials);
    let bad = application::checks(&connection.name, &identity, &credentials)
        .into_iter()
        .filter(|check| check.verdict == Verdict::Fail);
    let messages = bad.map(|check| Message::Warning(format!("{}; {}", check.evidence, check.fix.unwrap_or_default())));
    Ok(Report::of(Output::Facts(Facts { document, facts })).with_messages(messages.collect()))
}
