//! What several commands use.

pub(super) mod changes;
pub(super) mod compare;
pub(super) mod confirm;
pub(super) mod history;
pub(super) mod identity;
pub(super) mod input;
pub(crate) mod manifest;
pub(super) mod own_view;
pub(crate) mod repetition;
pub(super) mod secret_handler;
pub(crate) mod selection;
