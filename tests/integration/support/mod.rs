//! A home folder, a sandbox, a server that misbehaves, and a proxy that records.

pub(crate) mod home;
pub(crate) mod http;
pub(crate) mod raw_server;
pub(crate) mod recorder;
pub(crate) mod sandbox;

pub(crate) use home::{Home, Output};
pub(crate) use raw_server::RawServer;
pub(crate) use recorder::Recorder;
pub(crate) use sandbox::Sandbox;

/// A token for portals that do not check it.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The handler that most tests bind.
pub(crate) const HANDLER: &str = "https://bot.example.com/b24";

/// Reports that a test was skipped, past the harness's capture.
pub(crate) fn skip(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}
