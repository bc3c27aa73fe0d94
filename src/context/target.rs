//! Which portal is meant.

use super::Context;
use crate::error::Error;
use crate::portal::address::{AddressError, PortalAddress};
use crate::store::config::Config;
use crate::store::credentials::CredentialStore;

/// The built-in profile.
pub const SANDBOX: &str = "sandbox";

/// A portal before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The embedded one.
    Sandbox,
    /// Any other.
    Address {
        /// Where it is.
        address: PortalAddress,
        /// The profile that names it.
        profile: Option<String>,
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
        // With an address and a token in the environment, the store has nothing to say: in CI there may be none.
        let asks_store = self.settings.environment.access_token.is_none() || !looks_like_address(&named);
        if asks_store
            && !named.contains("://")
            && let Some(target) = self.profile(&named)?
        {
            return Ok(target);
        }
        let address = PortalAddress::parse(&named).map_err(|error| address_usage(&error))?;
        // With a token in the environment there is nothing to look for in the store.
        if self.settings.environment.access_token.is_some() {
            return Ok(Target::Address { address, profile: None });
        }
        let same = |(_, host): &(String, String)| PortalAddress::parse(host).is_ok_and(|known| known == address);
        let profile = self.profiles()?.into_iter().find(same).map(|(name, _)| name);
        Ok(Target::Address { address, profile })
    }

    /// The profile of that name; `None` when there is none and the name may be an address.
    fn profile(&self, name: &str) -> Result<Option<Target>, Error> {
        let profiles = self.profiles()?;
        if let Some((_, host)) = profiles.iter().find(|(known, _)| known == name) {
            let address = PortalAddress::parse(host).map_err(|error| address_usage(&error))?;
            return Ok(Some(Target::Address { address, profile: Some(name.to_owned()) }));
        }
        if looks_like_address(name) {
            return Ok(None);
        }
        let mut known: Vec<&str> =
            profiles.iter().map(|(known, _)| known.as_str()).filter(|known| *known != SANDBOX).collect();
        known.push(SANDBOX);
        let shown: String = name.chars().take(60).collect();
        let message = format!("there is no portal named `{shown}`");
        Err(Error::usage(message, format!("known are: {}; or give a host like acme.bitrix24.com", known.join(", "))))
    }

    fn default_portal(&self) -> Result<String, Error> {
        let config = Config::load(&self.settings.folders.config()?)?;
        let only = |profiles: Vec<(String, String)>| match profiles.as_slice() {
            [(name, _)] => Some(name.clone()),
            _ => None,
        };
        match config.portal {
            Some(named) => Ok(named),
            None => only(self.profiles()?).ok_or_else(|| {
                Error::usage(
                    "no portal is named",
                    "name it with -p HOST or IMCONN_PORTAL; to try imconn without an account, use -p sandbox",
                )
            }),
        }
    }

    fn profiles(&self) -> Result<Vec<(String, String)>, Error> {
        Ok(CredentialStore::in_folder(&self.settings.folders.config()?).hosts()?)
    }
}

fn looks_like_address(named: &str) -> bool {
    named.contains(['.', ':', '/']) || named.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn address_usage(error: &AddressError) -> Error {
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
