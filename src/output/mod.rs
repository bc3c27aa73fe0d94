//! Everything that is written: results to stdout, printer to stderr, each judged by itself for colour and width.

pub mod facts;
pub mod format;
pub mod printer;
pub mod progress;
pub mod prompt;
pub mod report;
pub mod table;
pub mod terminal;

pub use facts::{Fact, Facts};
pub use format::{Format, to_stdout};
pub use printer::Printer;
pub use report::{FinalError, Message, Output, Records, Report};
pub use terminal::{ColorMode, Terminal};

/// Earlier name of [`Printer`].
pub type Talk = Printer;
/// Earlier name of [`Message`].
pub type Note = Message;
/// Earlier name of [`Output`].
pub type Body = Output;
