//! `imconn man`.

mod page;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};

use anyhow::Context as _;
use clap::Command;

use self::page::{file_name, page};
use super::Run;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Output, Report};
use crate::settings::SECRET_VARIABLES;

/// Show the manual page of imconn or of one command
///
/// Examples:
///   imconn man                                the page of imconn
///   imconn man sandbox serve                  the page of a command
///   imconn man bind > imconn-bind.1           its source, when not on a terminal
///   imconn man --dir ~/.local/share/man/man1  write all pages as files
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The command, with its subcommand
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write all pages to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context, (context.command_line)())
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

fn run(args: &Args, context: &Context, mut root: Command) -> Result<Report, Error> {
    root.build();
    if let Some(dir) = &args.dir {
        return write_all(&root, dir);
    }
    let found = args.command.iter().try_fold(&root, |command, name| command.find_subcommand(name));
    let command = found.ok_or_else(|| {
        let message = format!("no command named `{}`", args.command.join(" "));
        Error::usage(message, "to see the commands, run `imconn --help`")
    })?;
    let page = page(command)?;
    if !context.printer.terminal().stdout.is_terminal {
        return Ok(Report::of(Output::Text(page)));
    }
    // Roff is for `man`, not for people: on a system without it, show the help.
    let output =
        if show(&page)? { Output::Nothing } else { Output::Text(command.clone().render_long_help().to_string()) };
    Ok(Report::of(output))
}

fn write_all(root: &Command, dir: &Path) -> Result<Report, Error> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create the folder {}", dir.display()))?;
    let mut commands = Vec::new();
    collect(root, &mut commands);
    for command in &commands {
        let path = dir.join(file_name(command));
        std::fs::write(&path, page(command)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let note = Message::Info(format!("wrote {} pages to {}", commands.len(), dir.display()));
    Ok(Report::of(Output::Nothing).with_messages(vec![note]))
}

fn collect<'a>(command: &'a Command, commands: &mut Vec<&'a Command>) {
    commands.push(command);
    let listed = command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set());
    listed.for_each(|sub| collect(sub, commands));
}

/// Shows a page in the pager; false if `man` is not available.
fn show(page: &str) -> Result<bool, Error> {
    let mut file = tempfile::Builder::new().suffix(".1").tempfile().context("cannot create a temporary file")?;
    file.write_all(page.as_bytes()).context("cannot write a temporary file")?;
    let mut man = Program::new("man");
    for name in SECRET_VARIABLES {
        man.env_remove(name);
    }
    // Every `man` takes a name with a slash for a file; not every one has an option for that.
    let ended = man.arg(file.path()).stdin(Stdio::inherit()).status();
    Ok(ended.is_ok_and(|status| status.success()))
}
