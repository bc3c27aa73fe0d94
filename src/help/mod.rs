//! Help texts: how they are read and laid out, and the reference topics of `imconn help`.
//!
//! The help of a command is the doc comment of its arguments. Like the topics it is Markdown in the small: paragraphs,
//! `- ` items, tables, headings (`Examples:` on a line of its own), and indented lines that keep their layout.

mod layout;
mod roff;
mod text;
mod topics;
pub mod variables;

pub(crate) use self::layout::{Layout, heading_style};
pub(crate) use self::roff::{escape as escape_roff, to_roff};
pub use self::topics::{TOPICS, Topic};
