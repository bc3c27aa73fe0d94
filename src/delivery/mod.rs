//! An event on its way to a handler: built as a portal builds it, posted as a portal posts it (`protocol` section 4).

pub mod sample;
pub(crate) mod send;
