//! Which portal is logged in to, and which profile keeps its tokens.

use url::Url;

use crate::context::Context;
use crate::error::Error;
use crate::portal::address::{AddressError, PortalAddress};
use crate::portal::oauth::ClientKeys;
use crate::profiles::{
    NamedPortal, ProfileStore, Profiles, SANDBOX, StoredProfile, TokenLocation, address_usage, auth_server,
    fits_a_file_name, is_vendors, looks_like_address, several, trusted_auth_server, unknown_portal,
};
use crate::redact::shell_quoted;
use crate::settings::{Chosen, Source};
use crate::wire::tokens::TokenSet;

/// A login that is under way.
pub(super) struct Login<'a> {
    pub(super) context: &'a Context,
    /// Where the portal is, as far as is known before it is asked.
    pub(super) address: PortalAddress,
    /// The name of its profile.
    pub(super) name: String,
    /// What that profile holds already.
    pub(super) existing: Option<StoredProfile>,
    /// The application's keys.
    pub(super) keys: Option<ClientKeys>,
    pub(super) store: ProfileStore,
    /// Where tokens are issued, as far as is known before they are read.
    pub(super) oauth_server: Option<Chosen<Url>>,
    /// Whether the keys in the environment belong to this portal.
    pub(super) owns_environment: bool,
}

impl<'a> Login<'a> {
    /// Selects the portal and the profile, and makes sure that the profile can be stored: an authorisation code works
    /// once. `exchanges` says that the auth server will tell which portal the tokens are for: only then a profile can
    /// follow a portal that has moved.
    pub(super) async fn prepare(
        portal: Option<&str>,
        name: Option<&str>,
        exchanges: bool,
        context: &'a Context,
    ) -> Result<Self, Error> {
        let portal = portal.or(context.settings.portal.as_deref()).ok_or_else(|| {
            Error::usage("no portal selected", "give its host, as in `imconn login acme.bitrix24.com`")
        })?;
        if portal == SANDBOX {
            let hint = "to see that it is ready, run `imconn -p sandbox status`";
            return Err(Error::usage("the sandbox needs no login", hint));
        }
        let folder = context.settings.folders.config()?;
        let mut profiles = Profiles::load_for(&folder, portal, name.is_none())?;
        let by_name = profiles.get(portal);
        let address = address(portal, by_name.as_ref(), &profiles)?;
        let name = match (name, by_name) {
            (Some(name), _) => name.to_owned(),
            (None, Some(profile)) => profile.name,
            (None, None) => default_name(&address, &profiles)?,
        };
        check_name(&name)?;
        profiles.read_also(&folder, &name)?;
        let profile = profiles.get(&name);
        let existing = stored(profile.as_ref())?;
        if let Some(other) = profile.as_ref().filter(|profile| !profile.is_at(&address)) {
            let may_have_moved = exchanges && existing.as_ref().is_some_and(|profile| profile.member_id.is_some());
            if !may_have_moved {
                return Err(name_is_taken(&name, &other.host));
            }
        }
        let oauth_server = auth_server(&context.settings, profile.as_ref(), &address)?;
        let store = ProfileStore::in_folder(&folder);
        let lock = context.lock(&store.lock_path(&name)).await?;
        store.check_writable(&name)?;
        drop(lock);
        let owner = context.settings.environment.portal.as_deref();
        let owns_environment = owner.is_none_or(|owner| is_owner(owner, &[portal, &name], &address));
        Ok(Self { context, address, name, existing, keys: None, store, oauth_server, owns_environment })
    }

    /// Whether tokens say that they are for this portal, by its address or its id.
    pub(super) fn is_for_this_portal(&self, set: &TokenSet) -> bool {
        let address = set.portal.as_deref().and_then(|portal| PortalAddress::parse(portal).ok());
        let known_id = self.existing.as_ref().and_then(|profile| profile.member_id.as_ref());
        address.is_some_and(|address| address == self.address)
            || known_id.is_some() && known_id == set.member_id.as_ref()
    }

    /// Where tokens are renewed that name an auth server, or do not: a configured one comes first.
    pub(super) fn auth_server(&self, named: Option<&str>) -> Option<Url> {
        let known = self.oauth_server.as_ref();
        let configured = known.filter(|known| match known.source {
            Source::Environment(_) => true,
            Source::Profile(_) => !is_vendors(&known.value) && !self.address.is_loopback(),
            _ => false,
        });
        let named = named.and_then(|text| trusted_auth_server(text, &self.address));
        configured.map(|known| known.value.clone()).or(named).or_else(|| known.map(|known| known.value.clone()))
    }

    /// A profile belongs to one application: another one needs a name of its own.
    pub(super) fn check_profile_is_of(&self, client_id: &str) -> Result<(), Error> {
        match self.existing.as_ref().and_then(|profile| profile.client_id.as_deref()) {
            Some(known) if known != client_id => Err(profile_is_anothers(&self.name, known)),
            _ => Ok(()),
        }
    }
}

fn address(portal: &str, by_name: Option<&NamedPortal>, profiles: &Profiles) -> Result<PortalAddress, Error> {
    if by_name.is_none() && !looks_like_address(portal) {
        return Err(unknown_portal(portal, profiles));
    }
    PortalAddress::from_user(by_name.map_or(portal, |profile| &profile.host)).map_err(|error| match error {
        AddressError::Webhook(_) => {
            Error::usage(error.to_string(), "give the host alone, and the client id of an application with --client-id")
        }
        other => address_usage(&other),
    })
}

/// What a profile holds, unless its tokens come from a program.
fn stored(profile: Option<&NamedPortal>) -> Result<Option<StoredProfile>, Error> {
    match profile.map(|profile| (&profile.name, &profile.tokens)) {
        Some((_, TokenLocation::Stored(stored))) => Ok(Some((**stored).clone())),
        Some((name, TokenLocation::Command(_))) => {
            let message = format!("the tokens of `{name}` come from its credential_command in config.toml");
            Err(Error::usage(message, "put new tokens where that program reads them"))
        }
        Some((_, TokenLocation::None)) | None => Ok(None),
    }
}

/// Whether `IMCONN_PORTAL` selects the portal that is logged in to.
fn is_owner(owner: &str, names: &[&str], address: &PortalAddress) -> bool {
    names.contains(&owner) || PortalAddress::parse(owner).is_ok_and(|owner| owner == *address)
}

/// The name of the profile at this address, else the first part of the host.
fn default_name(address: &PortalAddress, profiles: &Profiles) -> Result<String, Error> {
    match profiles.at(address).as_slice() {
        [] => Ok(address.short_name()),
        [only] => Ok(only.name.clone()),
        more => Err(several(address, more, "add --name with a new name, or with the name of one of them")),
    }
}

/// The error for a name that belongs to another portal.
pub(super) fn name_is_taken(name: &str, host: &str) -> Error {
    Error::usage(format!("the name `{name}` is taken by {host}"), "choose another one with --name NAME")
}

/// The error for a profile that belongs to another application of the same portal.
pub(super) fn profile_is_anothers(name: &str, client_id: &str) -> Error {
    let message = format!("the profile `{name}` belongs to the application {client_id}");
    let hint =
        format!("keep both with --name NAME, or first remove that one with `imconn logout -p {}`", shell_quoted(name));
    Error::usage(message, hint)
}

/// A name is typed after `-p`, and appears in messages and file names.
pub(in crate::commands) fn check_name(name: &str) -> Result<(), Error> {
    let is_valid = !name.is_empty()
        && name.chars().count() <= 60
        && name.chars().all(|c| c.is_alphanumeric() || "._-:[]".contains(c))
        && !name.starts_with('-')
        && fits_a_file_name(name);
    if !is_valid {
        return Err(Error::usage(
            format!("invalid profile name `{}`", name.escape_debug()),
            "use letters, digits, dots, dashes and underscores, as in acme or acme.test",
        ));
    }
    if name == SANDBOX {
        let hint = "choose another name; `imconn login` takes it from --name NAME";
        return Err(Error::usage("`sandbox` is the name of the built-in portal", hint));
    }
    Ok(())
}
