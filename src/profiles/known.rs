//! Portals that are known by a name: those in the store, and those that `config.toml` tells of.

use crate::context::Context;
use crate::error::Error;
use crate::portal::address::PortalAddress;
use crate::profiles::config::{Config, PortalConfig};
use crate::profiles::credentials::CredentialStore;
use crate::redact::mask_urls;

/// The built-in portal's name.
pub const SANDBOX: &str = "sandbox";

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
            known.push(told.and_then(|told| from_config(&name, told)).unwrap_or_else(|| in_store(name, host)));
        }
        known.extend(config.portals.into_iter().filter_map(|(name, told)| from_config(&name, told)));
        Ok(known)
    }

    /// The portal of that name, or at that address.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none, with those that are known.
    pub fn known_portal(&self, named: &str) -> Result<KnownPortal, Error> {
        let known = self.known_portals()?;
        if let Some(portal) = known.iter().find(|portal| portal.name == named) {
            return Ok(portal.clone());
        }
        let at = PortalAddress::parse(named).ok().map(|address| at_address(&known, &address));
        at.transpose()?
            .flatten()
            .cloned()
            .ok_or_else(|| Error::usage(not_known(named), format!("known are: {}", names(&known))))
    }
}

impl KnownPortal {
    /// Whether it is the one at this address.
    #[must_use]
    pub fn is_at(&self, address: &PortalAddress) -> bool {
        PortalAddress::parse(&self.host).is_ok_and(|own| own == *address)
    }
}

/// The portal at an address; `None` when none is known there.
///
/// # Errors
/// [`Error::Usage`] when there are several: each has its own application.
pub fn at_address<'a>(known: &'a [KnownPortal], address: &PortalAddress) -> Result<Option<&'a KnownPortal>, Error> {
    let there: Vec<&KnownPortal> = known.iter().filter(|portal| portal.is_at(address)).collect();
    match there.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        more => Err(several(address, more)),
    }
}

/// The error for an address that several names stand for.
#[must_use]
pub fn several(address: &PortalAddress, portals: &[&KnownPortal]) -> Error {
    let names: Vec<&str> = portals.iter().map(|portal| portal.name.as_str()).collect();
    let message = format!("several profiles are for {}", address.host());
    Error::usage(message, format!("name one of them: {}", names.join(", ")))
}

fn in_store(name: String, host: String) -> KnownPortal {
    KnownPortal { name, host, tokens: TokensAt::Store }
}

/// A portal that `config.toml` says enough of.
fn from_config(name: &str, told: PortalConfig) -> Option<KnownPortal> {
    let host = told.host.clone()?;
    let tokens = if told.credential_command.is_empty() { TokensAt::Nowhere } else { TokensAt::Command(told) };
    Some(KnownPortal { name: name.to_owned(), host, tokens })
}

/// The error for a name that no portal has, with those that are known.
#[must_use]
pub fn unknown_portal(named: &str, known: &[KnownPortal]) -> Error {
    Error::usage(not_known(named), format!("known are: {}; or give a host like acme.bitrix24.com", names(known)))
}

fn not_known(named: &str) -> String {
    let shown: String = named.chars().take(60).collect();
    format!("there is no portal named `{}`", mask_urls(&shown))
}

/// All names, the built-in one last.
fn names(known: &[KnownPortal]) -> String {
    let stored = known.iter().map(|portal| portal.name.as_str()).filter(|name| *name != SANDBOX);
    stored.chain([SANDBOX]).collect::<Vec<_>>().join(", ")
}
