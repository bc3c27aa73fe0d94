//! Comparisons are linear in the number of bindings. Counted, not timed, so that no machine is too slow for it.

use std::cell::Cell;

use super::filter::{Filter, other_handlers};
use super::manifest::Manifest;
use super::plan::{Coverage, Plan};
use super::sample::online;
use super::saved_plan::SavedPlan;
use super::{Binding, Event};

thread_local! {
    static COMPARISONS: Cell<usize> = const { Cell::new(0) };
}

/// Called whenever two events are compared: comparing bindings begins with that.
pub(super) fn count_comparison() {
    COMPARISONS.set(COMPARISONS.get() + 1);
}

const COUNT: usize = 1000;
/// A lookup in a hash set compares once or twice; a list is searched from its beginning.
const PER_BINDING: usize = 20;

fn assert_linear<T>(what: &str, work: impl FnOnce() -> T) {
    COMPARISONS.set(0);
    work();
    let comparisons = COMPARISONS.get();
    assert!(comparisons <= COUNT * PER_BINDING, "{what}: {comparisons} comparisons for {COUNT} bindings");
}

fn bindings(host: &str) -> Vec<Binding> {
    let events = Event::connector_events();
    let handler = |n: usize| format!("https://{host}.example.com/{}", n / events.len());
    (0..COUNT).map(|n| online(events[n % events.len()].as_str(), &handler(n), 0)).collect()
}

#[test]
fn a_comparison_of_many_bindings_takes_few_comparisons_for_each() {
    let desired = bindings("new");
    let manifest = Manifest { desired: desired.clone(), ..Manifest::default() };
    for host in ["new", "old"] {
        let actual = bindings(host);
        assert_linear("Plan::of", || Plan::of(&manifest, &actual, Coverage::Application));
        assert_linear("other_handlers", || other_handlers(&desired, &actual));
        let filter = Filter { events: Event::connector_events(), ..Filter::default() };
        assert_linear("Filter::select", || filter.select(&actual));
        let plan = Plan::of(&manifest, &actual, Coverage::Application);
        let saved =
            SavedPlan { portal: "a.b".into(), viewer: None, before: actual.clone(), plan, options: String::new() };
        assert_linear("SavedPlan::fits", || saved.fits(&actual));
        assert_linear("SavedPlan::is_done", || saved.is_done(&desired));
    }
    assert_linear("Manifest::describing", || Manifest::describing(&desired));
    let text = Manifest::describing(&desired);
    assert_linear("Manifest::parse", || Manifest::parse(&text, &|_| None));
}

#[test]
fn the_count_sees_a_search_in_a_list() {
    let many = bindings("new");
    COMPARISONS.set(0);
    assert!(many.iter().all(|binding| many.contains(binding)));
    assert!(COMPARISONS.get() > COUNT * PER_BINDING);
}
