//! Where tokens come from and go to: the environment, the store, a program of the user's, the sandbox.

mod command;
mod copied;
mod environment;
mod handed;
mod sandbox;
mod stored;

pub use command::CommandTokens;
pub use copied::{CopiedTokens, tokens_to_json};
pub use environment::EnvironmentTokens;
pub use handed::HandedTokens;
pub use sandbox::SandboxTokens;
pub use stored::StoredTokens;
