//! The choice of a portal, its handler, its tokens and its auth server. It is pure: everything that it depends on was read
//! before.

use url::Url;

use super::SANDBOX;
use super::auth_server::auth_server;
use super::config::PortalConfig;
use super::snapshot::{NamedPortal, Profiles, TokenLocation, looks_like_address};
use super::stored::StoredProfile;
use crate::error::Error;
use crate::portal::address::{AddressError, PortalAddress};
use crate::portal::token_source::Credentials;
use crate::redact::{Secret, mask_urls, shell_quoted};
use crate::sandbox::DEFAULT_HANDLER;
use crate::settings::{Chosen, Settings, Source};

/// Longest list of names in a message.
const MOST_NAMES: usize = 20;

/// What a command works with, and where each part comes from.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) portal: Chosen<SelectedPortal>,
    pub(crate) tokens: Chosen<SelectedTokens>,
    /// `None` for the sandbox, which is its own, and where none is known.
    pub(crate) oauth_server: Option<Chosen<Url>>,
    pub(crate) handler: Option<Chosen<String>>,
    pub(crate) application_token: Option<Chosen<Secret>>,
    /// Why the tokens of the environment are not used.
    pub(crate) unused_environment: Option<Unused>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SelectedPortal {
    /// The embedded one.
    Sandbox,
    Address {
        address: PortalAddress,
        /// The profile of that name or at that address.
        profile: Option<Box<NamedPortal>>,
    },
}

#[derive(Debug, Clone)]
pub(crate) enum SelectedTokens {
    /// The sandbox keeps its own.
    Sandbox,
    Environment(Credentials),
    Stored(Box<StoredProfile>),
    Command(PortalConfig),
    None,
}

/// Why the tokens of the environment are not used, although they are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unused {
    /// They belong to the portal that `IMCONN_PORTAL` selects.
    BelongsTo(String),
    /// The selected profile has tokens of its own, and `IMCONN_PORTAL` is not set.
    ProfileHasTokens(String),
    /// No portal was selected for them.
    NoPortal,
}

impl Selection {
    /// The name that output shows: the profile's, or the host.
    pub(crate) fn name(&self) -> String {
        match &self.portal.value {
            SelectedPortal::Sandbox => SANDBOX.to_owned(),
            SelectedPortal::Address { address, profile: None } => address.host(),
            SelectedPortal::Address { profile: Some(profile), .. } => profile.name.clone(),
        }
    }
}

/// Chooses. Tokens of the environment belong to the portal that `IMCONN_PORTAL` selects or, without it, to the one that
/// `--portal` selects when it is not a profile with tokens of its own; no other portal ever gets them.
pub(crate) fn select(
    settings: &Settings,
    profiles: &Profiles,
    manifest_handler: Option<&str>,
) -> Result<Selection, Error> {
    let text = portal_text(settings, profiles)?;
    if text.value == SANDBOX {
        return Ok(sandbox(settings, profiles, manifest_handler, text.source));
    }
    let (address, named) = resolve(&text.value, profiles)?;
    let unused_environment = unused_environment(settings, profiles, &text, &address, named.as_ref());
    let environment = settings.environment.credentials().filter(|_| unused_environment.is_none());
    let profile = match named {
        None if environment.is_none() => at_address(profiles, &address)?,
        named => named,
    };
    let tokens = tokens(environment, profile.as_ref());
    let name = profile.as_ref().map_or_else(|| address.host(), |profile| profile.name.clone());
    Ok(Selection {
        tokens,
        oauth_server: auth_server(settings, profile.as_ref(), &address)?,
        handler: handler(settings, profiles, manifest_handler, &name),
        application_token: application_token(settings, profile.as_ref(), unused_environment.as_ref()),
        unused_environment,
        portal: Chosen {
            value: SelectedPortal::Address { address, profile: profile.map(Box::new) },
            source: text.source,
        },
    })
}

fn sandbox(settings: &Settings, profiles: &Profiles, manifest_handler: Option<&str>, source: Source) -> Selection {
    let default = Chosen { value: DEFAULT_HANDLER.to_owned(), source: Source::Default };
    let environment = &settings.environment;
    let is_owner = environment.portal.as_deref().is_none_or(|owner| owner == SANDBOX);
    let application_token = environment.application_token.clone().filter(|_| is_owner);
    Selection {
        portal: Chosen { value: SelectedPortal::Sandbox, source },
        tokens: Chosen { value: SelectedTokens::Sandbox, source: Source::Default },
        oauth_server: None,
        handler: Some(handler(settings, profiles, manifest_handler, SANDBOX).unwrap_or(default)),
        application_token: application_token
            .map(|value| Chosen::new(value, Source::Environment("IMCONN_APPLICATION_TOKEN"))),
        unused_environment: None,
    }
}

/// What selects the portal: the option, the environment, `config.toml`, or that it is the only one.
fn portal_text(settings: &Settings, profiles: &Profiles) -> Result<Chosen<String>, Error> {
    if let Some(chosen) = settings.chosen_portal() {
        return Ok(chosen);
    }
    if let Some(portal) = profiles.configured_default() {
        if portal == SANDBOX || looks_like_address(portal) || profiles.get(portal).is_some() {
            return Ok(Chosen { value: portal.to_owned(), source: Source::Config });
        }
        let message = format!("config.toml selects the portal `{}`, which has no profile", portal.escape_debug());
        return Err(Error::usage(message, "to see the portals, run `imconn portals`"));
    }
    match profiles.names().as_slice() {
        [only] => Ok(Chosen { value: only.clone(), source: Source::Default }),
        [] => Err(Error::usage("no portal selected", "to see the first steps, run `imconn --help`")),
        names => {
            let hint = format!("select one of them with -p: {}", list(names));
            Err(Error::usage("several portals are known, and none is selected", hint))
        }
    }
}

/// Where a portal is, and the profile of that name.
fn resolve(text: &str, profiles: &Profiles) -> Result<(PortalAddress, Option<NamedPortal>), Error> {
    let named = profiles.get(text);
    if named.is_none() && !looks_like_address(text) {
        return Err(unknown_portal(text, profiles));
    }
    let address = PortalAddress::from_user(named.as_ref().map_or(text, |profile| &profile.host));
    Ok((address.map_err(|error| address_usage(&error))?, named))
}

/// Why the tokens of the environment do not belong to the selected portal; `None` when they do, or are not set.
fn unused_environment(
    settings: &Settings,
    profiles: &Profiles,
    text: &Chosen<String>,
    address: &PortalAddress,
    named: Option<&NamedPortal>,
) -> Option<Unused> {
    settings.environment.access_token.as_ref()?;
    let with_tokens = named.filter(|profile| profile.has_tokens());
    let Some(owner) = &settings.environment.portal else {
        return match (&text.source, with_tokens) {
            (Source::Option(_), None) => None,
            (Source::Option(_), Some(profile)) => Some(Unused::ProfileHasTokens(profile.name.clone())),
            _ => Some(Unused::NoPortal),
        };
    };
    let is_owner = *owner == text.value
        || with_tokens.is_none() && resolve(owner, profiles).is_ok_and(|(owner, _)| owner == *address);
    (!is_owner).then(|| Unused::BelongsTo(owner.clone()))
}

fn tokens(environment: Option<Credentials>, profile: Option<&NamedPortal>) -> Chosen<SelectedTokens> {
    if let Some(credentials) = environment {
        let value = SelectedTokens::Environment(credentials);
        return Chosen { value, source: Source::Environment("IMCONN_ACCESS_TOKEN") };
    }
    let Some(profile) = profile else { return Chosen { value: SelectedTokens::None, source: Source::Default } };
    let value = match &profile.tokens {
        TokenLocation::Stored(stored) => SelectedTokens::Stored(stored.clone()),
        TokenLocation::Command(config) => SelectedTokens::Command(config.clone()),
        TokenLocation::None => SelectedTokens::None,
    };
    Chosen { value, source: Source::Profile(profile.name.clone()) }
}

/// The environment, `imconn.toml`, the portal's own in `config.toml`, the one for all portals.
fn handler(
    settings: &Settings,
    profiles: &Profiles,
    manifest_handler: Option<&str>,
    name: &str,
) -> Option<Chosen<String>> {
    let own = profiles.config.portals.get(name).and_then(|config| config.handler.clone());
    let environment =
        settings.environment.handler.clone().map(|value| Chosen::new(value, Source::Environment("IMCONN_HANDLER")));
    environment
        .or_else(|| manifest_handler.map(str::to_owned).map(|value| Chosen::new(value, Source::Manifest)))
        .or_else(|| own.map(|value| Chosen::new(value, Source::Profile(name.to_owned()))))
        .or_else(|| profiles.config.handler.clone().map(|value| Chosen::new(value, Source::Config)))
}

/// The environment's belongs to the portal of `IMCONN_PORTAL`; without that variable a profile's own comes first.
fn application_token(
    settings: &Settings,
    profile: Option<&NamedPortal>,
    unused: Option<&Unused>,
) -> Option<Chosen<Secret>> {
    let environment = &settings.environment;
    let is_foreign = matches!(unused, Some(Unused::BelongsTo(_)));
    let given = environment.application_token.clone().filter(|_| !is_foreign);
    let given = given.map(|value| Chosen::new(value, Source::Environment("IMCONN_APPLICATION_TOKEN")));
    let own = profile.and_then(|profile| match &profile.tokens {
        TokenLocation::Stored(stored) => {
            stored.application_token.clone().map(|value| Chosen::new(value, Source::Profile(profile.name.clone())))
        }
        TokenLocation::Command(_) | TokenLocation::None => None,
    });
    if environment.portal.is_some() { given.or(own) } else { own.or(given) }
}

/// The profile at an address. Several are an error: each belongs to an application of its own.
fn at_address(profiles: &Profiles, address: &PortalAddress) -> Result<Option<NamedPortal>, Error> {
    let mut found = profiles.at(address);
    match (found.len(), profiles.unreadable()) {
        (0, [(_, why), ..]) => Err(Error::Local(anyhow::anyhow!("{why}"))),
        (0 | 1, _) => Ok(found.pop()),
        _ => Err(several(address, &found, "to use one of them, add -p with its name")),
    }
}

/// The error for an address that several profiles are for. `action` says how to give a name.
pub(crate) fn several(address: &PortalAddress, profiles: &[NamedPortal], action: &str) -> Error {
    let names: Vec<String> = profiles.iter().map(|profile| profile.name.clone()).collect();
    let message = format!("several profiles are for {}", address.host());
    Error::usage(message, format!("{action}: {}", list(&names)))
}

/// The error for a name without a profile.
pub(crate) fn unknown_portal(text: &str, profiles: &Profiles) -> Error {
    let shown: String = text.chars().take(60).collect();
    let mut names: Vec<String> = profiles.names().into_iter().filter(|name| name != SANDBOX).collect();
    names.truncate(MOST_NAMES + 1);
    names.push(SANDBOX.to_owned());
    let hint = format!("known portals: {}; or give a host like acme.bitrix24.com", list(&names));
    Error::usage(format!("no portal named `{}`", mask_urls(&shown)), hint)
}

fn list(names: &[String]) -> String {
    if names.len() <= MOST_NAMES {
        return names.join(", ");
    }
    format!("{}, … (to see all, run `imconn portals`)", names[..MOST_NAMES].join(", "))
}

/// What is wrong with an address, and what to type instead.
pub(crate) fn address_usage(error: &AddressError) -> Error {
    let hint = match error {
        AddressError::NotAnAddress(_) => "an address looks like acme.bitrix24.com or https://crm.example.com",
        AddressError::PlainHttp(_) => "use https; plain http is for 127.0.0.1 only",
        AddressError::Webhook(_) => {
            "event methods need the access token of an application (OAuth): select the portal by its host, and put the \
             token into IMCONN_ACCESS_TOKEN"
        }
        AddressError::Page(_) => "give the host alone, as in acme.bitrix24.com",
        AddressError::Credentials => "leave out the part before the @",
    };
    Error::usage(error.to_string(), hint)
}

impl Unused {
    /// The warning for a user who may expect that the tokens are used.
    pub(crate) fn warning(&self) -> Option<String> {
        match self {
            // The portal was selected on the command line, against the environment: that is what -p is for.
            Self::BelongsTo(_) => None,
            Self::ProfileHasTokens(name) => Some(format!(
                "IMCONN_ACCESS_TOKEN is not used, because the profile `{name}` has its own tokens; to use it, set \
                 IMCONN_PORTAL={}",
                shell_quoted(name)
            )),
            Self::NoPortal => Some(
                "IMCONN_ACCESS_TOKEN is not used, because no portal is selected for it; set IMCONN_PORTAL".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;
