//! Where tokens come from and go to: one file per source.

mod command;
mod environment;
mod pending_login;
mod rescue;
mod sandbox;
mod stored;
mod tee;

pub(crate) use command::CommandTokens;
pub(crate) use environment::EnvironmentTokens;
pub(crate) use pending_login::PendingLogin;
pub(crate) use rescue::RescuedTokens;
pub(crate) use sandbox::SandboxTokens;
pub(crate) use stored::StoredTokens;
pub(crate) use tee::{TeeTokenFile, check_target, tokens_to_json};
