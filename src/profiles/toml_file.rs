//! Reading TOML by hand, so that a mistake is reported with its line and never with a value: it may be a
//! misplaced token.

use std::ops::Range;
use std::path::Path;

use anyhow::{Result, anyhow};
use toml_edit::{Document, Item, TableLike};

/// A text, and the file that it came from.
#[derive(Clone, Copy)]
pub(super) struct TomlFile<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl<'a> TomlFile<'a> {
    pub(super) fn parse(self) -> Result<Document<&'a str>> {
        // The parser's own rendering quotes the line.
        Document::parse(self.text).map_err(|error| self.wrong(error.span(), error.message()))
    }

    /// The error for what stands at a place in the text.
    pub(super) fn wrong(self, span: Option<Range<usize>>, what: impl std::fmt::Display) -> anyhow::Error {
        let line = span.map_or(1, |span| self.text[..span.start].matches('\n').count() + 1);
        anyhow!("{}, line {line}: {what}", self.path.display())
    }

    /// The error for a member, which names its line.
    pub(super) fn wrong_member(self, table: &dyn TableLike, key: &str, what: impl std::fmt::Display) -> anyhow::Error {
        self.wrong(span_of(table, key), what)
    }

    /// A string; `None` when it is missing. `shown` is what messages call it.
    pub(super) fn string(self, table: &dyn TableLike, key: &str, shown: &str) -> Result<Option<String>> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let text = item.as_str().ok_or_else(|| self.unexpected(table, key, shown, "a string"))?;
        Ok(Some(text.to_owned()))
    }

    pub(super) fn integer(self, table: &dyn TableLike, key: &str, shown: &str) -> Result<Option<i64>> {
        let Some(item) = table.get(key) else { return Ok(None) };
        item.as_integer().map(Some).ok_or_else(|| self.unexpected(table, key, shown, "an integer"))
    }

    pub(super) fn strings(self, table: &dyn TableLike, key: &str, shown: &str) -> Result<Vec<String>> {
        let Some(item) = table.get(key) else { return Ok(Vec::new()) };
        let unexpected = || self.unexpected(table, key, shown, "an array of strings");
        let array = item.as_array().ok_or_else(unexpected)?;
        array.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(unexpected)).collect()
    }

    pub(super) fn table<'t>(self, table: &'t dyn TableLike, key: &str, shown: &str) -> Result<&'t dyn TableLike> {
        let item = table.get(key);
        item.and_then(Item::as_table_like).ok_or_else(|| self.unexpected(table, key, shown, "a table"))
    }

    pub(super) fn unexpected(self, table: &dyn TableLike, key: &str, shown: &str, expected: &str) -> anyhow::Error {
        let found = table.get(key).map_or("nothing", Item::type_name);
        let article = if found.starts_with(['a', 'i']) { "an" } else { "a" };
        self.wrong_member(table, key, format!("`{shown}`: expected {expected}, found {article} {found}"))
    }
}

fn span_of(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    let (key, item) = table.get_key_value(key)?;
    key.span().or_else(|| item.span())
}
