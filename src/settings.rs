//! Options and environment, resolved once. Files are read later, and only by commands that need them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::http::client::HttpOptions;
use crate::http::hosts::is_loopback;
use crate::output::Format;
use crate::portal::oauth::ClientKeys;
use crate::portal::token_source::Credentials;
use crate::redact::{Secret, mask_urls};
use crate::store::folders::Folders;

/// The vendor's auth server (`protocol` section 6).
pub(crate) const OAUTH_SERVER: &str = "https://oauth.bitrix.info";

/// The vendor's auth server for Russia, Belarus and Kazakhstan.
pub(crate) const EASTERN_OAUTH_SERVER: &str = "https://oauth.bitrix24.tech";

/// Where the vendor publishes the addresses that events come from (`protocol` section 4).
const SENDERS_LIST: &str = "https://dl.bitrix24.com/webhook/app-world.json";

/// The same for portals of the eastern auth server.
const EASTERN_SENDERS_LIST: &str = "https://repos.1c-bitrix.ru/webhook/app.json";

/// Options, and the variables that stand in for them.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `--portal` or `IMCONN_PORTAL`.
    pub(crate) portal: Option<String>,
    /// `--output` or `IMCONN_OUTPUT`.
    pub(crate) format: Format,
    /// How often `--verbose` was given.
    pub(crate) verbose: u8,
    /// `--no-input` or `IMCONN_NO_INPUT`.
    pub(crate) no_input: bool,
    /// `--timeout`: for one request, and for a lock that another process holds.
    pub(crate) timeout: Duration,
    /// `--retries`.
    pub(crate) retries: usize,
    /// `--ca-cert`.
    pub(crate) ca_cert: Option<PathBuf>,
    /// `--print-tokens-to`.
    pub(crate) print_tokens_to: Option<PathBuf>,
    pub(crate) folders: Folders,
    /// `IMCONN_OAUTH_SERVER`, if set.
    pub(crate) oauth_server: Option<Url>,
    /// `IMCONN_SENDERS_LIST`, if set.
    pub(crate) senders_list: Option<Url>,
    /// Settings without an option.
    pub(crate) environment: Environment,
}

/// Settings without an option (secrets never are one), and the portal that the credentials among them belong to.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `IMCONN_PORTAL`.
    pub(crate) portal: Option<String>,
    /// `IMCONN_ACCESS_TOKEN`.
    pub(crate) access_token: Option<Secret>,
    /// `IMCONN_REFRESH_TOKEN`.
    pub(crate) refresh_token: Option<Secret>,
    /// `IMCONN_CLIENT_ID`.
    pub(crate) client_id: Option<String>,
    /// `IMCONN_CLIENT_SECRET`.
    pub(crate) client_secret: Option<Secret>,
    /// `IMCONN_APPLICATION_TOKEN`.
    pub(crate) application_token: Option<Secret>,
    /// `IMCONN_HANDLER`.
    pub(crate) handler: Option<String>,
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Option(&'static str),
    Environment(&'static str),
    /// `imconn.toml` in the working folder.
    Manifest,
    /// A profile, or the settings of that portal in `config.toml`.
    Profile(String),
    /// The settings for all portals in `config.toml`.
    Config,
    Default,
}

impl<T> Chosen<T> {
    pub(crate) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) | Self::Environment(name) => f.write_str(name),
            Self::Manifest => f.write_str("imconn.toml"),
            Self::Profile(name) => write!(f, "profile `{name}`"),
            Self::Config => f.write_str("config.toml"),
            Self::Default => f.write_str("the default"),
        }
    }
}

impl Settings {
    /// The portal that the option or the environment selects. Where both say the same, so does the environment.
    pub(crate) fn chosen_portal(&self) -> Option<Chosen<String>> {
        let portal = self.portal.clone()?;
        let source = if self.environment.portal.as_ref() == Some(&portal) {
            Source::Environment("IMCONN_PORTAL")
        } else {
            Source::Option("--portal")
        };
        Some(Chosen::new(portal, source))
    }

    /// How requests are made.
    pub(crate) fn http_options(&self) -> HttpOptions {
        HttpOptions { timeout: self.timeout, ca_cert: self.ca_cert.clone(), pinned: None }
    }

    /// Whether the environment has tokens, and nothing says that they belong to a portal other than the selected one.
    pub(crate) fn environment_may_suffice(&self) -> bool {
        let Some(portal) = &self.portal else { return false };
        self.environment.access_token.is_some() && self.environment.portal.as_ref().is_none_or(|owner| owner == portal)
    }
}

impl Environment {
    pub(crate) fn read() -> Self {
        Self {
            portal: variable("IMCONN_PORTAL"),
            access_token: variable("IMCONN_ACCESS_TOKEN").map(Secret::new),
            refresh_token: variable("IMCONN_REFRESH_TOKEN").map(Secret::new),
            client_id: variable("IMCONN_CLIENT_ID"),
            client_secret: variable("IMCONN_CLIENT_SECRET").map(Secret::new),
            application_token: variable("IMCONN_APPLICATION_TOKEN").map(Secret::new),
            handler: variable("IMCONN_HANDLER"),
        }
    }

    /// The tokens, if there is an access token.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        Some(Credentials {
            access_token: self.access_token.clone()?,
            refresh_token: self.refresh_token.clone(),
            client: self.client_keys(),
            expires: None,
            refresh_expires: None,
        })
    }

    /// The application's id and secret, if both are set.
    fn client_keys(&self) -> Option<ClientKeys> {
        Some(ClientKeys { id: self.client_id.clone()?, secret: self.client_secret.clone()? })
    }
}

/// A variable that is set and not empty; CI systems set what they do not have to nothing.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The address of an auth server that `place` holds. It has to be https, or on loopback.
pub(crate) fn oauth_server(place: &str, address: &str) -> Result<Url, Error> {
    safe_address(place, address, "the vendor's auth server")
}

/// The address of the senders' list in the environment, by the same rules.
pub(crate) fn senders_list(address: &str) -> Result<Url, Error> {
    safe_address("IMCONN_SENDERS_LIST", address, "the vendor's list")
}

/// Where the vendor publishes the senders of the portals that this auth server is for; the western ones if it is not known.
pub(crate) fn vendors_senders_list(auth_server: Option<&Url>) -> Url {
    let is_eastern = auth_server.is_some_and(|server| server.as_str().trim_end_matches('/') == EASTERN_OAUTH_SERVER);
    let list = if is_eastern { EASTERN_SENDERS_LIST } else { SENDERS_LIST };
    Url::parse(list).unwrap_or_else(|_| unreachable!("a constant"))
}

fn safe_address(place: &str, address: &str, default: &str) -> Result<Url, Error> {
    Url::parse(address).ok().filter(is_safe).ok_or_else(|| {
        let message = format!("{place} must be an https URL, not `{}`", mask_urls(address));
        let remove = if place.starts_with("IMCONN_") { "unset it" } else { "remove it from that file" };
        Error::usage(message, format!("{remove} to use {default}"))
    })
}

fn is_safe(url: &Url) -> bool {
    let is_encrypted = url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    is_encrypted && url.has_host() && url.username().is_empty() && url.password().is_none()
}
