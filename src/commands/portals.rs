//! `imconn portals`.

use std::path::Path;

use clap::Subcommand;
use serde::Serialize;

use super::Run;
use super::login::check_name;
use super::shared::identity::moment;
use crate::context::Context;
use crate::error::{Error, ExitCode, Invocation, Problem};
use crate::output::{Cell, Column, Document, Message, Output, Report, Row};
use crate::portal::address::PortalAddress;
use crate::profiles::{
    ConfigEdit, NamedPortal, ProfileStore, Profiles, SANDBOX, TokenLocation, address_usage, looks_like_address,
    several, unknown_portal,
};
use crate::reconcile::history::History;
use crate::redact::mask_urls;

/// List and manage portal profiles
///
/// Examples:
///   imconn portals                      the profiles that login has stored, and those of config.toml
///   imconn portals use acme             make acme the default portal
///   imconn portals rename acme old
///   imconn portals remove old           delete its tokens, and its settings in config.toml
///
/// No portal is asked. `use`, `rename` and `remove` change config.toml and keep its comments.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<PortalsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PortalsCommand {
    /// Make a portal the default
    ///
    /// Examples:
    ///   imconn portals use acme
    #[command(verbatim_doc_comment)]
    Use {
        /// Its profile
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Rename a profile
    ///
    /// Examples:
    ///   imconn portals rename acme old
    #[command(verbatim_doc_comment)]
    Rename {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// Its new name
        #[arg(value_name = "NEW-NAME")]
        new_name: String,
    },
    /// Remove a profile: its tokens, and its settings in config.toml
    ///
    /// Examples:
    ///   imconn portals remove old
    #[command(verbatim_doc_comment)]
    Remove {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let folder = context.settings.folders.config()?;
        let Some(command) = &self.command else { return list(&folder) };
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
        // The change is made; a profile that cannot be read does not concern it.
        report
            .messages
            .extend(report.error.take().map(|problem| Message::warning("unreadable_profile", problem.message)));
        Ok(Report { exit: ExitCode::Done, ..report })
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
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
    // Every process takes the locks in the same order, so that two renames cannot deadlock.
    let mut lock_paths = [store.lock_path(&name), store.lock_path(new_name)];
    lock_paths.sort();
    let _first = context.lock(&lock_paths[0]).await?;
    let _second = if lock_paths[0] == lock_paths[1] { None } else { Some(context.lock(&lock_paths[1]).await?) };
    let is_interrupted = name != new_name && store.is_copy(&name, new_name)?;
    if !is_interrupted && (store.contains(new_name) || config.mentions(new_name)) {
        let message = format!("a profile named `{new_name}` already exists");
        return Err(Error::usage(message, "choose another name"));
    }
    let profile = Profiles::load_for(folder, &name, false).ok().and_then(|profiles| profiles.get(&name));
    // Every step leaves a profile that works, and the same command again takes the rest.
    if store.has_leftover(&name) {
        store.adopt_leftover(&name)?;
    }
    store.copy(&name, new_name)?;
    if let Ok(data) = context.settings.folders.data() {
        ProfileStore::rename_rescued(&data, &name, new_name)?;
    }
    config.rename(&name, new_name);
    config.save()?;
    store.remove(&name)?;
    if let Some(Err(error)) = profile.map(|profile| rename_history(profile, new_name, context)) {
        let text = format!("changes before the rename cannot be undone with `imconn undo`: {error:#}");
        context.printer.message(&Message::warning("not_recorded", text));
    }
    Ok(format!("renamed {name} to {new_name}"))
}

/// The history of a profile has its name where the portal's id or the application's is unknown.
fn rename_history(profile: NamedPortal, new_name: &str, context: &Context) -> anyhow::Result<()> {
    let Ok(data) = context.settings.folders.data() else { return Ok(()) };
    let history = History::of(&data, &profile.history_key());
    let renamed = NamedPortal { name: new_name.to_owned(), ..profile };
    history.rename(&History::of(&data, &renamed.history_key()))
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
    context.remove_tokens(&store, &name)?;
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
    if !looks_like_address(portal) {
        return Err(unknown_portal(portal, &profiles));
    }
    let address = PortalAddress::from_user(portal).map_err(|error| address_usage(&error))?;
    match profiles.at(&address).as_slice() {
        [] => Err(unknown_portal(portal, &profiles)),
        [only] => Ok(only.name.clone()),
        found => Err(several(&address, found, "give the name of one of them")),
    }
}

/// Every profile. One that cannot be read is an error after the list of the others.
pub(super) fn list(folder: &Path) -> Result<Report, Error> {
    let profiles = Profiles::load_all(folder)?;
    let all = profiles.all();
    let only = profiles.names().len() + profiles.unreadable().len() == 1;
    let is_default = |profile: &NamedPortal| profiles.configured_default().map_or(only, |name| name == profile.name);
    let portals = all.iter().map(|profile| PortalRow::new(profile, is_default(profile))).collect();
    let mut messages: Vec<Message> =
        exposure(folder, &all).map(|text| Message::warning("exposed_file", text)).into_iter().collect();
    if all.is_empty() && profiles.unreadable().is_empty() {
        messages
            .push(Message::Hint("to add a portal, log in to it, as in `imconn login acme.bitrix24.com`".to_owned()));
    }
    messages.extend(profiles.unreadable().iter().skip(1).map(|(_, why)| Message::warning("unreadable_profile", why)));
    let report = Report::of(Output::list(PortalsDocument { portals })).with_messages(messages);
    Ok(match profiles.unreadable().first() {
        Some((_, why)) => {
            let error = Error::Local(anyhow::anyhow!("{why}"));
            report.with_error(Problem::of(&error, &Invocation::default()))
        }
        None => report,
    })
}

/// The first profile that others can read: one warning is enough.
fn exposure(folder: &Path, profiles: &[NamedPortal]) -> Option<String> {
    let store = ProfileStore::in_folder(folder);
    profiles.iter().filter(|profile| profile.stored().is_some()).find_map(|profile| store.exposure(&profile.name))
}

#[derive(Serialize)]
struct PortalsDocument {
    portals: Vec<PortalRow>,
}

impl Document for PortalsDocument {
    type Row = PortalRow;

    fn rows(&self) -> &[PortalRow] {
        &self.portals
    }
}

#[derive(Serialize)]
struct PortalRow {
    name: String,
    host: String,
    default: bool,
    tokens: &'static str,
    member_id: Option<String>,
    client_id: Option<String>,
    user_id: Option<u64>,
    scopes: Vec<String>,
    expires: Option<i64>,
    refresh_expires: Option<i64>,
}

impl PortalRow {
    fn new(profile: &NamedPortal, default: bool) -> Self {
        let stored = profile.stored();
        let tokens = match profile.tokens {
            TokenLocation::Stored(_) => "stored",
            TokenLocation::Command(_) => "command",
            TokenLocation::None => "none",
        };
        Self {
            name: profile.name.clone(),
            host: mask_urls(&profile.host),
            default,
            tokens,
            member_id: stored.and_then(|stored| stored.member_id.clone()),
            client_id: stored.and_then(|stored| stored.client_id.clone()),
            user_id: stored.and_then(|stored| stored.user_id),
            scopes: stored.map(|stored| stored.scopes.clone()).unwrap_or_default(),
            expires: stored.and_then(|stored| stored.expires),
            refresh_expires: stored.and_then(|stored| stored.refresh_expires),
        }
    }
}

impl Row for PortalRow {
    const COLUMNS: &'static [Column] = &[
        Column::new("name", "Name"),
        Column::new("host", "Host").elastic(),
        Column::new("default", "Default"),
        Column::new("tokens", "Tokens"),
        Column::raw("user_id"),
        Column::new("refresh_expires", "Refresh token expires"),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::new(&self.name),
            Cell::new(&self.host),
            Cell::new(if self.default { "yes" } else { "" }).with_raw(self.default),
            Cell::from(self.tokens),
            Cell::from(self.user_id),
            Cell::or_dash(self.refresh_expires.map(moment)).with_raw_option(self.refresh_expires),
        ]
    }
}
