//! What the settings files say, read once: a command chooses from it, and opens no file twice.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use super::SANDBOX;
use super::config::{Config, PortalConfig};
use super::store::ProfileStore;
use super::stored::StoredProfile;
use crate::portal::address::PortalAddress;
use crate::settings::Settings;

/// `config.toml`, and those profiles that the choice of a portal depends on.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    pub(super) config: Config,
    stored: BTreeMap<String, StoredProfile>,
    /// Profiles that exist and were not read.
    unread: Vec<String>,
    /// Profiles that cannot be read, and why.
    unreadable: Vec<(String, String)>,
}

/// A portal with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPortal {
    pub(crate) name: String,
    /// Its host, or its URL where that is not https.
    pub(crate) host: String,
    pub(crate) tokens: TokenLocation,
}

/// Where the tokens of a profile are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenLocation {
    /// In the profile's file.
    Stored(Box<StoredProfile>),
    /// Printed by a program.
    Command(PortalConfig),
    None,
}

impl Profiles {
    /// Reads what the choice of a portal depends on. For a profile that is selected by its name, that is one file.
    pub(crate) fn load(settings: &Settings) -> Result<Self> {
        let folder = match settings.folders.config() {
            Ok(folder) => folder,
            // In CI there may be no home folder, and everything in the environment.
            Err(_) if settings.portal.as_deref() == Some(SANDBOX) || settings.environment_may_suffice() => {
                return Ok(Self::default());
            }
            Err(error) => return Err(error),
        };
        let mut profiles = Self { config: Config::load(&folder)?, ..Self::default() };
        let store = ProfileStore::in_folder(&folder);
        match settings.portal.clone().or_else(|| profiles.config.portal.clone()) {
            None => profiles.read_the_only_one(&store)?,
            Some(portal) => {
                profiles.config.check(&portal)?;
                profiles.read_selected(&store, &portal, !settings.environment_may_suffice())?;
                profiles.read_owner_of_the_environment(&store, settings);
            }
        }
        Ok(profiles)
    }

    /// Reads what is known of a portal that is given by its name or, with `search`, by its address.
    pub(crate) fn load_for(folder: &Path, portal: &str, search: bool) -> Result<Self> {
        let mut profiles = Self { config: Config::load(folder)?, ..Self::default() };
        profiles.config.check(portal)?;
        profiles.read_selected(&ProfileStore::in_folder(folder), portal, search)?;
        Ok(profiles)
    }

    /// Reads one more profile.
    pub(crate) fn read_also(&mut self, folder: &Path, name: &str) -> Result<()> {
        self.config.check(name)?;
        if self.stored.contains_key(name) { Ok(()) } else { self.read_one(&ProfileStore::in_folder(folder), name) }
    }

    /// Reads every profile.
    pub(crate) fn load_all(folder: &Path) -> Result<Self> {
        let mut profiles = Self { config: Config::load(folder)?, ..Self::default() };
        profiles.read_all(&ProfileStore::in_folder(folder))?;
        Ok(profiles)
    }

    fn read_the_only_one(&mut self, store: &ProfileStore) -> Result<()> {
        let names = store.names()?;
        if let [only] = names.as_slice() {
            self.config.check(only)?;
            return self.read_one(store, only);
        }
        self.unread = names;
        Ok(())
    }

    /// Reads the profile of that name, else, for an address, every profile: one of them may be for it.
    fn read_selected(&mut self, store: &ProfileStore, portal: &str, search: bool) -> Result<()> {
        if portal == SANDBOX {
            return Ok(());
        }
        if !portal.contains("://") {
            self.read_one(store, portal)?;
            if self.get(portal).is_some() {
                return Ok(());
            }
            if !looks_like_address(portal) {
                self.unread = store.names()?;
                return Ok(());
            }
        }
        if search { self.read_all(store) } else { Ok(()) }
    }

    /// The tokens of the environment may belong to a profile other than the selected one.
    fn read_owner_of_the_environment(&mut self, store: &ProfileStore, settings: &Settings) {
        let owner = settings.environment.portal.as_deref().filter(|owner| !owner.contains("://"));
        if let (Some(owner), true) = (owner, settings.environment.access_token.is_some())
            && !self.stored.contains_key(owner)
            && settings.portal.as_deref() != Some(owner)
        {
            // A corrupt profile does not affect the others: only its own portal is unknown.
            let _ = self.read_one(store, owner);
        }
    }

    fn read_one(&mut self, store: &ProfileStore, name: &str) -> Result<()> {
        self.stored.extend(store.read(name)?.map(|profile| (name.to_owned(), profile)));
        Ok(())
    }

    fn read_all(&mut self, store: &ProfileStore) -> Result<()> {
        self.unreadable.extend(self.config.unusable.clone());
        for name in store.names()? {
            if !self.config.unusable.contains_key(&name)
                && !self.stored.contains_key(&name)
                && let Err(error) = self.read_one(store, &name)
            {
                self.unreadable.push((name, format!("{error:#}")));
            }
        }
        Ok(())
    }

    /// The profile of that name, among those that were read.
    pub(crate) fn get(&self, name: &str) -> Option<NamedPortal> {
        let configured = self.config.portals.get(name);
        // With a program to ask, the user has said where the tokens are.
        let by_command = configured.filter(|config| !config.credential_command.is_empty());
        if let Some(profile) = by_command.and_then(|config| NamedPortal::from_config(name, config)) {
            return Some(profile);
        }
        let stored = self.stored.get(name).map(|stored| NamedPortal::from_stored(name, stored));
        stored.or_else(|| configured.and_then(|config| NamedPortal::from_config(name, config)))
    }

    /// Every profile that was read: the stored ones, then those of `config.toml`.
    pub(crate) fn all(&self) -> Vec<NamedPortal> {
        let only_configured = self.config.portals.keys().filter(|name| !self.stored.contains_key(*name));
        self.stored.keys().chain(only_configured).filter_map(|name| self.get(name)).collect()
    }

    /// Every name, of profiles that were not read as well.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.unread.clone();
        names.extend(self.all().into_iter().map(|profile| profile.name).filter(|name| !self.unread.contains(name)));
        names
    }

    /// Every profile that was read and is for this address.
    pub(crate) fn at(&self, address: &PortalAddress) -> Vec<NamedPortal> {
        self.all().into_iter().filter(|profile| profile.is_at(address)).collect()
    }

    /// Profiles that could not be read, and why.
    pub(crate) fn unreadable(&self) -> &[(String, String)] {
        &self.unreadable
    }

    /// The name that `config.toml` makes the default.
    pub(crate) fn configured_default(&self) -> Option<&str> {
        self.config.portal.as_deref()
    }
}

#[cfg(test)]
impl Profiles {
    /// For tests of what is chosen among profiles.
    pub(super) fn of(config: Config, stored: BTreeMap<String, StoredProfile>) -> Self {
        Self { config, stored, ..Self::default() }
    }
}

impl NamedPortal {
    fn from_stored(name: &str, stored: &StoredProfile) -> Self {
        let tokens = TokenLocation::Stored(Box::new(stored.clone()));
        Self { name: name.to_owned(), host: stored.host.clone(), tokens }
    }

    /// A portal that `config.toml` says enough of.
    fn from_config(name: &str, config: &PortalConfig) -> Option<Self> {
        let host = config.host.clone()?;
        let tokens = match config.credential_command.as_slice() {
            [] => TokenLocation::None,
            _ => TokenLocation::Command(config.clone()),
        };
        Some(Self { name: name.to_owned(), host, tokens })
    }

    pub(crate) fn is_at(&self, address: &PortalAddress) -> bool {
        PortalAddress::parse(&self.host).is_ok_and(|own| own == *address)
    }

    /// What its file holds, if its tokens are stored.
    pub(crate) fn stored(&self) -> Option<&StoredProfile> {
        match &self.tokens {
            TokenLocation::Stored(stored) => Some(stored),
            TokenLocation::Command(_) | TokenLocation::None => None,
        }
    }

    /// What the history of its changes is kept under: the portal and the application, because another application on the
    /// same portal has other bindings. Both have names that outlive those of the host and the profile, where they are known.
    pub(crate) fn history_key(&self) -> String {
        let stored = self.stored();
        let member_id = stored.and_then(|stored| stored.member_id.clone());
        let client_id = stored.and_then(|stored| stored.client_id.clone());
        let host = PortalAddress::parse(&self.host).map_or_else(|_| self.host.clone(), |address| address.host());
        format!("{} {}", member_id.unwrap_or(host), client_id.unwrap_or_else(|| self.name.clone()))
    }

    pub(crate) fn has_tokens(&self) -> bool {
        self.tokens != TokenLocation::None
    }
}

/// Whether a text can only be an address, not a profile's name: some names have dots, too.
pub(crate) fn looks_like_address(text: &str) -> bool {
    text.contains(['.', ':', '/']) || text.chars().any(|c| c.is_whitespace() || c.is_control())
}
