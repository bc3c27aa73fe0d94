//! Changing a TOML file of `[portals.NAME]` tables: whatever a change does not name stays as it was written.

use std::path::Path;

use anyhow::{Context as _, Result};
use toml_edit::{Decor, DocumentMut, Item, RawString, Table, TableLike};

use crate::store::file;

/// Reads a file for a change; an empty document when there is none.
///
/// # Errors
/// When it is there and cannot be read or understood; the text names the line, and shows nothing of it.
pub fn load(path: &Path) -> Result<DocumentMut> {
    let Some(text) = file::read(path)? else { return Ok(DocumentMut::new()) };
    // Checked by the parser that reads it, so that both say the same of a mistake.
    let _: toml::Table = text.parse().map_err(|error| file::toml_error(path, &text, &error))?;
    text.parse().with_context(|| format!("cannot change {}", path.display()))
}

/// The table `[portals.NAME]`, made when it is not there.
///
/// # Errors
/// When something else stands in its place.
pub fn table<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut dyn TableLike> {
    let portals = document.entry("portals").or_insert_with(|| {
        let mut portals = Table::new();
        // Only the tables inside it have a header of their own.
        portals.set_implicit(true);
        Item::Table(portals)
    });
    let portals = portals.as_table_like_mut().context("`portals` is no table")?;
    let item = portals.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut().with_context(|| format!("`portals.{name}` is no table"))
}

/// Sets a member, or removes it.
pub fn set(table: &mut dyn TableLike, key: &str, value: Option<Item>) {
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

/// Takes the new value and keeps the comment behind the old one.
fn replace(old: &mut Item, new: Item) {
    let decor = old.as_value().map(|value| value.decor().clone());
    *old = new;
    if let (Some(decor), Some(value)) = (decor, old.as_value_mut()) {
        *value.decor_mut() = decor;
    }
}

/// Removes the table `[portals.NAME]`. The comment above it stays: it may be about more than this table.
pub fn remove(document: &mut DocumentMut, name: &str) {
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
pub fn remove_top(document: &mut DocumentMut, key: &str) {
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

/// The comment that stands above something, with its line ends; empty without one.
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

/// Gives the table `[portals.FROM]` another name.
pub fn rename(document: &mut DocumentMut, from: &str, to: &str) {
    if let Some(portals) = document.get_mut("portals").and_then(Item::as_table_like_mut)
        && let Some(table) = portals.remove(from)
    {
        portals.insert(to, table);
    }
}
