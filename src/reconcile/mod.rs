//! Making a portal match: read it, change it, remember how to undo that.

pub mod apply;
pub mod change;
pub mod execute;
pub mod history;
pub mod read;

pub use change::{Action, Change, ChangeError, Status, Summary};
pub use read::View;
