//! Why a connector event does not arrive: checks, each with its evidence and with what fixes it.
//!
//! Nothing here changes anything: a portal is asked, a handler gets test events. A check produces no output.

pub(crate) mod application;
pub(crate) mod endpoint;
pub(crate) mod fix;
pub mod handler;
pub(crate) mod portal;
pub mod senders;
pub(crate) mod subscriptions;

use std::fmt::Display;

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No problem for events here.
    Ok,
    /// Events arrive, but not all of them, not for long, or not safely.
    Warn,
    /// No event arrives until this is fixed.
    Fail,
    /// Not checked, or nothing to check.
    Skipped,
}

impl Verdict {
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A stable name for scripts.
    pub id: String,
    pub verdict: Verdict,
    /// What was checked.
    pub title: String,
    /// What was observed.
    pub evidence: String,
    /// One action, with at most one command; `None` if nothing needs fixing.
    pub fix: Option<String>,
    /// The handler that was checked, if it was one.
    pub handler: Option<String>,
}

impl Check {
    pub(crate) fn ok(id: impl Into<String>, title: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            verdict: Verdict::Ok,
            title: title.into(),
            evidence: evidence.into(),
            fix: None,
            handler: None,
        }
    }

    pub(crate) fn skipped(id: impl Into<String>, title: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self { verdict: Verdict::Skipped, ..Self::ok(id, title, evidence) }
    }

    /// The same check with another verdict, and what fixes it.
    #[must_use]
    pub(crate) fn but(self, verdict: Verdict, fix: impl Into<String>) -> Self {
        Self { verdict, fix: Some(fix.into()), ..self }
    }

    #[must_use]
    pub(crate) fn warn(self, fix: impl Into<String>) -> Self {
        self.but(Verdict::Warn, fix)
    }

    #[must_use]
    pub(crate) fn fail(self, fix: impl Into<String>) -> Self {
        self.but(Verdict::Fail, fix)
    }

    /// The evidence and the fix, in one line.
    pub(crate) fn summary(&self) -> String {
        match &self.fix {
            Some(fix) => format!("{}; {fix}", self.evidence),
            None => self.evidence.clone(),
        }
    }
}

/// The id and the title of a check.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckKind {
    id: &'static str,
    title: &'static str,
}

impl CheckKind {
    const fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title }
    }

    fn ok(self, evidence: impl Into<String>) -> Check {
        Check::ok(self.id, self.title, evidence)
    }

    fn skipped(self, reason: impl Into<String>) -> Check {
        Check::skipped(self.id, self.title, reason)
    }
}

/// How many checks have this verdict.
pub(crate) fn count(checks: &[Check], verdict: Verdict) -> usize {
    checks.iter().filter(|check| check.verdict == verdict).count()
}

/// "1 day", "7 days".
pub(crate) fn plural<N: Copy + Display + PartialEq + From<u8>>(number: N, word: &str) -> String {
    if number == N::from(1) { format!("1 {word}") } else { format!("{number} {word}s") }
}
