//! What the terminal can do.

use std::io::{IsTerminal as _, stderr, stdin, stdout};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use terminal_size::{Width, terminal_size, terminal_size_of};

use crate::wire::excerpt::is_printable;

/// `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ColorMode {
    /// On a terminal, unless `NO_COLOR` or `TERM=dumb` says otherwise.
    #[default]
    Auto,
    /// Also into a pipe.
    Always,
    /// Not at all.
    Never,
}

/// What the streams can do, detected once at start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Where results go.
    pub stdout: StandardStream,
    /// Where messages go.
    pub stderr: StandardStream,
    /// Whether questions can be asked: stdin and stderr are terminals.
    pub interactive: bool,
    /// Columns to fit into; `None` outside a terminal.
    pub width: Option<u16>,
}

/// One of the two streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandardStream {
    pub is_terminal: bool,
    pub color: bool,
}

impl Terminal {
    /// Examines the streams and the environment; `COLUMNS` overrides the measured width.
    pub(crate) fn detect(mode: ColorMode, no_input: bool) -> Self {
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|&width| width > 0);
        let out = StandardStream { is_terminal: stdout().is_terminal(), color: colored(mode, &stdout()) };
        let err = StandardStream { is_terminal: stderr().is_terminal(), color: colored(mode, &stderr()) };
        Self {
            stdout: out,
            stderr: err,
            interactive: !no_input && stdin().is_terminal() && err.is_terminal,
            width: columns.or_else(|| if out.is_terminal { measured_width() } else { None }),
        }
    }
}

fn measured_width() -> Option<u16> {
    let size = terminal_size_of(stdout()).or_else(terminal_size);
    size.map(|(Width(width), _)| width).filter(|&width| width > 0)
}

fn colored<S: RawStream>(mode: ColorMode, stream: &S) -> bool {
    match mode {
        ColorMode::Always => true,
        ColorMode::Never => false,
        // anstream takes 0 for any other value: it forces.
        ColorMode::Auto if is_set_to("CLICOLOR_FORCE", "0") => stream.is_terminal() && takes_colours(),
        ColorMode::Auto => !matches!(AutoStream::choice(stream), ColorChoice::Never),
    }
}

/// Whether the environment lets a terminal have colours.
fn takes_colours() -> bool {
    let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !(is_refused || is_set_to("CLICOLOR", "0") || is_set_to("TERM", "dumb"))
}

fn is_set_to(variable: &str, value: &str) -> bool {
    std::env::var_os(variable).is_some_and(|set| set == value)
}

/// Foreign text as it may reach a terminal: no control characters but the line feed and the tab.
pub(crate) fn safe(text: &str) -> String {
    text.chars().filter(|&c| c == '\n' || c == '\t' || is_printable(c)).collect()
}
