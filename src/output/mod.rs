//! Everything that is written: results to stdout, messages to stderr, each judged separately for colour and width.
//!
//! A command returns rows ([`Row`], in a [`Document`]) or a [`Record`]. Every format has a file of its own.

pub(crate) mod content;
mod csv;
pub(crate) mod format;
mod json;
mod markdown;
mod plain;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod report;
pub(crate) mod row;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod terminal;

pub(crate) use format::{Format, to_stdout};
pub(crate) use markdown::longest_run;
pub(crate) use printer::Printer;
pub(crate) use report::{Message, Output, Report};
pub(crate) use row::{Cell, Column, Document, Field, Record, Row, Tone};
pub(crate) use stream::Stream;
pub(crate) use terminal::{ColorMode, Terminal};
