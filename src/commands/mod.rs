//! One file a command: its arguments, its help, its run. A command returns a report and prints nothing.

pub mod apply;
pub mod bind;
pub mod call;
pub mod completions;
pub mod diff;
pub mod doctor;
pub mod events;
pub mod export;
pub mod list;
pub mod login;
pub mod logout;
pub mod man;
pub mod manifest;
pub mod portals;
pub mod sandbox;
pub mod status;
pub mod unbind;
pub mod undo;

pub mod shared;

use clap::Subcommand;

use crate::context::Context;
use crate::error::Error;
use crate::output::Report;

/// What can be done. Every command is described in its own file.
#[derive(Debug, Subcommand)]
pub enum Command {
    Bind(bind::BindArgs),
    Unbind(unbind::UnbindArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    Events(events::EventsArgs),
    Diff(diff::DiffArgs),
    Apply(apply::ApplyArgs),
    Export(export::ExportArgs),
    Undo(undo::UndoArgs),
    Manifest(manifest::ManifestArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Portals(portals::PortalsArgs),
    Status(status::StatusArgs),
    Doctor(doctor::DoctorArgs),
    Call(call::CallArgs),
    Sandbox(sandbox::SandboxArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the command that was asked for. `tree` gives the whole command line, for those commands that describe it.
///
/// # Errors
/// [`Error`] when it failed as a whole; what failed in part is in the report.
pub async fn run(command: &Command, context: &Context, tree: fn() -> clap::Command) -> Result<Report, Error> {
    match command {
        Command::Bind(args) => bind::run(args, context).await,
        Command::Unbind(args) => unbind::run(args, context).await,
        Command::List(args) => list::run(args, context).await,
        Command::Events(args) => events::run(args, context).await,
        Command::Apply(args) => apply::run(args, context).await,
        Command::Diff(args) => diff::run(args, context).await,
        Command::Export(args) => export::run(args, context).await,
        Command::Undo(args) => undo::run(args, context).await,
        Command::Manifest(args) => Ok(manifest::run(args)),
        Command::Login(args) => login::run(args, context).await,
        Command::Logout(args) => logout::run(args, context).await,
        Command::Portals(args) => portals::run(args, context).await,
        Command::Status(args) => status::run(args, context).await,
        Command::Doctor(args) => doctor::run(args, context).await,
        Command::Call(args) => call::run(args, context).await,
        Command::Sandbox(args) => sandbox::run(args, context).await,
        Command::Completions(args) => Ok(completions::run(args, tree())),
        Command::Man(args) => man::run(args, context, tree()),
    }
}
