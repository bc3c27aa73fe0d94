//! One record that is no list: a label and a value a line.

use serde_json::Value;

use super::table::{Table, pairs};

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
pub struct Fact {
    /// Its name in CSV and plain.
    pub key: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Its value for people.
    pub value: String,
    /// Its value in CSV and plain, where that is another one.
    pub raw: Option<String>,
}

impl Fact {
    /// A fact.
    pub fn new(key: &'static str, label: &'static str, value: impl Into<String>) -> Self {
        Self { key, label, value: value.into(), raw: None }
    }

    /// The same with another value for scripts; nothing is an empty one.
    #[must_use]
    pub fn or<T: ToString>(self, raw: Option<T>) -> Self {
        Self { raw: Some(raw.map(|raw| raw.to_string()).unwrap_or_default()), ..self }
    }

    /// Its value for scripts.
    #[must_use]
    pub fn raw(&self) -> &str {
        self.raw.as_deref().unwrap_or(&self.value)
    }
}

impl Facts {
    /// The record as a Markdown table.
    #[must_use]
    pub fn markdown(&self) -> String {
        let rows = self.facts.iter().map(|fact| vec![fact.label.to_owned(), fact.value.clone()]).collect();
        Table { headers: vec!["", ""], rows, ..Table::default() }.markdown()
    }

    /// Draws the record within `width` columns, or as wide as it is.
    #[must_use]
    pub fn draw(&self, width: Option<u16>) -> String {
        let lines: Vec<(&str, &str)> = self.facts.iter().map(|fact| (fact.label, fact.value.as_str())).collect();
        pairs(&lines, width)
    }
}
