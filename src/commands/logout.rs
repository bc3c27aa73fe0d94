//! `imconn logout`.

use std::path::Path;

use super::{Run, portals};
use crate::context::Context;
use crate::error::Error;
use crate::output::{Message, Report};
use crate::profiles::{ProfileStore, Profiles, SANDBOX, SelectedPortal, TokenLocation};
use crate::redact::mask_urls;

/// Log out: delete a portal's stored tokens
///
/// Examples:
///   imconn logout -p acme
///   imconn logout --all
///
/// The portal's settings in config.toml stay; `imconn portals remove` deletes them as well. The portal is not informed: a copied
/// token works until it expires.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Every portal
    #[arg(long)]
    pub all: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let folder = context.settings.folders.config()?;
        let mut messages =
            if self.all { remove_all(&folder, context).await? } else { remove_one(&folder, context).await? };
        if context.settings.environment.access_token.is_some() {
            messages.push(Message::warning("token_still_set", "IMCONN_ACCESS_TOKEN is still set"));
        }
        let left = portals::list(&folder)?;
        Ok(Report { messages: [messages, left.messages].concat(), ..left })
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

/// Removes every profile. A mistake in `config.toml` does not keep tokens from being deleted.
async fn remove_all(folder: &Path, context: &Context) -> Result<Vec<Message>, Error> {
    let store = ProfileStore::in_folder(folder);
    let mut messages = Vec::new();
    for name in store.names()? {
        messages.extend(remove(&name, &store, context).await?);
    }
    if messages.is_empty() {
        messages.push(Message::Info("no tokens to delete".to_owned()));
    }
    Ok(messages)
}

async fn remove_one(folder: &Path, context: &Context) -> Result<Vec<Message>, Error> {
    let store = ProfileStore::in_folder(folder);
    let name = selected(folder, context)?;
    let removed = remove(&name, &store, context).await?;
    let mut messages = vec![removed.unwrap_or_else(|| Message::Info(format!("no tokens are stored for {name}")))];
    let left = Profiles::load_for(folder, &name, false)?.get(&name);
    if left.is_some_and(|profile| matches!(profile.tokens, TokenLocation::Command(_))) {
        messages.push(Message::Info(format!("{name} still has a credential_command in config.toml")));
    }
    Ok(messages)
}

/// Removes a profile, readable or not; `None` when there was none.
async fn remove(name: &str, store: &ProfileStore, context: &Context) -> Result<Option<Message>, Error> {
    // Under the lock: a login or a renewal may be under way.
    let _lock = context.lock(&store.lock_path(name)).await?;
    let host = store.read(name).ok().flatten().map(|profile| format!(" ({})", mask_urls(&profile.host)));
    let removed = context.remove_tokens(store, name)?;
    Ok(removed.then(|| Message::Info(format!("deleted the tokens for {name}{}", host.unwrap_or_default()))))
}

/// The profile of the selected portal, or of the default one.
fn selected(folder: &Path, context: &Context) -> Result<String, Error> {
    if let Some(portal) = context.settings.portal.as_deref().filter(|portal| *portal != SANDBOX) {
        return portals::profile_name(folder, portal);
    }
    match context.selection()?.portal.value {
        SelectedPortal::Address { profile: Some(profile), .. } => Ok(profile.name),
        SelectedPortal::Address { address, profile: None } => portals::profile_name(folder, &address.stored()),
        SelectedPortal::Sandbox => {
            let hint = "to remove its state, run `imconn sandbox reset`";
            Err(Error::usage("the sandbox keeps its own tokens, and needs no logout", hint))
        }
    }
}
