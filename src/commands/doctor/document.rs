//! The checks as a result.

use serde::Serialize;

use crate::doctor::{Check, Verdict, count, plural};
use crate::output::table::Table;
use crate::output::{Cell, Column, Document, Row, Tone};

#[derive(Serialize)]
pub(super) struct Diagnosis {
    portal: String,
    checks: Vec<Check>,
    summary: Summary,
}

/// Checks by verdict.
#[derive(Serialize)]
struct Summary {
    ok: usize,
    warn: usize,
    fail: usize,
    skipped: usize,
}

impl Diagnosis {
    pub(super) fn new(portal: String, checks: Vec<Check>) -> Self {
        let summary = Summary {
            ok: count(&checks, Verdict::Ok),
            warn: count(&checks, Verdict::Warn),
            fail: count(&checks, Verdict::Fail),
            skipped: count(&checks, Verdict::Skipped),
        };
        Self { portal, checks, summary }
    }
}

impl Document for Diagnosis {
    type Row = Check;

    fn rows(&self) -> &[Check] {
        &self.checks
    }

    /// One row per check, its fix below it; the checks of a handler below its URL. What consecutive checks have in common
    /// is shown once.
    fn table(&self) -> Table {
        let mut rows = Vec::new();
        let mut handler = None;
        for alike in self.checks.chunk_by(are_alike) {
            let Some(first) = alike.first() else { continue };
            if first.handler != handler {
                handler.clone_from(&first.handler);
                rows.extend(handler.as_deref().map(|url| (vec!["".into(), "Handler".into(), url.into()], None)));
            }
            rows.extend(group(alike, first));
        }
        let columns = [Column::titled("Verdict"), Column::titled("Check"), Column::titled("Evidence").elastic()];
        Table::with_notes(&columns, rows)
    }
}

impl Row for Check {
    const COLUMNS: &'static [Column] = &[
        Column::new("id", "Id"),
        Column::new("verdict", "Verdict"),
        Column::new("title", "Check"),
        Column::new("evidence", "Evidence").elastic(),
        Column::new("fix", "Fix"),
        Column::new("handler", "Handler"),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(&self.id),
            verdict(self.verdict),
            Cell::new(&self.title),
            Cell::new(&self.evidence),
            Cell::from(self.fix.as_ref()),
            Cell::from(self.handler.as_ref()),
        ]
    }
}

fn are_alike(a: &Check, b: &Check) -> bool {
    (a.verdict, &a.evidence, &a.fix, &a.handler) == (b.verdict, &b.evidence, &b.fix, &b.handler)
}

/// The rows of consecutive checks that differ in nothing but their titles.
fn group(alike: &[Check], first: &Check) -> Vec<(Vec<Cell>, Option<String>)> {
    let titles: Vec<String> = if first.verdict == Verdict::Skipped && alike.len() > 2 {
        vec![plural(alike.len(), "check")]
    } else {
        alike.iter().map(|check| check.title.clone()).collect()
    };
    let row = |title: String| (vec![verdict(first.verdict), title.into(), first.evidence.as_str().into()], None);
    let mut rows: Vec<_> = titles.into_iter().map(row).collect();
    if let (Some((_, note)), Some(fix)) = (rows.last_mut(), &first.fix) {
        *note = Some(format!("→ {fix}"));
    }
    rows
}

fn verdict(verdict: Verdict) -> Cell {
    let tone = match verdict {
        Verdict::Ok => Tone::Good,
        Verdict::Warn => Tone::Warning,
        Verdict::Fail => Tone::Bad,
        Verdict::Skipped => Tone::Neutral,
    };
    Cell::new(verdict.as_str()).toned(tone)
}
