//! The doctor's findings.

use serde::Serialize;

use super::plural;
use crate::doctor::{Check, Verdict, count};
use crate::output::table::Table;
use crate::output::{Cell, Column, Document, Row, Tone};

#[derive(Serialize)]
pub(super) struct DoctorDocument {
    pub(super) portal: String,
    pub(super) checks: Vec<Check>,
    pub(super) summary: Summary,
}

/// How many checks had which verdict.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Summary {
    pub(super) ok: usize,
    pub(super) warn: usize,
    pub(super) fail: usize,
    pub(super) skipped: usize,
}

impl Summary {
    pub(super) fn of(checks: &[Check]) -> Self {
        Self {
            ok: count(checks, Verdict::Ok),
            warn: count(checks, Verdict::Warn),
            fail: count(checks, Verdict::Fail),
            skipped: count(checks, Verdict::Skipped),
        }
    }
}

impl Document for DoctorDocument {
    type Row = Check;

    fn rows(&self) -> &[Check] {
        &self.checks
    }

    fn table(&self) -> Table {
        grouped(&self.checks)
    }
}

impl Row for Check {
    const COLUMNS: &'static [Column] = &[
        Column::raw("id"),
        Column::new("verdict", "Verdict"),
        Column::new("title", "Check"),
        Column::new("evidence", "Evidence").elastic(),
        Column::raw("fix"),
        Column::raw("handler"),
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

/// A check per row, with what mends it below; the checks of a handler below its URL. What several checks in a row have in
/// common is said once.
fn grouped(checks: &[Check]) -> Table {
    let columns = [Column::titled("Verdict"), Column::titled("Check"), Column::titled("Evidence").elastic()];
    let mut rows = Vec::new();
    let mut handler = None;
    for run in checks.chunk_by(is_alike) {
        let Some(first) = run.first() else { continue };
        if first.handler != handler {
            handler.clone_from(&first.handler);
            rows.extend(handler.as_deref().map(|url| vec![Cell::default(), Cell::new("Handler"), Cell::new(url)]));
        }
        if first.verdict == Verdict::Skipped && run.len() > 2 {
            rows.push(row(first, &plural(run.len(), "check")));
        } else {
            rows.extend(run.iter().map(|check| row(check, &check.title)));
        }
        let fix = first.fix.as_ref().map(|fix| Cell::new(format!("→ {fix}")));
        rows.extend(fix.map(|fix| vec![Cell::default(), Cell::default(), fix]));
    }
    Table::new(&columns, rows)
}

fn row(check: &Check, title: &str) -> Vec<Cell> {
    vec![verdict(check.verdict), Cell::new(title), Cell::new(&check.evidence)]
}

fn is_alike(a: &Check, b: &Check) -> bool {
    (a.verdict, &a.evidence, &a.fix, &a.handler) == (b.verdict, &b.evidence, &b.fix, &b.handler)
}

fn verdict(verdict: Verdict) -> Cell {
    Cell::new(verdict.as_str()).toned(match verdict {
        Verdict::Ok => Tone::Good,
        Verdict::Warn => Tone::Warning,
        Verdict::Fail => Tone::Bad,
        Verdict::Skipped => Tone::Neutral,
    })
}
