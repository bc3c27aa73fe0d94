//! Files: where they are, how they are replaced, how processes share them.

pub(crate) mod file;
pub(crate) mod folders;
pub(crate) mod lock;
