//! Shapes on the wire, both ways, without any I/O: the REST envelope, batches, event rows, the PHP form codec, and
//! what a portal delivers to a handler. The client and the sandbox share these definitions.

pub mod batch;
pub mod code;
pub mod delivery;
pub mod envelope;
pub mod event_row;
pub mod excerpt;
pub mod form;
pub mod profile;
pub mod tokens;

#[doc = include_str!("protocol.md")]
pub mod protocol {}
