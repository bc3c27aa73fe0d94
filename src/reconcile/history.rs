//! The changes that imconn made on each portal, newest last, each with the plan that undoes it.
//!
//! An entry is written before the change that it undoes ([`History::begin`]), so that a killed process leaves it, and is
//! settled when the outcome is known. An entry too many does no harm: undo does only what is not already so.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Change, Status};
use crate::bindings::Binding;
use crate::bindings::plan::Plan;
use crate::store::file;
use crate::store::lock::FileLock;

/// Entries that are kept for each portal.
const KEPT: usize = 10;

/// The history of one portal.
#[derive(Debug, Clone)]
pub(crate) struct History {
    path: PathBuf,
}

/// One change of a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Unix seconds.
    pub(crate) time: i64,
    /// The command that made the change.
    pub(crate) command: String,
    /// What undoes it.
    #[serde(flatten)]
    pub(crate) undo: Plan,
}

/// The file.
#[derive(Default, Serialize, Deserialize)]
struct Document {
    entries: Vec<Entry>,
}

/// An entry whose change is under way.
#[must_use = "an entry that is not settled stays as it was planned"]
pub(crate) struct Pending {
    history: History,
    entry: Entry,
}

impl Entry {
    /// The entry of a change that does this.
    fn of(command: &str, change: Plan) -> Self {
        let undo = Plan { bind: change.unbind, unbind: change.bind };
        Self { time: Timestamp::now().as_second(), command: command.to_owned(), undo }
    }
}

impl History {
    /// The history of the portal with this key in the data folder; nothing is opened yet.
    pub(crate) fn of(data: &Path, key: &str) -> Self {
        let name: String = key.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
        Self { path: data.join("journal").join(format!("{name}.json")) }
    }

    /// Oldest first.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>> {
        let Some(text) = file::read(&self.path)? else { return Ok(Vec::new()) };
        let document: Document = serde_json::from_str(&text).map_err(|error| self.invalid(error.line()))?;
        Ok(document.entries)
    }

    /// Writes down a change before it is made.
    pub(crate) fn begin(&self, command: &str, change: Plan) -> Result<Pending> {
        let entry = Entry::of(command, change);
        self.edit(|entries| entries.push(entry.clone()))?;
        Ok(Pending { history: self.clone(), entry })
    }

    /// Writes down a change that was made.
    pub(crate) fn record(&self, command: &str, change: Plan) -> Result<()> {
        if change.is_empty() {
            return Ok(());
        }
        self.edit(|entries| entries.push(Entry::of(command, change)))
    }

    /// Removes an entry, if it still exists.
    pub(crate) fn remove(&self, entry: &Entry) -> Result<()> {
        self.edit(|entries| {
            if let Some(at) = position(entries, entry) {
                entries.remove(at);
            }
        })
    }

    /// Edits the entries in one write, and drops the oldest if there are too many.
    fn edit(&self, work: impl FnOnce(&mut Vec<Entry>)) -> Result<()> {
        let _lock = FileLock::wait(&self.path.with_extension("lock"))?;
        let mut entries = self.entries()?;
        work(&mut entries);
        let surplus = entries.len().saturating_sub(KEPT);
        entries.drain(..surplus);
        let text = serde_json::to_string(&Document { entries })?;
        file::write(&self.path, &text).context("cannot write the history")
    }

    fn invalid(&self, line: usize) -> anyhow::Error {
        anyhow!("{}, line {line}: not a valid history; remove the file to start a new one", self.path.display())
    }
}

impl Pending {
    /// Replaces the planned change by the one that was made, in one write. An empty one removes the entry.
    pub(crate) fn settle(self, made: Plan) -> Result<()> {
        let settled = Entry::of(&self.entry.command, made);
        self.history.edit(|entries| {
            if let Some(at) = position(entries, &self.entry) {
                entries.remove(at);
            }
            if !settled.undo.is_empty() {
                entries.push(settled);
            }
        })
    }
}

/// The newest of equal entries.
fn position(entries: &[Entry], entry: &Entry) -> Option<usize> {
    entries.iter().rposition(|other| other == entry)
}

/// Whether a character can stand in a file name on every system.
fn is_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '-'
}

/// What these changes have done.
pub(crate) fn made(changes: &[Change]) -> Plan {
    Plan { bind: with_status(changes, &Status::Bound), unbind: with_status(changes, &Status::Unbound) }
}

fn with_status(changes: &[Change], status: &Status) -> Vec<Binding> {
    changes.iter().filter(|change| change.status == *status).map(|change| change.binding.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    fn binding(n: usize) -> Plan {
        Plan { bind: vec![online("OnX", &format!("https://a.b/{n}"), 0)], unbind: Vec::new() }
    }

    fn undone(history: &History) -> Vec<Plan> {
        history.entries().expect("readable").into_iter().map(|entry| entry.undo).collect()
    }

    fn inverse(plan: Plan) -> Plan {
        Plan { bind: plan.unbind, unbind: plan.bind }
    }

    #[test]
    fn the_newest_ten_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path(), "a.b:1/../x");
        (0..12).for_each(|n| history.record("bind", binding(n)).expect("written"));
        assert_eq!(undone(&history), (2..12).map(|n| inverse(binding(n))).collect::<Vec<_>>());
        let last = history.entries().expect("readable").pop().expect("an entry");
        history.remove(&last).expect("written");
        assert_eq!(undone(&history).last(), Some(&inverse(binding(10))));
        assert!(history.path.starts_with(folder.path().join("journal")), "{:?}", history.path);
    }

    #[test]
    fn a_settled_entry_says_what_was_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path(), "a.b");
        let pending = history.begin("apply", binding(1)).expect("written");
        assert_eq!(undone(&history), [inverse(binding(1))]);
        pending.settle(binding(2)).expect("written");
        assert_eq!(undone(&history), [inverse(binding(2))]);
        history.begin("apply", binding(3)).expect("written").settle(Plan::default()).expect("written");
        assert_eq!(undone(&history), [inverse(binding(2))]);
    }
}
