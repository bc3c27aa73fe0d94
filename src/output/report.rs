//! What a command returns instead of printing.

use serde_json::Value;

use super::facts::Facts;
use super::table::Table;
use crate::error::{Error, ExitCode};
use crate::wire::envelope::PortalError;

/// The outcome of a command.
#[derive(Debug)]
pub struct Report {
    /// For stdout.
    pub output: Output,
    /// For stderr, after the body.
    pub messages: Vec<Message>,
    /// What went wrong in part.
    pub error: Option<FinalError>,
    /// What the process ends with.
    pub exit: ExitCode,
}

/// What goes to stdout.
#[derive(Debug)]
pub enum Output {
    /// Nothing.
    Nothing,
    /// A text as it is: a completion script, a manual page.
    Text(String),
    /// Whatever a portal returned.
    Value(Value),
    /// A list of records, in every format.
    Records(Records),
    /// One record, in every format.
    Facts(Facts),
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
    /// The records.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.document.get(self.list).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Printer beside the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Good to know; `--quiet` and JSON output drop it.
    Info(String),
    /// What to type next; dropped like an info.
    Hint(String),
    /// Always shown.
    Warning(String),
}

/// An error as it is told: beside a result, of which a part was not done, or in the place of one.
#[derive(Debug)]
pub struct FinalError {
    /// A word for scripts.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What the portal itself said, where it refused.
    pub refusal: Option<PortalError>,
    /// What helps.
    pub hint: Option<String>,
}

impl From<&Error> for FinalError {
    fn from(error: &Error) -> Self {
        let (code, refusal) = (error.code(), error.portal_error().cloned());
        Self { code, message: error.to_string(), refusal, hint: error.hint() }
    }
}

impl Report {
    /// A result without anything to add.
    #[must_use]
    pub fn of(output: Output) -> Self {
        Self { output, messages: Vec::new(), error: None, exit: ExitCode::Done }
    }

    /// Adds what was not done: the exit code says so even when the rest succeeded.
    #[must_use]
    pub fn with_error(mut self, error: FinalError) -> Self {
        if self.exit == ExitCode::Done {
            self.exit = ExitCode::Refused;
        }
        self.messages.extend(self.error.take().map(|earlier| Message::Warning(earlier.message)));
        self.error = Some(error);
        self
    }

    /// Adds printer.
    #[must_use]
    pub fn with_messages(mut self, messages: Vec<Message>) -> Self {
        self.messages = messages;
        self
    }
}
