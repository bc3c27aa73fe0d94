//! Which portal is logged in to, and which profile its tokens go to.

use url::Url;

use crate::context::Context;
use crate::error::Error;
use crate::portal::address::{AddressError, PortalAddress};
use crate::portal::oauth::ClientKeys;
use crate::profiles::credentials::{CredentialStore, Profile};
use crate::profiles::known::{KnownPortal, SANDBOX, TokensAt, several, unknown_portal};
use crate::profiles::target::{address_usage, looks_like_address};
use crate::store::file;

/// A login that is under way.
pub(super) struct Login<'a> {
    pub(super) context: &'a Context,
    /// Where the portal is, as far as is known before it is asked.
    pub(super) address: PortalAddress,
    /// What its profile is called.
    pub(super) name: String,
    /// What is known of it already.
    pub(super) existing: Option<Profile>,
    /// The application's keys.
    pub(super) keys: Option<ClientKeys>,
    /// Where the profile is kept.
    pub(super) store: CredentialStore,
    /// Who gives out tokens.
    pub(super) oauth_server: Url,
}

impl<'a> Login<'a> {
    /// Finds out which portal and which profile is meant, and makes sure that a profile can be stored: an authorisation
    /// code is good once. `exchanges` says whether the auth server will tell which portal the tokens are for: only then a
    /// profile can follow a portal that has moved.
    pub(super) fn prepare(
        named: Option<&str>,
        name: Option<&str>,
        exchanges: bool,
        context: &'a Context,
    ) -> Result<Self, Error> {
        let named = named
            .or(context.settings.portal.as_deref())
            .ok_or_else(|| Error::usage("no portal is named", "name its host: imconn login acme.bitrix24.com"))?;
        if named == SANDBOX {
            return Err(Error::usage("the sandbox needs no login", "imconn -p sandbox status shows that it is ready"));
        }
        let known = context.known_portals()?;
        let by_name = known.iter().find(|portal| portal.name == named);
        if by_name.is_none() && !looks_like_address(named) {
            return Err(unknown_portal(named, &known));
        }
        let address = PortalAddress::parse(by_name.map_or(named, |portal| portal.host.as_str()));
        let address = address.map_err(|error| match error {
            AddressError::Webhook(_) => Error::usage(
                error.to_string(),
                "log in with the client id of an application: imconn login HOST --client-id ID",
            ),
            other => address_usage(&other),
        })?;
        let name = match (name, by_name) {
            (Some(name), _) => name.to_owned(),
            (None, Some(portal)) => portal.name.clone(),
            (None, None) => default_name(&address, &known)?,
        };
        check_name(&name)?;
        let taken = known.iter().find(|portal| portal.name == name);
        if taken.is_some_and(|portal| matches!(portal.tokens, TokensAt::Command(_))) {
            let message = format!("the tokens of `{name}` come from its credential_command in config.toml");
            return Err(Error::usage(message, "put new tokens where that program finds them"));
        }
        let store = context.store()?;
        let existing = store.profile(&name)?;
        if let Some(other) = taken.filter(|portal| !portal.is_at(&address)) {
            let may_have_moved = exchanges && existing.as_ref().is_some_and(|profile| profile.member_id.is_some());
            if !may_have_moved {
                return Err(name_is_taken(&name, &other.host));
            }
        }
        let oauth_server = context.oauth_server(taken)?;
        file::create_private_folder(store.path().parent().unwrap_or(store.path()))?;
        store.check_writable()?;
        Ok(Self { context, address, name, existing, keys: None, store, oauth_server })
    }

    /// A profile is one application's: another one gets a name of its own.
    pub(super) fn check_profile_is_of(&self, client_id: &str) -> Result<(), Error> {
        match self.existing.as_ref().and_then(|profile| profile.client_id.as_deref()) {
            Some(known) if known != client_id => Err(profile_is_anothers(&self.name, known)),
            _ => Ok(()),
        }
    }
}

/// The name of the profile at this address, else the first part of the host's name.
fn default_name(address: &PortalAddress, known: &[KnownPortal]) -> Result<String, Error> {
    let there: Vec<&KnownPortal> = known.iter().filter(|portal| portal.is_at(address)).collect();
    match there.as_slice() {
        [] => Ok(address.short_name()),
        [only] => Ok(only.name.clone()),
        more => Err(several(address, more)),
    }
}

/// The error for a name that belongs to another portal.
pub(super) fn name_is_taken(name: &str, host: &str) -> Error {
    Error::usage(format!("the name `{name}` is taken by {host}"), "choose another one with --name NAME")
}

/// The error for a profile that belongs to another application of the same portal.
pub(super) fn profile_is_anothers(name: &str, client_id: &str) -> Error {
    let message = format!("the profile `{name}` is of the application {client_id}");
    let hint = format!("keep both with --name NAME, or forget that one first: imconn logout -p {name}");
    Error::usage(message, hint)
}

/// A name is typed behind `-p`, and stands in messages.
pub(in crate::commands) fn check_name(name: &str) -> Result<(), Error> {
    let fits = |c: char| c.is_alphanumeric() || "._-:[]".contains(c);
    if name.is_empty() || name.chars().count() > 60 || !name.chars().all(fits) || name.starts_with('-') {
        return Err(Error::usage(
            "that is no name for a portal",
            "a name has letters, digits, dots, dashes and underscores, like acme or acme.test",
        ));
    }
    if name == SANDBOX {
        return Err(Error::usage(
            "`sandbox` is the built-in portal's name",
            "choose another name, for a login with --name NAME",
        ));
    }
    Ok(())
}
