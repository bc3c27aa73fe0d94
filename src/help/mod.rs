//! Help texts: how they are read and laid out, and the reference topics of `imconn help`.
//!
//! The help of a command is the doc comment of its arguments. Like the topics it is Markdown in the small: paragraphs,
//! `- ` items, tables, headings (`Examples:` on a line of its own), and indented lines that keep their layout.

mod layout;
mod roff;
mod text;
mod topics;
pub mod variables;

pub(crate) use self::layout::{GLUE, Layout, heading_style, unbroken};
pub(crate) use self::roff::{escape as escape_roff, to_roff};
pub use self::text::widest_kept_line;
pub(crate) use self::topics::topic_rows;
pub use self::topics::{TOPICS, Topic};
