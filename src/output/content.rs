//! A document or a record, whatever its type, in each format.

use super::format::Format;
use super::row::{Document, Record};
use super::terminal::Terminal;
use super::{csv, json, markdown, plain, table};
use crate::error::Error;

/// What every format can be made of.
pub(crate) trait Content {
    /// The text for stdout.
    fn render(&self, format: Format, terminal: &Terminal) -> Result<String, Error>;
}

pub(super) struct List<D>(pub(super) D);

impl<D: Document> Content for List<D> {
    fn render(&self, format: Format, terminal: &Terminal) -> Result<String, Error> {
        let List(document) = self;
        match format {
            Format::Table => Ok(document.table().draw(terminal.width, terminal.stdout.color)),
            Format::Json => json::document(document),
            Format::Jsonl => json::lines(document.rows()),
            Format::Csv => csv::list(document.rows()),
            Format::Plain => Ok(plain::list(document.rows())),
            Format::Markdown => Ok(document.markdown()),
        }
    }
}

pub(super) struct Single<R>(pub(super) R);

impl<R: Record> Content for Single<R> {
    fn render(&self, format: Format, terminal: &Terminal) -> Result<String, Error> {
        let Single(record) = self;
        match format {
            Format::Table => Ok(table::record(&record.fields(), terminal.width)),
            Format::Json => json::document(record),
            Format::Jsonl => json::line(record),
            Format::Csv => csv::record(&record.fields()),
            Format::Plain => Ok(plain::record(&record.fields())),
            Format::Markdown => Ok(markdown::record(&record.fields())),
        }
    }
}
