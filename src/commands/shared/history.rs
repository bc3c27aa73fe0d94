//! The history of the portal that a command works with.

use crate::bindings::Binding;
use crate::bindings::plan::Plan;
use crate::context::{Connection, Context};
use crate::output::Message;
use crate::portal::failure::Failure;
use crate::reconcile::execute::Bound;
use crate::reconcile::history::{History, Pending, Recorded};
use crate::reconcile::{Action, Change, Status, View};

/// The portal's history; `None` without a data folder, as in a container without a home.
pub(in crate::commands) fn of(context: &Context, connection: &Connection) -> Option<History> {
    let data = context.settings.folders.data().ok()?;
    Some(History::of(&data, &connection.history_key))
}

/// Writes down a change before it is made, and what became of it. A history that cannot be written is a warning: the
/// change is made all the same.
pub(in crate::commands) struct Recorder<'a> {
    context: &'a Context,
    connection: &'a Connection,
    pending: Option<Pending>,
}

impl<'a> Recorder<'a> {
    /// `before` is what is bound, as far as it is known.
    pub(in crate::commands) fn begin(
        command: &str,
        change: Plan,
        before: Option<&[Binding]>,
        context: &'a Context,
        connection: &'a Connection,
    ) -> Self {
        let begun = of(context, connection).map(|history| history.begin(command, Recorded::new(change, before)));
        let mut recorder = Self { context, connection, pending: None };
        match begun {
            Some(Ok(pending)) => recorder.pending = Some(pending),
            Some(Err(error)) => recorder.warn(&error),
            None => {}
        }
        recorder
    }

    /// What a request did that bound, and in addition removes these.
    pub(in crate::commands) fn replan(&mut self, bound: &Bound, unbind: &[Binding]) {
        let recorded = recorded_bind(bound, unbind.to_vec());
        if let Some(pending) = &mut self.pending
            && let Err(error) = pending.replan(recorded)
        {
            self.warn(&error);
        }
    }

    /// What a request did that bound, and another one that removed.
    pub(in crate::commands) fn settle_bind(self, bound: &Bound, removed: &[Change], end_is_known: bool) {
        let is_open = bound.view.is_err() && !bound.uncertain.is_empty();
        let unbind = if end_is_known { done(removed, &Status::Unbound) } else { all(removed, Action::Unbind) };
        self.settle(recorded_bind(bound, unbind), is_open || !end_is_known && has_failed(removed));
    }

    /// What changes did whose bindings had been read before. What failed may have been done all the same, unless the end
    /// state says otherwise and no request is still on its way.
    pub(in crate::commands) fn settle_changes(self, changes: &[Change], before: &View, end_is_known: bool) {
        let is_open = has_failed(changes) && (!end_is_known || self.connection.portal.has_lost_answers());
        let change = if is_open {
            Plan { bind: all(changes, Action::Bind), unbind: all(changes, Action::Unbind) }
        } else {
            Plan { bind: done(changes, &Status::Bound), unbind: done(changes, &Status::Unbound) }
        };
        self.settle(Recorded::new(change, Some(&before.bindings)), is_open);
    }

    /// The request failed as a whole: the entry stays, unless nothing can have been done.
    pub(in crate::commands) fn settle_failure(mut self, failure: &Failure) {
        let may_be_done = self.connection.portal.has_lost_answers() || failure.may_be_done();
        if let Some(pending) = self.pending.take_if(|_| !may_be_done)
            && let Err(error) = pending.cancel()
        {
            self.warn(&error);
        }
    }

    /// An open one stays planned.
    fn settle(mut self, made: Recorded, is_open: bool) {
        let Some(mut pending) = self.pending.take() else { return };
        let settled = if is_open { pending.replan(made) } else { pending.settle(made) };
        if let Err(error) = settled {
            self.warn(&error);
        }
    }

    fn warn(&self, error: &anyhow::Error) {
        let text = format!("this change cannot be undone with `imconn undo`: {error:#}");
        self.context.printer.message(&Message::warning("not_recorded", text));
    }
}

/// What was bound before is what is bound now without what is certainly new.
fn recorded_bind(bound: &Bound, unbind: Vec<Binding>) -> Recorded {
    let new = done(&bound.changes, &Status::Bound);
    let before = bound.view.as_ref().ok().map(|view| {
        let mut older = view.bindings.clone();
        for listed in new.iter().map(|binding| view.as_listed(binding)) {
            // One of them: others look the same if they differ in their source keys.
            if let Some(position) = older.iter().rposition(|binding| *binding == listed) {
                older.remove(position);
            }
        }
        older
    });
    let bind = new.into_iter().chain(bound.uncertain.iter().cloned()).collect();
    Recorded::new(Plan { bind, unbind }, before.as_deref())
}

fn done(changes: &[Change], status: &Status) -> Vec<Binding> {
    changes.iter().filter(|change| change.status == *status).map(|change| change.binding.clone()).collect()
}

fn all(changes: &[Change], action: Action) -> Vec<Binding> {
    changes.iter().filter(|change| change.action == action).map(|change| change.binding.clone()).collect()
}

fn has_failed(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.error().is_some())
}
