//! `imconn logout`.

use clap::Args;

use super::Run;
use super::portals;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Report};
use crate::profiles::credentials::CredentialStore;
use crate::profiles::known::{KnownPortal, SANDBOX, TokensAt};
use crate::profiles::target::Target;

/// Forget a portal's tokens and keys
///
/// Examples:
///   imconn logout --portal acme
///   imconn logout --all
///
/// What config.toml says of the portal stays; `imconn portals remove` takes that away, too. The portal is not told: a
/// token that somebody has copied lives until its end.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct LogoutArgs {
    /// Every portal
    #[arg(long)]
    pub all: bool,
}

impl Run for LogoutArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn run(args: &LogoutArgs, context: &Context) -> Result<Report, Error> {
    let store = context.store()?;
    // Asked for under the lock: another login may be under way.
    let _lock = context.lock_store(&store).await?;
    let forgotten = if args.all { stored(&store)? } else { vec![one(context)?] };
    let mut messages = Vec::new();
    for portal in forgotten {
        if store.remove(&portal.name)? {
            messages.push(Message::Info(format!("the tokens for {} ({}) are gone", portal.name, portal.host)));
        } else if !args.all {
            messages.push(Message::Info(format!(
                "there are no tokens for {} in {}",
                portal.name,
                store.path().display()
            )));
        }
        if let TokensAt::Command(_) = portal.tokens {
            messages
                .push(Message::Info(format!("{} has a credential_command in config.toml; that stays", portal.name)));
        }
    }
    if messages.is_empty() {
        messages.push(Message::Info("there are no tokens to forget".to_owned()));
    }
    if context.settings.environment.access_token.is_some() {
        messages.push(Message::Warning("IMCONN_ACCESS_TOKEN is still set".to_owned()));
    }
    let left = portals::list(context)?;
    Ok(Report { messages: [messages, left.messages].concat(), ..left })
}

/// Every portal of the store. A mistake in config.toml does not keep tokens from being forgotten.
fn stored(store: &CredentialStore) -> Result<Vec<KnownPortal>, Error> {
    let known = |(name, host)| KnownPortal { name, host, tokens: TokensAt::Store };
    Ok(store.hosts()?.into_iter().map(known).collect())
}

/// The portal that is named, or the default one.
fn one(context: &Context) -> Result<KnownPortal, Error> {
    if let Some(named) = context.settings.portal.as_deref().filter(|named| *named != SANDBOX) {
        return context.known_portal(named);
    }
    match context.target()? {
        Target::Address { known: Some(known), .. } => Ok(*known),
        Target::Address { address, known: None } => context.known_portal(&address.stored()),
        Target::Sandbox => Err(Error::usage("the sandbox keeps its own tokens", "there is nothing to log out of")),
    }
}
