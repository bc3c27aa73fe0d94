//! Changes that failed, as problems.

use super::Invocation;
use super::exit::ExitCode;
use super::hint::ONLY_MISSING;
use super::problem::Problem;
use crate::reconcile::change::{Change, ChangeError, named_scopes};

impl Problem {
    /// A single failed change.
    pub(crate) fn of_change(error: &ChangeError, invocation: &Invocation) -> Self {
        let message = error.to_string();
        match error {
            ChangeError::Refused(refusal) => Self { message, ..Self::of_refusal(refusal, invocation) },
            ChangeError::EventUnavailable { refusal, .. } => {
                Self { message, hint: Some(event_hint(error, invocation)), ..Self::of_refusal(refusal, invocation) }
            }
            ChangeError::Failed(failure) => {
                let problem = Self::of_failure(failure, invocation);
                let hint = problem.hint.or_else(|| Some(ONLY_MISSING.to_owned()));
                Self { hint, ..problem }
            }
            ChangeError::UnexpectedResult(_) => {
                Self { code: "unusable_answer", message, portal: None, hint: None, exit: ExitCode::Refused }
            }
            ChangeError::NotAnswered => Self {
                code: "unusable_answer",
                message,
                portal: None,
                hint: Some(ONLY_MISSING.to_owned()),
                exit: ExitCode::Unreachable,
            },
            ChangeError::Contradicted(_) => Self {
                code: "not_done",
                message,
                portal: None,
                hint: Some(ONLY_MISSING.to_owned()),
                exit: ExitCode::Refused,
            },
            ChangeError::SuccessorMissing => Self {
                code: "kept",
                message,
                portal: None,
                hint: Some(format!("fix that, then {ONLY_MISSING}")),
                exit: ExitCode::Refused,
            },
        }
    }

    /// All changes of a command together; `None` if none failed. A part that failed ends with [`ExitCode::Refused`]; when
    /// nothing at all could be done, the highest of the changes' exit codes wins.
    pub(crate) fn of_changes(changes: &[Change], invocation: &Invocation) -> Option<Self> {
        let failed = changes.iter().filter_map(Change::error);
        let problems: Vec<Self> = failed.map(|error| Self::of_change(error, invocation)).collect();
        let worst = problems.iter().rev().max_by_key(|problem| problem.exit)?;
        let reasons = distinct(problems.iter().map(|problem| problem.message.as_str()));
        let hints = distinct(problems.iter().filter_map(|problem| problem.hint.as_deref()));
        let message = format!("{} of {} changes failed: {}", problems.len(), changes.len(), reasons.join("; "));
        let all =
            Self { message: message.clone(), hint: (!hints.is_empty()).then(|| hints.join("; ")), ..worst.clone() };
        Some(if problems.len() < changes.len() { all.partial(message) } else { all })
    }
}

impl ChangeError {
    /// The portal's error code, or our own if the portal sent none.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::Refused(refusal) | Self::EventUnavailable { refusal, .. } => refusal.code.to_string(),
            Self::Failed(_) | Self::UnexpectedResult(_) | Self::Contradicted(_) | Self::SuccessorMissing => {
                Problem::of_change(self, &Invocation::default()).code.to_owned()
            }
            Self::NotAnswered => "unanswered".to_owned(),
        }
    }
}

fn event_hint(error: &ChangeError, invocation: &Invocation) -> String {
    let available = format!("to see the events that can be bound, run `{}`", invocation.command("events --available"));
    match error {
        ChangeError::EventUnavailable { missing_scopes, .. } if !missing_scopes.is_empty() => {
            format!("add the {} to the application's rights and install it again", named_scopes(missing_scopes))
        }
        ChangeError::EventUnavailable { nearest, .. } if !nearest.is_empty() => {
            format!("did you mean {}? {available}", nearest.join(" or "))
        }
        _ => available,
    }
}

/// Each text once, in order of appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}
