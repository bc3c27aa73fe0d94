//! Results that are written while the command runs: each row as soon as there is one.

use super::format::{Format, to_stdout};
use super::row::{Column, Record, Row};
use super::terminal::{Terminal, safe};
use super::{csv, json, markdown, plain, table};
use crate::error::Error;

/// Writes to stdout, one row or record at a time.
#[derive(Debug)]
pub(crate) struct Stream {
    format: Format,
    is_terminal: bool,
    /// The columns whose header has been written.
    header: Option<&'static [Column]>,
}

impl Stream {
    pub(crate) fn new(format: Format, terminal: &Terminal) -> Self {
        Self { format, is_terminal: terminal.stdout.is_terminal, header: None }
    }

    /// Writes a row, after the header of its columns where the format has one.
    #[expect(dead_code, reason = "for commands that follow events")]
    pub(crate) fn row<R: Row>(&mut self, row: &R) -> Result<(), Error> {
        let text = self.text_of_row(row)?;
        self.write(&text)
    }

    /// Writes a record.
    pub(crate) fn record<R: Record>(&mut self, record: &R) -> Result<(), Error> {
        let fields = record.fields();
        let text = match self.format {
            Format::Table => table::record(&fields, None),
            Format::Json | Format::Jsonl => json::line(record)?,
            Format::Csv => csv::record(&fields)?,
            Format::Plain => plain::record(&fields),
            Format::Markdown => markdown::record(&fields),
        };
        self.write(&text)
    }

    /// Writes a text for people, which no other format has.
    pub(crate) fn remark(&mut self, text: &str) -> Result<(), Error> {
        match self.format {
            Format::Table | Format::Markdown => self.write(text),
            Format::Json | Format::Jsonl | Format::Csv | Format::Plain => Ok(()),
        }
    }

    fn text_of_row<R: Row>(&mut self, row: &R) -> Result<String, Error> {
        let is_first = self.header != Some(R::COLUMNS);
        self.header = Some(R::COLUMNS);
        let cells = row.cells();
        Ok(match self.format {
            Format::Json | Format::Jsonl => json::line(row)?,
            Format::Csv if is_first => csv::header(R::COLUMNS)? + &csv::line(R::COLUMNS, &cells)?,
            Format::Csv => csv::line(R::COLUMNS, &cells)?,
            Format::Plain => plain::line(R::COLUMNS, &cells),
            Format::Table => table::line(R::COLUMNS, &cells),
            Format::Markdown if is_first => markdown::header(R::COLUMNS) + &markdown::row(R::COLUMNS, &cells),
            Format::Markdown => markdown::row(R::COLUMNS, &cells),
        })
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        if self.is_terminal { to_stdout(&safe(text)) } else { to_stdout(text) }
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::super::row::Cell;
    use super::*;

    #[derive(Serialize)]
    struct Received {
        event: &'static str,
        user: u64,
    }

    impl Row for Received {
        const COLUMNS: &'static [Column] = &[Column::new("event", "Event"), Column::new("user", "User")];

        fn cells(&self) -> Vec<Cell> {
            vec![Cell::new(self.event), Cell::new(format!("user {}", self.user)).with_raw(self.user)]
        }
    }

    fn two_rows(format: Format) -> String {
        let mut stream = Stream { format, is_terminal: false, header: None };
        let rows = [Received { event: "OnA", user: 0 }, Received { event: "OnB", user: 7 }];
        rows.iter().map(|row| stream.text_of_row(row).expect("a row")).collect()
    }

    #[test]
    fn the_header_comes_once() {
        assert_eq!(two_rows(Format::Csv), "event,user\nOnA,0\nOnB,7\n");
        assert_eq!(two_rows(Format::Markdown), "| Event | User |\n| --- | --- |\n| OnA | user 0 |\n| OnB | user 7 |\n");
    }

    #[test]
    fn every_row_is_a_line() {
        assert_eq!(two_rows(Format::Plain), "OnA\t0\nOnB\t7\n");
        assert_eq!(two_rows(Format::Table), "OnA  user 0\nOnB  user 7\n");
        let json = "{\"event\":\"OnA\",\"user\":0}\n{\"event\":\"OnB\",\"user\":7}\n";
        assert_eq!((two_rows(Format::Json), two_rows(Format::Jsonl)), (json.to_owned(), json.to_owned()));
    }
}
