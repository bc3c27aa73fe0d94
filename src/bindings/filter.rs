//! Deciding what to do, without doing anything.

use super::{Action, Binding, Change, Channel, Event, Status, Type};

/// Which bindings are meant. An absent part means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// These events; empty means any.
    pub events: Vec<Event>,
    /// Online or offline.
    pub kind: Option<Type>,
    /// Exactly this handler.
    pub handler: Option<String>,
    /// Handlers with this text inside.
    pub handler_part: Option<String>,
    /// Exactly this auth user.
    pub auth_user: Option<u64>,
    /// Exactly this source key, where the portal tells it: for offline bindings.
    pub auth_connector: Option<String>,
}

impl Filter {
    /// Whether a binding is meant.
    #[must_use]
    pub fn matches(&self, binding: &Binding) -> bool {
        let key_fits = || match binding.channel {
            // The list does not tell the key of an online binding; the portal itself has to compare it.
            Channel::Online { .. } => true,
            Channel::Offline => self.auth_connector == binding.auth_connector || self.auth_connector.is_none(),
        };
        (self.events.is_empty() || self.events.contains(&binding.event))
            && self.kind.is_none_or(|kind| kind == binding.kind())
            && self.handler.as_deref().is_none_or(|handler| binding.handler() == Some(handler))
            && self.handler_part.as_deref().is_none_or(|part| binding.handler().is_some_and(|h| h.contains(part)))
            && self.auth_user.is_none_or(|user| binding.auth_user() == Some(user))
            && key_fits()
    }

    /// The bindings meant, each once.
    #[must_use]
    pub fn select(&self, bindings: &[Binding]) -> Vec<Binding> {
        let mut selected: Vec<Binding> = Vec::new();
        for binding in bindings.iter().filter(|binding| self.matches(binding)) {
            let mut binding = binding.clone();
            if binding.kind() == Type::Online {
                binding.auth_connector.clone_from(&self.auth_connector);
            }
            if !selected.contains(&binding) {
                selected.push(binding);
            }
        }
        selected
    }
}

/// The bindings that `--replace` removes: other handlers of an event and type that is bound to a new one.
#[must_use]
pub fn superseded(wanted: &[Binding], actual: &[Binding]) -> Vec<Binding> {
    let replaces = |new: &Binding, old: &Binding| {
        let same_slot = new.event == old.event && new.kind() == old.kind();
        same_slot
            && match new.kind() {
                Type::Online => new.handler() != old.handler(),
                Type::Offline => new.auth_connector != old.auth_connector,
            }
    };
    let mut old: Vec<Binding> = Vec::new();
    for binding in actual {
        let kept = wanted.contains(binding);
        if !kept && wanted.iter().any(|new| replaces(new, binding)) && !old.contains(binding) {
            old.push(binding.clone());
        }
    }
    old
}

/// What binding these would change, given what is bound.
#[must_use]
pub fn preview(wanted: &[Binding], actual: &[Binding]) -> Vec<Change> {
    // The list does not tell an online binding's source key: a wanted one with a key is never taken for bound.
    let is_bound = |new: &Binding| actual.contains(new);
    let status = |new: &Binding| if is_bound(new) { Status::Unchanged } else { Status::Planned };
    wanted.iter().map(|new| Change { action: Action::Bind, binding: new.clone(), status: status(new) }).collect()
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
        let wanted = [online("OnA", "https://new.b", 0)];
        let actual =
            [online("OnA", "https://new.b", 2), online("OnA", "https://old.b", 0), online("OnB", "https://old.b", 0)];
        assert_eq!(superseded(&wanted, &actual), [actual[1].clone()]);
    }
}
