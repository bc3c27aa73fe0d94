//! Which portal is meant.

use super::known::{KnownPortal, SANDBOX, at_address, unknown_portal};
use crate::context::Context;
use crate::error::Error;
use crate::portal::address::{AddressError, PortalAddress};
use crate::profiles::config::Config;

/// A portal before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The embedded one.
    Sandbox,
    /// Any other.
    Address {
        /// Where it is.
        address: PortalAddress,
        /// What is known of it by a name.
        known: Option<Box<KnownPortal>>,
    },
}

impl Context {
    /// Finds the portal that was named: a profile, a host or a URL. Nothing is asked of it.
    ///
    /// # Errors
    /// [`Error::Usage`] when none is named, or what is named is neither; [`Error::Local`] for files.
    pub fn target(&self) -> Result<Target, Error> {
        let named = match &self.settings.portal {
            Some(named) => named.clone(),
            None => self.default_portal()?,
        };
        if named == SANDBOX {
            return Ok(Target::Sandbox);
        }
        if !named.contains("://") {
            match self.named(&named) {
                Ok(None) => {}
                Ok(Some(target)) => return Ok(target),
                // With an address and a token in the environment, the store has nothing to say: in CI there may be none.
                Err(_) if self.settings.environment.access_token.is_some() && looks_like_address(&named) => {}
                Err(error) => return Err(error),
            }
        }
        let address = PortalAddress::parse(&named).map_err(|error| address_usage(&error))?;
        // With a token in the environment there is nothing to look for in the store.
        if self.settings.environment.access_token.is_some() {
            return Ok(Target::Address { address, known: None });
        }
        let portals = self.known_portals()?;
        let known = at_address(&portals, &address)?.cloned().map(Box::new);
        Ok(Target::Address { address, known })
    }

    /// The portal of that name; `None` when there is none and the name may be an address.
    fn named(&self, name: &str) -> Result<Option<Target>, Error> {
        let portals = self.known_portals()?;
        if let Some(known) = portals.iter().find(|portal| portal.name == name) {
            let address = PortalAddress::parse(&known.host).map_err(|error| address_usage(&error))?;
            return Ok(Some(Target::Address { address, known: Some(Box::new(known.clone())) }));
        }
        if looks_like_address(name) { Ok(None) } else { Err(unknown_portal(name, &portals)) }
    }

    fn default_portal(&self) -> Result<String, Error> {
        let config = Config::load(&self.settings.folders.config()?)?;
        if let Some(named) = config.portal {
            let is_known =
                |named: &str| self.known_portals().is_ok_and(|all| all.iter().any(|known| known.name == named));
            if named == SANDBOX || looks_like_address(&named) || is_known(&named) {
                return Ok(named);
            }
            let message =
                format!("config.toml names the portal `{}`, and there are no tokens for it", named.escape_debug());
            let hint = format!(
                "log in again with imconn login HOST --name {named}, or choose another: imconn portals use NAME"
            );
            return Err(Error::usage(message, hint));
        }
        match self.known_portals()?.as_slice() {
            [only] => Ok(only.name.clone()),
            [] => Err(Error::usage(
                "no portal is named",
                "log in with imconn login HOST, or name one with -p HOST or IMCONN_PORTAL; to try imconn without an \
                 account, use -p sandbox",
            )),
            several => {
                let names: Vec<&str> = several.iter().map(|portal| portal.name.as_str()).collect();
                let hint = format!("choose one with imconn portals use NAME, or -p NAME: {}", names.join(", "));
                Err(Error::usage("several portals are known, and none is named", hint))
            }
        }
    }
}

/// Whether a text can only be an address, and no name of a profile: some names have dots, too.
#[must_use]
pub fn looks_like_address(named: &str) -> bool {
    named.contains(['.', ':', '/']) || named.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// What is wrong with an address, and what to type instead.
#[must_use]
pub fn address_usage(error: &AddressError) -> Error {
    let hint = match error {
        AddressError::NotAnAddress(_) => "an address looks like acme.bitrix24.com or https://crm.example.com",
        AddressError::PlainHttp(_) => "use https; plain http is for 127.0.0.1 only",
        AddressError::Webhook(_) => {
            "event methods need the access token of an application (OAuth): name the portal's host, and put the token into IMCONN_ACCESS_TOKEN"
        }
        AddressError::Credentials => "leave out what stands before the @",
    };
    Error::usage(error.to_string(), hint)
}
