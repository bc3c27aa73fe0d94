//! `imconn apply`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Run;
use super::shared::compare::{Comparison, FORCE, needs_force};
use super::shared::{changes, history as journal};
use crate::bindings::manifest::Manifest;
use crate::bindings::plan::Plan;
use crate::bindings::saved_plan::{SavedPlan, viewer};
use crate::bindings::{Status, View};
use crate::commands::shared::manifest;
use crate::context::{Connection, Context};
use crate::error::{Error, ExitCode, Problem};
use crate::output::{Message, Report};
use crate::reconcile::apply::{Applied, apply};
use crate::store::file;

/// Make a portal match a manifest
///
/// Examples:
///   imconn apply                         shows the difference, asks, does it
///   imconn apply --yes                   in CI; without --yes it only adds there
///   imconn apply --dry-run               like diff, and ends with 0
///   imconn apply --no-remove             bind what is missing, remove nothing
///
/// New handlers are bound before old ones are removed. The end state is read back and compared with the manifest.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub struct ApplyArgs {
    /// The manifest; - reads it from stdin [default: imconn.toml]
    #[arg(short, long, value_name = "FILE|-")]
    pub file: Option<PathBuf>,

    /// Do exactly what diff --save-plan has written, if the portal is still as it was then
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "own", "no_remove"])]
    pub plan: Option<PathBuf>,

    /// Make only what runs as the token's user match
    #[arg(long)]
    pub own: bool,

    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,

    /// Show what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Remove nothing
    #[arg(long)]
    pub no_remove: bool,

    /// Remove even more than half of the portal's bindings
    #[arg(long)]
    pub force: bool,
}

impl Run for ApplyArgs {
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

async fn run(args: &ApplyArgs, context: &Context) -> Result<Report, Error> {
    let goal = match &args.plan {
        Some(path) => Goal::Plan(read_plan(path)?),
        None => Goal::Manifest(manifest::read(args.file.as_deref()).await?),
    };
    let connection = context.connect().await?;
    let (goal, view, plan) = match goal {
        Goal::Manifest(manifest) => {
            let comparison = Comparison::read(manifest, args.own, &connection).await?;
            let (view, plan) = (comparison.view.clone(), args.limited(comparison.plan.clone()));
            (End::Manifest(Box::new(comparison)), view, plan)
        }
        Goal::Plan(saved) => {
            let view = View::read(&connection.portal).await?;
            if saved.portal != connection.file_name() {
                let message = format!("the plan was made for {}, and not for {}", saved.portal, connection.file_name());
                return Err(Error::usage(message, "name that portal with -p, or make a new plan"));
            }
            if saved.viewer != viewer(view.caller) {
                return Err(Error::NotAuthorised {
                    message: "the plan was made with the token of somebody who sees other bindings".into(),
                    hint: Some("use a token of that user, or make a new plan".into()),
                });
            }
            if !saved.fits(&view.bindings) {
                return Err(Error::PlanIsOld);
            }
            let plan = saved.plan.clone();
            (End::Plan(saved), view, plan)
        }
    };
    if plan.is_empty() || args.dry_run {
        let note = if plan.is_empty() {
            Message::Info(format!("{} is as it is wanted", connection.name))
        } else {
            Message::Hint("nothing was changed; leave out --dry-run to do it".to_owned())
        };
        let force = needs_force(&plan, &view).then(|| Message::Warning(FORCE.to_owned()));
        let messages = [note].into_iter().chain(force).collect();
        return Ok(changes::report(&connection.name, &plan.changes(), messages, &context.invocation()));
    }
    let asked = args.agree(&plan, &view, &connection, context)?;
    // Somebody may have changed something while the question stood there.
    if asked && View::read(&connection.portal).await?.bindings != view.bindings {
        return Err(Error::PlanIsOld);
    }
    let planned = journal::record_planned(&plan, context, &connection);
    let applied = apply(&connection.portal, &plan, view.caller).await?;
    journal::replace(planned, &applied.changes, context, &connection);
    Ok(args.report(applied, &goal, &connection, context))
}

/// What is wanted, before the portal was asked.
enum Goal {
    Manifest(Manifest),
    Plan(SavedPlan),
}

/// What the end state is compared with.
enum End {
    Manifest(Box<Comparison>),
    Plan(SavedPlan),
}

fn read_plan(path: &Path) -> Result<SavedPlan, Error> {
    let text = file::read(path)?;
    text.as_deref().and_then(SavedPlan::from_text).ok_or_else(|| {
        let message = format!("{} is no plan", path.display());
        Error::usage(message, "imconn diff --save-plan FILE writes one")
    })
}

impl ApplyArgs {
    fn limited(&self, plan: Plan) -> Plan {
        if self.no_remove { Plan { unbind: Vec::new(), ..plan } } else { plan }
    }

    /// Shows the plan and asks, where somebody can be asked; whether that was done.
    fn agree(&self, plan: &Plan, view: &View, connection: &Connection, context: &Context) -> Result<bool, Error> {
        let (doomed, all) = (plan.unbind.len(), view.bindings.len());
        let terminal = context.printer.terminal();
        let table = changes::table(&plan.changes());
        let show = || {
            // Beside an error in JSON nothing else may stand.
            if terminal.interactive || !context.settings.format.is_json() {
                context.printer.plain(table.draw(terminal.width, false).trim_end());
            }
        };
        if needs_force(plan, view) && !self.force {
            show();
            let message = format!("{doomed} of the {all} bindings of {} would be removed", connection.name);
            let hint = "see them with --dry-run; if that is meant, add --force";
            return Err(Error::usage(message, hint));
        }
        if self.yes || doomed == 0 && !terminal.interactive {
            return Ok(false);
        }
        show();
        if !terminal.interactive {
            let message = format!("{doomed} bindings of {} would be removed, and nobody can be asked", connection.name);
            return Err(Error::usage(
                message,
                "add --yes to remove them, --no-remove to keep them, or --dry-run to see them",
            ));
        }
        let question = format!("Bind {} and remove {doomed} on {}?", plan.bind.len(), connection.name);
        if context.printer.confirm(&question)? {
            Ok(true)
        } else {
            Err(Error::usage("nothing was changed", "answer with y to do it"))
        }
    }

    fn report(&self, applied: Applied, wanted: &End, connection: &Connection, context: &Context) -> Report {
        let Applied { changes, end } = applied;
        let mut messages = Vec::new();
        if changes.iter().any(|change| change.status == Status::Bound) {
            messages.push(Message::Hint(format!("{} shows what is bound", context.typed("list"))));
        }
        let report = changes::report(&connection.name, &changes, messages, &context.invocation());
        let problem = match end {
            // A refused change is reported already.
            _ if report.error.is_some() => None,
            Ok(view) => match wanted {
                End::Manifest(before) => {
                    differs(&self.limited(Plan::of(&before.manifest, &view, before.extent)), context)
                }
                End::Plan(saved) if saved.is_done(&view.bindings) => None,
                End::Plan(_) => Some(still_differs("the portal is not as the plan wants it", context)),
            },
            Err(failure) => {
                let problem = Problem::of_failure(&failure, &context.invocation());
                let message = format!("the end state could not be read back: {}", problem.message);
                Some(Problem { message, exit: ExitCode::Refused, ..problem })
            }
        };
        match problem {
            Some(problem) => report.with_error(problem),
            None => report,
        }
    }
}

/// Somebody else has changed something meanwhile, or the portal did not do what it said.
fn differs(rest: &Plan, context: &Context) -> Option<Problem> {
    if rest.is_empty() {
        return None;
    }
    let (binds, unbinds) = (rest.bind.len(), rest.unbind.len());
    let message = format!("the portal still differs from the manifest: {binds} to bind, {unbinds} to remove");
    Some(still_differs(&message, context))
}

fn still_differs(message: &str, context: &Context) -> Problem {
    let hint = format!("to see the difference, run `{}`", context.typed("diff"));
    Problem::differs(format!("{message}; another program may be changing bindings at the same time"), hint)
}
