//! `imconn bind`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::Run;
use super::shared::selection::EventSelection;
use super::shared::{changes, history as journal};
use crate::bindings::filter::{preview, superseded};
use crate::bindings::{Action, Binding, Change, ChangeError, Channel, Event, HandlerUrl, Status, View};
use crate::context::{Connection, Context};
use crate::error::{Error, Problem};
use crate::output::{Message, Report};
use crate::portal::calls::Scope;
use crate::portal::failure::Failure;
use crate::reconcile::execute::{as_bound, bind, unbind};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;
use crate::wire::profile::Caller;

/// Subscribe a handler to events; what is bound already stays as it is
///
/// Examples:
///   imconn bind --all --handler https://bot.example.com/b24
///   imconn bind message-add dialog-start      the handler from IMCONN_HANDLER or imconn.toml
///   imconn bind --all --handler URL --replace remove the other handlers of these events
///   imconn bind message-add --offline         queue events instead of sending them
///   imconn bind --all --dry-run               show what would be done
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct BindArgs {
    /// Which events.
    #[command(flatten)]
    pub selection: EventSelection,

    /// The URL that the portal calls
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub handler: Option<String>,

    /// Run the handler with this user's rights; 0 is whoever fires the event
    #[arg(long, value_name = "ID", conflicts_with = "offline")]
    pub auth_user: Option<u64>,

    /// Queue the events on the portal instead of sending them (administrator only)
    #[arg(long)]
    pub offline: bool,

    /// Source key of an offline queue
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub auth_connector: Option<String>,

    /// Remove the other handlers of these events, after the new one is bound
    #[arg(long)]
    pub replace: bool,

    /// Show what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

impl Run for BindArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

async fn run(args: &BindArgs, context: &Context) -> Result<Report, Error> {
    let events = args.selection.resolve()?;
    if events.is_empty() {
        return Err(Error::usage("no event is named", "name events, or --all for the seven connector events"));
    }
    let handler = if args.offline { None } else { Some(context.handler(args.handler.as_deref())?.value) };
    let wanted: Vec<Binding> = events.into_iter().map(|event| args.binding(event, handler.as_ref())).collect();
    let connection = context.connect().await?;
    if let Some(warning) = private_handler_warning(handler.as_ref(), &connection) {
        context.printer.message(&warning);
    }
    let work = if args.dry_run {
        args.plan(&wanted, &connection).await?
    } else {
        args.execute(&wanted, &connection, context).await?
    };
    journal::record("bind", &work.changes, context, &connection);
    let report = changes::report(&connection.name, &work.changes, work.messages, &context.invocation());
    Ok(match work.left_undone {
        Some(failure) => report.with_error(not_replaced(&failure, context)),
        None => report,
    })
}

/// The new handlers may be in place, and the old ones are still there.
fn not_replaced(failure: &Failure, context: &Context) -> Problem {
    let problem = Problem::of_failure(failure, &context.invocation());
    let message = format!("the other handlers could not be looked up, and were not removed: {}", problem.message);
    let hint = problem.hint.clone().or_else(|| Some("run the same command again".to_owned()));
    Problem { hint, ..problem.partial(message) }
}

#[derive(Default)]
struct Work {
    changes: Vec<Change>,
    messages: Vec<Message>,
    /// Why the handlers that were to be replaced are still there.
    left_undone: Option<Failure>,
}

impl BindArgs {
    fn binding(&self, event: Event, handler: Option<&HandlerUrl>) -> Binding {
        let channel = match handler {
            Some(handler) => Channel::Online { handler: handler.as_str().to_owned(), auth_user: self.auth_user },
            None => Channel::Offline,
        };
        Binding { event, channel, auth_connector: self.auth_connector.clone() }
    }

    async fn plan(&self, wanted: &[Binding], connection: &Connection) -> Result<Work, Error> {
        let view = View::read(&connection.portal).await?;
        let wanted: Vec<Binding> = wanted.iter().map(|binding| as_bound(binding, Some(view.caller))).collect();
        let mut work = Work { changes: preview(&wanted, &view.bindings), ..Work::default() };
        if self.replace {
            let old = superseded(&wanted, &view.bindings);
            work.changes.extend(old.into_iter().map(|old| Change::planned(Action::Unbind, old)));
            work.messages.extend(blind_replace(&view));
        }
        work.messages.push(Message::Hint("nothing was changed; leave out --dry-run to do it".to_owned()));
        Ok(work)
    }

    async fn execute(&self, wanted: &[Binding], connection: &Connection, context: &Context) -> Result<Work, Error> {
        let bound = bind(&connection.portal, wanted, self.replace).await?;
        let mut work = Work { changes: bound.changes, ..Work::default() };
        match bound.view {
            Some(Ok(view)) => work.replace(&view, connection).await,
            Some(Err(failure)) => work.left_undone = Some(failure),
            None => {}
        }
        explain_missing_events(connection, &mut work.changes).await;
        work.messages.extend(facts(bound.caller, bound.installed));
        if work.changes.iter().any(|change| change.status == Status::Bound) {
            work.messages.push(Message::Hint(format!("{} shows what is bound", context.typed("list"))));
        }
        Ok(work)
    }
}

impl Work {
    /// Removes what the bindings that are in place now supersede.
    async fn replace(&mut self, view: &View, connection: &Connection) {
        let in_place = self.changes.iter().filter(|change| change.error().is_none());
        let in_place: Vec<Binding> = in_place.map(|change| change.binding.clone()).collect();
        let old = superseded(&in_place, &view.bindings);
        self.messages.extend(blind_replace(view));
        if !old.is_empty() {
            self.changes.extend(unbind(&connection.portal, &old, view.caller).await);
        }
    }
}

/// What the portal has said beside the answers to the commands.
fn facts(caller: Option<Caller>, installed: Option<bool>) -> Vec<Message> {
    let mut messages = Vec::new();
    if installed == Some(false) {
        let text = "the application's installation is not finished: nothing is delivered until it is (installFinish, or the \
                    installation callback)";
        messages.push(Message::Warning(text.to_owned()));
    }
    if let Some(caller) = caller.filter(|caller| !caller.admin) {
        let text =
            format!("the token's user {} is no administrator, so its handlers run with its own rights", caller.id);
        messages.push(Message::Info(text));
    }
    messages
}

/// Another user's handlers are invisible to a non-admin, and stay.
fn blind_replace(view: &View) -> Option<Message> {
    let text = "the token's user is no administrator: handlers that others have bound are not visible, and stay";
    (!view.caller.admin).then(|| Message::Warning(text.to_owned()))
}

fn private_handler_warning(handler: Option<&HandlerUrl>, connection: &Connection) -> Option<Message> {
    let host = handler?.private_host()?;
    if connection.portal.address().is_loopback() {
        return None;
    }
    Some(Message::Warning(format!("{host} is an address of your own network: a portal in the cloud cannot reach it")))
}

/// The portal says "event not found" for an unknown event and for one outside the application's scopes. The scopes tell
/// which it is.
async fn explain_missing_events(connection: &Connection, changes: &mut [Change]) {
    if !changes.iter().any(|change| event_not_found(&change.status).is_some()) {
        return;
    }
    let Ok(scopes) = connection.portal.ask(Scope).await else { return };
    for change in changes {
        let Some(refusal) = event_not_found(&change.status).cloned() else { continue };
        let needed = change.binding.event.known().and_then(|known| known.scope);
        let missing_scope = needed.filter(|scope| !scopes.iter().any(|own| own == scope));
        change.status =
            Status::Failed(ChangeError::EventUnavailable { refusal, missing_scope, scopes: scopes.clone() });
    }
}

fn event_not_found(status: &Status) -> Option<&PortalError> {
    match status {
        Status::Failed(ChangeError::Refused(refusal)) if refusal.code == ErrorCode::EventNotFound => Some(refusal),
        _ => None,
    }
}
