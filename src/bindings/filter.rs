//! Choosing among bindings.

use std::collections::{HashMap, HashSet};

use super::{Binding, Channel, Event, Type};

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
    /// The source key of an offline binding. `event.get` does not report the key of an online one.
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

    /// The key of an online binding is unknown: the portal itself has to compare it.
    fn matches_key(&self, binding: &Binding) -> bool {
        match binding.channel {
            Channel::Online { .. } => true,
            Channel::Offline => self.auth_connector == binding.auth_connector || self.auth_connector.is_none(),
        }
    }

    /// The matching bindings, each once.
    pub(crate) fn select(&self, bindings: &[Binding]) -> Vec<Binding> {
        let mut seen = HashSet::new();
        let matching = bindings.iter().filter(|binding| self.matches(binding) && seen.insert(*binding));
        matching.map(|binding| self.with_key(binding)).collect()
    }

    fn with_key(&self, binding: &Binding) -> Binding {
        let mut binding = binding.clone();
        if binding.kind() == Type::Online {
            binding.auth_connector.clone_from(&self.auth_connector);
        }
        binding
    }
}

/// The bindings that `--replace` removes: other handlers of an event and type that gets a new one.
pub(crate) fn superseded(desired: &[Binding], actual: &[Binding]) -> Vec<Binding> {
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
        assert_eq!(superseded(&desired, &actual), [actual[1].clone()]);
    }
}
