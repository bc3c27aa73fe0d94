//! `imconn status`.

use super::Run;
use super::shared::identity::IdentityRecord;
use crate::context::Context;
use crate::doctor::{Verdict, application};
use crate::error::Error;
use crate::output::{Message, Output, Report};
use crate::portal::identity::Identity;

/// Show the portal, the application, and the token's user
///
/// Examples:
///   imconn status
///   imconn -p acme status -o json | jq .token.expires
///
/// One request. For a diagnosis, run `imconn doctor`.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let connection = context.connect().await?;
        let portal = &connection.portal;
        let identity = Identity::read(portal).await?;
        let credentials = portal.credentials().await?;
        let checks = application::checks(&connection.name, &identity, &credentials, &[]);
        let failed = checks.into_iter().filter(|check| check.verdict == Verdict::Fail);
        let warnings = failed.map(|check| Message::warning("failed_check", check.summary())).collect();
        let address = portal.address();
        let record = IdentityRecord { name: connection.name, address, identity, credentials };
        Ok(Report::of(Output::record(record)).with_messages(warnings))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}
