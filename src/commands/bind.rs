//! `imconn bind`.

use clap::builder::NonEmptyStringValueParser;

use super::Run;
use super::shared::changes;
use super::shared::history::Recorder;
use super::shared::own_view::own_view;
use super::shared::secret_handler::refuse_secrets;
use super::shared::selection::EventSelection;
use crate::bindings::filter::{each_once, other_handlers};
use crate::bindings::handler::LONGEST;
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Channel, Event, HandlerUrl};
use crate::catalog::{KnownEvent, nearest_of_all};
use crate::context::{Connection, Context};
use crate::error::{Error, Problem};
use crate::output::{Message, Report};
use crate::portal::calls::{Application, Scope};
use crate::portal::failure::Failure;
use crate::reconcile::change::preview;
use crate::reconcile::execute::{Removed, as_bound, bind, unbind};
use crate::reconcile::{Action, Change, ChangeError, Status, View};
use crate::redact::shell_quoted;
use crate::settings::{Chosen, Source};
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
        refuse_bot_events(&events)?;
        let chosen = if self.offline { None } else { Some(context.handler(self.handler.as_deref())?) };
        let source = chosen.as_ref().and_then(source_note);
        let handler = chosen.map(|chosen| chosen.value);
        let bindings: Vec<Binding> = events.into_iter().map(|event| self.binding(event, handler.as_ref())).collect();
        let connection = context.connect().await?;
        refuse_secrets(&bindings)?;
        if let Some(note) = &source {
            context.printer.message(note);
        }
        for warning in handler_warnings(handler.as_ref(), &connection) {
            context.printer.message(&warning);
        }
        let work = if self.dry_run {
            self.plan(&bindings, &connection, context).await?
        } else {
            self.execute(&bindings, &connection, context).await?
        };
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

    async fn plan(&self, bindings: &[Binding], connection: &Connection, context: &Context) -> Result<Work, Error> {
        let view = View::read(&connection.portal).await?;
        let bindings: Vec<Binding> = bindings.iter().map(|binding| as_bound(binding, Some(view.caller))).collect();
        let mut work = Work { changes: preview(&bindings, &view.bindings), ..Work::default() };
        let old = other_handlers(&bindings, &view.bindings);
        if self.replace {
            work.changes.extend(old.into_iter().map(|old| Change::planned(Action::Unbind, old)));
            work.messages.extend(incomplete_replace(&view));
        } else {
            work.messages.extend(self.others_warning(&old, &bindings, context));
        }
        work.messages.push(changes::dry_run());
        Ok(work)
    }

    async fn execute(&self, bindings: &[Binding], connection: &Connection, context: &Context) -> Result<Work, Error> {
        let change = Plan { bind: bindings.to_vec(), unbind: Vec::new() };
        let mut recorder = Recorder::begin("bind", change, None, context, connection);
        let bound = match bind(&connection.portal, bindings).await {
            Ok(bound) => bound,
            Err(failure) => {
                recorder.settle_failure(&failure);
                return Err(failure.into());
            }
        };
        let mut work = Work { changes: bound.changes.clone(), ..Work::default() };
        let mut removed = Removed::default();
        match &bound.view {
            Ok(view) => {
                let old = other_handlers(&in_place(&bound.changes), &view.bindings);
                if !self.replace {
                    work.messages.extend(self.others_warning(&old, bindings, context));
                } else if !old.is_empty() {
                    recorder.replan(&bound, &old);
                    removed = unbind(&connection.portal, &old, view.caller).await;
                }
                if self.replace {
                    work.messages.extend(incomplete_replace(view));
                }
            }
            Err(failure) if self.replace => work.not_replaced = Some(failure.clone()),
            Err(_) => {}
        }
        recorder.settle_bind(&bound, &removed.changes, removed.end.is_some());
        work.changes.extend(removed.changes);
        explain_missing_events(connection, &mut work.changes).await;
        work.messages.extend(bound.application.as_ref().into_iter().flat_map(application_warnings));
        work.messages.extend(caller_note(bound.caller));
        if work.changes.iter().any(|change| change.status == Status::Bound) {
            work.messages.push(Message::next("see what is bound", &context.typed("list")));
        }
        Ok(work)
    }

    /// Every event would be delivered to all of its handlers.
    fn others_warning(&self, others: &[Binding], new: &[Binding], context: &Context) -> Vec<Message> {
        let handlers = each_once(others.iter().filter_map(Binding::handler));
        if handlers.is_empty() {
            return Vec::new();
        }
        let events = each_once(others.iter().map(|binding| binding.event.as_str()));
        let (verb, too) = if events.len() == 1 { ("has", "another handler") } else { ("have", "other handlers") };
        let text = format!(
            "{} {verb} {too}, so each event is delivered more than once: {}",
            events.join(", "),
            handlers.join(", ")
        );
        vec![
            Message::warning("other_handlers", text),
            Message::next("remove them", &context.typed(&self.replace_command(new))),
        ]
    }

    /// This command with `--replace`.
    fn replace_command(&self, new: &[Binding]) -> String {
        let mut words = vec!["bind".to_owned()];
        words.extend(self.selection.events.iter().map(|event| shell_quoted(event)));
        if self.selection.all {
            words.push("--all".to_owned());
        }
        words.extend(
            new.iter().find_map(Binding::handler).map(|handler| format!("--handler {}", shell_quoted(handler))),
        );
        words.extend(self.auth_user.map(|user| format!("--auth-user {user}")));
        words.extend(self.auth_connector.as_ref().map(|key| format!("--auth-connector {}", shell_quoted(key))));
        words.push("--replace".to_owned());
        words.join(" ")
    }
}

/// What is bound now.
fn in_place(changes: &[Change]) -> Vec<Binding> {
    changes.iter().filter(|change| change.error().is_none()).map(|change| change.binding.clone()).collect()
}

/// A bot's events are bound together with the bot (`protocol` section 8).
fn refuse_bot_events(events: &[Event]) -> Result<(), Error> {
    match events.iter().find(|event| event.is_managed_by_bots()) {
        Some(event) => Err(Error::usage(
            format!("{event} cannot be bound: it belongs to a bot"),
            "register the bot with the method imbot.v2.Bot.register instead",
        )),
        None => Ok(()),
    }
}

/// The new handlers may be in place, and the old ones are still bound.
fn not_replaced(failure: &Failure, context: &Context) -> Problem {
    let problem = Problem::of_failure(failure, &context.invocation());
    let message = format!("the old handlers could not be read, and were not removed: {}", problem.message);
    let hint = problem.hint.clone().or_else(|| Some("run the same command again".to_owned()));
    Problem { hint, ..problem.partial(message) }
}

fn application_warnings(application: &Application) -> Vec<Message> {
    let not_installed = "the application is not installed yet, so no events are delivered until BX24.installFinish() or the \
                         install callback completes";
    let unpaid = "the payment for the application has expired, so no events are delivered until it is renewed";
    let not_installed = (!application.installed).then(|| Message::warning("not_installed", not_installed));
    let unpaid = application.payment_expired.then(|| Message::warning("payment_expired", unpaid));
    not_installed.into_iter().chain(unpaid).collect()
}

/// Which file a handler comes from.
fn source_note(handler: &Chosen<HandlerUrl>) -> Option<Message> {
    match handler.source {
        Source::Manifest | Source::Profile(_) | Source::Config => {
            Some(Message::Info(format!("handler: {} (from {})", handler.value.as_str(), handler.source)))
        }
        Source::Option(_) | Source::Environment(_) | Source::Default => None,
    }
}

fn caller_note(caller: Option<Caller>) -> Option<Message> {
    let caller = caller.filter(|caller| !caller.admin)?;
    Some(Message::Info(format!("user {} is not an administrator: the handlers run with their own rights", caller.id)))
}

fn incomplete_replace(view: &View) -> Option<Message> {
    let text = own_view(view, ", so handlers bound by others stay")?;
    Some(Message::warning("own_view", text))
}

fn handler_warnings(handler: Option<&HandlerUrl>, connection: &Connection) -> Vec<Message> {
    let Some(handler) = handler else { return Vec::new() };
    let private = handler.private_host().filter(|_| !connection.portal.address().is_loopback());
    let private = private.map(|host| {
        let text = format!("{host} is a private address: a portal in the cloud cannot reach it");
        Message::warning("private_handler", text)
    });
    let long = handler.is_too_long().then(|| {
        let text = format!("the handler is longer than {LONGEST} characters: portals may cut it off, or refuse it");
        Message::warning("long_handler", text)
    });
    private.into_iter().chain(long).collect()
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
        let event = &change.binding.event;
        let required = event.known().map_or_else(Default::default, KnownEvent::scopes);
        let missing_scopes = lacking(required, &scopes);
        let nearest = if event.known().is_some() { Vec::new() } else { nearest_of_all(event.as_str()) };
        let scopes = scopes.clone();
        change.status = Status::Failed(ChangeError::EventUnavailable { refusal, missing_scopes, scopes, nearest });
    }
}

fn lacking(required: &[&'static str], scopes: &[String]) -> Vec<&'static str> {
    required.iter().copied().filter(|required| !scopes.iter().any(|scope| scope == required)).collect()
}

fn event_not_found(status: &Status) -> Option<&PortalError> {
    match status {
        Status::Failed(ChangeError::Refused(refusal)) if refusal.code == ErrorCode::EventNotFound => Some(refusal),
        _ => None,
    }
}
