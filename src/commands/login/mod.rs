//! `imconn login`.

mod browser;
mod install;
mod returned;
mod target;
mod verification;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::ArgGroup;
use serde::Serialize;

use self::target::Login;
pub(super) use self::target::check_name;
use self::verification::{Origin, VerifiedLogin};
use super::Run;
use super::shared::identity::IdentityRecord;
use super::shared::input::{self, blocking};
use crate::context::Context;
use crate::doctor::Check;
use crate::error::Error;
use crate::output::prompt::read_line;
use crate::output::{Field, Message, Output, Record, Report};
use crate::portal::address::PortalAddress;
use crate::portal::oauth::ClientKeys;
use crate::profiles::trusted_auth_server;
use crate::redact::{Secret, mask_urls, shell_quoted};
use crate::store::file;
use crate::wire::excerpt::printable;
use crate::wire::tokens::TokenSet;

/// Log in to a portal and save the tokens as a profile
///
/// Examples:
///   imconn login acme.bitrix24.com --client-id local.0123456789abcd.01234567
///                                   opens the browser; prompts for secret and code
///   imconn login acme.bitrix24.com --callback 127.0.0.1:8025
///                                   the browser hands the code over automatically
///   imconn login acme.bitrix24.com --tokens settings.json
///                                   tokens that you already have
///   imconn login acme.bitrix24.com --install-callback 127.0.0.1:8025
///                                   waits until the application is installed
///   imconn login acme               logs in again, with the keys of profile acme
///
/// The client id and secret come from --client-id and --client-secret-stdin, from IMCONN_CLIENT_ID and
/// IMCONN_CLIENT_SECRET, from the profile, or from a prompt. --tokens reads an OAuth token response, an ONAPPINSTALL body,
/// frame parameters, or CRest's settings.json. --callback requires that the application's return address is
/// http://ADDRESS:PORT. Tokens are saved once the portal has confirmed whose they are.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[command(group = ArgGroup::new("way").args(["code", "tokens", "callback", "install_callback"]))]
pub(crate) struct Args {
    /// The portal: a host, a URL, or the name of a profile
    #[arg(id = "address", value_name = "PORTAL")]
    pub(crate) address: Option<String>,

    /// Name of the profile [default: the first part of the host]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// The application's client id
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// Read the client secret from the first line of stdin
    #[arg(long)]
    pub(crate) client_secret_stdin: bool,

    /// Exchange an authorisation code; - reads it from stdin
    #[arg(long, value_name = "CODE|-")]
    pub(crate) code: Option<String>,

    /// Read tokens from a file; - reads stdin
    #[arg(long, value_name = "FILE|-")]
    pub(crate) tokens: Option<PathBuf>,

    /// Receive the code here: the application's return address
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) callback: Option<SocketAddr>,

    /// Wait here for the portal's POST to the installation address
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) install_callback: Option<SocketAddr>,

    /// Print the URL instead of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        let reads_stdin = self.tokens.as_deref().is_some_and(input::is_stdin);
        if self.client_secret_stdin && reads_stdin {
            let message = "--tokens - and --client-secret-stdin cannot both read stdin";
            return Err(Error::usage(message, "put the tokens into a file"));
        }
        let exchanges = self.tokens.is_none() && self.install_callback.is_none();
        let mut login = Login::prepare(self.address.as_deref(), self.name.as_deref(), exchanges, context).await?;
        login.keys = keys(self, &login, exchanges, context).await?;
        if let Some(keys) = &login.keys {
            login.check_profile_is_of(&keys.id)?;
        }
        let verified = log_in(self, &login, context).await?;
        Ok(report(&login, verified))
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

/// Gets tokens in the way that the options say, and verifies and stores them.
async fn log_in(args: &Args, login: &Login<'_>, context: &Context) -> Result<VerifiedLogin, Error> {
    if let Some(path) = &args.tokens {
        let set = read_tokens(path, login).await?;
        if let Some(warning) = untrusted_auth_server(login, &set) {
            context.printer.message(&Message::warning("untrusted_auth_server", warning));
        }
        return login.finish(set, Origin::Supplied).await;
    }
    if let Some(code) = &args.code {
        let code = if code == "-" { blocking(read_line).await? } else { code.clone() };
        return login.redeem(&returned::read(&code, None)?).await;
    }
    match args.install_callback {
        Some(address) => install::wait(login, address).await,
        None => browser::ask(login, args.callback, !args.no_browser).await,
    }
}

fn report(login: &Login<'_>, verified: VerifiedLogin) -> Report {
    let VerifiedLogin { address, identity, credentials, missing, .. } = verified;
    let mut messages: Vec<Message> =
        missing.iter().map(|check| Message::warning("incomplete_login", check.summary())).collect();
    messages.extend(login.store.exposure(&login.name).map(|text| Message::warning("exposed_file", text)));
    messages.extend(environment_wins(login).map(|text| Message::warning("token_still_set", text)));
    let doctor = format!("imconn -p {} doctor", shell_quoted(&login.name));
    messages.push(Message::Hint(format!("to check that events arrive, run `{doctor}`")));
    let record = LoginRecord {
        identity: IdentityRecord { name: login.name.clone(), address, identity, credentials },
        stored: login.store.path(&login.name).display().to_string(),
        missing,
    };
    Report::of(Output::record(record)).with_messages(messages)
}

/// The identity, where its tokens are, and the rights that the application lacks.
#[derive(Serialize)]
struct LoginRecord {
    #[serde(flatten)]
    identity: IdentityRecord,
    stored: String,
    missing: Vec<Check>,
}

impl Record for LoginRecord {
    fn fields(&self) -> Vec<Field> {
        let mut fields = self.identity.fields();
        fields.push(Field::new("stored", "Stored in", self.stored.as_str()));
        fields
    }
}

/// A token in the environment may be used instead of those that were just stored.
fn environment_wins(login: &Login<'_>) -> Option<String> {
    let environment = &login.context.settings.environment;
    let owner =
        environment.portal.as_deref().filter(|_| login.owns_environment && environment.access_token.is_some())?;
    Some(format!(
        "IMCONN_ACCESS_TOKEN takes precedence over these tokens while IMCONN_PORTAL is `{}`",
        mask_urls(owner)
    ))
}

/// The application's keys, if they are known or needed: both or none.
async fn keys(args: &Args, login: &Login<'_>, needed: bool, context: &Context) -> Result<Option<ClientKeys>, Error> {
    let environment = Some(&context.settings.environment).filter(|_| login.owns_environment);
    // With tokens at hand, the keys of the profile are used only if the tokens prove to be that application's.
    let known = login.existing.as_ref().filter(|_| needed);
    let interactive = needed && context.printer.terminal().interactive;
    let id = args.client_id.clone().or_else(|| environment?.client_id.clone());
    let id = match id.or_else(|| known?.client_id.clone()) {
        Some(id) => Some(id),
        None if interactive => Some(context.printer.ask("Client id of the application: ").await?),
        None => None,
    };
    let given = if args.client_secret_stdin {
        Some(secret_from_stdin().await?)
    } else {
        environment.and_then(|environment| environment.client_secret.clone())
    };
    let of_profile = known.filter(|profile| profile.client_id == id).and_then(|profile| profile.client_secret.clone());
    let secret = match given.or(of_profile) {
        Some(secret) => Some(secret),
        None if interactive => Some(context.printer.ask_hidden("Client secret (not shown): ").await?.into()),
        None => None,
    };
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Some(ClientKeys { id, secret })),
        // What was given on the command line must not be ignored silently.
        _ if !needed && args.client_id.is_none() && !args.client_secret_stdin => Ok(None),
        (None, _) => Err(Error::usage("the application's client id is not known", "give it with --client-id ID")),
        (_, None) => Err(Error::usage(
            "the application's client secret is not known",
            "pipe it in with --client-secret-stdin, or set IMCONN_CLIENT_SECRET",
        )),
    }
}

/// The auth server that tokens name and that must not have the application's secrets.
fn untrusted_auth_server(login: &Login<'_>, set: &TokenSet) -> Option<String> {
    let named = set.auth_server.as_deref().filter(|_| login.context.settings.oauth_server.is_none())?;
    if trusted_auth_server(named, &login.address).is_some() {
        return None;
    }
    let shown: String = printable(&mask_urls(named)).chars().take(100).collect();
    Some(format!("the tokens name the auth server {shown}, which is not used; to trust it, set IMCONN_OAUTH_SERVER"))
}

async fn secret_from_stdin() -> Result<Secret, Error> {
    let secret = Secret::new(blocking(read_line).await?);
    if secret.expose().is_empty() {
        return Err(Error::usage("no client secret on stdin", "check the command that pipes it in"));
    }
    Ok(secret)
}

/// Reads a file or stdin, and warns about a file that others can read.
async fn read_tokens(path: &Path, login: &Login<'_>) -> Result<TokenSet, Error> {
    let context = login.context;
    let name = input::name_of(path);
    if path.is_file()
        && let Some(exposure) = file::exposure(path)
    {
        context.printer.message(&Message::warning("exposed_file", exposure));
    }
    let text = input::read(path).await?;
    let text = text.ok_or_else(|| anyhow::anyhow!("{name} does not exist"))?;
    let sets = TokenSet::read_all(&text);
    let sets = sets.map_err(|error| Error::usage(format!("{name}: {error}"), HINT_FOR_TOKENS))?;
    of_portal(sets, &name, login)
}

/// The only entry of a store, or the one that is for the portal.
fn of_portal(mut sets: Vec<TokenSet>, name: &str, login: &Login<'_>) -> Result<TokenSet, Error> {
    if sets.len() > 1 {
        let portals: Vec<String> = sets.iter().map(portal_of).collect();
        sets.retain(|set| login.is_for_this_portal(set));
        if sets.len() != 1 {
            let message = format!(
                "{name} has tokens of {} portals, and not one entry for {}",
                portals.len(),
                login.address.host()
            );
            return Err(Error::usage(message, format!("log in to one of them: {}", portals.join(", "))));
        }
    }
    sets.pop().ok_or_else(|| Error::usage(format!("{name} has no tokens"), HINT_FOR_TOKENS))
}

/// How a message calls the portal of an entry.
fn portal_of(set: &TokenSet) -> String {
    let address = set.portal.as_deref().and_then(|portal| PortalAddress::parse(portal).ok());
    address.map_or_else(|| "an unknown portal".to_owned(), |address| address.host())
}

const HINT_FOR_TOKENS: &str =
    "expected an OAuth token response, an ONAPPINSTALL body, frame parameters, or CRest's settings.json";
