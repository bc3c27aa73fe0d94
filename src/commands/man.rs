//! `imconn man`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::error::{Error, ExitCode};
use crate::output::{Message, Output, Report};

/// Print the manual page of imconn or of one command
///
/// Examples:
///   imconn man | man -l -
///   imconn man bind | man -l -
///   imconn man --dir ~/.local/share/man/man1    write all pages as files
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct ManArgs {
    /// The command, and its subcommand
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write all pages into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

/// Renders pages of `root`, the whole command line.
///
/// # Errors
/// [`Error::Usage`] for a command that is none; [`Error::Local`] when a page cannot be written.
pub fn run(args: &ManArgs, mut root: Command) -> Result<Report, Error> {
    root.build();
    let Some(dir) = &args.dir else {
        let command = args.command.iter().try_fold(&root, |command, name| command.find_subcommand(name));
        let command =
            command.ok_or_else(|| Error::usage("there is no such command", "imconn --help lists the commands"))?;
        return Ok(Report::of(Output::Text(page(command)?)));
    };
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let mut pages = Vec::new();
    collect(&root, &mut pages);
    for command in &pages {
        let path = dir.join(Man::new((*command).clone()).get_filename());
        std::fs::write(&path, page(command)?).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let note = Message::Info(format!("{} pages written to {}", pages.len(), dir.display()));
    Ok(Report::of(Output::Nothing).with_messages(vec![note]))
}

fn collect<'a>(command: &'a Command, pages: &mut Vec<&'a Command>) {
    pages.push(command);
    command.get_subcommands().filter(|sub| sub.get_name() != "help").for_each(|sub| collect(sub, pages));
}

fn page(command: &Command) -> Result<String, Error> {
    let man = Man::new(command.clone()).source(concat!("imconn ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    man.render(&mut out).context("cannot render the page")?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    let mut codes = Roff::new();
    codes.control("SH", ["EXIT STATUS"]);
    for code in ExitCode::ALL {
        codes.control("TP", []);
        codes.text([bold((code as i32).to_string())]);
        codes.text([roman(code.meaning())]);
    }
    text.push_str(&codes.render());
    Ok(text)
}
