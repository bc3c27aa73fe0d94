//! `imconn portals`.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Run;
use super::login::check_name;
use super::shared::identity::moment;
use crate::context::Context;
use crate::error::{Error, Invocation, Problem};
use crate::output::legacy::texts;
use crate::output::table::Table;
use crate::output::{Column, Message, Output, Records, Report};
use crate::portal::address::PortalAddress;
use crate::profiles::{ConfigEdit, Profile, ProfileStore, Profiles, SANDBOX, TokenLocation, several, unknown_portal};
use crate::redact::mask_urls;

/// Members of a portal, as CSV and plain show them.
const COLUMNS: [&str; 6] = ["name", "host", "default", "tokens", "user_id", "refresh_expires"];

/// List and manage portal profiles
///
/// Examples:
///   imconn portals                      the profiles that login has stored, and those of config.toml
///   imconn portals use acme             make acme the default portal
///   imconn portals rename acme old
///   imconn portals remove old           delete its tokens, and its settings in config.toml
///
/// No portal is asked. `use`, `rename` and `remove` change config.toml and keep its comments.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub struct PortalsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<PortalsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PortalsCommand {
    /// Make a portal the default
    Use {
        /// Its profile
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Rename a profile
    Rename {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// Its new name
        #[arg(value_name = "NEW-NAME")]
        new_name: String,
    },
    /// Remove a profile: its tokens, and its settings in config.toml
    Remove {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

impl Run for PortalsArgs {
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

async fn run(args: &PortalsArgs, context: &Context) -> Result<Report, Error> {
    let folder = context.settings.folders.config()?;
    let Some(command) = &args.command else { return list(&folder) };
    let lock = context.lock(&ConfigEdit::lock_path(&folder)).await?;
    let mut config = ConfigEdit::open(&folder)?;
    let done = match command {
        PortalsCommand::Use { name } => use_by_default(name, &mut config, &folder)?,
        PortalsCommand::Rename { name, new_name } => rename(name, new_name, &mut config, &folder, context).await?,
        PortalsCommand::Remove { name } => remove(name, &mut config, &folder, context).await?,
    };
    config.save()?;
    drop(lock);
    let mut report = list(&folder)?;
    report.messages.insert(0, Message::Info(done));
    Ok(report)
}

fn use_by_default(name: &str, config: &mut ConfigEdit, folder: &Path) -> Result<String, Error> {
    let name = if name == SANDBOX { SANDBOX.to_owned() } else { profile_name(folder, name)? };
    config.set_default(&name);
    Ok(format!("{name} is now the default portal"))
}

async fn rename(
    name: &str,
    new_name: &str,
    config: &mut ConfigEdit,
    folder: &Path,
    context: &Context,
) -> Result<String, Error> {
    let name = profile_name(folder, name)?;
    check_name(new_name)?;
    let store = ProfileStore::in_folder(folder);
    // In one order for everybody, so that two renames cannot wait for each other.
    let mut lock_paths = [store.lock_path(&name), store.lock_path(new_name)];
    lock_paths.sort();
    let _first = context.lock(&lock_paths[0]).await?;
    let _second = if lock_paths[0] == lock_paths[1] { None } else { Some(context.lock(&lock_paths[1]).await?) };
    if store.contains(new_name) || config.mentions(new_name) {
        let message = format!("a profile named `{new_name}` already exists");
        return Err(Error::usage(message, "choose another name"));
    }
    store.rename(&name, new_name)?;
    config.rename(&name, new_name);
    Ok(format!("renamed {name} to {new_name}"))
}

async fn remove(name: &str, config: &mut ConfigEdit, folder: &Path, context: &Context) -> Result<String, Error> {
    if name == SANDBOX {
        let hint = "to remove its state, run `imconn sandbox reset`";
        return Err(Error::usage("the sandbox is built in and cannot be removed", hint));
    }
    // After a logout only config.toml may mention it.
    let name = if config.mentions(name) { name.to_owned() } else { profile_name(folder, name)? };
    let store = ProfileStore::in_folder(folder);
    let _lock = context.lock(&store.lock_path(&name)).await?;
    store.remove(&name)?;
    config.remove(&name);
    Ok(format!("removed {name}"))
}

/// The name of the profile of that name, readable or not, or at that address.
pub(super) fn profile_name(folder: &Path, portal: &str) -> Result<String, Error> {
    if ProfileStore::in_folder(folder).contains(portal) {
        return Ok(portal.to_owned());
    }
    let profiles = Profiles::load_for(folder, portal, true)?;
    if let Some(profile) = profiles.get(portal) {
        return Ok(profile.name);
    }
    let Ok(address) = PortalAddress::parse(portal) else { return Err(unknown_portal(portal, &profiles)) };
    match profiles.at(&address).as_slice() {
        [] => Err(unknown_portal(portal, &profiles)),
        [only] => Ok(only.name.clone()),
        found => Err(several(&address, found)),
    }
}

/// Every profile. One that cannot be read is an error after the list of the others.
pub(super) fn list(folder: &Path) -> Result<Report, Error> {
    let profiles = Profiles::load_all(folder)?;
    let all = profiles.all();
    let only = profiles.names().len() + profiles.unreadable().len() == 1;
    let mut entries = Vec::new();
    for profile in &all {
        let default = profiles.configured_default().map_or(only, |name| name == profile.name);
        entries.push(Entry { profile, default });
    }
    let document = json!({"portals": entries.iter().map(Entry::to_json).collect::<Vec<Value>>()});
    let mut messages: Vec<Message> = exposure(folder, &all).map(Message::Warning).into_iter().collect();
    if all.is_empty() && profiles.unreadable().is_empty() {
        messages.push(Message::Hint("to add a portal, run `imconn login HOST`; -p sandbox is built in".to_owned()));
    }
    messages.extend(profiles.unreadable().iter().skip(1).map(|(_, why)| Message::Warning(why.clone())));
    let columns = ["Name", "Host", "Default", "Tokens", "Refresh token ends"].map(Column::titled);
    let columns = [columns[0], columns[1].elastic(), columns[2], columns[3], columns[4]];
    let table = Table::new(&columns, entries.iter().map(Entry::row).map(texts).collect());
    let output = Output::Records(Records { document, list: "portals", columns: &COLUMNS, table, markdown: None });
    let report = Report::of(output).with_messages(messages);
    Ok(match profiles.unreadable().first() {
        Some((_, why)) => {
            let error = Error::Local(anyhow::anyhow!("{why}"));
            report.with_error(Problem::of(&error, &Invocation::default()))
        }
        None => report,
    })
}

/// The first profile that others can read: one warning is enough.
fn exposure(folder: &Path, profiles: &[Profile]) -> Option<String> {
    let store = ProfileStore::in_folder(folder);
    profiles.iter().filter(|profile| profile.stored().is_some()).find_map(|profile| store.exposure(&profile.name))
}

struct Entry<'a> {
    profile: &'a Profile,
    default: bool,
}

impl Entry<'_> {
    fn tokens(&self) -> &'static str {
        match self.profile.tokens {
            TokenLocation::Stored(_) => "stored",
            TokenLocation::Command(_) => "command",
            TokenLocation::None => "none",
        }
    }

    fn to_json(&self) -> Value {
        let profile = self.profile.stored();
        json!({
            "name": self.profile.name,
            "host": mask_urls(&self.profile.host),
            "default": self.default,
            "tokens": self.tokens(),
            "member_id": profile.and_then(|profile| profile.member_id.clone()),
            "client_id": profile.and_then(|profile| profile.client_id.clone()),
            "user_id": profile.and_then(|profile| profile.user_id),
            "scopes": profile.map(|profile| profile.scopes.clone()).unwrap_or_default(),
            "expires": profile.and_then(|profile| profile.expires),
            "refresh_expires": profile.and_then(|profile| profile.refresh_expires),
        })
    }

    fn row(&self) -> Vec<String> {
        let ends = self.profile.stored().and_then(|profile| profile.refresh_expires);
        vec![
            self.profile.name.clone(),
            mask_urls(&self.profile.host),
            if self.default { "yes" } else { "" }.to_owned(),
            self.tokens().to_owned(),
            ends.map_or_else(|| "-".to_owned(), moment),
        ]
    }
}
