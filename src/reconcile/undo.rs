//! What undoes a recorded change on a portal as it is now, and what keeps it from being undone safely. Pure.

use std::collections::HashSet;

use super::history::{Entry, State};
use super::read::View;
use crate::bindings::filter::repeated;
use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Event};

/// The undo of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reversal {
    /// What of the entry is not undone yet.
    pub(crate) plan: Plan,
    /// Would be removed, although they may be older than the change: its answer was lost.
    pub(crate) uncertain: Vec<Binding>,
    /// Would be left without any handler, although they had one before the change, or may have had one.
    pub(crate) orphaned: Vec<Event>,
    /// Would be removed together with others that the portal does not tell apart: they differ in their source keys.
    pub(crate) inseparable: Vec<Binding>,
    /// Cannot be bound again by an application.
    pub(crate) unrestorable: Vec<Binding>,
}

impl Reversal {
    pub(crate) fn of(entry: &Entry, view: &View) -> Self {
        let (bind, unrestorable): (Vec<Binding>, Vec<Binding>) =
            entry.undo.bind.iter().filter(|binding| !view.lists(binding)).cloned().partition(|b| !b.event.is_of_bots());
        let unbind = entry.undo.unbind.iter().filter(|binding| view.lists(binding)).cloned().collect();
        let mut reversal = Self {
            plan: Plan { bind, unbind },
            uncertain: Vec::new(),
            orphaned: Vec::new(),
            inseparable: Vec::new(),
            unrestorable,
        };
        let repeated = repeated(&view.bindings);
        let removed = reversal.plan.unbind.iter();
        reversal.inseparable =
            removed.filter(|binding| repeated.contains(&&view.as_listed(binding))).cloned().collect();
        reversal.uncertain = reversal
            .plan
            .unbind
            .iter()
            .filter(|binding| is_uncertain(entry, view, binding) && !reversal.inseparable.contains(binding))
            .cloned()
            .collect();
        reversal.orphaned = reversal.orphaned_by(entry, view);
        reversal
    }

    /// Whether it can be made without --force.
    pub(crate) fn is_safe(&self) -> bool {
        self.uncertain.is_empty()
            && self.orphaned.is_empty()
            && self.inseparable.is_empty()
            && self.unrestorable.is_empty()
    }

    fn orphaned_by(&self, entry: &Entry, view: &View) -> Vec<Event> {
        let removed: HashSet<Binding> = self.plan.unbind.iter().map(|binding| view.as_listed(binding)).collect();
        let stay = view.bindings.iter().filter(|binding| !removed.contains(binding));
        let handled: HashSet<&Event> = stay.chain(&self.plan.bind).map(|binding| &binding.event).collect();
        let mut orphaned: Vec<Event> = Vec::new();
        for event in self.plan.unbind.iter().map(|binding| &binding.event) {
            if !handled.contains(event) && !had_none(entry, event) && !orphaned.contains(event) {
                orphaned.push(event.clone());
            }
        }
        orphaned
    }
}

fn had_none(entry: &Entry, event: &Event) -> bool {
    entry.before.as_ref().is_some_and(|before| before.iter().all(|binding| binding.event != *event))
}

fn is_uncertain(entry: &Entry, view: &View, binding: &Binding) -> bool {
    match &entry.before {
        Some(before) => before.contains(&view.as_listed(binding)),
        // An interrupted undo may have begun with a planned change.
        None => entry.state != State::Made,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;
    use crate::wire::profile::Caller;

    fn entry(bind: Vec<Binding>, unbind: Vec<Binding>, before: Option<Vec<Binding>>, state: State) -> Entry {
        Entry { id: "1".into(), time: 0, command: "x".into(), state, undo: Plan { bind, unbind }, before }
    }

    fn view(bindings: Vec<Binding>) -> View {
        View { bindings, caller: Caller { id: 1, admin: true } }
    }

    fn on(handler: &str) -> Binding {
        online("OnX", handler, 0)
    }

    #[test]
    fn a_new_binding_is_removed_again() {
        let made = entry(vec![], vec![on("new")], Some(vec![]), State::Made);
        let reversal = Reversal::of(&made, &view(vec![on("new")]));
        assert!(reversal.is_safe() && reversal.plan.unbind == [on("new")], "{reversal:?}");
    }

    #[test]
    fn an_event_whose_former_handler_is_gone_is_not_orphaned() {
        let made = entry(vec![], vec![on("new")], Some(vec![on("old")]), State::Made);
        assert!(Reversal::of(&made, &view(vec![on("new"), on("old")])).is_safe());
        assert_eq!(Reversal::of(&made, &view(vec![on("new")])).orphaned, [Event::from_portal("OnX")]);
        let moved = entry(vec![on("old")], vec![on("new")], Some(vec![on("old")]), State::Made);
        assert!(Reversal::of(&moved, &view(vec![on("new")])).is_safe());
    }

    #[test]
    fn a_binding_that_may_be_older_than_the_change_is_uncertain() {
        let lost = entry(vec![], vec![on("new")], None, State::Planned);
        assert_eq!(Reversal::of(&lost, &view(vec![on("new"), on("old")])).uncertain, [on("new")]);
        assert!(Reversal::of(&lost, &view(vec![on("old")])).plan.is_empty());
        let retried = entry(vec![], vec![on("new")], Some(vec![on("new")]), State::Made);
        assert_eq!(Reversal::of(&retried, &view(vec![on("new")])).uncertain, [on("new")]);
    }
}
