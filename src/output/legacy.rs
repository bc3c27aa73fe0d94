//! Rows and records without a type, for the commands that have not moved to [`super::row`] yet.

use serde_json::Value;

use super::row::{Cell, Field};
use super::table::Table;

/// A record in every format.
#[derive(Debug)]
pub struct Facts {
    /// The whole JSON document.
    pub document: Value,
    /// The same for people, for CSV and for plain.
    pub facts: Vec<Fact>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact(Field);

impl Fact {
    /// A fact.
    pub fn new(key: &'static str, label: &'static str, value: impl Into<String>) -> Self {
        Self(Field::new(key, label, value.into()))
    }

    /// The same with another value for scripts; nothing is an empty one.
    #[must_use]
    pub fn or<T: ToString>(self, raw: Option<T>) -> Self {
        let Field { name, title, cell } = self.0;
        Self(Field::new(name, title, cell.with_raw_option(raw.map(|raw| raw.to_string()))))
    }
}

impl Facts {
    pub(super) fn fields(&self) -> Vec<Field> {
        self.facts.iter().map(|fact| fact.0.clone()).collect()
    }
}

/// A list of records.
#[derive(Debug)]
pub struct Records {
    /// The whole JSON document.
    pub document: Value,
    /// The member of the document that holds the records.
    pub list: &'static str,
    /// Members of a record, in the order of CSV and plain columns.
    pub columns: &'static [&'static str],
    /// The same for people.
    pub table: Table,
    /// The same as Markdown, where a table would not do.
    pub markdown: Option<String>,
}

impl Records {
    pub(super) fn items(&self) -> &[Value] {
        self.document.get(self.list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn cells(&self, item: &Value) -> Vec<String> {
        self.columns.iter().map(|column| cell(item.get(*column).unwrap_or(&Value::Null))).collect()
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

/// Cells of texts.
pub fn texts(row: Vec<String>) -> Vec<Cell> {
    row.into_iter().map(Cell::from).collect()
}
