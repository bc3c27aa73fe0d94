//! stderr: messages, warnings, errors, questions.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::format::Format;
use super::report::{Message, Report};
use super::terminal::{Terminal, safe};
use crate::error::{ExitCode, Problem};
use crate::redact::{scrub, scrub_value};
use crate::wire::excerpt::printable;

/// Writes to stderr, as the output format and `--quiet` ask for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    terminal: Terminal,
    format: Format,
    quiet: bool,
}

impl Printer {
    pub(crate) fn new(terminal: Terminal, format: Format, quiet: bool) -> Self {
        Self { terminal, format, quiet }
    }

    pub(crate) fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// Progress is for terminals only, and neither for `--quiet` nor next to JSON.
    pub(crate) fn shows_progress(&self) -> bool {
        self.terminal.stderr.is_terminal && !self.quiet && !self.format.is_json()
    }

    pub(crate) fn message(&self, message: &Message) {
        let is_quiet = self.quiet || self.format.is_json();
        match message {
            Message::Warning { code, text } => self.warning(code, text),
            Message::Info(text) if !is_quiet => self.plain(&printable(text)),
            Message::Hint(text) if !is_quiet => self.line("hint", AnsiColor::Cyan, text),
            Message::Info(_) | Message::Hint(_) => {}
        }
    }

    fn warning(&self, code: &str, text: &str) {
        if self.format.is_json() {
            self.write_json(json!({"warning": {"code": code, "message": printable(text)}}));
        } else {
            self.line("warning", AnsiColor::Yellow, text);
        }
    }

    /// What the user has to know before the command can go on, in spite of `--quiet`. Where a program reads stderr as
    /// JSON, it is JSON.
    pub(crate) fn plain(&self, text: &str) {
        if self.format.is_json() && !self.terminal.stderr.is_terminal {
            self.write_json(json!({"warning": {"code": "notice", "message": printable(text.trim())}}));
        } else {
            Self::write(&format!("{}\n", safe(text)));
        }
    }

    /// The words before an answer, on its line.
    pub(super) fn prompt(text: &str) {
        Self::write(text);
    }

    /// An error of the command-line parser, with its own layout.
    #[expect(clippy::unused_self, reason = "all text for stderr goes through a printer")]
    pub(crate) fn usage(&self, text: &str) {
        Self::write(text);
    }

    /// What a report says in addition to its output.
    pub(crate) fn report(&self, report: &Report) {
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
            self.write_json(json!({"error": {
                "code": error.code,
                "message": error.message,
                "portal_code": refusal.map(|refusal| refusal.code.as_str()),
                "portal_message": refusal.map(|refusal| refusal.description.as_str()),
                "hint": error.hint,
                "exit_code": exit as i32,
            }}));
            return;
        }
        self.line("error", AnsiColor::Red, &error.message);
        if let Some(hint) = &error.hint {
            self.line("hint", AnsiColor::Cyan, hint);
        }
    }

    fn line(&self, label: &str, color: AnsiColor, text: &str) {
        // A line feed in foreign text must not begin a line that looks like ours.
        let text = printable(text);
        let style = Style::new().fg_color(Some(color.into())).bold();
        if self.terminal.stderr.color {
            Self::write(&format!("{style}{label}:{style:#} {text}\n"));
        } else {
            Self::write(&format!("{label}: {text}\n"));
        }
    }

    fn write_json(&self, mut document: Value) {
        scrub_value(&mut document);
        let text = document.to_string();
        Self::write_clean(&format!("{}\n", if self.terminal.stderr.is_terminal { safe(&text) } else { text }));
    }

    fn write(text: &str) {
        Self::write_clean(&scrub(text));
    }

    fn write_clean(text: &str) {
        // If stderr is closed, there is nowhere to report to.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
