//! One output in each format.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::plain::one_line;
use super::report::{Output, Report};
use super::terminal::{Terminal, safe};
use super::{csv, json};
use crate::error::Error;
use crate::redact::{scrub, scrub_value};

/// `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One document.
    Json,
    /// One object per line.
    Jsonl,
    /// With a header line.
    Csv,
    /// Tab-separated, without a header.
    Plain,
    /// For comments and wikis.
    Markdown,
}

impl Format {
    /// Whether errors are JSON, too.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// The text for stdout.
    pub(crate) fn render(self, report: &Report, terminal: &Terminal) -> Result<String, Error> {
        let output = &report.output;
        let text = match output {
            Output::Nothing if self.is_json() && report.error.is_none() => {
                json::line(&json!({"notes": report.notes()}))?
            }
            Output::Nothing => return Ok(String::new()),
            Output::Text(text) if self.is_json() => json::line(&json!({"text": text}))?,
            Output::Text(text) => scrub(text),
            Output::Value(value) => self.value(value.clone()),
            Output::Content(content) => content.render(self, terminal)?,
        };
        // The cells of a table are clean already, and its colours are ours.
        let is_table = self == Self::Table && !matches!(output, Output::Value(_));
        Ok(if terminal.stdout.is_terminal && !is_table { safe(&text) } else { text })
    }

    fn value(self, mut value: Value) -> String {
        scrub_value(&mut value);
        match (self, &value) {
            (Self::Table | Self::Json, _) => format!("{value:#}\n"),
            (Self::Markdown, _) => format!("```json\n{value:#}\n```\n"),
            (Self::Jsonl, Value::Array(items)) => items.iter().map(|item| format!("{item}\n")).collect(),
            (Self::Csv, Value::String(text)) => format!("{}\n", csv::inert(&one_line(text))),
            (Self::Plain, Value::String(text)) => format!("{}\n", one_line(text)),
            (Self::Jsonl | Self::Plain | Self::Csv, _) => format!("{value}\n"),
        }
    }
}

/// Writes to stdout. A closed pipe, as `head` leaves it, is not an error.
pub(crate) fn to_stdout(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Local(anyhow::Error::from(error).context("cannot write the result")))
        }
        _ => Ok(()),
    }
}
