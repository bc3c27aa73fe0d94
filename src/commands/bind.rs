//! `imconn bind`.

use clap::builder::NonEmptyStringValueParser;

use super::Run;
use super::shared::own_view::own_view;
use super::shared::selection::EventSelection;
use super::shared::{changes, history};
use crate::bindings::filter::superseded;
use crate::bindings::{Binding, Channel, Event, HandlerUrl};
use crate::context::{Connection, Context};
use crate::error::{Error, Problem};
use crate::output::{Message, Report};
use crate::portal::calls::Scope;
use crate::portal::failure::Failure;
use crate::reconcile::change::preview;
use crate::reconcile::execute::{as_bound, bind, unbind};
use crate::reconcile::{Action, Change, ChangeError, Status, View};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;
use crate::wire::profile::Caller;

/// Subscribe a handler to events (idempotent)
///
/// Examples:
///   imconn bind --all --handler https://bot.example.com/b24
///   imconn bind message-add dialog-start       use IMCONN_HANDLER or imconn.toml
///   imconn bind --all --handler URL --replace  remove other handlers of these events
///   imconn bind message-add --offline          queue events instead of sending them
///   imconn bind --all --dry-run                show what would change
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) selection: EventSelection,

    /// The URL that the portal calls
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub(crate) handler: Option<String>,

    /// Run the handler with this user's rights; 0 is the event's user
    #[arg(long, value_name = "ID", conflicts_with = "offline")]
    pub(crate) auth_user: Option<u64>,

    /// Queue events on the portal instead (administrators only)
    #[arg(long)]
    pub(crate) offline: bool,

    /// Source key of an offline queue
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) auth_connector: Option<String>,

    /// Remove other handlers of these events once the new one is bound
    #[arg(long)]
    pub(crate) replace: bool,

    /// Show what would change, and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let events = self.selection.resolve()?;
        if events.is_empty() {
            return Err(Error::usage("no event given", "name events, or use --all for the seven connector events"));
        }
        let handler = if self.offline { None } else { Some(context.handler(self.handler.as_deref())?.value) };
        let bindings: Vec<Binding> = events.into_iter().map(|event| self.binding(event, handler.as_ref())).collect();
        let connection = context.connect().await?;
        if let Some(warning) = private_handler_warning(handler.as_ref(), &connection) {
            context.printer.message(&warning);
        }
        let work = if self.dry_run {
            self.plan(&bindings, &connection).await?
        } else {
            self.execute(&bindings, &connection, context).await?
        };
        history::record("bind", &work.changes, context, &connection);
        let report = changes::report(&connection.name, &work.changes, work.messages, &context.invocation());
        Ok(match work.not_replaced {
            Some(failure) => report.with_error(not_replaced(&failure, context)),
            None => report,
        })
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

#[derive(Default)]
struct Work {
    changes: Vec<Change>,
    messages: Vec<Message>,
    /// Why the handlers to replace are still bound.
    not_replaced: Option<Failure>,
}

impl Args {
    fn binding(&self, event: Event, handler: Option<&HandlerUrl>) -> Binding {
        let channel = match handler {
            Some(handler) => Channel::Online { handler: handler.as_str().to_owned(), auth_user: self.auth_user },
            None => Channel::Offline,
        };
        Binding { event, channel, auth_connector: self.auth_connector.clone() }
    }

    async fn plan(&self, bindings: &[Binding], connection: &Connection) -> Result<Work, Error> {
        let view = View::read(&connection.portal).await?;
        let bindings: Vec<Binding> = bindings.iter().map(|binding| as_bound(binding, Some(view.caller))).collect();
        let mut work = Work { changes: preview(&bindings, &view.bindings), ..Work::default() };
        if self.replace {
            let old = superseded(&bindings, &view.bindings);
            work.changes.extend(old.into_iter().map(|old| Change::planned(Action::Unbind, old)));
            work.messages.extend(incomplete_replace(&view));
        }
        work.messages.push(changes::dry_run());
        Ok(work)
    }

    async fn execute(&self, bindings: &[Binding], connection: &Connection, context: &Context) -> Result<Work, Error> {
        let bound = bind(&connection.portal, bindings, self.replace).await?;
        let mut work = Work { changes: bound.changes, ..Work::default() };
        match bound.view {
            Some(Ok(view)) => work.replace(&view, connection).await,
            Some(Err(failure)) => work.not_replaced = Some(failure),
            None => {}
        }
        explain_missing_events(connection, &mut work.changes).await;
        work.messages.extend(application_warning(bound.installed));
        work.messages.extend(caller_note(bound.caller));
        if work.changes.iter().any(|change| change.status == Status::Bound) {
            work.messages.push(Message::next("see what is bound", &context.typed("list")));
        }
        Ok(work)
    }
}

impl Work {
    /// Removes what the new bindings supersede.
    async fn replace(&mut self, view: &View, connection: &Connection) {
        let in_place = self.changes.iter().filter(|change| change.error().is_none());
        let in_place: Vec<Binding> = in_place.map(|change| change.binding.clone()).collect();
        let old = superseded(&in_place, &view.bindings);
        self.messages.extend(incomplete_replace(view));
        if !old.is_empty() {
            self.changes.extend(unbind(&connection.portal, &old, view.caller).await);
        }
    }
}

/// The new handlers may be in place, and the old ones are still bound.
fn not_replaced(failure: &Failure, context: &Context) -> Problem {
    let problem = Problem::of_failure(failure, &context.invocation());
    let message = format!("the old handlers could not be read, and were not removed: {}", problem.message);
    let hint = problem.hint.clone().or_else(|| Some("run the same command again".to_owned()));
    Problem { hint, ..problem.partial(message) }
}

fn application_warning(installed: Option<bool>) -> Option<Message> {
    let text = "the application is not installed yet, so no events are delivered until BX24.installFinish() or the \
                install callback completes";
    (installed == Some(false)).then(|| Message::Warning(text.to_owned()))
}

fn caller_note(caller: Option<Caller>) -> Option<Message> {
    let caller = caller.filter(|caller| !caller.admin)?;
    Some(Message::Info(format!("user {} is not an administrator: the handlers run with their own rights", caller.id)))
}

fn incomplete_replace(view: &View) -> Option<Message> {
    own_view(view, ", so handlers bound by others stay").map(Message::Warning)
}

fn private_handler_warning(handler: Option<&HandlerUrl>, connection: &Connection) -> Option<Message> {
    let host = handler?.private_host()?;
    if connection.portal.address().is_loopback() {
        return None;
    }
    Some(Message::Warning(format!("{host} is a private address: a portal in the cloud cannot reach it")))
}

/// "Event not found" is the portal's answer to an unknown event and to one outside the application's scopes. The scopes
/// tell which it is.
async fn explain_missing_events(connection: &Connection, changes: &mut [Change]) {
    if !changes.iter().any(|change| event_not_found(&change.status).is_some()) {
        return;
    }
    let Ok(scopes) = connection.portal.ask(Scope).await else { return };
    for change in changes {
        let Some(refusal) = event_not_found(&change.status).cloned() else { continue };
        let required = change.binding.event.known().and_then(|known| known.scope);
        let missing_scope = required.filter(|required| !scopes.iter().any(|scope| scope == required));
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
