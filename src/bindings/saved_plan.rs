//! A plan in a file: exactly what was reviewed is applied, or nothing.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Binding;
use super::plan::Plan;
use crate::wire::profile::Caller;

/// The version of the file format.
pub(crate) const VERSION: u64 = 1;

/// A plan, and the portal that it was made for, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SavedPlan {
    /// The portal and the profile.
    pub(crate) portal: String,
    /// The token's user, unless it is an administrator.
    pub(crate) viewer: Option<u64>,
    /// What was bound.
    pub(crate) before: Vec<Binding>,
    pub(crate) plan: Plan,
    /// The options of `diff` that make it anew.
    pub(crate) options: String,
}

/// Why a text is not a plan that can be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAPlan {
    Other,
    /// A plan in another version of the format.
    Version(u64),
}

/// What every version has.
#[derive(Deserialize)]
struct Header {
    imconn_plan: u64,
}

/// The file.
#[derive(Serialize, Deserialize)]
struct Document {
    imconn_plan: u64,
    portal: String,
    viewer: Option<u64>,
    before: Vec<Binding>,
    bind: Vec<Binding>,
    unbind: Vec<Binding>,
    #[serde(default)]
    options: String,
}

impl SavedPlan {
    /// The file's text.
    pub(crate) fn to_text(&self) -> String {
        let document = Document {
            imconn_plan: VERSION,
            portal: self.portal.clone(),
            viewer: self.viewer,
            before: self.before.clone(),
            bind: self.plan.bind.clone(),
            unbind: self.plan.unbind.clone(),
            options: self.options.clone(),
        };
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        format!("{text}\n")
    }

    /// Reads a file's text.
    pub(crate) fn from_text(text: &str) -> Result<Self, NotAPlan> {
        let Header { imconn_plan } = serde_json::from_str(text).map_err(|_| NotAPlan::Other)?;
        if imconn_plan != VERSION {
            return Err(NotAPlan::Version(imconn_plan));
        }
        let document = serde_json::from_str(text).map_err(|_| NotAPlan::Other)?;
        let Document { imconn_plan: _, portal, viewer, before, bind, unbind, options } = document;
        Ok(Self { portal, viewer, before, plan: Plan { bind, unbind }, options })
    }

    /// Whether the portal is as it was when the plan was made. The order does not matter.
    pub(crate) fn fits(&self, bindings: &[Binding]) -> bool {
        self.before.iter().collect::<HashSet<_>>() == bindings.iter().collect()
    }

    /// Whether the plan is applied.
    pub(crate) fn is_done(&self, bindings: &[Binding]) -> bool {
        let removed: HashSet<&Binding> = self.plan.unbind.iter().collect();
        let kept = self.before.iter().filter(|binding| !removed.contains(binding));
        kept.chain(&self.plan.bind).collect::<HashSet<_>>() == bindings.iter().collect()
    }
}

/// The caller of a partial view.
pub(crate) fn viewer(caller: Caller) -> Option<u64> {
    (!caller.admin).then_some(caller.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn a_plan_is_read_back_and_knows_before_and_after() {
        let binding = |handler: &str| online("OnX", handler, 0);
        let plan = Plan { bind: vec![binding("new")], unbind: vec![binding("old")] };
        let before = vec![binding("old"), binding("kept")];
        let saved = SavedPlan { portal: "a.b".into(), viewer: Some(7), before, plan, options: " --own".into() };
        assert_eq!(SavedPlan::from_text(&saved.to_text()), Ok(saved.clone()));
        assert!(saved.fits(&[binding("kept"), binding("old")]) && !saved.fits(&[binding("old")]));
        assert!(saved.is_done(&[binding("new"), binding("kept")]) && !saved.is_done(&[binding("kept")]));
        assert_eq!(SavedPlan::from_text("{}"), Err(NotAPlan::Other));
        assert_eq!(SavedPlan::from_text("{\"imconn_plan\": 1}"), Err(NotAPlan::Other));
        assert_eq!(SavedPlan::from_text("{\"imconn_plan\": 2, \"x\": 1}"), Err(NotAPlan::Version(2)));
    }
}
