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
    /// Where earlier versions, or a login that knew less, kept it.
    former: Vec<PathBuf>,
}

/// One change of a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(default)]
    pub(crate) id: String,
    /// Unix seconds.
    pub(crate) time: i64,
    /// The command that made the change.
    pub(crate) command: String,
    #[serde(default)]
    pub(crate) state: State,
    /// What undoes it.
    #[serde(flatten)]
    pub(crate) undo: Plan,
    /// What was, or may have been, bound to the same events before the change; `None` if that is unknown. A binding that is
    /// here and in the plan's removals may be older than the change.
    #[serde(default)]
    pub(crate) before: Option<Vec<Binding>>,
}

/// How far a change got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Under way, interrupted, or its answer was lost.
    Planned,
    #[default]
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
    /// The history of a portal in the data folder, by the first of these keys; nothing is opened yet. What an earlier login
    /// kept under one of the others is adopted.
    pub(crate) fn of(data: &Path, keys: &[String]) -> Self {
        let mut paths = keys.iter().map(|key| {
            let name: String = key.chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
            data.join("journal").join(format!("{name}.json"))
        });
        Self { path: paths.next().unwrap_or_default(), former: paths.collect() }
    }

    /// Oldest first.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>> {
        Ok(self.read()?.0)
    }

    /// The entries, and the file that they come from.
    fn read(&self) -> Result<(Vec<Entry>, &Path)> {
        for path in std::iter::once(&self.path).chain(&self.former) {
            let Some(text) = file::read(path)? else { continue };
            let document: Document = serde_json::from_str(&text).map_err(|error| invalid(path, error.line()))?;
            return Ok((with_ids(document.entries), path));
        }
        Ok((Vec::new(), &self.path))
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
        self.edit(|entries| entries.push(entry.clone()))?;
        Ok(Pending { history: self.clone(), entry })
    }

    /// Writes down that an entry is being undone.
    pub(crate) fn begin_undo(&self, id: &str) -> Result<()> {
        self.edit(|entries| {
            entries.iter_mut().filter(|entry| entry.id == id).for_each(|entry| entry.state = State::Undoing);
        })
    }

    /// Removes an entry, if it still exists.
    pub(crate) fn remove(&self, id: &str) -> Result<()> {
        self.edit(|entries| entries.retain(|entry| entry.id != id))
    }

    /// Edits the entries in one write, and drops the oldest if there are too many.
    fn edit(&self, work: impl FnOnce(&mut Vec<Entry>)) -> Result<()> {
        let _lock = FileLock::wait(&self.path.with_extension("lock"))?;
        let (mut entries, source) = self.read()?;
        work(&mut entries);
        let surplus = entries.len().saturating_sub(KEPT);
        entries.drain(..surplus);
        let text = serde_json::to_string(&Document { entries })?;
        file::write(&self.path, &text).context("cannot write the history")?;
        if source != self.path {
            // It has moved: nothing else must adopt it, too.
            std::fs::remove_file(source).with_context(|| format!("cannot remove {}", source.display()))?;
        }
        Ok(())
    }
}

/// Earlier versions wrote none.
fn with_ids(mut entries: Vec<Entry>) -> Vec<Entry> {
    for (number, entry) in entries.iter_mut().enumerate().filter(|(_, entry)| entry.id.is_empty()) {
        entry.id = format!("{}-{number}", entry.time);
    }
    entries
}

fn invalid(path: &Path, line: usize) -> anyhow::Error {
    anyhow!("{}, line {line}: not a valid history; remove the file to start a new one", path.display())
}

impl Pending {
    /// Replaces the planned change by another one that is about to be made.
    pub(crate) fn replan(&mut self, recorded: Recorded) -> Result<()> {
        self.entry.take(recorded);
        self.replace()
    }

    /// Replaces the planned change by the one that was made. An empty one removes the entry.
    pub(crate) fn settle(mut self, made: Recorded) -> Result<()> {
        if made.change.is_empty() {
            return self.cancel();
        }
        self.entry.take(made);
        self.entry.state = State::Made;
        self.replace()
    }

    /// Removes the entry: nothing was changed.
    pub(crate) fn cancel(self) -> Result<()> {
        self.history.remove(&self.entry.id)
    }

    fn replace(&self) -> Result<()> {
        self.history.edit(|entries| {
            entries.iter_mut().filter(|entry| entry.id == self.entry.id).for_each(|entry| *entry = self.entry.clone());
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

    fn history(folder: &tempfile::TempDir, keys: &[&str]) -> History {
        History::of(folder.path(), &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_newest_ten_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = history(&folder, &["a.b:1/../x"]);
        (0..12).for_each(|n| record(&history, n));
        assert_eq!(undone(&history), (2..12).map(|n| inverse(plan(n))).collect::<Vec<_>>());
        let last = history.entries().expect("readable").pop().expect("an entry");
        history.remove(&last.id).expect("written");
        assert_eq!(undone(&history).last(), Some(&inverse(plan(10))));
        assert!(history.path.starts_with(folder.path().join("journal")), "{:?}", history.path);
    }

    #[test]
    fn a_settled_entry_says_what_was_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = history(&folder, &["a.b"]);
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
        let history = history(&folder, &["a.b"]);
        let first = history.begin("bind", recorded(1)).expect("written");
        drop(history.begin("bind", recorded(1)).expect("written"));
        first.cancel().expect("written");
        assert_eq!(undone(&history), [inverse(plan(1))]);
    }

    #[test]
    fn what_was_kept_under_another_key_is_adopted_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = r#"{"entries":[{"time":1,"command":"bind","bind":[],"unbind":[]}]}"#;
        std::fs::create_dir(folder.path().join("journal")).expect("a folder");
        std::fs::write(folder.path().join("journal/a.b_acme.json"), old).expect("written");
        let known = history(&folder, &["member", "a.b acme"]);
        assert_eq!(known.entries().expect("readable")[0].id, "1-0");
        record(&known, 1);
        assert_eq!(known.entries().expect("readable").len(), 2);
        assert!(history(&folder, &["other", "a.b acme"]).entries().expect("readable").is_empty());
    }
}
