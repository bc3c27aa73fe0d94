//! The receiving side: what a portal or a browser sends to this machine.

pub(crate) mod callback;
mod connections;
