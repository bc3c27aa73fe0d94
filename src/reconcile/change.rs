//! What was done, or would be, to one binding.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use thiserror::Error;

use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Event};
use crate::portal::failure::Failure;
use crate::wire::envelope::PortalError;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// Subscribe.
    Bind,
    /// Remove.
    Unbind,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is bound now, and was not before.
    Bound,
    /// It is removed now, and was there before.
    Unbound,
    /// It was already as desired.
    Unchanged,
    /// It would be done.
    Planned,
    /// It was not done.
    Failed(ChangeError),
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ChangeError {
    /// The portal refused.
    #[error("{}", reason(.0))]
    Refused(PortalError),
    /// The portal does not offer the event to this application.
    #[error("{}: {}", reason(.refusal), unavailable(.missing_scopes, .scopes))]
    EventUnavailable {
        /// What the portal said, which does not tell the two cases apart.
        refusal: PortalError,
        /// The scopes to advise that the application lacks.
        missing_scopes: Vec<&'static str>,
        /// The application's scopes.
        scopes: Vec<String>,
        /// Similar names, if the event is in no catalogue.
        nearest: Vec<&'static str>,
    },
    /// The request failed.
    #[error(transparent)]
    Failed(Failure),
    /// The portal answered something that the method does not answer.
    #[error("{0}")]
    UnexpectedResult(String),
    /// The answer to the batch does not mention this change.
    #[error("the portal did not answer this command")]
    NotAnswered,
    /// What the portal lists afterwards contradicts its answer.
    #[error("{}", contradiction(*.0))]
    Contradicted(Action),
    /// An old handler stays because its successor could not be bound.
    #[error("the old handler was kept, because the new one of this event could not be bound")]
    SuccessorMissing,
}

/// The portal's words alone; the code is shown next to them.
fn reason(refusal: &PortalError) -> String {
    if refusal.description.is_empty() { refusal.code.to_string() } else { refusal.description.clone() }
}

fn contradiction(action: Action) -> &'static str {
    match action {
        Action::Bind => "the portal accepted it, and does not list it",
        Action::Unbind => "the portal still lists it",
    }
}

fn unavailable(missing_scopes: &[&'static str], scopes: &[String]) -> String {
    if missing_scopes.is_empty() {
        return format!("unknown to the portal, or not in the application's scopes ({})", scopes.join(", "));
    }
    format!("the application lacks the {}", named_scopes(missing_scopes))
}

/// "scope crm", "scopes imconnector and imopenlines".
pub(crate) fn named_scopes(scopes: &[&str]) -> String {
    let word = if scopes.len() == 1 { "scope" } else { "scopes" };
    format!("{word} {}", scopes.join(" and "))
}

impl From<Failure> for ChangeError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            other => Self::Failed(other),
        }
    }
}

impl Status {
    /// The word in the output.
    #[must_use]
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::Unbound => "unbound",
            Self::Unchanged => "unchanged",
            Self::Planned => "planned",
            Self::Failed(_) => "failed",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) action: Action,
    pub(crate) binding: Binding,
    pub(crate) status: Status,
}

impl Change {
    /// A change that would be made.
    #[must_use]
    pub(crate) fn planned(action: Action, binding: Binding) -> Self {
        Self { action, binding, status: Status::Planned }
    }

    /// The error of a failed change.
    #[must_use]
    pub(crate) fn error(&self) -> Option<&ChangeError> {
        match &self.status {
            Status::Failed(error) => Some(error),
            _ => None,
        }
    }
}

impl Plan {
    /// The planned changes, grouped by event in order of first appearance; within an event, what is bound comes first.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let binds = self.bind.iter().map(|binding| Change::planned(Action::Bind, binding.clone()));
        let unbinds = self.unbind.iter().map(|binding| Change::planned(Action::Unbind, binding.clone()));
        let mut groups: Vec<Vec<Change>> = Vec::new();
        let mut group_of: HashMap<Event, usize> = HashMap::new();
        for change in binds.chain(unbinds) {
            let group = *group_of.entry(change.binding.event.clone()).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(change);
        }
        groups.into_iter().flatten().collect()
    }
}

/// What binding these would change, given what is bound. The list does not report the source key of an online binding, so
/// one with a key is never taken for bound.
pub(crate) fn preview(desired: &[Binding], actual: &[Binding]) -> Vec<Change> {
    let bound: HashSet<&Binding> = actual.iter().collect();
    let mut changes = Vec::with_capacity(desired.len());
    for binding in desired {
        let status = if bound.contains(binding) { Status::Unchanged } else { Status::Planned };
        changes.push(Change { action: Action::Bind, binding: binding.clone(), status });
    }
    changes
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    /// Newly bound.
    pub(crate) bound: usize,
    /// Removed.
    pub(crate) unbound: usize,
    /// Already as desired.
    pub(crate) unchanged: usize,
    /// Would be done.
    pub(crate) planned: usize,
    /// Not done.
    pub(crate) failed: usize,
}

impl Summary {
    #[must_use]
    pub(crate) fn of(changes: &[Change]) -> Self {
        let mut summary = Self::default();
        for change in changes {
            match change.status {
                Status::Bound => summary.bound += 1,
                Status::Unbound => summary.unbound += 1,
                Status::Unchanged => summary.unchanged += 1,
                Status::Planned => summary.planned += 1,
                Status::Failed(_) => summary.failed += 1,
            }
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn changes_are_grouped_by_event_with_binds_first() {
        let plan = Plan {
            bind: vec![online("OnA_Event", "https://new.b/", 0), online("OnB_Event", "https://new.b/", 0)],
            unbind: vec![online("ONA_EVENT", "https://old.b/", 0)],
        };
        let order: Vec<(String, Action)> =
            plan.changes().iter().map(|change| (change.binding.event.to_string(), change.action)).collect();
        let expected = [("OnA_Event", Action::Bind), ("ONA_EVENT", Action::Unbind), ("OnB_Event", Action::Bind)];
        assert_eq!(order, expected.map(|(event, action)| (event.to_owned(), action)));
    }
}
