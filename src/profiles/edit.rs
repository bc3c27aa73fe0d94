//! Changing TOML files: everything that a change does not name stays as it was written, comments included.

use std::path::{Path, PathBuf};

use anyhow::Result;
use toml_edit::{Decor, DocumentMut, Item, RawString, TableLike};

use super::config::Config;
use super::toml_file::TomlFile;
use crate::store::file;

/// A change of `config.toml`. The caller holds its lock.
#[derive(Debug)]
pub(crate) struct ConfigEdit {
    path: PathBuf,
    config: Config,
    document: DocumentMut,
    before: String,
}

impl ConfigEdit {
    /// The lock that guards every change of `config.toml`.
    pub(crate) fn lock_path(folder: &Path) -> PathBuf {
        folder.join("config.lock")
    }

    /// Reads the file; nothing is written before [`ConfigEdit::save`].
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = Config::path(folder);
        let before = file::read(&path)?.unwrap_or_default();
        let file = TomlFile { path: &path, text: &before };
        let (config, document) = (Config::read(file)?, file.parse()?.into_mut());
        Ok(Self { path, config, document, before })
    }

    /// Whether the file has settings for this portal.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.config.portals.contains_key(name) || self.config.unusable.contains_key(name)
    }

    /// Makes a portal the default.
    pub(crate) fn set_default(&mut self, name: &str) {
        set(self.document.as_table_mut(), "portal", Some(toml_edit::value(name)));
    }

    /// Renames a portal, wherever it is mentioned.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(portals) = self.document.get_mut("portals").and_then(Item::as_table_like_mut)
            && let Some(table) = portals.remove(from)
        {
            portals.insert(to, table);
        }
        if self.is_default(from) {
            self.set_default(to);
        }
    }

    /// Removes a portal, wherever it is mentioned.
    pub(crate) fn remove(&mut self, name: &str) {
        remove_portal(&mut self.document, name);
        if self.is_default(name) {
            remove_top(&mut self.document, "portal");
        }
    }

    fn is_default(&self, name: &str) -> bool {
        self.document.get("portal").and_then(Item::as_str) == Some(name)
    }

    /// Writes the file if anything has changed.
    pub(crate) fn save(&self) -> Result<()> {
        let after = self.document.to_string();
        if after == self.before { Ok(()) } else { file::write(&self.path, &after) }
    }
}

/// Sets a member, or removes it.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: Option<Item>) {
    match (value, table.get_mut(key)) {
        (None, _) => {
            table.remove(key);
        }
        (Some(value), None) => {
            table.insert(key, value);
        }
        (Some(value), Some(old)) => replace(old, value),
    }
}

/// Replaces a value and keeps the comment after it.
fn replace(old: &mut Item, new: Item) {
    let decor = old.as_value().map(|value| value.decor().clone());
    *old = new;
    if let (Some(decor), Some(value)) = (decor, old.as_value_mut()) {
        *value.decor_mut() = decor;
    }
}

/// Removes the table `[portals.NAME]`. The comment above it stays: it may be about more than this table.
fn remove_portal(document: &mut DocumentMut, name: &str) {
    let Some(portals) = document.get_mut("portals").and_then(Item::as_table_like_mut) else { return };
    let Some(Item::Table(removed)) = portals.remove(name) else { return };
    let comment = comment_of(removed.decor());
    let below = portals.iter_mut().filter_map(|(_, item)| item.as_table_mut());
    let below = below.filter(|table| table.position() > removed.position()).min_by_key(|table| table.position());
    match below {
        Some(below) => prepend(below.decor_mut(), &comment),
        None => append(document, &comment),
    }
}

/// Removes a member at the top of the file. The comment above it stays.
fn remove_top(document: &mut DocumentMut, key: &str) {
    let comment = document.key(key).map(|key| comment_of(key.leaf_decor())).unwrap_or_default();
    let Some(position) = document.iter().position(|(other, _)| other == key) else { return };
    document.remove(key);
    match document.iter_mut().nth(position) {
        Some((_, Item::Table(below))) if !below.is_implicit() => return prepend(below.decor_mut(), &comment),
        Some((mut below, Item::Value(_))) => return prepend(below.leaf_decor_mut(), &comment),
        _ => {}
    }
    append(document, &comment);
}

/// The comment above an item, with its line ends; empty if it has none.
fn comment_of(decor: &Decor) -> String {
    let above = decor.prefix().and_then(RawString::as_str).unwrap_or_default();
    if above.contains('#') { above.to_owned() } else { String::new() }
}

fn prepend(decor: &mut Decor, comment: &str) {
    let prefix = decor.prefix().and_then(RawString::as_str).unwrap_or_default();
    decor.set_prefix(format!("{comment}{prefix}"));
}

fn append(document: &mut DocumentMut, comment: &str) {
    let trailing = document.trailing().as_str().unwrap_or_default();
    document.set_trailing(format!("{comment}{trailing}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_comments_and_follows_the_default() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Config::path(folder.path());
        let text = "# mine\nportal = \"a\" # the first\n\n[portals.a]\nhandler = \"h\" # ours\n";
        file::write(&path, text).expect("a file");
        let change = |work: &dyn Fn(&mut ConfigEdit)| {
            let mut edit = ConfigEdit::open(folder.path()).expect("readable");
            work(&mut edit);
            edit.save().expect("written");
            file::read(&path).expect("readable").expect("there")
        };
        let renamed = change(&|edit| edit.rename("a", "b"));
        assert_eq!(renamed, text.replace("\"a\"", "\"b\"").replace("portals.a", "portals.b"));
        assert_eq!(change(&|edit| edit.remove("c")), renamed, "nothing to do, nothing changed");
        assert_eq!(change(&|edit| edit.remove("b")).trim(), "# mine");
    }

    #[test]
    fn a_removed_portal_leaves_the_comments_above_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Config::path(folder.path());
        for rest in ["", "\n# about b\n[portals.b]\nhandler = \"h\"\n"] {
            let head = "# the file's head\n\n# about a\n";
            file::write(&path, &format!("{head}[portals.a]\nhandler = \"h\" # gone\n{rest}")).expect("a file");
            let mut edit = ConfigEdit::open(folder.path()).expect("readable");
            edit.remove("a");
            edit.save().expect("written");
            assert_eq!(file::read(&path).expect("readable").expect("there"), format!("{head}{rest}"));
        }
    }
}
