//! Portals that are known by a name: those in the store, and those that `config.toml` tells of.

use super::Context;
use crate::error::Error;
use crate::portal::address::PortalAddress;
use crate::store::config::{Config, PortalConfig};
use crate::store::credentials::CredentialStore;

/// A portal with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPortal {
    /// The name.
    pub name: String,
    /// Its host, or its URL where that is not https.
    pub host: String,
    /// Where its tokens are.
    pub tokens: TokensAt,
}

/// Where the tokens of a portal are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokensAt {
    /// In `credentials.toml`.
    Store,
    /// Printed by a program.
    Command(PortalConfig),
    /// Not here.
    Nowhere,
}

impl Context {
    /// Every portal with a name, in the order of the store, then of `config.toml`. Nothing is asked of them.
    ///
    /// # Errors
    /// [`Error::Local`] when a file is there and cannot be understood.
    pub fn known_portals(&self) -> Result<Vec<KnownPortal>, Error> {
        let folder = self.settings.folders.config()?;
        let mut config = Config::load(&folder)?;
        let mut known = Vec::new();
        for (name, host) in CredentialStore::in_folder(&folder).hosts()? {
            // With a program to ask, the user has said where the tokens are.
            let told = config.portals.remove(&name).filter(|told| !told.credential_command.is_empty());
            known.push(match told {
                Some(told) => from_config(name, told).unwrap_or_else(|(name, _)| in_store(name, host)),
                None => in_store(name, host),
            });
        }
        known.extend(config.portals.into_iter().filter_map(|(name, told)| from_config(name, told).ok()));
        Ok(known)
    }

    /// The portal of that name, or at that address.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none, with those that are known.
    pub fn known_portal(&self, named: &str) -> Result<KnownPortal, Error> {
        let known = self.known_portals()?;
        let by_name = known.iter().find(|portal| portal.name == named);
        let by_address = || {
            let address = PortalAddress::parse(named).ok()?;
            known.iter().find(|portal| portal.is_at(&address))
        };
        by_name.or_else(by_address).cloned().ok_or_else(|| unknown_portal(named, &known))
    }
}

impl KnownPortal {
    /// Whether it is the one at this address.
    #[must_use]
    pub fn is_at(&self, address: &PortalAddress) -> bool {
        PortalAddress::parse(&self.host).is_ok_and(|own| own == *address)
    }
}

fn in_store(name: String, host: String) -> KnownPortal {
    KnownPortal { name, host, tokens: TokensAt::Store }
}

/// A portal that `config.toml` says enough of; otherwise its parts are given back.
fn from_config(name: String, told: PortalConfig) -> Result<KnownPortal, (String, PortalConfig)> {
    let Some(host) = told.host.clone() else { return Err((name, told)) };
    let tokens = if told.credential_command.is_empty() { TokensAt::Nowhere } else { TokensAt::Command(told) };
    Ok(KnownPortal { name, host, tokens })
}

/// The error for a name that no portal has, with those that are known.
#[must_use]
pub fn unknown_portal(named: &str, known: &[KnownPortal]) -> Error {
    let mut all: Vec<&str> = known.iter().map(|portal| portal.name.as_str()).collect();
    all.retain(|name| *name != super::target::SANDBOX);
    all.push(super::target::SANDBOX);
    let shown: String = named.chars().take(60).collect();
    let message = format!("there is no portal named `{}`", crate::redact::mask_urls(&shown));
    Error::usage(message, format!("known are: {}; or give a host like acme.bitrix24.com", all.join(", ")))
}
