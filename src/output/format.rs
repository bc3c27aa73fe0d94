//! One body in each format.

use std::io::{self, Write};

use serde_json::Value;

use super::report::{Output, Records};
use super::terminal::{Terminal, safe};
use crate::error::Error;

/// `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One document.
    Json,
    /// One object a line.
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
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// The text for stdout.
    ///
    /// # Errors
    /// [`Error::Local`] when CSV cannot be written.
    pub fn render(self, body: &Output, terminal: &Terminal) -> Result<String, Error> {
        let text = match body {
            Output::Nothing => return Ok(String::new()),
            Output::Text(text) => return Ok(text.clone()),
            Output::Value(value) => self.value(value),
            Output::Records(records) => match self {
                // Its cells are cleaned already, and its colours are ours.
                Self::Table => return Ok(records.table.draw(terminal.width, terminal.stdout.color)),
                Self::Json => pretty(&records.document),
                Self::Jsonl => records.items().iter().map(|item| format!("{item}\n")).collect(),
                Self::Csv => csv(records)?,
                Self::Plain => plain(records),
                Self::Markdown => records.markdown.clone().unwrap_or_else(|| records.table.markdown()),
            },
            Output::Facts(facts) => match self {
                Self::Table => return Ok(facts.draw(terminal.width)),
                Self::Json => pretty(&facts.document),
                Self::Jsonl => format!("{}\n", facts.document),
                Self::Csv => {
                    let (keys, values): (Vec<_>, Vec<_>) =
                        facts.facts.iter().map(|fact| (fact.key, fact.raw())).unzip();
                    csv_lines([keys, values])?
                }
                Self::Markdown => facts.markdown(),
                Self::Plain => {
                    facts.facts.iter().map(|fact| format!("{}\t{}\n", fact.key, one_line(fact.raw()))).collect()
                }
            },
        };
        Ok(if terminal.stdout.is_terminal { safe(&text) } else { text })
    }

    fn value(self, value: &Value) -> String {
        match (self, value) {
            (Self::Table | Self::Json, _) => pretty(value),
            (Self::Markdown, _) => format!("```json\n{value:#}\n```\n"),
            (Self::Jsonl, Value::Array(items)) => items.iter().map(|item| format!("{item}\n")).collect(),
            (Self::Plain | Self::Csv, Value::String(text)) => format!("{}\n", one_line(text)),
            (Self::Jsonl | Self::Plain | Self::Csv, _) => format!("{value}\n"),
        }
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn csv(records: &Records) -> Result<String, Error> {
    let header = records.columns.iter().map(|&column| column.to_owned()).collect();
    csv_lines([header].into_iter().chain(records.items().iter().map(|item| cells(item, records.columns))))
}

fn csv_lines<C: AsRef<[u8]>>(lines: impl IntoIterator<Item = Vec<C>>) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    lines.into_iter().try_for_each(|line| writer.write_record(line)).map_err(anyhow::Error::from)?;
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn plain(records: &Records) -> String {
    let line =
        |item| cells(item, records.columns).iter().map(|cell| one_line(cell)).collect::<Vec<_>>().join("\t") + "\n";
    records.items().iter().map(line).collect()
}

fn cells(item: &Value, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| cell(item.get(*column).unwrap_or(&Value::Null))).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

/// Control characters would break "one record a line": they are written as escapes.
fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

/// Writes to stdout. A reader that has gone, as `head` has, is no error.
///
/// # Errors
/// [`Error::Local`] when the text cannot be written, as on a full disk.
pub fn to_stdout(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Local(anyhow::Error::from(error).context("cannot write the result")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::table::Table;
    use serde_json::json;

    fn records(handler: &str) -> Records {
        let document = json!({"list": [{"handler": handler, "user": 7, "none": null}]});
        Records {
            document,
            list: "list",
            columns: &["handler", "user", "none"],
            table: Table::default(),
            markdown: None,
        }
    }

    #[test]
    fn a_plain_record_stays_on_one_line_whatever_is_in_it() {
        assert_eq!(plain(&records("a\tb\nc\u{1b}[2J")), "a\\tb\\nc\\u{1b}[2J\t7\t\n");
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        assert_eq!(csv(&records("a,\"b\"")).expect("csv"), "handler,user,none\n\"a,\"\"b\"\"\",7,\n");
    }
}
