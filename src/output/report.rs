//! What a command returns instead of printing.

use serde_json::Value;

use super::content::{Content, List, Single};
use super::row::{Document, Record};
use crate::error::{ExitCode, Problem};

/// The outcome of a command.
pub(crate) struct Report {
    /// For stdout.
    pub output: Output,
    /// For stderr, after the output.
    pub messages: Vec<Message>,
    /// What went wrong in part.
    pub error: Option<Problem>,
    /// What the process ends with.
    pub exit: ExitCode,
}

/// What goes to stdout.
pub(crate) enum Output {
    Nothing,
    /// A text as it is: a completion script, a manual page. In JSON it is the member `text`.
    Text(String),
    /// Whatever a portal returned.
    Value(Value),
    /// A list or a record.
    Content(Box<dyn Content>),
}

impl Output {
    /// A list, in every format.
    pub(crate) fn list(document: impl Document + 'static) -> Self {
        Self::Content(Box::new(List(document)))
    }

    /// A single record, in every format.
    pub(crate) fn record(record: impl Record + 'static) -> Self {
        Self::Content(Box::new(Single(record)))
    }
}

/// What is said in addition to the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// Good to know; `--quiet` and JSON output drop it.
    Info(String),
    /// What to type next; dropped like an info.
    Hint(String),
    /// Always shown, with a word for scripts that stays the same when the text changes.
    Warning { code: &'static str, text: String },
}

impl Message {
    pub(crate) fn warning(code: &'static str, text: impl Into<String>) -> Self {
        Self::Warning { code, text: text.into() }
    }

    /// The command that comes next.
    pub(crate) fn next(purpose: &str, command: &str) -> Self {
        Self::Hint(format!("to {purpose}, run `{command}`"))
    }
}

impl Report {
    /// A result without anything to add.
    pub(crate) fn of(output: Output) -> Self {
        Self { output, messages: Vec::new(), error: None, exit: ExitCode::Done }
    }

    /// Adds what was not done: the exit code says so even when the rest succeeded.
    pub(crate) fn with_error(mut self, problem: Problem) -> Self {
        if self.exit == ExitCode::Done {
            self.exit = problem.exit;
        }
        self.messages.extend(self.error.take().map(|earlier| Message::warning("failed_in_part", earlier.message)));
        self.error = Some(problem);
        self
    }

    /// What a command without a result of its own has done.
    pub(super) fn notes(&self) -> Vec<&str> {
        let notes = self.messages.iter().filter_map(|message| match message {
            Message::Info(text) => Some(text.as_str()),
            Message::Hint(_) | Message::Warning { .. } => None,
        });
        notes.collect()
    }

    pub(crate) fn with_messages(mut self, messages: Vec<Message>) -> Self {
        self.messages = messages;
        self
    }
}
