//! What imconn keeps on disk: folders, files that are whole at every moment, locks, settings, credentials, the journal.

pub mod config;
pub mod credentials;
pub mod edit;
pub mod file;
pub mod folders;
pub mod journal;
pub mod lock;
