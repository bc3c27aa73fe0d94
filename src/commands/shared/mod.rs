//! What several commands use.

pub(super) mod changes;
pub(super) mod compare;
pub(super) mod history;
pub(super) mod identity;
pub mod manifest;
pub mod selection;
