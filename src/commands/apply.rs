//! `imconn apply`.

use std::path::{Path, PathBuf};

use super::Run;
use super::shared::compare::{Comparison, FORCE, manifest_options, needs_force, quoted};
use super::shared::confirm::{self, Confirmation, bindings};
use super::shared::history::Recorder;
use super::shared::secret_handler::refuse_secrets;
use super::shared::{changes, input, manifest};
use crate::bindings::manifest::Manifest;
use crate::bindings::plan::Plan;
use crate::bindings::saved_plan::{NotAPlan, SavedPlan, VERSION, viewer};
use crate::context::{Connection, Context};
use crate::error::{Error, ExitCode, Problem};
use crate::output::{Message, Report};
use crate::reconcile::apply::{Applied, apply};
use crate::reconcile::{Status, View};

/// Make a portal match a manifest
///
/// Examples:
///   imconn apply              show the changes, ask, make them
///   imconn apply --yes        in CI, where nothing is removed without --yes
///   imconn apply --dry-run    like diff, but exit with 0
///   imconn apply --no-remove  add what is missing, remove nothing
///
/// New handlers are bound before old ones are removed. The result is read back and compared with the manifest.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Args {
    /// The manifest; - reads stdin [default: imconn.toml]
    #[arg(short, long, value_name = "FILE|-")]
    pub(crate) file: Option<PathBuf>,

    /// Apply a saved plan, unless the portal has changed since; - reads stdin
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["file", "own", "no_remove"])]
    pub(crate) plan: Option<PathBuf>,

    /// Only compare and change bindings of the token's user
    #[arg(long)]
    pub(crate) own: bool,

    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,

    /// Show what would change, and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Remove nothing
    #[arg(long)]
    pub(crate) no_remove: bool,

    /// Allow removing most bindings without a successor
    #[arg(long)]
    pub(crate) force: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let source = match &self.plan {
            Some(path) => Source::Plan(read_plan(path, context).await?),
            None => Source::Manifest(manifest::read(self.file.as_deref(), context).await?),
        };
        let connection = context.connect().await?;
        let work = match source {
            Source::Manifest(manifest) => self.compare(manifest, &connection).await?,
            Source::Plan(saved) => self.load(saved, &connection).await?,
        };
        if work.plan.is_empty() || self.dry_run {
            return Ok(work.report_without_changes(&connection, context));
        }
        let was_asked = self.confirm(&work, &connection, context).await?;
        // The portal may have changed while the question waited for its answer.
        if was_asked && View::read(&connection.portal).await?.bindings != work.view.bindings {
            return Err(Error::PlanIsOld { command: self.diff_command(&work.goal) });
        }
        let recorder = Recorder::begin("apply", work.plan.clone(), Some(&work.view.bindings), context, &connection);
        let applied = match apply(&connection.portal, &work.plan, work.view.caller).await {
            Ok(applied) => applied,
            Err(failure) => {
                recorder.settle_failure(&failure);
                return Err(failure.into());
            }
        };
        recorder.settle_changes(&applied.changes, &work.view, applied.end.is_ok());
        Ok(self.report(applied, &work.goal, &connection, context))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

/// Where the plan comes from.
enum Source {
    Manifest(Manifest),
    Plan(SavedPlan),
}

/// What to do, and what to compare the result with.
struct Work {
    goal: Goal,
    view: View,
    plan: Plan,
}

enum Goal {
    Manifest(Box<Comparison>),
    Plan(SavedPlan),
}

async fn read_plan(path: &Path, context: &Context) -> Result<SavedPlan, Error> {
    let name = input::name_of(path);
    let (problem, target) = match input::read(path).await?.as_deref().map(SavedPlan::from_text) {
        Some(Ok(saved)) => return Ok(saved),
        Some(Err(NotAPlan::Version(version))) => (
            format!("{name} is a plan of version {version}, but this imconn reads version {VERSION}"),
            format!("{} --force", quoted(path)),
        ),
        // Whatever it is, it is not ours to overwrite.
        Some(Err(NotAPlan::Other)) => (format!("{name} is not a saved plan"), "plan.json".to_owned()),
        None => (format!("{name} does not exist"), quoted(path)),
    };
    let save = context.typed(&format!("diff --save-plan {target}"));
    Err(Error::usage(problem, format!("to save a new plan, run `{save}`")))
}

impl Work {
    fn report_without_changes(&self, connection: &Connection, context: &Context) -> Report {
        let mut messages = vec![if self.plan.is_empty() {
            Message::Info(format!("{} already matches the manifest", connection.name))
        } else {
            changes::dry_run()
        }];
        if needs_force(&self.plan, &self.view) {
            messages.push(Message::warning("needs_force", FORCE));
        }
        changes::report(&connection.name, &self.plan.changes(), messages, &context.invocation())
    }
}

impl Args {
    async fn load(&self, saved: SavedPlan, connection: &Connection) -> Result<Work, Error> {
        refuse_secrets(&saved.plan.bind)?;
        let view = View::read(&connection.portal).await?;
        let portal = connection.file_name();
        if saved.portal != portal {
            let message = format!("the plan was saved for {}, not for {portal}", saved.portal);
            return Err(Error::usage(message, "select that portal with -p, or save a new plan"));
        }
        if saved.viewer != viewer(view.caller) {
            return Err(Error::NotAuthorised {
                message: "the plan was created with a different user's token, which sees other bindings".into(),
                hint: Some("use a token of that user, or save a new plan".into()),
            });
        }
        let goal = Goal::Plan(saved.clone());
        if !saved.fits(&view.bindings) {
            return Err(Error::PlanIsOld { command: self.diff_command(&goal) });
        }
        Ok(Work { plan: saved.plan, goal, view })
    }

    /// The command that shows the difference as it is now.
    fn diff_command(&self, goal: &Goal) -> String {
        match goal {
            Goal::Plan(saved) => format!("diff{}", saved.options),
            Goal::Manifest(_) => format!("diff{}", manifest_options(self.file.as_deref(), self.own)),
        }
    }

    async fn compare(&self, manifest: Manifest, connection: &Connection) -> Result<Work, Error> {
        let comparison = Comparison::read(manifest, self.own, connection).await?;
        let view = comparison.view.clone();
        let plan = self.limited(comparison.plan.clone());
        Ok(Work { goal: Goal::Manifest(Box::new(comparison)), view, plan })
    }

    fn limited(&self, plan: Plan) -> Plan {
        if self.no_remove { Plan { unbind: Vec::new(), ..plan } } else { plan }
    }

    /// Asks before the changes, unless that was answered by an option or nothing is removed without a terminal; whether
    /// a question was asked.
    async fn confirm(&self, work: &Work, connection: &Connection, context: &Context) -> Result<bool, Error> {
        let changes = work.plan.changes();
        let removals = work.plan.unbind.len();
        if needs_force(&work.plan, &work.view) && !self.force {
            confirm::show(&changes, context);
            let (lost, all) = (work.plan.without_successor(&work.view.bindings).len(), work.view.bindings.len());
            let message = format!(
                "refusing to remove {lost} of the {all} bindings of {} without a successor unless --force is given",
                connection.name
            );
            let options = if self.yes || context.printer.terminal().interactive { "--force" } else { "--yes --force" };
            return Err(Error::usage(message, format!("add {options} to remove them, or --no-remove to keep them")));
        }
        if self.yes || removals == 0 && !context.printer.terminal().interactive {
            return Ok(false);
        }
        if !context.printer.terminal().interactive {
            confirm::show(&changes, context);
        }
        let confirmation = Confirmation {
            portal: &connection.name,
            changes: &changes,
            purpose: format!("remove {} from {}", bindings(removals), connection.name),
            options: "add --yes to remove them, --no-remove to keep them, or --dry-run to see them",
        };
        confirmation.ask(context).await?;
        Ok(true)
    }

    fn report(&self, applied: Applied, goal: &Goal, connection: &Connection, context: &Context) -> Report {
        let mut messages = Vec::new();
        if applied.changes.iter().any(|change| change.status == Status::Bound) {
            messages.push(Message::next("see what is bound", &context.typed("list")));
        }
        let report = changes::report(&connection.name, &applied.changes, messages, &context.invocation());
        // A refused change explains the difference.
        if report.error.is_some() {
            return report;
        }
        match applied.end {
            Ok(view) => match self.remaining_difference(goal, &view) {
                Some(difference) => report.with_error(differs(&difference, &context.typed(&self.diff_command(goal)))),
                None => report,
            },
            Err(failure) => {
                let problem = Problem::of_failure(&failure, &context.invocation());
                let message = format!("the result could not be read back: {}", problem.message);
                report.with_error(Problem { message, exit: ExitCode::Refused, ..problem })
            }
        }
    }

    /// Another program may have changed the portal meanwhile, or the portal did not do what it reported.
    fn remaining_difference(&self, goal: &Goal, view: &View) -> Option<String> {
        match goal {
            Goal::Manifest(before) => {
                let rest = self.limited(Plan::of(&before.manifest, &view.bindings, before.coverage));
                (!rest.is_empty()).then(|| {
                    let added = rest.bind.len();
                    let removed = rest.unbind.len();
                    format!("the portal still differs from the manifest: {added} to add, {removed} to remove")
                })
            }
            Goal::Plan(saved) if saved.is_done(&view.bindings) => None,
            Goal::Plan(_) => Some("the portal still differs from the plan".to_owned()),
        }
    }
}

fn differs(difference: &str, diff: &str) -> Problem {
    let hint = format!("to see the difference, run `{diff}`");
    Problem::differs(format!("{difference}; another program may be changing bindings at the same time"), hint)
}
