//! A plan in a file: what was looked at is what is done, or nothing.

use serde_json::{Value, json};

use super::Binding;
use super::plan::Plan;
use crate::wire::profile::Caller;

/// A plan, and the portal that it was made for, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlan {
    /// The portal and the profile.
    pub portal: String,
    /// Who looked, where that was no administrator.
    pub viewer: Option<u64>,
    /// What was bound.
    pub before: Vec<Binding>,
    /// What to do.
    pub plan: Plan,
}

impl SavedPlan {
    /// The file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let document = json!({
            "imconn_plan": 1,
            "portal": self.portal,
            "viewer": self.viewer,
            "before": Binding::list_to_json(&self.before),
            "bind": Binding::list_to_json(&self.plan.bind),
            "unbind": Binding::list_to_json(&self.plan.unbind),
        });
        format!("{document:#}\n")
    }

    /// Reads a file's text; `None` for anything else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        if document.get("imconn_plan")?.as_u64() != Some(1) {
            return None;
        }
        let list = |name: &str| Binding::list_from_json(document.get(name));
        Some(Self {
            portal: document.get("portal")?.as_str()?.to_owned(),
            viewer: document.get("viewer").and_then(Value::as_u64),
            before: list("before")?,
            plan: Plan { bind: list("bind")?, unbind: list("unbind")? },
        })
    }

    /// Whether a portal is as it was when the plan was made. The order does not matter.
    #[must_use]
    pub fn fits(&self, bindings: &[Binding]) -> bool {
        is_same(&self.before, bindings)
    }

    /// Whether a portal is as the plan wants it.
    #[must_use]
    pub fn is_done(&self, bindings: &[Binding]) -> bool {
        let kept = self.before.iter().filter(|binding| !self.plan.unbind.contains(binding));
        let wanted: Vec<Binding> = kept.chain(&self.plan.bind).cloned().collect();
        is_same(&wanted, bindings)
    }
}

/// Whose view it is, where it is not the whole.
#[must_use]
pub fn viewer(caller: Caller) -> Option<u64> {
    (!caller.admin).then_some(caller.id)
}

fn is_same(one: &[Binding], other: &[Binding]) -> bool {
    one.iter().all(|binding| other.contains(binding)) && other.iter().all(|binding| one.contains(binding))
}

#[cfg(test)]
mod tests {
    use super::super::{Channel, Event};
    use super::*;

    #[test]
    fn a_plan_is_read_back_and_knows_before_and_after() {
        let binding = |handler: &str| Binding {
            event: Event::from_portal("OnX"),
            channel: Channel::Online { handler: handler.into(), auth_user: Some(0) },
            auth_connector: None,
        };
        let plan = Plan { bind: vec![binding("new")], unbind: vec![binding("old")] };
        let saved =
            SavedPlan { portal: "a.b".into(), viewer: Some(7), before: vec![binding("old"), binding("kept")], plan };
        assert_eq!(SavedPlan::from_text(&saved.to_text()), Some(saved.clone()));
        assert!(saved.fits(&[binding("kept"), binding("old")]) && !saved.fits(&[binding("old")]));
        assert!(saved.is_done(&[binding("new"), binding("kept")]) && !saved.is_done(&[binding("kept")]));
        assert_eq!(SavedPlan::from_text("{}"), None);
    }
}
