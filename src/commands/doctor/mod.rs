//! `imconn doctor`.

mod document;
mod handlers;
mod portal;
mod sender;

use std::sync::Arc;

use self::document::Diagnosis;
use self::portal::Access;
use url::Url;

use super::Run;
use crate::bindings::{HandlerError, HandlerUrl};
use crate::context::Context;
use crate::doctor::handler::Probe;
use crate::doctor::senders::{self, Firewall, SendersError};
use crate::doctor::subscriptions::{self, Commands};
use crate::doctor::{Check, Verdict, count, plural};
use crate::error::{Error, ExitCode};
use crate::output::{Message, Output, Report, progress};
use crate::portal::address::PortalAddress;
use crate::portal::failure::{Failure, ServerName};
use crate::portal::progress::Progress;
use crate::settings::vendors_senders_list;

/// Find out why no event arrives
///
/// Examples:
///   imconn doctor
///   imconn doctor --handler https://bot.example.com/b24     even if it is not bound yet
///   imconn doctor -o json | jq '.checks[] | select(.verdict == "fail")'
///   imconn doctor --firewall nginx > bitrix24.conf          the senders' addresses as rules, and nothing else
///
/// Checks the portal, the token, the application, the seven connector events and their handlers, and says how to fix each
/// problem. Nothing is changed. A handler gets test events (ONAPPTEST): one with its application_token, if that is known
/// and the handler uses https, and one with a wrong one. Exits with 3 if a problem blocks connector events.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Check this handler as well
    #[arg(long, value_name = "URL")]
    pub handler: Option<String>,

    /// Print the senders' addresses as firewall rules; no portal is asked
    #[arg(long, value_name = "KIND", conflicts_with = "handler")]
    pub firewall: Option<Firewall>,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        match self.firewall {
            Some(firewall) => firewall_rules(firewall, context).await,
            None => diagnose(self.handler.as_deref(), context).await,
        }
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn diagnose(given: Option<&str>, context: &Context) -> Result<Report, Error> {
    require_url(given)?;
    let commands = commands(given, context);
    let (access, mut checks) = portal::open(context).await?;
    let answers = match &access {
        Access::Connected(connection) => portal::ask(connection, &commands, context, &mut checks).await?,
        Access::NoToken { .. } => {
            checks.extend(portal::unasked("no token"));
            None
        }
    };
    let address = access.address();
    let view = answers.as_ref().map(|answers| &answers.view);
    checks.extend(given.map(|handler| subscriptions::given_handler(handler, view, &commands)));
    let probe = Arc::new(Probe {
        options: context.settings.http_options(),
        application_token: context.application_token()?,
        sender: sender::sender(context, &address, answers.as_ref().map(|answers| &answers.identity))?,
        portal_is_local: address.is_loopback(),
        command: commands.imconn.clone(),
    });
    let progress = progress::observer(context.printer, "the handlers".to_owned());
    progress(Progress::Waiting);
    let handlers = handlers::examine(given, &commands, view, &probe);
    let (handlers, senders) = tokio::join!(handlers, senders_check(&address, context));
    progress(Progress::Answered);
    checks.extend(handlers);
    checks.push(senders);
    Ok(report(access.name(), checks))
}

/// A text that is not a URL at all is a mistake on the command line; anything else is a finding.
fn require_url(given: Option<&str>) -> Result<(), Error> {
    match given.map(HandlerUrl::parse) {
        Some(Err(error @ (HandlerError::Scheme(_) | HandlerError::NotAUrl(..) | HandlerError::Space))) => {
            Err(Error::usage(error.to_string(), "a handler looks like https://bot.example.com/b24"))
        }
        _ => Ok(()),
    }
}

fn commands(given: Option<&str>, context: &Context) -> Commands {
    Commands {
        imconn: context.typed("").trim_end().to_owned(),
        given_handler: given.filter(|handler| HandlerUrl::parse(handler).is_ok()).map(str::to_owned),
        // No handler, or an unusable one, is a problem of `bind`, not of this command.
        configured_handler: context.handler(None).ok().map(|handler| handler.value.as_str().to_owned()),
    }
}

async fn senders_check(address: &PortalAddress, context: &Context) -> Check {
    if address.is_loopback() && context.settings.senders_list.is_none() {
        return senders::skipped("a portal on this machine calls from this machine");
    }
    senders::check(&senders::fetch(&senders_list(context), &context.http).await)
}

/// The configured list, else the vendor's for the selected portal. Without a portal the list is still of use.
fn senders_list(context: &Context) -> Url {
    let configured = context.settings.senders_list.clone();
    configured.unwrap_or_else(|| {
        let server = context.selection().ok().and_then(|selection| selection.oauth_server);
        vendors_senders_list(server.as_ref().map(|server| &server.value))
    })
}

async fn firewall_rules(firewall: Firewall, context: &Context) -> Result<Report, Error> {
    let list = senders_list(context);
    let senders = senders::fetch(&list, &context.http).await.map_err(|error| match error {
        SendersError::Fetch(error) => {
            Error::Portal(Failure::transport(ServerName::Other(list.host_str().unwrap_or_default().to_owned()), error))
        }
        SendersError::NotAList(..) => Error::Senders(error.to_string()),
    })?;
    let rules = senders::rules(&senders, firewall)
        .ok_or_else(|| Error::Senders("the list has no address that this firewall supports".to_owned()))?;
    let output = match firewall {
        Firewall::Json => Output::Value(serde_json::from_str(&rules).map_err(anyhow::Error::from)?),
        Firewall::Nginx | Firewall::Iptables => Output::Text(rules),
    };
    Ok(Report::of(output))
}

fn report(name: String, checks: Vec<Check>) -> Report {
    let fail = count(&checks, Verdict::Fail);
    let summary = summary(fail, count(&checks, Verdict::Warn));
    let report = Report::of(Output::list(Diagnosis::new(name, checks))).with_messages(vec![Message::Info(summary)]);
    Report { exit: if fail > 0 { ExitCode::Differs } else { ExitCode::Done }, ..report }
}

fn summary(fail: usize, warn: usize) -> String {
    let problems = match fail {
        0 if warn == 0 => return "no problems found".to_owned(),
        0 => "no problem blocks connector events".to_owned(),
        1 => "1 problem blocks connector events".to_owned(),
        _ => format!("{fail} problems block connector events"),
    };
    if warn == 0 { problems } else { format!("{problems}; {}", plural(warn, "warning")) }
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn the_summary_counts_problems_and_warnings() {
        assert_eq!(summary(0, 0), "no problems found");
        assert_eq!(summary(0, 2), "no problem blocks connector events; 2 warnings");
        assert_eq!(summary(1, 0), "1 problem blocks connector events");
        assert_eq!(summary(2, 1), "2 problems block connector events; 1 warning");
    }
}
