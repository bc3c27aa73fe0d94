//! `imconn unbind`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::Run;
use super::shared::changes::{self, destination, runs_as};
use super::shared::history as journal;
use super::shared::selection::EventSelection;
use crate::bindings::filter::Filter;
use crate::bindings::{Action, Binding, Change, Type, View};
use crate::context::{Connection, Context};
use crate::error::Error;
use crate::output::legacy::texts;
use crate::output::table::Table;
use crate::output::{Column, Message, Report};
use crate::reconcile::execute::unbind;

/// Remove exactly the bindings that match; look, choose, show, then remove
///
/// Examples:
///   imconn unbind message-add
///   imconn unbind --all --handler https://old.example.com/b24
///   imconn unbind --handler https://abc.ngrok.app/  every event of one handler
///   imconn unbind --all --auth-user 0               leave handlers bound for single users
///   imconn unbind --all --yes                       in a script: nobody is asked
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct UnbindArgs {
    /// Which events.
    #[command(flatten)]
    pub selection: EventSelection,

    /// Only this handler, compared to the letter
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub handler: Option<String>,

    /// Only handlers bound for this user; 0 is whoever fires the event
    #[arg(long, value_name = "ID", conflicts_with = "offline")]
    pub auth_user: Option<u64>,

    /// Offline bindings instead of online ones (administrator only)
    #[arg(long)]
    pub offline: bool,

    /// Only this source key of an offline queue
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub auth_connector: Option<String>,

    /// Show what would be removed, and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

impl Run for UnbindArgs {
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

async fn run(args: &UnbindArgs, context: &Context) -> Result<Report, Error> {
    let filter = args.filter()?;
    let connection = context.connect().await?;
    let view = View::read(&connection.portal).await?;
    args.refuse_blindness(&view)?;
    let doomed = filter.select(&view.bindings);
    let mut messages: Vec<Message> = own_view_note(&view).into_iter().collect();
    if doomed.is_empty() {
        messages.push(Message::Info(format!("no binding matches; {} shows what is bound", context.typed("list"))));
        return Ok(changes::report(&connection.name, &[], messages, &context.invocation()));
    }
    if args.dry_run {
        messages.push(Message::Hint("nothing was removed; leave out --dry-run to do it".to_owned()));
        let planned: Vec<Change> = doomed.into_iter().map(|binding| Change::planned(Action::Unbind, binding)).collect();
        return Ok(changes::report(&connection.name, &planned, messages, &context.invocation()));
    }
    if doomed.len() > 1 && !args.yes {
        agree(context, &connection, &doomed)?;
    }
    let changes = unbind(&connection.portal, &doomed, view.caller).await;
    journal::record("unbind", &changes, context, &connection);
    Ok(changes::report(&connection.name, &changes, messages, &context.invocation()))
}

impl UnbindArgs {
    fn filter(&self) -> Result<Filter, Error> {
        let events = self.selection.resolve()?;
        if events.is_empty() && self.handler.is_none() {
            return Err(Error::usage(
                "nothing is named",
                "name events, --all for the seven connector events, or --handler URL",
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

    /// A non-admin sees its own online bindings only. Where that is not what was asked about, "nothing matches" would
    /// be a guess.
    fn refuse_blindness(&self, view: &View) -> Result<(), Error> {
        let asked = match self.auth_user {
            _ if view.caller.admin => return Ok(()),
            Some(user) if user != view.caller.id => format!("bindings for user {user}"),
            _ if self.offline => "offline bindings".to_owned(),
            _ => return Ok(()),
        };
        Err(Error::NotAuthorised {
            message: format!(
                "{asked} are visible to administrators only, and the token's user {} is none",
                view.caller.id
            ),
            hint: Some("use the token of a portal administrator".to_owned()),
        })
    }
}

fn own_view_note(view: &View) -> Option<Message> {
    let text = "the token's user is no administrator: only its own bindings are visible, and only they are removed";
    (!view.caller.admin).then(|| Message::Info(text.to_owned()))
}

/// Shows what is to go, and asks.
fn agree(context: &Context, connection: &Connection, doomed: &[Binding]) -> Result<(), Error> {
    let count = doomed.len();
    let columns = [Column::titled("Event"), Column::titled("Handler").elastic(), Column::titled("Runs as")];
    let rows = doomed.iter().map(|b| texts(vec![format!("- {}", b.event), destination(b), runs_as(b)]));
    let table = Table::new(&columns, rows.collect());
    let terminal = context.printer.terminal();
    if !terminal.interactive {
        let message = format!("{count} bindings of {} would be removed, and nobody can be asked", connection.name);
        return Err(Error::usage(message, "add --yes to remove them, or --dry-run to see them"));
    }
    context.printer.plain(table.draw(terminal.width, false).trim_end());
    if context.printer.confirm(&format!("Remove these {count} bindings of {}?", connection.name))? {
        return Ok(());
    }
    Err(Error::Usage { message: "nothing was removed".to_owned(), hint: None })
}
