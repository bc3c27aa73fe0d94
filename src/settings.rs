//! Settings: options first, then the environment. Files come later, and only when something in them is needed.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::http::client::HttpOptions;
use crate::http::hosts::is_loopback;
use crate::output::Format;
use crate::portal::oauth::ClientKeys;
use crate::redact::{Secret, mask_urls};
use crate::store::folders::Folders;

/// The vendor's auth server (`portal-protocol` section 6).
pub const OAUTH_SERVER: &str = "https://oauth.bitrix.info";

/// Where the vendor publishes the addresses that events come from (`portal-protocol` section 4).
pub const SENDERS_LIST: &str = "https://dl.bitrix24.com/webhook/app-world.json";

/// What was asked for.
#[derive(Debug)]
pub struct Settings {
    /// `--portal` or `IMCONN_PORTAL`.
    pub portal: Option<String>,
    /// `--output` or `IMCONN_OUTPUT`.
    pub format: Format,
    /// How often `--verbose`.
    pub verbose: u8,
    /// `--no-input` or `IMCONN_NO_INPUT`.
    pub no_input: bool,
    /// `--timeout`, for one request.
    pub timeout: Duration,
    /// `--retries`.
    pub retries: usize,
    /// `--ca-cert`.
    pub ca_cert: Option<PathBuf>,
    /// `--print-tokens-to`.
    pub print_tokens_to: Option<PathBuf>,
    /// Where files are.
    pub(crate) folders: Folders,
    /// `IMCONN_OAUTH_SERVER`, where it is set.
    pub oauth_server: Option<Url>,
    /// `IMCONN_SENDERS_LIST`.
    pub senders_list: Url,
    /// What only the environment has.
    pub environment: Environment,
}

impl Settings {
    /// How requests are made.
    pub(crate) fn http_options(&self) -> HttpOptions {
        HttpOptions { timeout: self.timeout, ca_cert: self.ca_cert.clone(), pinned: None }
    }
}

/// Settings without an option: secrets never are one.
#[derive(Debug, Default)]
pub struct Environment {
    /// `IMCONN_ACCESS_TOKEN`.
    pub access_token: Option<Secret>,
    /// `IMCONN_REFRESH_TOKEN`.
    pub refresh_token: Option<Secret>,
    /// `IMCONN_CLIENT_ID`.
    pub client_id: Option<String>,
    /// `IMCONN_CLIENT_SECRET`.
    pub client_secret: Option<Secret>,
    /// `IMCONN_APPLICATION_TOKEN`.
    pub application_token: Option<Secret>,
    /// `IMCONN_HANDLER`.
    pub handler: Option<String>,
}

impl Environment {
    /// Reads the process's environment.
    #[must_use]
    pub fn read() -> Self {
        Self {
            access_token: variable("IMCONN_ACCESS_TOKEN").map(Secret::new),
            refresh_token: variable("IMCONN_REFRESH_TOKEN").map(Secret::new),
            client_id: variable("IMCONN_CLIENT_ID"),
            client_secret: variable("IMCONN_CLIENT_SECRET").map(Secret::new),
            application_token: variable("IMCONN_APPLICATION_TOKEN").map(Secret::new),
            handler: variable("IMCONN_HANDLER"),
        }
    }

    /// The application's id and secret, where both are there.
    #[must_use]
    pub fn client_keys(&self) -> Option<ClientKeys> {
        let (id, secret) = (self.client_id.clone()?, self.client_secret.clone()?);
        Some(ClientKeys { id, secret })
    }
}

/// Variables with secrets: no program that this one starts gets them.
pub const SECRET_VARIABLES: [&str; 4] =
    ["IMCONN_ACCESS_TOKEN", "IMCONN_REFRESH_TOKEN", "IMCONN_CLIENT_SECRET", "IMCONN_APPLICATION_TOKEN"];

/// A variable that is set and not empty; CI systems set what they do not have to nothing.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The address of the auth server that is named in a place; the vendor's where none is.
///
/// # Errors
/// [`Error::Usage`] for one that is neither https nor on loopback, or has credentials in it.
pub fn oauth_server(place: &str, named: Option<String>) -> Result<Url, Error> {
    safe_address(place, named, OAUTH_SERVER)
}

/// The address of the senders' list, the vendor's where none is named.
///
/// # Errors
/// As for [`oauth_server`].
pub fn senders_list(named: Option<String>) -> Result<Url, Error> {
    safe_address("IMCONN_SENDERS_LIST", named, SENDERS_LIST)
}

fn safe_address(place: &str, named: Option<String>, default: &str) -> Result<Url, Error> {
    let text = named.unwrap_or_else(|| default.to_owned());
    let safe = |url: &Url| url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    let bare = |url: &Url| url.username().is_empty() && url.password().is_none();
    Url::parse(&text).ok().filter(|url| url.has_host() && safe(url) && bare(url)).ok_or_else(|| {
        let message = format!("{place} is no https address: `{}`", mask_urls(&text));
        Error::usage(message, format!("leave it out for {default}"))
    })
}
