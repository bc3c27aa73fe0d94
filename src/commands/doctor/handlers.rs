//! The checks of all handlers.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::doctor::handler::{Probe, Subject};
use crate::doctor::subscriptions::{self, Commands};
use crate::doctor::{Check, Verdict, count, plural};
use crate::reconcile::View;

/// Handlers that are checked; further ones are counted, and not called.
const MAX_HANDLERS: usize = 20;

/// A handler with its place in the output.
struct Examined {
    position: usize,
    subject: Subject,
    checks: Vec<Check>,
}

impl Examined {
    /// Whether events are bound to it that it cannot receive.
    fn is_dead(&self) -> bool {
        self.subject.bound && count(&self.checks, Verdict::Fail) > 0
    }
}

/// Checks all handlers at once: a dead one takes as long as its time-out.
pub(super) async fn examine(
    given: Option<&str>,
    commands: &Commands,
    view: Option<&View>,
    probe: &Arc<Probe>,
) -> Vec<Check> {
    let mut subjects = subjects(given, commands, view);
    let omitted = subjects.len().saturating_sub(MAX_HANDLERS);
    subjects.truncate(MAX_HANDLERS);
    let mut work = JoinSet::new();
    for (position, subject) in subjects.into_iter().enumerate() {
        let probe = Arc::clone(probe);
        work.spawn(async move { Examined { position, checks: probe.examine(subject.clone()).await, subject } });
    }
    let mut examined = work.join_all().await;
    examined.sort_by_key(|handler| handler.position);
    if let Some(view) = view {
        downgrade_redundant(&mut examined, view);
    }
    let mut checks: Vec<Check> = examined.into_iter().flat_map(|handler| handler.checks).collect();
    if omitted > 0 {
        let evidence = format!("{} bound, not called", plural(omitted, "more handler"));
        checks.push(Check::skipped("handler.more", "Further handlers", evidence));
    }
    checks
}

/// The given handler first: its first check is there already.
fn subjects(given: Option<&str>, commands: &Commands, view: Option<&View>) -> Vec<Subject> {
    let bound = view.map(subscriptions::handlers).unwrap_or_default();
    let given_is_bound = given.is_some_and(|url| bound.iter().any(|other| other == url));
    let given = given.map(|url| subject(url, true, given_is_bound, commands));
    let others = bound.iter().filter(|url| given.as_ref().is_none_or(|given| given.url != **url));
    let others = others.map(|url| subject(url, false, true, commands));
    given.clone().into_iter().chain(others).collect()
}

fn subject(url: &str, given: bool, bound: bool, commands: &Commands) -> Subject {
    let configured = commands.configured_handler.as_deref() == Some(url);
    Subject { url: url.to_owned(), given, bound, configured }
}

/// A dead handler does not keep events from arriving that another handler gets.
fn downgrade_redundant(examined: &mut [Examined], view: &View) {
    let dead: HashSet<&str> =
        examined.iter().filter(|handler| handler.is_dead()).map(|handler| handler.subject.url.as_str()).collect();
    let redundant: HashSet<String> = subscriptions::redundant(&dead, view).into_iter().map(str::to_owned).collect();
    for handler in examined.iter_mut().filter(|handler| redundant.contains(&handler.subject.url)) {
        for check in handler.checks.iter_mut().filter(|check| check.verdict == Verdict::Fail) {
            check.verdict = Verdict::Warn;
        }
    }
}
