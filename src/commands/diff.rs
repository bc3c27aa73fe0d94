//! `imconn diff`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Run;
use super::shared::changes::{self, ChangeRow, ChangesDocument};
use super::shared::compare::{Comparison, FORCE, needs_force};
use crate::bindings::saved_plan::{SavedPlan, viewer};
use crate::bindings::{Action, Change};
use crate::commands::shared::manifest;
use crate::context::Context;
use crate::error::{Error, ExitCode};
use crate::output::{Document, Message, Output, Report};
use crate::redact::shell_quoted;
use crate::store::file;
use crate::wire::excerpt::printable;

/// Compare a portal with a manifest; nothing is changed
///
/// Examples:
///   imconn diff                          with imconn.toml in the working folder
///   imconn diff -f portals/acme.toml
///   imconn diff -o markdown              for a comment on a pull request
///   imconn export | imconn diff -f -     equal
///
/// Ends with 0 when the portal is as the manifest wants it, and with 3 when it is not.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct DiffArgs {
    /// The manifest; - reads it from stdin [default: imconn.toml]
    #[arg(short, long, value_name = "FILE|-")]
    pub file: Option<PathBuf>,

    /// Compare only what runs as the token's user
    #[arg(long)]
    pub own: bool,

    /// Write the difference to this file, for apply --plan
    #[arg(long, value_name = "FILE")]
    pub save_plan: Option<PathBuf>,
}

impl Run for DiffArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn run(args: &DiffArgs, context: &Context) -> Result<Report, Error> {
    let manifest = manifest::read(args.file.as_deref()).await?;
    let connection = context.connect().await?;
    let comparison = Comparison::read(manifest, args.own, &connection).await?;
    if let Some(path) = &args.save_plan {
        let (portal, viewer) = (connection.file_name(), viewer(comparison.view.caller));
        let saved =
            SavedPlan { portal, viewer, before: comparison.view.bindings.clone(), plan: comparison.plan.clone() };
        file::replace(path, &saved.to_text())?;
    }
    let changes = comparison.plan.changes();
    let mut messages = Vec::new();
    if changes.is_empty() {
        messages.push(Message::Info(format!("{} is as the manifest wants it", connection.name)));
    } else {
        messages.push(Message::Hint(format!("{} makes it so", context.typed(&args.apply_command()))));
        if needs_force(&comparison.plan, &comparison.view) {
            messages.push(Message::Warning(FORCE.to_owned()));
        }
    }
    let ignored = comparison.ignored().len();
    if ignored > 0 {
        messages.push(Message::Info(format!("{ignored} bindings are left alone, as [manage] ignore says")));
    }
    let report = changes::report(&connection.name, &changes, messages, &context.invocation());
    let document = Difference {
        markdown: markdown(&connection.name, &changes),
        document: ChangesDocument::new(&connection.name, &changes, &context.invocation()),
    };
    let exit = if changes.is_empty() { ExitCode::Done } else { ExitCode::Differs };
    Ok(Report { exit, output: Output::list(document), ..report })
}

/// Changes, with a Markdown of their own.
#[derive(Serialize)]
struct Difference {
    #[serde(flatten)]
    document: ChangesDocument,
    #[serde(skip)]
    markdown: String,
}

impl Document for Difference {
    type Row = ChangeRow;

    fn rows(&self) -> &[ChangeRow] {
        self.document.rows()
    }

    fn markdown(&self) -> String {
        self.markdown.clone()
    }
}

impl DiffArgs {
    /// The command that does what was shown.
    fn apply_command(&self) -> String {
        let word = |path: &PathBuf| shell_quoted(&path.to_string_lossy());
        if let Some(plan) = &self.save_plan {
            return format!("apply --plan {}", word(plan));
        }
        let file = self.file.as_ref().map(|file| format!(" -f {}", word(file))).unwrap_or_default();
        format!("apply{file}{}", if self.own { " --own" } else { "" })
    }
}

/// The difference as a comment.
fn markdown(portal: &str, changes: &[Change]) -> String {
    let count = |action| changes.iter().filter(|change| change.action == action).count();
    if changes.is_empty() {
        return format!("**{portal}** is as the manifest wants it.\n");
    }
    let sign = |change: &Change| if change.action == Action::Bind { '+' } else { '-' };
    // A line feed from elsewhere must not begin a line that looks like ours.
    let line = |change: &Change| {
        printable(&format!(
            "{} {} {} ({})",
            sign(change),
            change.binding.event,
            changes::destination(&change.binding),
            changes::runs_as(&change.binding)
        )) + "\n"
    };
    let lines: String = changes.iter().map(line).collect();
    // A fence longer than any in what came from a portal.
    let fence = "`".repeat(3.max(longest_run(&lines, '`') + 1));
    let (binds, unbinds) = (count(Action::Bind), count(Action::Unbind));
    format!(
        "**{portal}** differs from the manifest: {binds} to bind, {unbinds} to remove.\n\n{fence}diff\n{lines}{fence}\n"
    )
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}
