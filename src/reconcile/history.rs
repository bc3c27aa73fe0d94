//! What was changed on each portal, newest last, so that it can be taken back.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};

use crate::store::file;
use crate::store::lock::FileLock;

/// Entries that are kept for each portal.
const KEPT: usize = 10;

/// The journal of one portal.
#[derive(Debug, Clone)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal of the portal that is called so; nothing is opened yet.
    #[must_use]
    pub fn of(data: &Path, named: &str) -> Self {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
        let name: String = named.chars().map(safe).collect();
        Self { path: data.join("journal").join(format!("{name}.json")) }
    }

    /// The entries, oldest first.
    ///
    /// # Errors
    /// When the file is there and cannot be read or understood.
    pub fn entries(&self) -> Result<Vec<Value>> {
        let Some(text) = file::read(&self.path)? else { return Ok(Vec::new()) };
        let document: Value = serde_json::from_str(&text).map_err(|error| self.wrong(error.line()))?;
        let entries = document.get("entries").and_then(Value::as_array);
        entries.cloned().ok_or_else(|| self.wrong(1))
    }

    /// Adds an entry, and drops the oldest when there are too many.
    ///
    /// # Errors
    /// When the file cannot be locked, read or written.
    pub fn add(&self, entry: Value) -> Result<()> {
        self.change(|entries| {
            entries.push(entry);
            let surplus = entries.len().saturating_sub(KEPT);
            entries.drain(..surplus);
        })
    }

    /// Removes an entry, if it is there yet.
    ///
    /// # Errors
    /// As for [`Journal::add`].
    pub fn remove(&self, entry: &Value) -> Result<()> {
        self.change(|entries| {
            if let Some(at) = entries.iter().rposition(|other| other == entry) {
                entries.remove(at);
            }
        })
    }

    fn change(&self, work: impl FnOnce(&mut Vec<Value>)) -> Result<()> {
        let _lock = FileLock::wait(&self.path.with_extension("lock"))?;
        let mut entries = self.entries()?;
        work(&mut entries);
        file::write(&self.path, &json!({ "entries": entries }).to_string()).context("the journal")
    }

    fn wrong(&self, line: usize) -> anyhow::Error {
        anyhow!("{}, line {line}: that is no journal; remove the file to begin a new one", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_ten_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::of(folder.path(), "a.b:1/../x");
        (0..12).for_each(|i| journal.add(json!(i)).expect("written"));
        assert_eq!(journal.entries().expect("readable"), (2..12).map(|i| json!(i)).collect::<Vec<_>>());
        journal.remove(&json!(11)).expect("written");
        assert_eq!(journal.entries().expect("readable").last(), Some(&json!(10)));
        assert!(journal.path.starts_with(folder.path().join("journal")), "{:?}", journal.path);
    }
}
