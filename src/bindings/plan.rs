//! What has to be done to make a portal match a manifest; nothing is done here.

use super::manifest::Manifest;
use super::{Action, Binding, Change, Channel, View};
use crate::wire::profile::Caller;

/// The difference between a manifest and a portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What is wanted and not there.
    pub bind: Vec<Binding>,
    /// What is there, not wanted, and the manifest's to remove.
    pub unbind: Vec<Binding>,
}

/// What a comparison covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of the application's bindings.
    Application,
    /// Those that run as this user.
    User(Caller),
}

impl Plan {
    /// Compares. What a portal lists twice it gives no names to tell apart, so that it is there once.
    #[must_use]
    pub fn of(manifest: &Manifest, view: &View, extent: Extent) -> Self {
        let wanted: Vec<Binding> = manifest.wanted.iter().filter_map(|wanted| within(wanted, extent)).collect();
        let mut plan = Self::default();
        for binding in &wanted {
            if !view.bindings.contains(binding) && !plan.bind.contains(binding) {
                plan.bind.push(binding.clone());
            }
        }
        let is_covered = |binding: &&Binding| within(binding, extent).as_ref() == Some(*binding);
        for binding in view.bindings.iter().filter(is_covered) {
            if !wanted.contains(binding) && !plan.unbind.contains(binding) && manifest.manages(binding) {
                plan.unbind.push(binding.clone());
            }
        }
        plan
    }

    /// Whether the portal is as the manifest wants it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bind.is_empty() && self.unbind.is_empty()
    }

    /// The changes, grouped by event, in the order in which the events first appear; what is bound before what is removed.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let binds = self.bind.iter().map(|binding| Change::planned(Action::Bind, binding.clone()));
        let unbinds = self.unbind.iter().map(|binding| Change::planned(Action::Unbind, binding.clone()));
        let all: Vec<Change> = binds.chain(unbinds).collect();
        let mut grouped: Vec<Change> = Vec::with_capacity(all.len());
        for change in &all {
            if grouped.iter().any(|done| done.binding.event == change.binding.event) {
                continue;
            }
            grouped.extend(all.iter().filter(|other| other.binding.event == change.binding.event).cloned());
        }
        grouped
    }
}

/// A wanted binding as it would stand in a list that covers only this much; `None` when it would not stand there.
fn within(binding: &Binding, extent: Extent) -> Option<Binding> {
    let Extent::User(own) = extent else { return Some(binding.clone()) };
    match &binding.channel {
        // Nobody but an administrator binds for whoever fires the event: anybody else binds for himself.
        Channel::Online { handler, auth_user: None | Some(0) } if !own.admin => {
            let channel = Channel::Online { handler: handler.clone(), auth_user: Some(own.id) };
            Some(Binding { channel, ..binding.clone() })
        }
        Channel::Online { auth_user: Some(user), .. } if *user == own.id => Some(binding.clone()),
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

    fn view(bindings: &[Binding]) -> View {
        View { bindings: bindings.to_vec(), caller: Caller { id: 1, admin: true } }
    }

    const TWO: &str = "handler = \"https://a.b/\"\n[[subscription]]\nevents = [\"message-add\", \"OnX_Event\"]\n";

    #[test]
    fn what_is_missing_is_bound_and_what_is_listed_and_not_wanted_is_removed() {
        let old = online("OnImConnectorMessageAdd", "https://old.b/", 0);
        let other = online("OnImConnectorLineDelete", "https://old.b/", 0);
        let here = view(&[online("OnX_Event", "https://a.b/", 0), old.clone(), other.clone()]);
        let plan = Plan::of(&manifest(TWO), &here, Extent::Application);
        assert_eq!(plan.bind, [online("OnImConnectorMessageAdd", "https://a.b/", 0)]);
        assert_eq!(plan.unbind, std::slice::from_ref(&old));
        let doomed = |rest: &str| Plan::of(&manifest(&format!("{TWO}{rest}")), &here, Extent::Application).unbind;
        assert_eq!(doomed("[manage]\nremove = \"connector\""), [old, other]);
        assert_eq!(doomed("[manage]\nremove = \"none\""), []);
        assert_eq!(doomed("[manage]\nremove = \"all\"\nignore = [\"https://old.*\"]"), []);
    }

    #[test]
    fn another_users_binding_of_the_same_handler_is_another_binding() {
        let here = view(&[online("OnX_Event", "https://a.b/", 0), online("OnX_Event", "https://a.b/", 7)]);
        let plan = Plan::of(&manifest(TWO), &here, Extent::Application);
        assert_eq!(plan.unbind, [online("OnX_Event", "https://a.b/", 7)]);
    }

    #[test]
    fn a_users_own_comparison_takes_his_bindings_only() {
        let text = format!("{TWO}[[subscription]]\nevents = \"line-delete\"\nauth_user = 9\n");
        let here = view(&[online("OnX_Event", "https://a.b/", 7), online("OnX_Event", "https://old.b/", 7)]);
        let plan = Plan::of(&manifest(&text), &here, Extent::User(Caller { id: 7, admin: false }));
        assert_eq!(plan.bind, [online("OnImConnectorMessageAdd", "https://a.b/", 7)]);
        assert_eq!(plan.unbind, [online("OnX_Event", "https://old.b/", 7)]);
        // What an administrator binds for whoever fires the event does not run as him.
        let plan = Plan::of(&manifest(&text), &here, Extent::User(Caller { id: 7, admin: true }));
        assert_eq!(plan.bind, []);
    }

    #[test]
    fn changes_are_grouped_by_event_with_binds_first() {
        let here = view(&[online("OnX_Event", "https://old.b/", 0)]);
        let changes = Plan::of(&manifest(TWO), &here, Extent::Application).changes();
        let told: Vec<(String, Action)> = changes.iter().map(|c| (c.binding.event.to_string(), c.action)).collect();
        let expected =
            [("OnImConnectorMessageAdd", Action::Bind), ("OnX_Event", Action::Bind), ("OnX_Event", Action::Unbind)];
        assert_eq!(told, expected.map(|(event, action)| (event.to_owned(), action)));
    }
}
