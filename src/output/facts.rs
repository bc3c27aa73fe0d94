//! One record that is no list: a label and a value a line.

use serde_json::Value;

use super::table::pairs;

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
    /// Its value.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(key: &'static str, label: &'static str, value: impl Into<String>) -> Self {
        Self { key, label, value: value.into() }
    }
}

impl Facts {
    /// Draws the record within `width` columns, or as wide as it is.
    #[must_use]
    pub fn draw(&self, width: Option<u16>) -> String {
        let lines: Vec<(&str, &str)> = self.facts.iter().map(|fact| (fact.label, fact.value.as_str())).collect();
        pairs(&lines, width)
    }
}
