//! The doctor's findings for people.

use super::plural;
use crate::doctor::{Check, Verdict};
use crate::output::table::Table;
use crate::output::{Cell, Column, Tone};

/// A check a row, what mends it below; the checks of a handler below its URL. What several checks in a row have in
/// common is said once.
pub(super) fn table(checks: &[Check]) -> Table {
    let mut rows = Vec::new();
    let row = |verdict: &str, title: &str, text: &str| {
        vec![Cell::new(verdict).toned(tone(verdict)), Cell::new(title), Cell::new(text)]
    };
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
    Table::new(&[Column::titled("Verdict"), Column::titled("Check"), Column::titled("Evidence").elastic()], rows)
}

fn alike(a: &Check, b: &Check) -> bool {
    (a.verdict, &a.evidence, &a.fix, &a.handler) == (b.verdict, &b.evidence, &b.fix, &b.handler)
}

fn tone(verdict: &str) -> Tone {
    match verdict {
        "ok" => Tone::Good,
        "warn" => Tone::Warning,
        "fail" => Tone::Bad,
        _ => Tone::Neutral,
    }
}
