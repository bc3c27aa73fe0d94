//! A home folder, a sandbox, and a server that misbehaves.

pub(crate) mod home;
pub(crate) mod http;
pub(crate) mod raw_server;
pub(crate) mod sandbox;

pub(crate) use home::{Home, Output};
pub(crate) use raw_server::RawServer;
pub(crate) use sandbox::Sandbox;

/// A token for portals that do not check it.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The handler that most tests bind.
pub(crate) const HANDLER: &str = "https://bot.example.com/b24";
