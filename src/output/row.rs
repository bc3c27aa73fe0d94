//! Typed rows: what a result says, once for every format.

use std::fmt::Display;

use serde::Serialize;

use super::table::Table;
use crate::redact::scrub;

/// One row of a list. Its JSON is what it serialises to; all other formats show its cells.
pub(crate) trait Row: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [Column];

    /// One cell per column.
    fn cells(&self) -> Vec<Cell>;
}

/// A result that is a list: JSON shows the whole document, every other format its rows.
pub(crate) trait Document: Serialize {
    /// What the list consists of.
    type Row: Row;

    /// The list.
    fn rows(&self) -> &[Self::Row];

    /// The list for people.
    fn table(&self) -> Table {
        Table::of(self.rows())
    }

    /// The list for comments and wikis.
    fn markdown(&self) -> String {
        self.table().markdown()
    }
}

/// A result that is a single record: JSON shows it whole, every other format its fields, one per line.
pub(crate) trait Record: Serialize {
    /// The fields, in order.
    fn fields(&self) -> Vec<Field>;
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) cell: Cell,
}

impl Field {
    /// `name` is for programs and stays as it is; `title` is for people.
    pub(crate) fn new(name: &'static str, title: &'static str, cell: impl Into<Cell>) -> Self {
        Self { name, title, cell: cell.into() }
    }
}

/// One column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub(super) name: Option<&'static str>,
    pub(super) title: Option<&'static str>,
    pub(super) elastic: bool,
    pub(super) optional: bool,
}

impl Column {
    /// `name` is for programs and stays as it is; `title` is for people.
    pub(crate) const fn new(name: &'static str, title: &'static str) -> Self {
        Self { name: Some(name), title: Some(title), elastic: false, optional: false }
    }

    /// A column that tables leave out.
    pub(crate) const fn raw(name: &'static str) -> Self {
        Self { name: Some(name), title: None, elastic: false, optional: false }
    }

    /// A column that only tables have.
    pub(crate) const fn titled(title: &'static str) -> Self {
        Self { name: None, title: Some(title), elastic: false, optional: false }
    }

    /// The column that wraps when the terminal is too narrow; the others keep their width.
    pub(crate) const fn elastic(self) -> Self {
        Self { elastic: true, ..self }
    }

    /// A column that tables leave out while it is empty in all rows.
    pub(crate) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

/// One value, as people and as programs read it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(super) text: String,
    pub(super) raw: String,
    pub(super) tone: Tone,
}

/// What a value means for the user, shown as a colour where there are colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// All is well.
    Good,
    /// Something to look into.
    Warning,
    /// A failure.
    Bad,
}

impl Cell {
    /// The same value for people and programs.
    pub(crate) fn new(value: impl Display) -> Self {
        let text = scrub(&value.to_string());
        Self { raw: text.clone(), text, tone: Tone::Neutral }
    }

    /// `-` for people and nothing for programs when there is no value.
    pub(crate) fn or_dash(value: Option<impl Display>) -> Self {
        value.map_or_else(|| Self::new("-").with_raw(""), Self::new)
    }

    /// Another value for programs.
    pub(crate) fn with_raw(self, raw: impl Display) -> Self {
        Self { raw: scrub(&raw.to_string()), ..self }
    }

    /// Another value for programs, or nothing.
    pub(crate) fn with_raw_option(self, raw: Option<impl Display>) -> Self {
        Self { raw: raw.map(|raw| scrub(&raw.to_string())).unwrap_or_default(), ..self }
    }

    /// In the colour of a meaning.
    pub(crate) fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

/// A missing value is empty.
impl<T: Display> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map(Self::new).unwrap_or_default()
    }
}
