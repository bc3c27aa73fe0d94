//! HTTP below REST.

pub mod client;
pub mod tls;
