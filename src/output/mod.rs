//! Everything that is written: results to stdout, messages to stderr, each judged separately for colour and width.
//!
//! A command returns rows ([`Row`], in a [`Document`]) or a [`Record`]. Every format has a file of its own.

pub mod content;
mod csv;
pub mod format;
mod json;
pub mod legacy;
mod markdown;
mod plain;
pub mod printer;
pub mod progress;
pub mod prompt;
pub mod report;
pub mod row;
pub mod stream;
pub mod table;
pub mod terminal;

pub use format::{Format, to_stdout};
pub use legacy::{Fact, Facts, Records};
pub use printer::Printer;
pub use report::{Message, Output, Report};
pub use row::{Cell, Column, Document, Field, Record, Row, Tone};
pub use stream::Stream;
pub use terminal::{ColorMode, Terminal};

/// Earlier name of [`Printer`].
pub type Talk = Printer;
/// Earlier name of [`Message`].
pub type Note = Message;
/// Earlier name of [`Output`].
pub type Body = Output;
