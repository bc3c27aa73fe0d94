//! HTTP below REST: the client, TLS, transport errors, kinds of hosts. Nothing here knows of portals.

pub mod client;
pub(crate) mod domains;
pub(crate) mod hosts;
mod pinned;
pub(crate) mod tls;
pub(crate) mod transport;
