//! What a command works with: settings resolved once, the terminal, and the portal, opened when first asked for.

pub mod settings;
pub mod target;
pub mod tokens;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use toml::Table;
use url::Url;

use self::settings::{Settings, variable};
use self::target::{SANDBOX, Target};
use self::tokens::{EnvironmentTokens, SandboxTokens, StoredTokens};
use crate::bindings::HandlerUrl;
use crate::error::Error;
use crate::output::{Note, Talk, progress};
use crate::portal::Portal;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Auth, Busy, TokenSource};
use crate::portal::http::{Http, HttpOptions};
use crate::portal::oauth::OAuthServer;
use crate::sandbox::{DEFAULT_HANDLER, Running, Sandbox};
use crate::store::config::Config;
use crate::store::credentials::CredentialStore;
use crate::store::file;

/// The file of the working folder that may name a handler.
const MANIFEST: &str = "imconn.toml";

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

    /// The handler to bind: the option, the environment, `imconn.toml`, the profile, in this order.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none or it is no handler; [`Error::Local`] when a file cannot be understood.
    pub fn handler(&self, option: Option<&str>) -> Result<HandlerUrl, Error> {
        let (named, source) = match (option, &self.settings.environment.handler) {
            (Some(handler), _) => (Some(handler.to_owned()), "--handler"),
            (None, Some(handler)) => (Some(handler.clone()), "IMCONN_HANDLER"),
            (None, None) => match manifest_handler()? {
                Some(handler) => (Some(handler), MANIFEST),
                None => (self.profile_handler()?, "config.toml"),
            },
        };
        let Some(named) = named else {
            return Err(Error::usage(
                "no handler is named",
                "name it with --handler URL, IMCONN_HANDLER, or handler = \"URL\" in imconn.toml",
            ));
        };
        HandlerUrl::parse(&named).map_err(|error| {
            Error::usage(format!("{source}: {error}"), "a handler looks like https://bot.example.com/b24")
        })
    }

    fn profile_handler(&self) -> Result<Option<String>, Error> {
        let config = Config::load(&self.settings.folders.config()?)?;
        let (name, default) = match self.target()? {
            Target::Sandbox => (SANDBOX.to_owned(), Some(DEFAULT_HANDLER.to_owned())),
            Target::Address { address, profile } => (profile.unwrap_or_else(|| address.host()), None),
        };
        Ok(config.handler_for(&name).or(default))
    }
}

/// Members of the manifest. Those of later use are known, so that a slip in `handler` is told from them.
const MANIFEST_MEMBERS: [&str; 3] = ["handler", "subscription", "manage"];

/// `handler` of the manifest in the working folder.
fn manifest_handler() -> Result<Option<String>, Error> {
    let Some(text) = file::read(MANIFEST.as_ref())? else { return Ok(None) };
    let document: Table = text.parse().map_err(|error| file::toml_error(MANIFEST.as_ref(), &text, &error))?;
    if let Some(unknown) = document.keys().find(|key| !MANIFEST_MEMBERS.contains(&key.as_str())) {
        let message = format!("{MANIFEST}: `{}` is no member of it", unknown.escape_debug());
        return Err(Error::usage(message, format!("members are {}", MANIFEST_MEMBERS.join(", "))));
    }
    match document.get("handler") {
        None => Ok(None),
        Some(toml::Value::String(handler)) => Ok(Some(handler.clone())),
        Some(_) => Err(Error::usage(format!("{MANIFEST}: handler is no text"), "write handler = \"https://…\"")),
    }
}
