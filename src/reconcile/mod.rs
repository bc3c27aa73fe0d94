//! Making a portal match: read it, change it, remember how to undo that.

pub(crate) mod apply;
pub(crate) mod change;
pub(crate) mod execute;
pub(crate) mod history;
pub(crate) mod read;
mod settle;
pub(crate) mod undo;

pub(crate) use change::{Action, Change, ChangeError, Status, Summary};
pub(crate) use read::View;
