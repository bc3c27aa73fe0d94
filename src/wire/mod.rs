//! Shapes on the wire, in both directions and without I/O: the REST envelope, batches, event rows, the PHP form codec,
//! deliveries to a handler, tokens. The client and the sandbox share these definitions.

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
