//! One file per command: its arguments, its help, its run. A command returns a report and prints nothing.

pub(crate) mod apply;
pub(crate) mod bind;
pub(crate) mod call;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod man;
pub(crate) mod manifest;
pub(crate) mod portals;
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod unbind;
pub(crate) mod undo;

pub(crate) mod shared;

use clap::Subcommand;

use crate::context::Context;
use crate::error::Error;
use crate::output::Report;

/// What can be done. Every command is described in its own file.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Bind(bind::Args),
    Unbind(unbind::Args),
    #[command(visible_alias = "ls")]
    List(list::Args),
    Events(events::Args),
    Diff(diff::Args),
    Apply(apply::Args),
    Export(export::Args),
    Undo(undo::Args),
    Manifest(manifest::Args),
    Login(login::Args),
    Logout(logout::Args),
    Portals(portals::Args),
    Status(status::Args),
    Doctor(doctor::Args),
    Call(call::Args),
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Does the same with the arguments of every command.
macro_rules! with_args {
    ($command:expr, $args:ident => $action:expr) => {
        match $command {
            Command::Bind($args) => $action,
            Command::Unbind($args) => $action,
            Command::List($args) => $action,
            Command::Events($args) => $action,
            Command::Diff($args) => $action,
            Command::Apply($args) => $action,
            Command::Export($args) => $action,
            Command::Undo($args) => $action,
            Command::Manifest($args) => $action,
            Command::Login($args) => $action,
            Command::Logout($args) => $action,
            Command::Portals($args) => $action,
            Command::Status($args) => $action,
            Command::Doctor($args) => $action,
            Command::Call($args) => $action,
            Command::Sandbox($args) => $action,
            Command::Completions($args) => $action,
            Command::Man($args) => $action,
        }
    };
}

/// What the program asks of a command. Nothing has a default, so that a new command must decide.
pub(crate) trait Run {
    async fn run(&self, context: &Context) -> Result<Report, Error>;

    /// Whether it runs until Ctrl-C, and ends with it as planned.
    fn runs_until_stopped(&self) -> bool;

    /// Whether it may have changed something on the portal when it is interrupted.
    fn may_have_changed(&self) -> bool;
}

impl Run for Command {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        with_args!(self, args => args.run(context).await)
    }

    fn runs_until_stopped(&self) -> bool {
        with_args!(self, args => args.runs_until_stopped())
    }

    fn may_have_changed(&self) -> bool {
        with_args!(self, args => args.may_have_changed())
    }
}
