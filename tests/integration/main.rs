//! The built binary over real HTTP, against its own sandbox, in a cleared environment with a home of its own.

// Signals, pseudo-terminals, file modes and /proc: the tests rely on Linux.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

mod apply;
mod architecture;
mod auth_servers;
mod bind;
mod bug;
mod call;
mod codec;
mod config;
mod crash;
mod credential_command;
mod doctor;
mod events;
mod hints;
mod hostile;
mod input;
mod list;
mod login;
mod login_browser;
mod manifest;
mod offline_queue;
mod portals;
mod readme;
mod rescue;
mod retries;
mod sandbox_auth;
mod sandbox_batch;
mod sandbox_events;
mod sandbox_methods;
mod sandbox_oauth;
mod sandbox_offline;
mod sandbox_rest;
mod sandbox_serve;
mod sdks;
mod secret_handlers;
mod secrets;
mod secrets_everywhere;
mod selection;
mod settings;
mod status;
mod streams;
mod style;
mod surface;
mod terminal;
mod token_files;
mod tokens;
mod transcripts;
mod unbind;
mod undo;
mod undo_faults;
mod undo_kills;
