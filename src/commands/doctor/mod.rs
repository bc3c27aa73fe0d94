//! `imconn doctor`.

mod document;

use std::sync::Arc;

use clap::Args;
use tokio::task::JoinSet;

use self::document::{DoctorDocument, Summary};
use super::Run;
use crate::bindings::{HandlerError, HandlerUrl, View};
use crate::context::{Connection, Context};
use crate::doctor::handler::{Probe, Subject};
use crate::doctor::senders::{self, Firewall, SendersError};
use crate::doctor::subscriptions::{self, FEATURES};
use crate::doctor::{Check, Verdict, application, count, portal};
use crate::error::{Error, ExitCode, Invocation, Problem};
use crate::output::{Message, Output, Report, progress};
use crate::portal::address::PortalAddress;
use crate::portal::batch::Batch;
use crate::portal::calls::{Events, FeatureGet};
use crate::portal::failure::{Failure, Server};
use crate::portal::identity::Identity;
use crate::portal::notice::Notice;
use crate::profiles::SelectedPortal;
use crate::settings::SENDERS_LIST;

/// Handlers that are looked at; more are told, and not called.
const MAX_HANDLERS: usize = 20;

/// Find out why no event arrives
///
/// Examples:
///   imconn doctor
///   imconn doctor --handler https://bot.example.com/b24     a handler that is not bound yet, too
///   imconn doctor -o json | jq '.checks[] | select(.verdict == "fail")'
///   imconn doctor --firewall nginx > bitrix24.conf          the senders' addresses as rules, and nothing else
///
/// Looks at the portal, the token, the application, the seven connector events and their handlers, and says what mends
/// what it finds. Nothing is changed; a handler gets test events (ONAPPTEST): one with its application_token, as far as
/// that is known and over https, and one with a wrong one. Ends with 3 when something keeps events from arriving.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct DoctorArgs {
    /// Look at this handler as well
    #[arg(long, value_name = "URL")]
    pub handler: Option<String>,

    /// Print the senders' addresses as rules for a firewall; no portal is asked
    #[arg(long, value_name = "KIND", conflicts_with = "handler")]
    pub firewall: Option<Firewall>,
}

impl Run for DoctorArgs {
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

async fn run(args: &DoctorArgs, context: &Context) -> Result<Report, Error> {
    if let Some(firewall) = args.firewall {
        return firewall_rules(firewall, context).await;
    }
    if let Some(Err(error)) = args.handler.as_deref().map(HandlerUrl::parse)
        && matches!(error, HandlerError::Scheme(_) | HandlerError::NotAUrl(..) | HandlerError::Space)
    {
        return Err(Error::usage(error.to_string(), "a handler looks like https://bot.example.com/b24"));
    }
    let (connection, mut checks) = open(context).await?;
    let (name, address) = match &connection {
        Ok(connection) => (connection.name.clone(), connection.portal.address()),
        Err((name, address)) => (name.clone(), address.clone()),
    };
    let command = context.typed("").trim_end().to_owned();
    let mut view = None;
    match &connection {
        Ok(connection) => view = ask(connection, &command, &context.invocation(), &mut checks).await?,
        Err(_) => checks.extend(unasked("there is no token")),
    }
    let probe = Arc::new(Probe {
        options: context.settings.http_options(),
        application_token: context.application_token()?,
        portal: address.host(),
        portal_is_local: address.is_loopback(),
        command: command.clone(),
    });
    checks
        .extend(args.handler.as_deref().map(|handler| subscriptions::named_handler(handler, view.as_ref(), &command)));
    let progress = progress::observer(context.printer, "the handlers".to_owned());
    progress(Notice::Waiting);
    let (handlers, senders) =
        tokio::join!(handlers(args.handler.as_deref(), view.as_ref(), &probe), senders_check(&address, context));
    progress(Notice::Answered);
    checks.extend(handlers);
    checks.push(senders);
    Ok(report(&name, &checks))
}

/// Opens the portal and looks at it from outside. Without a token there is a name and an address, and no connection.
async fn open(context: &Context) -> Result<(Result<Connection, (String, PortalAddress)>, Vec<Check>), Error> {
    let opened = context.connect().await;
    let address = match (&opened, context.selection()?.portal.value) {
        (Ok(connection), _) => connection.portal.address(),
        (Err(_), SelectedPortal::Address { address, .. }) => address,
        (Err(_), SelectedPortal::Sandbox) => return Err(opened.err().unwrap_or_else(unnamed)),
    };
    let progress = progress::observer(context.printer, address.host());
    progress(Notice::Waiting);
    let mut checks = portal::reach(&address, &context.http).await;
    progress(Notice::Answered);
    match opened {
        Ok(connection) => Ok((Ok(connection), checks)),
        Err(error @ Error::NotAuthorised { .. }) => {
            checks.extend(portal::without_token(&error.to_string(), context.problem(&error).hint));
            Ok((Err((address.host(), address)), checks))
        }
        Err(error) => Err(error),
    }
}

fn unnamed() -> Error {
    Error::usage("no portal is named", "name it with -p HOST or IMCONN_PORTAL")
}

/// Asks the portal everything in one batch; `None` when it does not answer with this token.
async fn ask(
    connection: &Connection,
    command: &str,
    invocation: &Invocation,
    checks: &mut Vec<Check>,
) -> Result<Option<View>, Error> {
    if checks.iter().any(|check| check.verdict == Verdict::Fail) {
        checks.extend(portal::unreached());
        checks.extend(unasked("the portal was not reached"));
        return Ok(None);
    }
    let portal = &connection.portal;
    let mut batch = Batch::new();
    let view = View::add_to(&mut batch);
    let identity = Identity::add_to(&mut batch);
    let events = batch.add(Events);
    let features = FEATURES.map(|feature| (feature, batch.add(FeatureGet(feature.code))));
    let answered = portal.batch(batch).await.and_then(|reply| Ok((view.take(&reply)?, identity.take(&reply)?, reply)));
    let (view, identity, reply) = match answered {
        Ok(answered) => answered,
        Err(failure @ Failure::Local(_)) => return Err(failure.into()),
        Err(failure) => {
            let hint = Problem::of_failure(&failure, invocation).hint;
            checks.extend(portal::refused(&failure, hint, command));
            checks.extend(unasked("the portal did not answer with this token"));
            return Ok(None);
        }
    };
    let credentials = portal.credentials().await?;
    checks.extend(portal::accepted(&credentials));
    checks.extend(application::checks(&connection.name, &identity, &credentials));
    checks.push(match reply.optional(events) {
        Some(names) => subscriptions::available(&names, command),
        None => subscriptions::unavailable("the portal did not say"),
    });
    checks.extend(subscriptions::bound(&view, command));
    for (feature, included) in features {
        checks.push(subscriptions::feature(feature, reply.optional(included), &view));
    }
    Ok(Some(view))
}

/// What cannot be looked at without an answer of the portal.
fn unasked(reason: &str) -> Vec<Check> {
    let mut checks = application::skipped(reason);
    checks.extend(subscriptions::skipped(reason));
    checks
}

/// Looks at all handlers at once: a dead one takes as long as its time-out.
async fn handlers(named: Option<&str>, view: Option<&View>, probe: &Arc<Probe>) -> Vec<Check> {
    let bound = view.map(subscriptions::handlers).unwrap_or_default();
    let subject = |url: String| Subject { named: named == Some(url.as_str()), url, bound: true };
    let mut subjects: Vec<Subject> = bound.into_iter().map(subject).collect();
    // The named one first: its first check is there already.
    subjects.sort_by_key(|subject| !subject.named);
    if let Some(url) = named.filter(|url| !subjects.iter().any(|subject| subject.url == *url)) {
        subjects.insert(0, Subject { url: url.to_owned(), named: true, bound: false });
    }
    let left_out = subjects.len().saturating_sub(MAX_HANDLERS);
    subjects.truncate(MAX_HANDLERS);
    let mut work = JoinSet::new();
    for (i, subject) in subjects.iter().cloned().enumerate() {
        let probe = Arc::clone(probe);
        work.spawn(async move { (i, probe.examine(subject).await) });
    }
    let mut examined = work.join_all().await;
    examined.sort_by_key(|(i, _)| *i);
    let mut examined: Vec<Vec<Check>> = examined.into_iter().map(|(_, checks)| checks).collect();
    if let Some(view) = view {
        spare(&subjects, &mut examined, view);
    }
    let mut checks = examined.concat();
    if left_out > 0 {
        let evidence = format!("{left_out} more handlers are bound, and were not called");
        checks.push(Check::skipped("handler.more", "Further handlers", evidence));
    }
    checks
}

/// A dead handler beside a living one does not keep its events from arriving.
fn spare(subjects: &[Subject], examined: &mut [Vec<Check>], view: &View) {
    let is_dead = |checks: &[Check]| count(checks, Verdict::Fail) > 0;
    let dead: Vec<&str> = subjects
        .iter()
        .zip(&*examined)
        .filter(|(_, checks)| is_dead(checks))
        .map(|(subject, _)| &*subject.url)
        .collect();
    for (subject, checks) in subjects.iter().zip(examined) {
        if subject.bound && subscriptions::is_spared(&subject.url, &dead, view) {
            checks
                .iter_mut()
                .filter(|check| check.verdict == Verdict::Fail)
                .for_each(|check| check.verdict = Verdict::Warn);
        }
    }
}

async fn senders_check(address: &PortalAddress, context: &Context) -> Check {
    let list = &context.settings.senders_list;
    if address.is_loopback() && list.as_str() == SENDERS_LIST {
        return senders::skipped("a portal on this machine calls from this machine");
    }
    senders::check(&senders::fetch(list, &context.http).await)
}

async fn firewall_rules(firewall: Firewall, context: &Context) -> Result<Report, Error> {
    let list = &context.settings.senders_list;
    let senders = senders::fetch(list, &context.http).await.map_err(|error| match error {
        SendersError::Fetch(error) => {
            Error::Portal(Failure::transport(Server::Other(list.host_str().unwrap_or_default().to_owned()), error))
        }
        SendersError::NotAList(..) => Error::Senders(error.to_string()),
    })?;
    let rules = senders::rules(&senders, firewall)
        .ok_or_else(|| Error::Senders("the list holds no address that this firewall takes".to_owned()))?;
    Ok(Report::of(Output::Text(rules)))
}

fn report(name: &str, checks: &[Check]) -> Report {
    let summary = Summary::of(checks);
    let Summary { warn, fail, .. } = summary;
    let sentence = match (fail, warn) {
        (0, 0) => "nothing keeps connector events from arriving".to_owned(),
        (0, _) => format!("connector events can arrive; see the {}", plural(warn, "warning")),
        (_, 0) => format!("{} in the way of connector events", plural(fail, "finding")),
        _ => format!("{} in the way of connector events, and {}", plural(fail, "finding"), plural(warn, "warning")),
    };
    let document = DoctorDocument { portal: name.to_owned(), checks: checks.to_vec(), summary };
    let report = Report::of(Output::list(document)).with_messages(vec![Message::Info(sentence)]);
    Report { exit: if fail > 0 { ExitCode::Differs } else { ExitCode::Done }, ..report }
}

fn plural(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
