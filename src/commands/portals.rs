//! `imconn portals`.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Run;
use super::login::check_name;
use super::shared::identity::moment;
use crate::context::Context;
use crate::error::Error;
use crate::output::legacy::texts;
use crate::output::table::Table;
use crate::output::{Column, Message, Output, Records, Report};
use crate::profiles::config::{Config, ConfigEdit};
use crate::profiles::credentials::{CredentialStore, Profile};
use crate::profiles::known::{KnownPortal, SANDBOX, TokensAt};
use crate::redact::mask_urls;

/// Members of a portal, as CSV and plain show them.
const COLUMNS: [&str; 6] = ["name", "host", "default", "tokens", "user_id", "refresh_expires"];

/// Show the portals that are known by a name, and choose the default one
///
/// Examples:
///   imconn portals                      those that login has stored, and those of config.toml
///   imconn portals use acme             the one that is meant when none is named
///   imconn portals rename acme old
///   imconn portals remove old           its tokens, and what config.toml says of it
///
/// No portal is asked. `use`, `rename` and `remove` change config.toml, and keep its comments.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, args_conflicts_with_subcommands = true)]
pub struct PortalsArgs {
    /// What to do instead of listing.
    #[command(subcommand)]
    pub command: Option<PortalsCommand>,
}

/// What can be done with portals.
#[derive(Debug, Subcommand)]
pub enum PortalsCommand {
    /// Make a portal the one that is meant when none is named
    Use {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Give a portal another name
    Rename {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// Its new name
        #[arg(value_name = "NEW-NAME")]
        new_name: String,
    },
    /// Forget a portal: its tokens, and what config.toml says of it
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
    let Some(command) = &args.command else { return list(context) };
    let (store, folder) = (context.store()?, context.settings.folders.config()?);
    // One lock for both files, so that no other change comes between them.
    let _lock = context.lock_store(&store).await?;
    let portals = context.known_portals()?;
    let told = Config::load(&folder)?.portals;
    // By its name, or by its address.
    let known = |named: &str| match portals.iter().find(|portal| portal.name == named) {
        Some(portal) => Ok(portal.name.clone()),
        None => context.known_portal(named).map(|portal| portal.name),
    };
    let mut config = ConfigEdit::open(&folder)?;
    let said = match command {
        PortalsCommand::Use { name } => {
            let name = if name == SANDBOX { SANDBOX.to_owned() } else { known(name)? };
            config.set_default(&name);
            format!("{name} is meant from now on when no portal is named")
        }
        PortalsCommand::Rename { name, new_name } => {
            let name = &known(name)?;
            check_name(new_name)?;
            if portals.iter().any(|portal| portal.name == *new_name) || told.contains_key(new_name) {
                let message = format!("there is a portal named `{new_name}` already");
                return Err(Error::usage(message, "choose another name"));
            }
            store.rename(name, new_name)?;
            config.rename(name, new_name);
            format!("{name} is called {new_name} from now on")
        }
        PortalsCommand::Remove { name } => {
            if name == SANDBOX {
                return Err(Error::usage(
                    "the sandbox is built in",
                    "imconn sandbox reset removes what is bound there",
                ));
            }
            // After a logout only config.toml may know of it.
            let name = if told.contains_key(name) { name } else { &known(name)? };
            store.remove(name)?;
            config.remove(name);
            format!("{name} is forgotten")
        }
    };
    config.save()?;
    let mut report = list(context)?;
    report.messages.insert(0, Message::Info(said));
    Ok(report)
}

/// What is known now.
///
/// # Errors
/// [`Error::Local`] for files.
pub(super) fn list(context: &Context) -> Result<Report, Error> {
    let (store, portals) = (context.store()?, context.known_portals()?);
    let default = Config::load(&context.settings.folders.config()?)?.portal;
    let is_default = |portal: &KnownPortal| match &default {
        Some(name) => portal.name == *name,
        None => portals.len() == 1,
    };
    let mut entries = Vec::new();
    for portal in &portals {
        entries.push(Entry { portal, default: is_default(portal), profile: profile(&store, portal)? });
    }
    let document = json!({"portals": entries.iter().map(Entry::to_json).collect::<Vec<Value>>()});
    let mut messages: Vec<Message> = store.exposure().map(Message::Warning).into_iter().collect();
    if portals.is_empty() {
        messages.push(Message::Hint("imconn login HOST adds a portal; -p sandbox is built in".to_owned()));
    }
    let columns = ["Name", "Host", "Default", "Tokens", "Refresh token ends"].map(Column::titled);
    let columns = [columns[0], columns[1].elastic(), columns[2], columns[3], columns[4]];
    let table = Table::new(&columns, entries.iter().map(Entry::row).map(texts).collect());
    let output = Output::Records(Records { document, list: "portals", columns: &COLUMNS, table, markdown: None });
    Ok(Report::of(output).with_messages(messages))
}

fn profile(store: &CredentialStore, portal: &KnownPortal) -> Result<Option<Profile>, Error> {
    match portal.tokens {
        TokensAt::Store => Ok(store.profile(&portal.name)?),
        TokensAt::Command(_) | TokensAt::Nowhere => Ok(None),
    }
}

struct Entry<'a> {
    portal: &'a KnownPortal,
    default: bool,
    profile: Option<Profile>,
}

impl Entry<'_> {
    fn tokens(&self) -> &'static str {
        match self.portal.tokens {
            TokensAt::Store => "stored",
            TokensAt::Command(_) => "command",
            TokensAt::Nowhere => "none",
        }
    }

    fn to_json(&self) -> Value {
        let profile = self.profile.as_ref();
        json!({
            "name": self.portal.name,
            "host": mask_urls(&self.portal.host),
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
        let ends = self.profile.as_ref().and_then(|profile| profile.refresh_expires);
        vec![
            self.portal.name.clone(),
            mask_urls(&self.portal.host),
            if self.default { "yes" } else { "" }.to_owned(),
            self.tokens().to_owned(),
            ends.map_or_else(|| "-".to_owned(), moment),
        ]
    }
}
