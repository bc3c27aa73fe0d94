//! What has to be done to make a portal match a manifest; nothing is done here.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::manifest::Manifest;
use super::{Binding, Channel, Event};
use crate::wire::profile::Caller;

/// The difference between a manifest and a portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// Desired, but not bound.
    pub(crate) bind: Vec<Binding>,
    /// Bound, not desired, and the manifest's to remove.
    pub(crate) unbind: Vec<Binding>,
}

/// Which bindings a comparison covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// All of the application's bindings.
    Application,
    /// Those that run as this user.
    User(Caller),
}

impl Plan {
    /// Compares a manifest with what is bound. Rows that a portal lists twice are indistinguishable, and count once.
    #[must_use]
    pub(crate) fn of(manifest: &Manifest, actual: &[Binding], coverage: Coverage) -> Self {
        let desired: Vec<Cow<'_, Binding>> =
            manifest.desired.iter().filter_map(|desired| as_covered(desired, coverage)).collect();
        let managed = manifest.managed();
        let mut known: HashSet<&Binding> = actual.iter().collect();
        let bind =
            desired.iter().filter(|binding| known.insert(binding)).map(|binding| binding.as_ref().clone()).collect();
        let mut known: HashSet<&Binding> = desired.iter().map(AsRef::as_ref).collect();
        let managed = actual.iter().filter(|binding| is_covered(binding, coverage) && managed.includes(binding));
        let unbind = managed.filter(|binding| known.insert(binding)).cloned().collect();
        Self { bind, unbind }
    }

    /// The bindings that it removes from events that no binding is left for, if these are all.
    pub(crate) fn without_successor(&self, actual: &[Binding]) -> Vec<&Binding> {
        let removed: HashSet<&Binding> = self.unbind.iter().collect();
        let kept = actual.iter().filter(|binding| !removed.contains(binding));
        let handled: HashSet<&Event> = kept.chain(&self.bind).map(|binding| &binding.event).collect();
        self.unbind.iter().filter(|binding| !handled.contains(&binding.event)).collect()
    }

    /// Whether the portal already matches the manifest.
    pub(crate) fn is_empty(&self) -> bool {
        self.bind.is_empty() && self.unbind.is_empty()
    }
}

/// Whether a comparison covers a binding that a portal lists.
fn is_covered(binding: &Binding, coverage: Coverage) -> bool {
    as_covered(binding, coverage).is_some_and(|same| *same == *binding)
}

/// A desired binding as the portal will list it; `None` if the comparison does not cover it.
fn as_covered(binding: &Binding, coverage: Coverage) -> Option<Cow<'_, Binding>> {
    let Coverage::User(own) = coverage else { return Some(Cow::Borrowed(binding)) };
    match &binding.channel {
        // Auth user 0 needs an administrator's token; otherwise the portal puts the caller in its place.
        Channel::Online { handler, auth_user: None | Some(0) } if !own.admin => {
            let channel = Channel::Online { handler: handler.clone(), auth_user: Some(own.id) };
            Some(Cow::Owned(Binding { channel, ..binding.clone() }))
        }
        Channel::Online { auth_user: Some(user), .. } if *user == own.id => Some(Cow::Borrowed(binding)),
        Channel::Online { .. } | Channel::Offline => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    fn manifest(text: &str) -> Manifest {
        Manifest::parse(text, &|_| None).expect("a manifest")
    }

    const TWO: &str = "handler = \"https://a.b/\"\n[[subscription]]\nevents = [\"message-add\", \"OnX_Event\"]\n";

    #[test]
    fn missing_bindings_are_bound_and_listed_ones_that_are_not_desired_are_removed() {
        let old = online("OnImConnectorMessageAdd", "https://old.b/", 0);
        let other = online("OnImConnectorLineDelete", "https://old.b/", 0);
        let here = [online("OnX_Event", "https://a.b/", 0), old.clone(), other.clone()];
        let plan = Plan::of(&manifest(TWO), &here, Coverage::Application);
        assert_eq!(plan.bind, [online("OnImConnectorMessageAdd", "https://a.b/", 0)]);
        assert_eq!(plan.unbind, std::slice::from_ref(&old));
        let to_remove = |rest: &str| Plan::of(&manifest(&format!("{TWO}{rest}")), &here, Coverage::Application).unbind;
        assert_eq!(to_remove("[manage]\nremove = \"connector\""), [old, other]);
        assert_eq!(to_remove("[manage]\nremove = \"none\""), []);
        assert_eq!(to_remove("[manage]\nremove = \"all\"\nignore = [\"https://old.*\"]"), []);
    }

    #[test]
    fn a_removal_has_a_successor_while_another_binding_handles_the_event() {
        let on = |event: &str, handler: &str| online(event, handler, 0);
        let actual = [on("OnMoved", "old"), on("OnKept", "old"), on("OnKept", "other"), on("OnGone", "old")];
        let unbind = vec![on("OnMoved", "old"), on("OnKept", "old"), on("OnGone", "old")];
        let plan = Plan { bind: vec![on("OnMoved", "new")], unbind };
        assert_eq!(plan.without_successor(&actual), [&on("OnGone", "old")]);
    }

    #[test]
    fn bindings_of_one_handler_for_two_users_are_different() {
        let here = [online("OnX_Event", "https://a.b/", 0), online("OnX_Event", "https://a.b/", 7)];
        let plan = Plan::of(&manifest(TWO), &here, Coverage::Application);
        assert_eq!(plan.unbind, [online("OnX_Event", "https://a.b/", 7)]);
    }

    #[test]
    fn an_own_comparison_covers_only_that_users_bindings() {
        let text = format!("{TWO}[[subscription]]\nevents = \"line-delete\"\nauth_user = 9\n");
        let here = [online("OnX_Event", "https://a.b/", 7), online("OnX_Event", "https://old.b/", 7)];
        let plan = Plan::of(&manifest(&text), &here, Coverage::User(Caller { id: 7, admin: false }));
        assert_eq!(plan.bind, [online("OnImConnectorMessageAdd", "https://a.b/", 7)]);
        assert_eq!(plan.unbind, [online("OnX_Event", "https://old.b/", 7)]);
        // What an administrator binds for the event's user does not run as the administrator.
        let plan = Plan::of(&manifest(&text), &here, Coverage::User(Caller { id: 7, admin: true }));
        assert_eq!(plan.bind, []);
    }
}
