//! The doctor's findings for people.

use anstyle::AnsiColor;

use super::plural;
use crate::doctor::{Check, Verdict};
use crate::output::table::Table;

/// A check a row, what mends it below; the checks of a handler below its URL. What several checks in a row have in
/// common is said once.
pub(super) fn table(checks: &[Check]) -> Table {
    let mut rows = Vec::new();
    let row = |verdict: &str, title: &str, text: &str| vec![verdict.to_owned(), title.to_owned(), text.to_owned()];
    let mut handler = None;
    for run in checks.chunk_by(alike) {
        let Some(first) = run.first() else { continue };
        if first.handler != handler {
            handler.clone_from(&first.handler);
            rows.extend(handler.as_deref().map(|url| row("", "Handler", url)));
        }
        if first.verdict == Verdict::Skipped && run.len() > 2 {
            rows.push(row(first.verdict.as_str(), &plural(run.len(), "check"), &first.evidence));
        } else {
            rows.extend(run.iter().map(|check| row(check.verdict.as_str(), &check.title, &check.evidence)));
        }
        rows.extend(first.fix.as_ref().map(|fix| row("", "", &format!("→ {fix}"))));
    }
    Table { headers: vec!["Verdict", "Check", "Evidence"], elastic: 2, rows, tint: Some(tint) }
}

fn alike(a: &Check, b: &Check) -> bool {
    (a.verdict, &a.evidence, &a.fix, &a.handler) == (b.verdict, &b.evidence, &b.fix, &b.handler)
}

fn tint(verdict: &str) -> Option<AnsiColor> {
    match verdict {
        "ok" => Some(AnsiColor::Green),
        "warn" => Some(AnsiColor::Yellow),
        "fail" => Some(AnsiColor::Red),
        _ => None,
    }
}
