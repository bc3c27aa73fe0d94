//! `imconn diff`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Run;
use super::shared::changes::{self, ChangeRow, ChangesDocument};
use super::shared::compare::{Comparison, FORCE, manifest_options, needs_force, quoted};
use super::shared::{input, manifest};
use crate::bindings::manifest::FILE;
use crate::bindings::saved_plan::{SavedPlan, viewer};
use crate::context::{Connection, Context};
use crate::error::{Error, ExitCode};
use crate::output::{Document, Message, Output, Report, longest_run};
use crate::reconcile::{Action, Change};
use crate::store::file;
use crate::wire::excerpt::printable;

/// Compare a portal with a manifest
///
/// Examples:
///   imconn diff                        compare with imconn.toml
///   imconn diff -f portals/acme.toml
///   imconn diff -o markdown            for a comment on a pull request
///   imconn export | imconn diff -f -   never differs
///   imconn diff --save-plan plan.json  save the changes, to review and apply them
///
/// Nothing is changed. Exits with 0 if the portal matches the manifest, and with 3 if it differs.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The manifest; - reads stdin [default: imconn.toml]
    #[arg(short, long, value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,

    /// Compare only bindings of the token's user
    #[arg(long)]
    pub(crate) own: bool,

    /// Save the changes to this file, for apply --plan; - writes stdout
    #[arg(long, value_name = "FILE|-")]
    pub(crate) save_plan: Option<PathBuf>,

    /// Overwrite the file of --save-plan
    #[arg(long, requires = "save_plan")]
    pub(crate) force: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        self.require_new_plan(context)?;
        let manifest = manifest::read(self.file.as_deref(), context).await?;
        let connection = context.connect().await?;
        let comparison = Comparison::read(manifest, self.own, &connection).await?;
        let plan = self.save_plan.as_ref().map(|_| self.saved(&comparison, &connection).to_text());
        if let (Some(path), Some(plan)) = (self.plan_file(), &plan) {
            file::replace(path, plan)?;
        }
        let changes = comparison.plan.changes();
        let messages = self.messages(&comparison, &connection, context);
        let invocation = context.invocation();
        let document = Difference {
            document: ChangesDocument::new(&connection.name, &changes, &invocation),
            markdown: markdown(&connection.name, &changes),
        };
        let exit = if changes.is_empty() { ExitCode::Done } else { ExitCode::Differs };
        let report = Report { exit, ..changes::report_document(document, &changes, messages, &invocation) };
        Ok(match plan.filter(|_| self.writes_plan_to_stdout()) {
            Some(plan) => Report { output: Output::Text(plan), ..report },
            None => report,
        })
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

impl Args {
    /// A plan may have been reviewed, so another one does not silently take its place.
    fn require_new_plan(&self, context: &Context) -> Result<(), Error> {
        let Some(path) = self.plan_file().filter(|path| !self.force && path.symlink_metadata().is_ok()) else {
            return Ok(());
        };
        let options = manifest_options(self.file.as_deref(), self.own);
        let again = context.typed(&format!("diff{options} --save-plan {} --force", quoted(path)));
        let message = format!("{} exists already", path.display());
        Err(Error::usage(message, format!("to overwrite it, run `{again}`")))
    }

    /// The file that gets the plan, unless it goes to stdout.
    fn plan_file(&self) -> Option<&Path> {
        self.save_plan.as_deref().filter(|path| !input::is_stdin(path))
    }

    fn writes_plan_to_stdout(&self) -> bool {
        self.save_plan.as_deref().is_some_and(input::is_stdin)
    }

    fn messages(&self, comparison: &Comparison, connection: &Connection, context: &Context) -> Vec<Message> {
        let mut messages = Vec::new();
        if comparison.plan.is_empty() {
            messages.push(Message::Info(format!("{} matches the manifest", connection.name)));
        } else {
            let force = needs_force(&comparison.plan, &comparison.view);
            if !self.writes_plan_to_stdout() {
                messages.push(self.next(&context.typed(&self.apply_command(force))));
            }
            if force {
                messages.push(Message::warning("needs_force", FORCE));
            }
        }
        match comparison.ignored().len() {
            0 => {}
            1 => messages.push(Message::Info("1 binding is ignored by the manifest".to_owned())),
            count => messages.push(Message::Info(format!("{count} bindings are ignored by the manifest"))),
        }
        messages
    }

    fn next(&self, command: &str) -> Message {
        let is_stdin = self.file.as_deref() == Some(Path::new("-"));
        if is_stdin && self.save_plan.is_none() {
            let text = format!("to apply these changes, save the manifest as {FILE}, and run `{command}`");
            return Message::Hint(text);
        }
        Message::next("apply these changes", command)
    }

    /// The command that makes the changes shown.
    fn apply_command(&self, force: bool) -> String {
        let force = if force { " --force" } else { "" };
        match &self.save_plan {
            Some(plan) => format!("apply --plan {}{force}", quoted(plan)),
            None => format!("apply{}{force}", manifest_options(self.file.as_deref(), self.own)),
        }
    }

    fn saved(&self, comparison: &Comparison, connection: &Connection) -> SavedPlan {
        SavedPlan {
            portal: connection.file_name(),
            viewer: viewer(comparison.view.caller),
            before: comparison.view.bindings.clone(),
            plan: comparison.plan.clone(),
            options: manifest_options(self.file.as_deref(), self.own),
        }
    }
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

/// The changes as a comment on a pull request.
fn markdown(portal: &str, changes: &[Change]) -> String {
    if changes.is_empty() {
        return format!("**{portal}** matches the manifest.\n");
    }
    let lines: String = changes.iter().map(diff_line).collect();
    // A fence longer than any in what came from a portal.
    let fence = "`".repeat(3.max(longest_run(&lines, '`') + 1));
    let binds = changes.iter().filter(|change| change.action == Action::Bind).count();
    let unbinds = changes.len() - binds;
    format!(
        "**{portal}** differs from the manifest: {binds} to add, {unbinds} to remove.\n\n{fence}diff\n{lines}{fence}\n"
    )
}

/// A line feed in what came from a portal must not begin a line that looks like ours.
fn diff_line(change: &Change) -> String {
    let sign = if change.action == Action::Bind { '+' } else { '-' };
    let binding = &change.binding;
    let line = format!("{sign} {} {} ({})", binding.event, changes::destination(binding), changes::runs_as(binding));
    printable(&line) + "\n"
}
