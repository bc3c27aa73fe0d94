//! Rows without a type, for `undo --list`.

use serde_json::Value;

use super::row::Cell;
use super::table::Table;

/// A list of records.
#[derive(Debug)]
pub(crate) struct Records {
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
pub(crate) fn texts(row: Vec<String>) -> Vec<Cell> {
    row.into_iter().map(Cell::from).collect()
}
