//! `imconn unbind`.

use clap::builder::NonEmptyStringValueParser;

use super::Run;
use super::shared::changes;
use super::shared::confirm::{Confirmation, bindings};
use super::shared::history::Recorder;
use super::shared::own_view::{USE_ADMINISTRATOR, own_view};
use super::shared::repetition::repetition;
use super::shared::selection::EventSelection;
use crate::bindings::filter::Filter;
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Type};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Report};
use crate::reconcile::execute::{Removed, unbind};
use crate::reconcile::{Action, Change, View};

/// Remove matching bindings
///
/// Examples:
///   imconn unbind message-add
///   imconn unbind --all --handler https://old.example.com/b24
///   imconn unbind --handler https://abc.ngrok.app/  all events of one handler
///   imconn unbind --all --auth-user 0               keep handlers bound for single users
///   imconn unbind --all --yes                       in a script: do not ask
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) selection: EventSelection,

    /// Only this handler, compared byte for byte
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub(crate) handler: Option<String>,

    /// Only handlers bound for this user; 0 is the event's user
    #[arg(long, value_name = "ID", conflicts_with = "offline")]
    pub(crate) auth_user: Option<u64>,

    /// Offline instead of online bindings (administrators only)
    #[arg(long)]
    pub(crate) offline: bool,

    /// Only this source key of an offline queue
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) auth_connector: Option<String>,

    /// Show what would be removed, and remove nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let filter = self.filter()?;
        let connection = context.connect().await?;
        let view = View::read(&connection.portal).await?;
        self.require_visible(&view)?;
        let (kept, to_remove): (Vec<Binding>, Vec<Binding>) =
            filter.select(&view.bindings).into_iter().partition(|binding| is_kept(&filter, binding));
        for warning in warnings(&kept, &to_remove) {
            context.printer.message(&Message::warning("not_restorable", warning));
        }
        let mut messages: Vec<Message> = own_view(&view, " and removed").map(Message::Info).into_iter().collect();
        if to_remove.is_empty() {
            messages.push(Message::Info("no binding matches".to_owned()));
            messages.push(Message::next("see what is bound", &context.typed("list")));
            return Ok(changes::report(&connection.name, &[], messages, &context.invocation()));
        }
        let removed = view.bindings.iter().filter(|binding| filter.matches(binding));
        messages.extend(repetition(removed, "they are removed together, and undo restores one of them"));
        let planned: Vec<Change> =
            to_remove.iter().map(|binding| Change::planned(Action::Unbind, binding.clone())).collect();
        if self.dry_run {
            messages.push(changes::dry_run());
            return Ok(changes::report(&connection.name, &planned, messages, &context.invocation()));
        }
        if planned.len() > 1 && !self.yes {
            let confirmation = Confirmation {
                portal: &connection.name,
                changes: &planned,
                purpose: format!("remove {} from {}", bindings(planned.len()), connection.name),
                options: "add --yes to remove them, or --dry-run to see them",
            };
            confirmation.ask(context).await?;
        }
        let change = Plan { bind: Vec::new(), unbind: to_remove.clone() };
        let recorder = Recorder::begin("unbind", change, Some(&view.bindings), context, &connection);
        let Removed { changes, end } = unbind(&connection.portal, &to_remove, view.caller).await;
        recorder.settle_changes(&changes, &view, end.is_some());
        Ok(changes::report(&connection.name, &changes, messages, &context.invocation()))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

/// Whether the portal may have bound it itself, and its event was not given.
fn is_kept(filter: &Filter, binding: &Binding) -> bool {
    filter.events.is_empty() && binding.event.may_be_the_portals()
}

/// What a person has to know about the portal's own bindings.
fn warnings(kept: &[Binding], to_remove: &[Binding]) -> Vec<String> {
    let kept = kept.iter().map(|binding| {
        format!("{} stays, because the portal may have bound it itself; to remove it, give its name", binding.event)
    });
    let of_bots = to_remove.iter().filter(|binding| binding.event.is_managed_by_bots());
    kept.chain(
        of_bots.map(|binding| {
            format!("{0} belongs to a bot, which no longer gets it without this binding", binding.event)
        }),
    )
    .collect()
}

impl Args {
    fn filter(&self) -> Result<Filter, Error> {
        if self.auth_connector.is_some() && !self.offline {
            return Err(Error::usage(
                "--auth-connector selects an offline queue; for online bindings the portal ignores it, and removes all",
                "add --offline, or leave out --auth-connector",
            ));
        }
        let events = self.selection.resolve()?;
        if events.is_empty() && self.handler.is_none() {
            return Err(Error::usage(
                "no event or handler given",
                "name events, or use --all for the seven connector events, or --handler URL",
            ));
        }
        Ok(Filter {
            events,
            kind: Some(if self.offline { Type::Offline } else { Type::Online }),
            handler: self.handler.clone(),
            handler_part: None,
            auth_user: self.auth_user,
            auth_connector: self.auth_connector.clone(),
        })
    }

    /// A token that is not an administrator's shows its user's online bindings only. For any others, "nothing matches"
    /// would be a guess.
    fn require_visible(&self, view: &View) -> Result<(), Error> {
        let hidden = match self.auth_user {
            _ if view.caller.admin => return Ok(()),
            Some(user) if user != view.caller.id => format!("bindings for user {user}"),
            _ if self.offline => "offline bindings".to_owned(),
            _ => return Ok(()),
        };
        Err(Error::NotAuthorised {
            message: format!(
                "{hidden} are visible to administrators only, and user {} is not an administrator",
                view.caller.id
            ),
            hint: Some(USE_ADMINISTRATOR.to_owned()),
        })
    }
}
