//! stderr: messages, warnings, errors, questions.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::json;

use super::format::Format;
use super::report::{Message, Report};
use super::terminal::{Terminal, safe};
use crate::error::{ExitCode, Problem};
use crate::wire::excerpt::printable;

/// Writes to stderr, knowing what is wanted there.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    terminal: Terminal,
    format: Format,
    quiet: bool,
}

impl Printer {
    /// For these settings.
    #[must_use]
    pub fn new(terminal: Terminal, format: Format, quiet: bool) -> Self {
        Self { terminal, format, quiet }
    }

    /// What the terminal can do.
    #[must_use]
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Whether progress may be shown: on a terminal, to somebody who wants to see it.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        self.terminal.stderr.is_terminal && !self.quiet
    }

    /// A note.
    pub fn message(&self, note: &Message) {
        let reticent = self.quiet || self.format.is_json();
        match note {
            Message::Warning(text) => self.line("warning", AnsiColor::Yellow, text),
            Message::Info(text) if !reticent => self.plain(&printable(text)),
            Message::Hint(text) if !reticent => self.line("hint", AnsiColor::Cyan, text),
            Message::Info(_) | Message::Hint(_) => {}
        }
    }

    /// A text as it is, whatever is wanted: what a question is about.
    pub fn plain(&self, text: &str) {
        Self::write(&format!("{}\n", safe(text)));
    }

    /// The words before an answer, on its line.
    pub(super) fn prompt(text: &str) {
        Self::write(text);
    }

    /// What the parser of the command line says, laid out by itself.
    pub fn usage(&self, text: &str) {
        Self::write(text);
    }

    /// What a report says in addition to its output.
    pub fn report(&self, report: &Report) {
        for message in &report.messages {
            self.message(message);
        }
        if let Some(error) = &report.error {
            self.problem(error, report.exit);
        }
    }

    /// An error, instead of a result or after it.
    pub(crate) fn problem(&self, error: &Problem, exit: ExitCode) {
        if self.format.is_json() {
            let refusal = error.portal.as_ref();
            self.write_json(&json!({
                "code": error.code,
                "message": error.message,
                "portal_code": refusal.map(|refusal| refusal.code.as_str()),
                "portal_message": refusal.map(|refusal| refusal.description.as_str()),
                "hint": error.hint,
                "exit_code": exit as i32,
            }));
            return;
        }
        self.line("error", AnsiColor::Red, &error.message);
        if let Some(hint) = &error.hint {
            self.line("hint", AnsiColor::Cyan, hint);
        }
    }

    fn line(&self, label: &str, color: AnsiColor, text: &str) {
        // A line feed from elsewhere must not begin a line that looks like ours.
        let text = printable(text);
        let style = Style::new().fg_color(Some(color.into())).bold();
        if self.terminal.stderr.color {
            Self::write(&format!("{style}{label}:{style:#} {text}\n"));
        } else {
            Self::write(&format!("{label}: {text}\n"));
        }
    }

    fn write_json(&self, error: &serde_json::Value) {
        let text = json!({ "error": error }).to_string();
        Self::write(&format!("{}\n", if self.terminal.stderr.is_terminal { safe(&text) } else { text }));
    }

    fn write(text: &str) {
        // When stderr itself is gone there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
