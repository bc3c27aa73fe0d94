//! What imconn keeps on disk: folders, files that are whole at every moment, locks, settings, credentials, the journal.

pub mod file;
pub mod folders;
pub mod lock;
