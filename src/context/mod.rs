//! What a command works with: settings resolved once, the terminal, and the portal, opened when first asked for.

pub mod handler;
pub mod settings;
pub mod target;
pub mod tokens;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use url::Url;

use self::settings::{Settings, variable};
use self::target::{SANDBOX, Target};
use self::tokens::{EnvironmentTokens, SandboxTokens, StoredTokens};
use crate::error::Error;
use crate::output::{Note, Talk, progress};
use crate::portal::Portal;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Auth, Busy, TokenSource};
use crate::portal::http::{Http, HttpOptions};
use crate::portal::oauth::OAuthServer;
use crate::sandbox::{Running, Sandbox};
use crate::store::credentials::CredentialStore;

/// The auth server gets at least this long to answer, whatever `--timeout` says.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);

/// Handed to every command.
pub struct Context {
    /// What was asked for, by option, environment and files.
    pub settings: Settings,
    /// The way to the user.
    pub talk: Talk,
    /// Held while a refresh token is being replaced.
    pub busy: Busy,
}

/// A portal, opened; nothing was asked of it yet.
pub struct Connection {
    /// The client.
    pub portal: Portal,
    /// The name that output shows: the profile's, or the host.
    pub name: String,
    /// Keeps a sandbox of this process up.
    _sandbox: Option<Running>,
}

impl Context {
    /// Opens the portal that the settings name. No request is made.
    ///
    /// # Errors
    /// [`Error::Usage`] when no portal is named or the address is none; [`Error::NotAuthorised`] when there are no
    /// tokens for it; [`Error::Local`] for files.
    pub async fn connect(&self) -> Result<Connection, Error> {
        match self.target()? {
            Target::Sandbox => self.open_sandbox().await,
            Target::Address { address, profile: Some(profile) } if self.settings.environment.access_token.is_none() => {
                let store = CredentialStore::in_folder(&self.settings.folders.config()?);
                if let Some(exposure) = store.exposure() {
                    self.talk.note(&Note::Warning(exposure));
                }
                let source = StoredTokens::new(store, profile.clone());
                Ok(self.open(address, profile, Arc::new(source), &self.settings.oauth_server, None))
            }
            Target::Address { address, profile } => {
                let Some(tokens) = EnvironmentTokens::from(&self.settings.environment) else {
                    return Err(Error::NotAuthorised {
                        message: format!("there are no tokens for {}", address.host()),
                        hint: Some(
                            "put an application's access token into IMCONN_ACCESS_TOKEN; -p sandbox needs none".into(),
                        ),
                    });
                };
                let name = profile.unwrap_or_else(|| address.host());
                Ok(self.open(address, name, Arc::new(tokens), &self.settings.oauth_server, None))
            }
        }
    }

    async fn open_sandbox(&self) -> Result<Connection, Error> {
        let sandbox = self.sandbox()?;
        let served = sandbox.served()?;
        let running = if served.is_none() { Some(sandbox.start().await?) } else { None };
        let url = served.or_else(|| running.as_ref().map(|running| running.url.clone())).unwrap_or_default();
        let address = PortalAddress::parse(&url).context("the sandbox has left a wrong address")?;
        let oauth_server = Url::parse(&url).context("the sandbox has left a wrong address")?;
        Ok(self.open(address, SANDBOX.to_owned(), Arc::new(SandboxTokens::new(sandbox)), &oauth_server, running))
    }

    fn open(
        &self,
        address: PortalAddress,
        name: String,
        source: Arc<dyn TokenSource>,
        oauth_server: &Url,
        sandbox: Option<Running>,
    ) -> Connection {
        let options = HttpOptions { timeout: self.settings.timeout, ca_cert: self.settings.ca_cert.clone() };
        let retries = self.settings.retries;
        // A refresh token can die at its first use: giving up on the answer to it early would lose the new one.
        let patient = HttpOptions { timeout: options.timeout.max(REFRESH_TIMEOUT), ..options.clone() };
        let observer = progress::observer(self.talk, name.clone());
        let server = OAuthServer::new(oauth_server, patient, retries);
        let auth = Auth::new(source, server, self.busy.clone(), Arc::clone(&observer));
        let portal = Portal::new(address, Http::new(options), auth, retries, observer);
        Connection { portal, name, _sandbox: sandbox }
    }

    /// The embedded portal.
    ///
    /// # Errors
    /// [`Error::Local`] when there is no folder for its state.
    pub fn sandbox(&self) -> Result<Sandbox, Error> {
        Ok(Sandbox::in_folder(&self.settings.folders.data()?))
    }

    /// A command of this program as the user would have to type it: with the portal, where that was an option.
    #[must_use]
    pub fn typed(&self, command: &str) -> String {
        let Some(portal) =
            self.settings.portal.as_ref().filter(|portal| variable("IMCONN_PORTAL").as_ref() != Some(*portal))
        else {
            return format!("imconn {command}");
        };
        // What was typed may hold more than a host: an address out of a browser, for one.
        let named = match self.target() {
            Ok(Target::Address { address, profile: None }) => address.to_string(),
            _ => portal.clone(),
        };
        format!("imconn -p {named} {command}")
    }
}
