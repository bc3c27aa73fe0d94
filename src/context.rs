//! What a command works with: settings resolved once, the terminal, and the portal, opened when first asked for.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use url::Url;

use crate::error::{Error, Invocation, Problem};
use crate::http::client::Http;
use crate::output::{Message, Printer, progress};
use crate::portal::Portal;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Auth, TokenSource};
use crate::portal::oauth::OAuthServer;
use crate::profiles::credentials::CredentialStore;
use crate::profiles::known::{KnownPortal, SANDBOX, TokensAt};
use crate::profiles::target::Target;
use crate::sandbox::{Running, Sandbox};
use crate::settings::{Settings, oauth_server, variable};
use crate::signals::CriticalSection;
use crate::store::lock::FileLock;
use crate::tokens::{CommandTokens, CopiedTokens, EnvironmentTokens, SandboxTokens, StoredTokens};

/// The auth server gets at least this long to answer, whatever `--timeout` says.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);

/// Handed to every command.
pub struct Context {
    /// What was asked for, by option, environment and files.
    pub settings: Settings,
    /// The way to the user.
    pub printer: Printer,
    /// Entered while a refresh token is replaced.
    pub critical: CriticalSection,
    /// The HTTP client of the process.
    pub(crate) http: Arc<Http>,
    /// The whole command line, for commands that describe it.
    pub(crate) command_line: fn() -> clap::Command,
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

impl Connection {
    /// What files call it: its host and its profile, which is one application's; but the sandbox's name, which has
    /// another port each time.
    #[must_use]
    pub fn file_name(&self) -> String {
        let (name, host) = (&self.name, self.portal.address().host());
        if self.is_sandbox() || *name == host { name.clone() } else { format!("{host} {name}") }
    }

    /// Whether it is the embedded portal.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.name == SANDBOX
    }
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
            Target::Address { address, known } => {
                let source = self.token_source(&address, known.as_deref())?;
                let server = self.auth_server(&self.oauth_server(known.as_deref())?);
                let name = known.map_or_else(|| address.host(), |known| known.name);
                Ok(self.open(address, name, source, server, self.critical.clone()))
            }
        }
    }

    /// The environment's tokens, else those that are known of the portal.
    fn token_source(
        &self,
        address: &PortalAddress,
        known: Option<&KnownPortal>,
    ) -> Result<Arc<dyn TokenSource>, Error> {
        if let Some(tokens) = EnvironmentTokens::from(&self.settings.environment) {
            return Ok(Arc::new(tokens));
        }
        match known.map(|known| (known, &known.tokens)) {
            Some((known, TokensAt::Store)) => {
                let store = self.store()?;
                self.warn_if_exposed(&store);
                Ok(Arc::new(StoredTokens::new(store, known.name.clone())))
            }
            Some((known, TokensAt::Command(config))) => {
                let (name, config) = (known.name.clone(), config.clone());
                Ok(Arc::new(CommandTokens::new(name, address.clone(), config, self.store()?)))
            }
            Some((_, TokensAt::Nowhere)) | None => {
                let host = known.map_or_else(|| address.stored(), |known| known.name.clone());
                Err(Error::NotAuthorised {
                    message: format!("there are no tokens for {}", address.host()),
                    hint: Some(format!(
                        "log in with imconn login {host}, or put an application's access token into \
                         IMCONN_ACCESS_TOKEN; -p sandbox needs neither"
                    )),
                })
            }
        }
    }

    /// Where profiles are kept.
    ///
    /// # Errors
    /// [`Error::Local`] when there is no folder for them.
    pub fn store(&self) -> Result<CredentialStore, Error> {
        Ok(CredentialStore::in_folder(&self.settings.folders.config()?))
    }

    /// Takes the lock of the store for a change. Another process may be renewing tokens meanwhile.
    ///
    /// # Errors
    /// [`Error::Local`] when it cannot be had; the text names its file.
    pub(crate) async fn lock_store(&self, store: &CredentialStore) -> Result<FileLock, Error> {
        let path = store.lock_path();
        let text = format!("waiting for another process that holds {}", path.display());
        let report = || self.printer.message(&Message::Warning(text.clone()));
        Ok(FileLock::acquire(&path, self.settings.timeout, report).await?)
    }

    /// Warns when others can read the secrets.
    pub fn warn_if_exposed(&self, store: &CredentialStore) {
        if let Some(exposure) = store.exposure() {
            self.printer.message(&Message::Warning(exposure));
        }
    }

    async fn open_sandbox(&self) -> Result<Connection, Error> {
        let sandbox = self.sandbox()?;
        let served = sandbox.served()?;
        let running = if served.is_none() { Some(sandbox.start().await?) } else { None };
        let url = served.or_else(|| running.as_ref().map(|running| running.url.clone())).unwrap_or_default();
        let address = PortalAddress::parse(&url).context("the sandbox has left a wrong address")?;
        let auth_server = self.auth_server(&Url::parse(&url).context("the sandbox has left a wrong address")?);
        let source = Arc::new(SandboxTokens::new(sandbox));
        let connection = self.open(address, SANDBOX.to_owned(), source, auth_server, self.critical.clone());
        Ok(Connection { _sandbox: running, ..connection })
    }

    /// Opens a portal with tokens from `source`. No request is made. `critical` is entered while they are renewed.
    #[must_use]
    pub fn open(
        &self,
        address: PortalAddress,
        name: String,
        source: Arc<dyn TokenSource>,
        auth_server: OAuthServer,
        critical: CriticalSection,
    ) -> Connection {
        let source = match &self.settings.print_tokens_to {
            Some(path) => Arc::new(CopiedTokens::new(source, path.clone(), address.clone())),
            None => source,
        };
        let observer = progress::observer(self.printer, name.clone());
        let auth = Auth::new(source, auth_server, critical, self.settings.timeout, Arc::clone(&observer));
        let portal = Portal::new(address, Arc::clone(&self.http), auth, self.settings.retries, observer);
        Connection { portal, name, _sandbox: None }
    }

    /// Where the tokens of a portal are renewed: as the environment says, else as at the login, else at the vendor's.
    ///
    /// # Errors
    /// [`Error::Usage`] for an address that is not safe, [`Error::Local`] for the store.
    pub fn oauth_server(&self, known: Option<&KnownPortal>) -> Result<Url, Error> {
        if let Some(named) = &self.settings.oauth_server {
            return Ok(named.clone());
        }
        let profile = match known {
            Some(KnownPortal { name, tokens: TokensAt::Store, .. }) => self.store()?.profile(name)?,
            _ => None,
        };
        oauth_server("oauth_server in credentials.toml", profile.and_then(|profile| profile.oauth_server))
    }

    /// A client of the auth server at an address.
    #[must_use]
    pub fn auth_server(&self, address: &Url) -> OAuthServer {
        // A refresh token can die at its first use: giving up on the answer to it early would lose the new one.
        OAuthServer::new(address, Arc::clone(&self.http), self.refresh_timeout(), self.settings.retries)
    }

    fn refresh_timeout(&self) -> Duration {
        self.settings.timeout.max(REFRESH_TIMEOUT)
    }

    /// The embedded portal.
    ///
    /// # Errors
    /// [`Error::Local`] when there is no folder for its state.
    pub fn sandbox(&self) -> Result<Sandbox, Error> {
        Ok(Sandbox::in_folder(&self.settings.folders.data()?))
    }

    /// How to call imconn for the same portal: with -p, unless the portal came from the environment or is the default.
    pub(crate) fn invocation(&self) -> Invocation {
        let from_environment = variable("IMCONN_PORTAL");
        let typed = self.settings.portal.as_ref().filter(|portal| from_environment.as_ref() != Some(*portal));
        Invocation::for_portal(typed.map(|typed| match self.target() {
            // What was typed may hold more than a host: an address copied from a browser, for one.
            Ok(Target::Address { address, known: None }) => address.to_string(),
            _ => typed.clone(),
        }))
    }

    /// A failure with hints for the portal of this command.
    pub(crate) fn problem(&self, error: &Error) -> Problem {
        Problem::of(error, &self.invocation())
    }

    /// A command of imconn for the same portal.
    pub(crate) fn typed(&self, command: &str) -> String {
        self.invocation().command(command)
    }
}
