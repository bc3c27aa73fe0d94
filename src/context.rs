//! What a command works with: settings resolved once, the terminal, and the portal, opened when first needed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context as _;
use url::Url;

use crate::bindings::HandlerUrl;
use crate::bindings::manifest::{FILE, Manifest};
use crate::error::{Error, Invocation, Problem, login};
use crate::http::client::Http;
use crate::output::{Message, Printer, progress};
use crate::portal::Portal;
use crate::portal::address::PortalAddress;
use crate::portal::auth::Auth;
use crate::portal::oauth::OAuthServer;
use crate::portal::progress::{Observer, Progress};
use crate::portal::token_source::TokenSource;
use crate::profiles::{
    NamedPortal, ProfileStore, Profiles, SANDBOX, SelectedPortal, SelectedTokens, Selection, StoredProfile, Unused,
    select,
};
use crate::redact::{Secret, is_webhook, mask_urls, remember};
use crate::sandbox::{Running, Sandbox};
use crate::settings::{Chosen, Settings, Source, variable};
use crate::signals::CriticalSection;
use crate::store::file;
use crate::store::lock::FileLock;
use crate::tokens::{CommandTokens, EnvironmentTokens, RescuedTokens, SandboxTokens, StoredTokens, TeeTokenFile};

/// The auth server gets at least this long to answer, whatever `--timeout` says.
const REFRESH_TIMEOUT: Duration = Duration::from_secs(30);

/// Passed to every command.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) printer: Printer,
    /// Entered while a refresh token is replaced.
    pub(crate) critical: CriticalSection,
    /// The HTTP client of the process.
    pub(crate) http: Arc<Http>,
    /// The whole command line, for commands that describe it.
    pub(crate) command_line: fn() -> clap::Command,
    /// What the settings files say, once they were read.
    profiles: OnceLock<Profiles>,
    misplaced_tokens: Arc<AtomicBool>,
}

/// A portal, opened; no request was made yet.
pub(crate) struct Connection {
    pub(crate) portal: Portal,
    /// The name that output shows: the profile's, or the host.
    pub(crate) name: String,
    /// What the history of its changes is kept under.
    pub(crate) history_key: String,
    /// Keeps a sandbox of this process up.
    _sandbox: Option<Running>,
}

impl Connection {
    /// What files call it: its host and its profile, which belongs to one application; but only the name of the sandbox,
    /// whose port changes.
    pub(crate) fn file_name(&self) -> String {
        let host = self.portal.address().host();
        if self.is_sandbox() || self.name == host { self.name.clone() } else { format!("{host} {}", self.name) }
    }

    /// Whether it is the embedded portal.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.name == SANDBOX
    }
}

impl Context {
    pub(crate) fn new(settings: Settings, printer: Printer, command_line: fn() -> clap::Command) -> Self {
        let http = Arc::new(Http::new(settings.http_options()));
        let critical = CriticalSection::default();
        Self {
            settings,
            printer,
            critical,
            http,
            command_line,
            profiles: OnceLock::new(),
            misplaced_tokens: Arc::default(),
        }
    }

    /// Opens the selected portal. No request is made.
    pub(crate) async fn connect(&self) -> Result<Connection, Error> {
        let selection = self.selection()?;
        self.remember_secrets(&selection);
        if let Some(warning) = selection.unused_environment.as_ref().and_then(Unused::warning) {
            self.printer.message(&Message::warning("unused_token", warning));
        }
        match &selection.portal.value {
            SelectedPortal::Address { address, profile } => {
                let source = self.token_source(&selection, address, profile.as_deref())?;
                let server = self.auth_server(selection.oauth_server.as_ref().map(|server| &server.value));
                let mut connection =
                    self.open(address.clone(), selection.name(), source, server, self.critical.clone());
                if let (Some(profile), SelectedTokens::Stored(_) | SelectedTokens::Command(_)) =
                    (profile, &selection.tokens.value)
                {
                    connection.history_key = profile.history_key();
                }
                Ok(connection)
            }
            SelectedPortal::Sandbox => self.open_sandbox().await,
        }
    }

    /// Keeps the secrets of the environment and the selected profile out of all output, also before they are used.
    fn remember_secrets(&self, selection: &Selection) {
        let environment = &self.settings.environment;
        let given = [&environment.access_token, &environment.refresh_token, &environment.client_secret];
        given.into_iter().flatten().chain(&environment.application_token).for_each(remember);
        if let SelectedTokens::Stored(profile) = &selection.tokens.value {
            remember(&profile.access_token);
            let application_tokens = [&profile.application_token, &profile.unverified_application_token];
            let rest = [&profile.refresh_token, &profile.client_secret].into_iter().chain(application_tokens);
            rest.flatten().for_each(remember);
        }
    }

    /// The selected portal with its handler, tokens and auth server. The files are read at the first call.
    pub(crate) fn selection(&self) -> Result<Selection, Error> {
        select(&self.settings, self.profiles()?, None)
    }

    fn profiles(&self) -> Result<&Profiles, Error> {
        if let Some(profiles) = self.profiles.get() {
            return Ok(profiles);
        }
        let profiles = Profiles::load(&self.settings)?;
        Ok(self.profiles.get_or_init(|| profiles))
    }

    /// The handler to bind: the option, the environment, `imconn.toml`, `config.toml`, in this order.
    pub(crate) fn handler(&self, option: Option<&str>) -> Result<Chosen<HandlerUrl>, Error> {
        let chosen = match (option, &self.settings.environment.handler) {
            (Some(handler), _) => Some(Chosen::new(handler.to_owned(), Source::Option("--handler"))),
            (None, Some(handler)) => Some(Chosen::new(handler.clone(), Source::Environment("IMCONN_HANDLER"))),
            (None, None) => select(&self.settings, self.profiles()?, local_manifest_handler()?.as_deref())?.handler,
        };
        let Chosen { value, source } =
            chosen.ok_or_else(|| Error::usage("no handler given", "give its URL with --handler"))?;
        let handler = HandlerUrl::parse(&value).map_err(|error| {
            Error::usage(format!("{source}: {error}"), "a handler looks like https://bot.example.com/b24")
        })?;
        Ok(Chosen::new(handler, source))
    }

    /// What a handler compares to know that the portal sent an event, if it is known.
    pub(crate) fn application_token(&self) -> Result<Option<Secret>, Error> {
        let selection = self.selection()?;
        let token = match (selection.application_token, selection.portal.value) {
            (Some(token), _) => Some(token.value),
            (None, SelectedPortal::Sandbox) => Some(self.sandbox()?.credentials()?.0.application_token.into()),
            (None, SelectedPortal::Address { .. }) => None,
        };
        // A handler may echo it.
        token.iter().for_each(remember);
        Ok(token)
    }

    fn token_source(
        &self,
        selection: &Selection,
        address: &PortalAddress,
        profile: Option<&NamedPortal>,
    ) -> Result<Arc<dyn TokenSource>, Error> {
        let name = selection.name();
        Ok(match &selection.tokens.value {
            SelectedTokens::Environment(credentials) if is_webhook(credentials.access_token.expose()) => {
                return Err(webhook_as_token("IMCONN_ACCESS_TOKEN"));
            }
            SelectedTokens::Stored(profile) if is_webhook(profile.access_token.expose()) => {
                return Err(webhook_as_token(&format!("the access_token of the profile `{name}`")));
            }
            SelectedTokens::Stored(profile) => self.rescued(self.stored_tokens(name.clone(), profile)?, &name, address),
            SelectedTokens::Command(config) => {
                let lock_file = self.store()?.lock_path(&name);
                let source =
                    CommandTokens::new(name.clone(), address.clone(), config.clone(), lock_file, self.settings.timeout);
                self.rescued(Arc::new(source), &name, address)
            }
            SelectedTokens::Environment(credentials) => Arc::new(EnvironmentTokens::new(credentials.clone())),
            SelectedTokens::Sandbox | SelectedTokens::None => return Err(without_tokens(selection, address, profile)),
        })
    }

    /// The tokens of a profile, with those that a killed process left.
    fn stored_tokens(&self, name: String, profile: &StoredProfile) -> Result<Arc<dyn TokenSource>, Error> {
        let store = self.store()?;
        self.warn_if_exposed(&store, &name);
        let mut adopted = None;
        if store.has_leftover(&name)
            && let Some(_lock) = FileLock::try_now(&store.lock_path(&name))?
        {
            store.adopt_leftover(&name)?;
            adopted = store.read(&name)?;
        }
        let profile = adopted.as_ref().unwrap_or(profile);
        Ok(Arc::new(StoredTokens::new(store, name, profile, self.settings.timeout)))
    }

    /// Without a data folder there is no place for a rescue.
    fn rescued(&self, source: Arc<dyn TokenSource>, name: &str, address: &PortalAddress) -> Arc<dyn TokenSource> {
        match self.settings.folders.data() {
            Ok(data) => Arc::new(RescuedTokens::new(source, ProfileStore::rescue_path(&data, name), address.clone())),
            Err(_) => source,
        }
    }

    /// Whether renewed tokens are not where they belong.
    pub(crate) fn has_misplaced_tokens(&self) -> bool {
        self.misplaced_tokens.load(Ordering::Relaxed)
    }

    /// Where profiles are kept.
    pub(crate) fn store(&self) -> Result<ProfileStore, Error> {
        Ok(ProfileStore::in_folder(&self.settings.folders.config()?))
    }

    /// Deletes all tokens of a profile: the stored, the left-over and the rescued ones; false when none were stored. The
    /// caller holds the lock.
    pub(crate) fn remove_tokens(&self, store: &ProfileStore, name: &str) -> Result<bool, Error> {
        if let Ok(data) = self.settings.folders.data() {
            ProfileStore::remove_rescued(&data, name)?;
        }
        Ok(store.remove(name)?)
    }

    /// Takes a lock for a change. Another process may hold it while it renews tokens.
    pub(crate) async fn lock(&self, path: &Path) -> Result<FileLock, Error> {
        let text = format!("waiting for another process that holds {}", path.display());
        let report = || self.printer.message(&Message::warning("waiting_for_lock", text.clone()));
        Ok(FileLock::acquire(path, self.settings.timeout, report).await?)
    }

    fn warn_if_exposed(&self, store: &ProfileStore, name: &str) {
        if let Some(exposure) = store.exposure(name) {
            self.printer.message(&Message::warning("exposed_file", exposure));
        }
    }

    async fn open_sandbox(&self) -> Result<Connection, Error> {
        let sandbox = self.sandbox()?;
        let served = sandbox.served()?;
        let running = if served.is_none() { Some(sandbox.start().await?) } else { None };
        let url = served.or_else(|| running.as_ref().map(|running| running.url.clone())).unwrap_or_default();
        let address = PortalAddress::parse(&url).context("the sandbox left an invalid address")?;
        let auth_server = self.auth_server(Some(&Url::parse(&url).context("the sandbox left an invalid address")?));
        let source = Arc::new(SandboxTokens(sandbox));
        let connection = self.open(address, SANDBOX.to_owned(), source, auth_server, self.critical.clone());
        Ok(Connection { _sandbox: running, ..connection })
    }

    /// Opens a portal with tokens from `source`. No request is made. `critical` is entered while they are renewed.
    pub(crate) fn open(
        &self,
        address: PortalAddress,
        name: String,
        source: Arc<dyn TokenSource>,
        auth_server: OAuthServer,
        critical: CriticalSection,
    ) -> Connection {
        let source = match &self.settings.print_tokens_to {
            Some(path) => Arc::new(TeeTokenFile::new(source, path.clone(), address.clone())),
            None => source,
        };
        let observer = self.observer(&name);
        let auth = Auth::new(source, auth_server, critical, self.settings.timeout, Arc::clone(&observer));
        let portal = Portal::new(address, Arc::clone(&self.http), auth, self.settings.retries, observer);
        let connection = Connection { portal, name, history_key: String::new(), _sandbox: None };
        Connection { history_key: connection.file_name(), ..connection }
    }

    /// Reports to the user, and remembers what the exit code has to say.
    fn observer(&self, name: &str) -> Observer {
        let (shown, misplaced) =
            (progress::observer(self.printer, name.to_owned()), Arc::clone(&self.misplaced_tokens));
        Arc::new(move |notice| {
            if matches!(notice, Progress::TokensNotStored { .. } | Progress::TokensRescued { .. }) {
                misplaced.store(true, Ordering::Relaxed);
            }
            shown(notice);
        })
    }

    /// A client of the auth server at an address.
    pub(crate) fn auth_server(&self, address: Option<&Url>) -> OAuthServer {
        // A refresh token can die at its first use: giving up on the answer early would lose the new one.
        let timeout = self.settings.timeout.max(REFRESH_TIMEOUT);
        OAuthServer::new(address, Arc::clone(&self.http), timeout, self.settings.retries)
    }

    /// The embedded portal.
    pub(crate) fn sandbox(&self) -> Result<Sandbox, Error> {
        Ok(Sandbox::in_folder(&self.settings.folders.data()?))
    }

    /// How to call imconn for the same portal: with -p, unless the portal came from the environment or is the default.
    pub(crate) fn invocation(&self) -> Invocation {
        let by_option = self.settings.chosen_portal().filter(|portal| matches!(portal.source, Source::Option(_)));
        let selection = self.selection().ok();
        let typed = by_option.map(|portal| match selection.as_ref().map(|selection| &selection.portal.value) {
            // Not as it was typed: a URL may end with a slash.
            Some(SelectedPortal::Address { address, profile: None }) => address.to_string(),
            _ => portal.value,
        });
        let invocation = Invocation::for_portal(typed);
        match selection {
            Some(selection) => invocation.with_renewal(renewal(&selection)),
            None => invocation,
        }
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

/// How the user gets new tokens where these come from.
fn renewal(selection: &Selection) -> String {
    let name = selection.name();
    match selection.tokens.value {
        SelectedTokens::Environment(_) => "set IMCONN_ACCESS_TOKEN to a new token".to_owned(),
        SelectedTokens::Command(_) => format!("put new tokens where the credential_command of `{name}` reads them"),
        SelectedTokens::Sandbox => "to start afresh, run `imconn sandbox reset`".to_owned(),
        SelectedTokens::Stored(_) | SelectedTokens::None => format!("to log in again, run `{}`", login(Some(&name))),
    }
}

/// The handler of the manifest in the working folder, if there is one.
fn local_manifest_handler() -> Result<Option<String>, Error> {
    let Some(text) = file::read(FILE.as_ref())? else { return Ok(None) };
    require_trusted_manifest()?;
    let manifest = Manifest::parse(&text, &variable);
    Ok(manifest.map_err(|error| Error::usage(format!("{FILE}, {error}"), error.hint))?.handler)
}

/// The file of the working folder decides where events go without being named, so strangers must not be able to write it.
pub(crate) fn require_trusted_manifest() -> Result<(), Error> {
    if file::is_writable_by_strangers(FILE.as_ref()) {
        let hint = format!("to keep others from deciding where events go, run `chmod go-w {FILE}`");
        return Err(Error::usage(format!("others can write {FILE}, so it is not used"), hint));
    }
    Ok(())
}

/// The error for a webhook in the place of a token. Its text is not shown.
fn webhook_as_token(place: &str) -> Error {
    Error::usage(
        format!("{place} is an incoming webhook, and a webhook cannot subscribe to events"),
        "use the access token of an application (OAuth)",
    )
}

fn without_tokens(selection: &Selection, address: &PortalAddress, profile: Option<&NamedPortal>) -> Error {
    let name = profile.map_or_else(|| address.stored(), |profile| profile.name.clone());
    let why = match &selection.unused_environment {
        Some(Unused::BelongsTo(owner)) => {
            format!("; IMCONN_ACCESS_TOKEN belongs to IMCONN_PORTAL, `{}`", mask_urls(owner))
        }
        _ => String::new(),
    };
    Error::NotAuthorised {
        message: format!("no tokens for {}{why}", address.host()),
        hint: Some(format!("to log in, run `{}`", login(Some(&name)))),
    }
}
