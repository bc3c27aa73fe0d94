//! `imconn man`.

mod page;

use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};

use anyhow::Context as _;
use clap::Command;

use self::page::Page;
use super::Run;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Output, Report};
use crate::redact::{SECRET_VARIABLES, shell_quoted};

/// Show the manual page of imconn, of a command or of a topic
///
/// Examples:
///   imconn man                                the page of imconn
///   imconn man sandbox serve                  the page of a command
///   imconn man exit-codes                     the page of a topic of `imconn help`
///   imconn man bind > imconn-bind.1           its source, when not on a terminal
///   imconn man --dir ~/.local/share/man/man1  write all pages as files
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// A command with its subcommand, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    pub command: Vec<String>,

    /// Write all pages to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,

    /// Overwrite pages that exist
    #[arg(long, requires = "dir")]
    pub force: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let mut root = (context.command_line)();
        root.build();
        if let Some(dir) = &self.dir {
            return write_all(&root, dir, self.force, context);
        }
        let page = Page::find(&self.command, &root).ok_or_else(|| {
            let message = format!("no command or topic named `{}`", self.command.join(" ").escape_debug());
            Error::usage(message, "to see all commands and topics, run `imconn help help`")
        })?;
        let source = page.source()?;
        let terminal = context.printer.terminal();
        if !terminal.stdout.is_terminal {
            return Ok(Report::of(Output::Text(source)));
        }
        // Roff is for `man`, not for people: on a system without it, show the help.
        let is_shown = show(&page.file_name(), &source)?;
        Ok(Report::of(if is_shown { Output::Nothing } else { Output::Text(page.help(terminal.width)) }))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

fn write_all(root: &Command, dir: &Path, overwrite: bool, context: &Context) -> Result<Report, Error> {
    let pages = Page::all(root);
    let targets: Vec<PathBuf> = pages.iter().map(|page| dir.join(page.file_name())).collect();
    if let Some(existing) = targets.iter().find(|path| !overwrite && path.symlink_metadata().is_ok()) {
        let again = context.typed(&format!("man --dir {} --force", shell_quoted(&dir.to_string_lossy())));
        let hint = format!("to overwrite the pages there, run `{again}`");
        return Err(Error::usage(format!("{} exists already", existing.display()), hint));
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create the folder {}", dir.display()))?;
    for (page, path) in pages.iter().zip(&targets) {
        std::fs::write(path, page.source()?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let note = Message::Info(format!("wrote {} pages to {}", pages.len(), dir.display()));
    Ok(Report::of(Output::Nothing).with_messages(vec![note]))
}

/// Shows a page in the pager, which displays the file's name; false if `man` is not available.
fn show(name: &str, source: &str) -> Result<bool, Error> {
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    std::fs::write(folder.path().join(name), source).context("cannot write a temporary file")?;
    let mut man = Program::new("man");
    for name in SECRET_VARIABLES {
        man.env_remove(name);
    }
    // Every `man` takes a name with a slash for a file; not every one has an option for that.
    let ended = man.arg(format!("./{name}")).current_dir(folder.path()).stdin(Stdio::inherit()).status();
    Ok(ended.is_ok_and(|status| status.success()))
}
