//! What was done, or would be, to one binding.

use serde::Serialize;
use serde_json::{Value, json};

use crate::bindings::Binding;
use crate::error::{ExitCode, code_of, exit_code_of, exit_code_of_refusal, hint_for, hint_for_refusal, refusal_code};
use crate::portal::failure::Failure;
use crate::wire::envelope::PortalError;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Subscribe.
    Bind,
    /// Remove.
    Unbind,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It is bound now, and was not before.
    Bound,
    /// It is removed now, and was there before.
    Unbound,
    /// It was already as wanted.
    Unchanged,
    /// It would be done.
    Planned,
    /// It was not done.
    Failed(ChangeError),
}

/// Why a change was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeError {
    /// The portal's code, or a word of ours where the portal gave none.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What helps.
    pub hint: Option<String>,
    /// What the command would end with if this were all.
    pub exit: ExitCode,
    /// The word for scripts that the command would end with if this were all.
    pub kind: &'static str,
    /// What the portal itself said, where it refused.
    pub refusal: Option<PortalError>,
}

impl From<&PortalError> for ChangeError {
    fn from(error: &PortalError) -> Self {
        let message =
            if error.description.is_empty() { refusal_code(error).to_owned() } else { error.description.clone() };
        let exit = exit_code_of_refusal(error);
        let (code, hint) = (error.code.to_string(), hint_for_refusal(error));
        Self { code, message, hint, exit, kind: refusal_code(error), refusal: Some(error.clone()) }
    }
}

impl From<&Failure> for ChangeError {
    fn from(failure: &Failure) -> Self {
        if let Failure::Refused(error) = failure {
            return Self::from(error);
        }
        let hint = hint_for(failure).or(Some("run the same command again: it does only what is missing".to_owned()));
        let refusal = match failure {
            Failure::TokenDead(dead) => Some(dead.refusal.clone()),
            _ => None,
        };
        let (kind, message, exit) = (code_of(failure), failure.to_string(), exit_code_of(failure));
        Self { code: kind.to_owned(), message, hint, exit, kind, refusal }
    }
}

impl Status {
    /// The word in the output.
    #[must_use]
    pub fn word(&self) -> &'static str {
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
pub struct Change {
    /// Bind or unbind.
    pub action: Action,
    /// What.
    pub binding: Binding,
    /// With what result.
    pub status: Status,
}

impl Change {
    /// A change that would be made.
    #[must_use]
    pub fn planned(action: Action, binding: Binding) -> Self {
        Self { action, binding, status: Status::Planned }
    }

    /// The error of a failed change.
    #[must_use]
    pub fn error(&self) -> Option<&ChangeError> {
        match &self.status {
            Status::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The change as output shows it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let error = self.error().map(|error| json!({"code": error.code, "message": error.message, "hint": error.hint}));
        let mut document = json!({"action": self.action});
        let members = [("status", self.status.word().into()), ("error", json!(error))];
        if let (Some(document), Value::Object(binding)) = (document.as_object_mut(), self.binding.to_json()) {
            document.extend(binding);
            document.extend(members.map(|(name, value)| (name.to_owned(), value)));
        }
        document
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Newly bound.
    pub bound: usize,
    /// Removed.
    pub unbound: usize,
    /// Already as wanted.
    pub unchanged: usize,
    /// Would be done.
    pub planned: usize,
    /// Not done.
    pub failed: usize,
}

impl Summary {
    /// Counts.
    #[must_use]
    pub fn of(changes: &[Change]) -> Self {
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

/// What a command that made these changes ends with: [`ExitCode::Refused`] when a part of them failed; when nothing at
/// all could be done, the highest of what each change alone would have ended with.
#[must_use]
pub fn exit_code(changes: &[Change]) -> ExitCode {
    let failed: Vec<ExitCode> = changes.iter().filter_map(Change::error).map(|error| error.exit).collect();
    match failed.iter().max() {
        None => ExitCode::Done,
        Some(highest) if failed.len() == changes.len() => *highest,
        Some(_) => ExitCode::Refused,
    }
}
