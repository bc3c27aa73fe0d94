//! Choosing among bindings.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::{Binding, Event, Type};

/// Selects bindings. An absent part matches any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Any of these; empty matches any.
    pub(crate) events: Vec<Event>,
    pub(crate) kind: Option<Type>,
    pub(crate) handler: Option<String>,
    /// Handlers that contain this text.
    pub(crate) handler_part: Option<String>,
    pub(crate) auth_user: Option<u64>,
    /// The source key of an offline binding. `event.get` does not report that of an online one, and `event.unbind` ignores it.
    pub(crate) auth_connector: Option<String>,
}

impl Filter {
    pub(crate) fn matches(&self, binding: &Binding) -> bool {
        (self.events.is_empty() || self.events.contains(&binding.event))
            && self.kind.is_none_or(|kind| kind == binding.kind())
            && self.handler.as_deref().is_none_or(|handler| binding.handler() == Some(handler))
            && self.handler_part.as_deref().is_none_or(|part| binding.handler().is_some_and(|h| h.contains(part)))
            && self.auth_user.is_none_or(|user| binding.auth_user() == Some(user))
            && self.matches_key(binding)
    }

    fn matches_key(&self, binding: &Binding) -> bool {
        self.auth_connector.is_none() || self.auth_connector == binding.auth_connector
    }

    /// The matching bindings, each once.
    pub(crate) fn select(&self, bindings: &[Binding]) -> Vec<Binding> {
        each_once(bindings.iter().filter(|binding| self.matches(binding))).into_iter().cloned().collect()
    }
}

/// Each value once, in the order of its first occurrence.
pub(crate) fn each_once<T: Copy + Eq + Hash>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    values.into_iter().filter(|value| seen.insert(*value)).collect()
}

/// The bindings that a portal lists more than once: they differ in their source keys, which it does not report
/// (`protocol` section 2).
pub(crate) fn repeated<'a>(listed: impl IntoIterator<Item = &'a Binding>) -> Vec<&'a Binding> {
    let mut count: HashMap<&Binding, usize> = HashMap::new();
    let mut repeated = Vec::new();
    for binding in listed {
        let count = count.entry(binding).or_default();
        *count += 1;
        if *count == 2 {
            repeated.push(binding);
        }
    }
    repeated
}

/// The bindings that `--replace` removes: other handlers of an event and type that gets a new one.
pub(crate) fn other_handlers(desired: &[Binding], actual: &[Binding]) -> Vec<Binding> {
    let kept: HashSet<&Binding> = desired.iter().collect();
    let mut successors: HashMap<(&Event, Type), HashSet<Destination<'_>>> = HashMap::new();
    for new in desired {
        successors.entry((&new.event, new.kind())).or_default().insert(destination(new));
    }
    let mut old = Vec::new();
    let mut seen = HashSet::new();
    for binding in actual {
        let successors = successors.get(&(&binding.event, binding.kind()));
        let has_other = successors.is_some_and(|new| new.len() > 1 || !new.contains(&destination(binding)));
        if has_other && !kept.contains(binding) && seen.insert(binding) {
            old.push(binding.clone());
        }
    }
    old
}

/// Where the events of a binding go: to a handler, or to the queue with this key.
type Destination<'a> = Option<&'a str>;

fn destination(binding: &Binding) -> Destination<'_> {
    match binding.kind() {
        Type::Online => binding.handler(),
        Type::Offline => binding.auth_connector.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn a_filter_takes_exactly_what_it_names() {
        let bound = [online("OnA", "https://a.b", 0), online("OnA", "https://a.b", 2), online("OnB", "https://c.d", 0)];
        let filter = Filter { handler: Some("https://a.b".into()), auth_user: Some(0), ..Filter::default() };
        assert_eq!(filter.select(&bound), [bound[0].clone()]);
        let events = Filter { events: vec![Event::from_portal("ONB")], ..Filter::default() };
        assert_eq!(events.select(&bound), [bound[2].clone()]);
    }

    #[test]
    fn replacing_keeps_the_same_handler_and_other_events() {
        let desired = [online("OnA", "https://new.b", 0)];
        let actual =
            [online("OnA", "https://new.b", 2), online("OnA", "https://old.b", 0), online("OnB", "https://old.b", 0)];
        assert_eq!(other_handlers(&desired, &actual), [actual[1].clone()]);
    }

    #[test]
    fn what_is_listed_twice_is_found_once() {
        let listed =
            ["https://a.b", "https://c.d", "https://a.b", "https://a.b"].map(|handler| online("OnA", handler, 0));
        assert_eq!(repeated(&listed), [&listed[0]]);
        assert_eq!(repeated(&listed[..2]), Vec::<&Binding>::new());
    }
}
