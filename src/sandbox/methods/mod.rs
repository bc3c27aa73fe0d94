//! The REST methods of the sandbox, with the checks, texts and statuses of the real ones.

pub mod application;
pub mod batch;
pub mod event;
pub mod offline;
