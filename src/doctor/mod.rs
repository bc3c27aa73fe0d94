//! Why a connector event does not arrive: findings, each with what it was seen by and what mends it.
//!
//! Nothing here changes anything: a portal is asked, a handler gets test events.

pub mod application;
pub mod endpoint;
pub mod handler;
pub mod portal;
pub mod senders;
pub mod subscriptions;

use serde::Serialize;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands in the way of events here.
    Ok,
    /// Events arrive, but not all, not for long, or not safely.
    Warn,
    /// No event arrives while it is so.
    Fail,
    /// It could not be looked at, or there is nothing to look at.
    Skipped,
}

impl Verdict {
    /// As the output spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A stable name for scripts.
    pub id: String,
    /// What came of it.
    pub verdict: Verdict,
    /// What was looked at.
    pub title: String,
    /// What was seen.
    pub evidence: String,
    /// What mends it; nothing where nothing has to be mended.
    pub fix: Option<String>,
    /// The handler that was looked at, where it was one.
    pub handler: Option<String>,
}

impl Check {
    /// All is well.
    pub fn ok(id: impl Into<String>, title: impl Into<String>, evidence: impl Into<String>) -> Self {
        let (id, title, evidence) = (id.into(), title.into(), evidence.into());
        Self { id, verdict: Verdict::Ok, title, evidence, fix: None, handler: None }
    }

    /// Not looked at.
    pub fn skipped(id: impl Into<String>, title: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Skipped, ..Self::ok(id, title, evidence) }
    }

    /// The same with another verdict, and what helps.
    #[must_use]
    pub fn but(self, verdict: Verdict, fix: impl Into<String>) -> Self {
        Self { verdict, fix: Some(fix.into()), ..self }
    }

    /// What was seen and what mends it, in one line.
    pub(crate) fn summary(&self) -> String {
        match &self.fix {
            Some(fix) => format!("{}; {fix}", self.evidence),
            None => self.evidence.clone(),
        }
    }
}

/// How many checks came out how.
#[must_use]
pub fn count(checks: &[Check], verdict: Verdict) -> usize {
    checks.iter().filter(|check| check.verdict == verdict).count()
}
