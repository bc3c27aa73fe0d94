//! The REST methods of the sandbox, with the checks, texts and statuses of the real ones.

pub(super) mod application;
pub(super) mod batch;
pub(super) mod event;
pub(super) mod offline;
