//! The changes that imconn made on each portal, newest last, each with the plan that undoes it.
//!
//! An entry is on disk before the request of its change leaves ([`History::begin`]), and is replaced by one rename when the
//! outcome is known ([`Pending::settle`]). A killed process, or an answer that was lost, leaves the entry as planned: what
//! of it was done is decided when it is undone, from what the portal lists then.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bindings::plan::Plan;
use crate::bindings::{Binding, Event};
use crate::random;
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
    pub(crate) id: String,
    /// Unix seconds.
    pub(crate) time: i64,
    /// The command that made the change.
    pub(crate) command: String,
    pub(crate) state: State,
    /// What undoes it.
    #[serde(flatten)]
    pub(crate) undo: Plan,
    /// What was, or may have been, bound to the same events before the change; `None` if that is unknown. A binding that is
    /// here and in the plan's removals may be older than the change.
    pub(crate) before: Option<Vec<Binding>>,
}

/// How far a change got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Under way, interrupted, or its answer was lost.
    Planned,
    Made,
    /// Its undo is under way, or was interrupted.
    Undoing,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Made => "made",
            Self::Undoing => "undoing",
        }
    }
}

/// The file.
#[derive(Default, Serialize, Deserialize)]
struct Document {
    entries: Vec<Entry>,
}

/// A change, with what was bound before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) change: Plan,
    pub(crate) before: Option<Vec<Binding>>,
}

/// An entry whose change is under way.
#[must_use = "an entry that is not settled stays as it was planned"]
pub(crate) struct Pending {
    history: History,
    entry: Entry,
}

impl Recorded {
    /// A change of a portal with these bindings, of which those for the same events matter.
    pub(crate) fn new(change: Plan, before: Option<&[Binding]>) -> Self {
        let events: HashSet<&Event> = change.bind.iter().chain(&change.unbind).map(|binding| &binding.event).collect();
        let before = before.map(|all| all.iter().filter(|binding| events.contains(&binding.event)).cloned().collect());
        Self { change, before }
    }
}

impl Entry {
    fn take(&mut self, recorded: Recorded) {
        self.undo = Plan { bind: recorded.change.unbind, unbind: recorded.change.bind };
        self.before = recorded.before;
    }
}

impl History {
    /// The history of the portal and application with this key, in the data folder; nothing is opened yet.
    pub(crate) fn of(data: &Path, key: &str) -> Self {
        let name: String = key.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
        Self { path: data.join("changes").join(format!("{name}.json")) }
    }

    /// Moves the history to another key.
    pub(crate) fn rename(&self, to: &Self) -> Result<()> {
        if self.path == to.path || !self.path.exists() {
            return Ok(());
        }
        let _lock = FileLock::wait(&self.path.with_extension("lock"))?;
        std::fs::rename(&self.path, &to.path).with_context(|| format!("cannot rename {}", self.path.display()))
    }

    /// Oldest first.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>> {
        // A power cut may leave it empty.
        let Some(text) = file::read(&self.path)?.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
        let document: Document = serde_json::from_str(&text).map_err(|error| invalid(&self.path, error.line()))?;
        Ok(document.entries)
    }

    /// Writes down a change before it is made.
    pub(crate) fn begin(&self, command: &str, recorded: Recorded) -> Result<Pending> {
        let mut entry = Entry {
            id: random::hex(6),
            time: Timestamp::now().as_second(),
            command: command.to_owned(),
            state: State::Planned,
            undo: Plan::default(),
            before: None,
        };
        entry.take(recorded);
        self.edit(file::write, |entries| entries.push(entry.clone()))?;
        Ok(Pending { history: self.clone(), entry })
    }

    /// Writes down that an entry is being undone.
    pub(crate) fn begin_undo(&self, id: &str) -> Result<()> {
        self.edit(file::write, |entries| {
            entries.iter_mut().filter(|entry| entry.id == id).for_each(|entry| entry.state = State::Undoing);
        })
    }

    /// Removes an entry, if it still exists.
    pub(crate) fn remove(&self, id: &str) -> Result<()> {
        self.edit(file::write_soon, |entries| entries.retain(|entry| entry.id != id))
    }

    /// Edits the entries in one write, and drops the oldest if there are too many. What is about to be made has to be on disk
    /// first; what has become of it may reach the disk later.
    fn edit(&self, write: fn(&Path, &str) -> Result<()>, work: impl FnOnce(&mut Vec<Entry>)) -> Result<()> {
        let _lock = FileLock::wait(&self.path.with_extension("lock"))?;
        let mut entries = self.entries()?;
        work(&mut entries);
        let surplus = entries.len().saturating_sub(KEPT);
        entries.drain(..surplus);
        let text = serde_json::to_string(&Document { entries })?;
        write(&self.path, &text).context("cannot write the history")
    }
}

fn invalid(path: &Path, line: usize) -> anyhow::Error {
    anyhow!("{}, line {line}: not a valid history; remove the file to start a new one", path.display())
}

impl Pending {
    /// Replaces the planned change by another one that is about to be made.
    pub(crate) fn replan(&mut self, recorded: Recorded) -> Result<()> {
        self.entry.take(recorded);
        self.replace(file::write)
    }

    /// Replaces the planned change by the one that was made. An empty one removes the entry.
    pub(crate) fn settle(mut self, made: Recorded) -> Result<()> {
        if made.change.is_empty() {
            return self.cancel();
        }
        self.entry.take(made);
        self.entry.state = State::Made;
        self.replace(file::write_soon)
    }

    /// Removes the entry: nothing was changed.
    pub(crate) fn cancel(self) -> Result<()> {
        self.history.remove(&self.entry.id)
    }

    fn replace(&self, write: fn(&Path, &str) -> Result<()>) -> Result<()> {
        self.history.edit(write, |entries| {
            match entries.iter_mut().find(|entry| entry.id == self.entry.id) {
                Some(entry) => entry.clone_from(&self.entry),
                // An undo in another process has found nothing to undo yet.
                None => entries.push(self.entry.clone()),
            }
        })
    }
}

/// Whether a character can stand in a file name on every system.
fn is_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;

    fn plan(n: usize) -> Plan {
        Plan { bind: vec![online("OnX", &format!("https://a.b/{n}"), 0)], unbind: Vec::new() }
    }

    fn recorded(n: usize) -> Recorded {
        Recorded::new(plan(n), Some(&[]))
    }

    fn undone(history: &History) -> Vec<Plan> {
        history.entries().expect("readable").into_iter().map(|entry| entry.undo).collect()
    }

    fn inverse(plan: Plan) -> Plan {
        Plan { bind: plan.unbind, unbind: plan.bind }
    }

    fn record(history: &History, n: usize) {
        history.begin("bind", recorded(n)).and_then(|pending| pending.settle(recorded(n))).expect("written");
    }

    #[test]
    fn the_newest_ten_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path(), "a.b:1/../x");
        (0..12).for_each(|n| record(&history, n));
        assert_eq!(undone(&history), (2..12).map(|n| inverse(plan(n))).collect::<Vec<_>>());
        let last = history.entries().expect("readable").pop().expect("an entry");
        history.remove(&last.id).expect("written");
        assert_eq!(undone(&history).last(), Some(&inverse(plan(10))));
        assert!(history.path.starts_with(folder.path().join("changes")), "{:?}", history.path);
    }

    #[test]
    fn a_settled_entry_says_what_was_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path(), "a.b");
        let pending = history.begin("apply", recorded(1)).expect("written");
        assert_eq!(undone(&history), [inverse(plan(1))]);
        assert_eq!(history.entries().expect("readable")[0].state, State::Planned);
        pending.settle(recorded(2)).expect("written");
        assert_eq!(undone(&history), [inverse(plan(2))]);
        let nothing = Recorded::new(Plan::default(), None);
        history.begin("apply", recorded(3)).expect("written").settle(nothing).expect("written");
        assert_eq!(undone(&history), [inverse(plan(2))]);
    }

    #[test]
    fn equal_changes_are_different_entries() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::of(folder.path(), "a.b");
        let first = history.begin("bind", recorded(1)).expect("written");
        drop(history.begin("bind", recorded(1)).expect("written"));
        first.cancel().expect("written");
        assert_eq!(undone(&history), [inverse(plan(1))]);
    }
}
