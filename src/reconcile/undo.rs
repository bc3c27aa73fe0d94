//! What undoes a recorded change on a portal as it is now, and what keeps it from being undone safely. Pure.

use std::collections::HashSet;

use super::history::{Entry, State};
use super::read::View;
use crate::bindings::filter::{each_once, repeated};
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
        let listed = view.listed();
        let (unrestorable, bind) = entry
            .undo
            .bind
            .iter()
            .filter(|binding| !listed.contains(binding))
            .cloned()
            .partition(|binding| binding.event.is_managed_by_bots());
        let unbind: Vec<Binding> =
            entry.undo.unbind.iter().filter(|binding| listed.contains(binding)).cloned().collect();
        let repeated: HashSet<&Binding> = repeated(&view.bindings).into_iter().collect();
        let (inseparable, separable): (Vec<&Binding>, Vec<&Binding>) =
            unbind.iter().partition(|binding| repeated.contains(&view.as_listed(binding)));
        let uncertain = separable.into_iter().filter(|binding| is_uncertain(entry, view, binding)).cloned().collect();
        let inseparable = inseparable.into_iter().cloned().collect();
        let plan = Plan { bind, unbind };
        let orphaned = orphaned_by(&plan, entry, view);
        Self { plan, uncertain, orphaned, inseparable, unrestorable }
    }

    /// Whether it can be made without --force.
    pub(crate) fn is_safe(&self) -> bool {
        self.uncertain.is_empty()
            && self.orphaned.is_empty()
            && self.inseparable.is_empty()
            && self.unrestorable.is_empty()
    }
}

fn orphaned_by(plan: &Plan, entry: &Entry, view: &View) -> Vec<Event> {
    let removed: HashSet<Binding> = plan.unbind.iter().map(|binding| view.as_listed(binding)).collect();
    let stay = view.bindings.iter().filter(|binding| !removed.contains(binding));
    let handled: HashSet<&Event> = stay.chain(&plan.bind).map(|binding| &binding.event).collect();
    let events = each_once(plan.unbind.iter().map(|binding| &binding.event)).into_iter();
    events.filter(|event| !handled.contains(event) && !had_none(entry, event)).cloned().collect()
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
