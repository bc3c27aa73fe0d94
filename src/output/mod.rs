//! Everything that is written: results to stdout, talk to stderr, each judged by itself for colour and width.

pub mod facts;
pub mod format;
pub mod progress;
pub mod prompt;
pub mod report;
pub mod table;
pub mod talk;
pub mod terminal;

pub use facts::{Fact, Facts};
pub use format::{Format, to_stdout};
pub use report::{Body, FinalError, Note, Records, Report};
pub use talk::Talk;
pub use terminal::{ColorMode, Terminal};
