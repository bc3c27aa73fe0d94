//! Tokens are proved, then stored, whatever way they came.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::context::Context;
use crate::context::known::TokensAt;
use crate::context::settings::OAUTH_SERVER;
use crate::context::target::{SANDBOX, address_usage};
use crate::context::tokens::HandedTokens;
use crate::doctor::{Check, Verdict, application};
use crate::error::Error;
use crate::portal::address::PortalAddress;
use crate::portal::auth::{Busy, Credentials};
use crate::portal::failure::Failure;
use crate::portal::identity::Identity;
use crate::portal::oauth::{ClientKeys, fresh_refresh_expires};
use crate::redact::Secret;
use crate::store::credentials::{CredentialStore, Profile};
use crate::store::file;
use crate::wire::tokens::TokenSet;

/// A login that is under way.
pub(super) struct Login<'a> {
    pub(super) context: &'a Context,
    /// Where the portal is.
    pub(super) address: PortalAddress,
    /// What its profile is called.
    pub(super) name: String,
    /// What is known of it already.
    pub(super) existing: Option<Profile>,
    /// The application's keys.
    pub(super) keys: Option<ClientKeys>,
    store: CredentialStore,
    /// Who gives out tokens.
    oauth_server: Url,
}

/// Where tokens come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The auth server gave them out just now.
    Exchanged,
    /// Somebody posted them, the portal if all is well: they were given out just now, or forged.
    Posted,
    /// The user has had them for a while.
    Handed,
}

/// What a login came to.
pub(super) struct Proved {
    /// Where the portal is, after a rename somewhere else.
    pub(super) address: PortalAddress,
    /// Whose tokens they are.
    pub(super) identity: Identity,
    /// The tokens that were stored.
    pub(super) credentials: Credentials,
    /// What connector events are missing.
    pub(super) missing: Vec<Check>,
}

impl<'a> Login<'a> {
    /// Finds out which portal and which profile is meant, and makes sure that a profile can be stored: an authorisation
    /// code is good once.
    pub(super) fn prepare(named: Option<&str>, name: Option<&str>, context: &'a Context) -> Result<Self, Error> {
        let named = named
            .or(context.settings.portal.as_deref())
            .ok_or_else(|| Error::usage("no portal is named", "name its host: imconn login acme.bitrix24.com"))?;
        if named == SANDBOX {
            return Err(Error::usage("the sandbox needs no login", "imconn -p sandbox status shows that it is ready"));
        }
        let known = context.known_portals()?;
        let by_name = known.iter().find(|portal| portal.name == named);
        let address = PortalAddress::parse(by_name.map_or(named, |portal| portal.host.as_str()));
        let address = address.map_err(|error| address_usage(&error))?;
        let same = by_name.or_else(|| known.iter().find(|portal| portal.is_at(&address)));
        let name = match (name, same) {
            (Some(name), _) => name.to_owned(),
            (None, Some(same)) => same.name.clone(),
            (None, None) => address.short_name(),
        };
        check_name(&name)?;
        let taken = known.iter().find(|portal| portal.name == name);
        if let Some(other) = taken.filter(|portal| !portal.is_at(&address)) {
            let message = format!("the name `{name}` is taken by {}", other.host);
            return Err(Error::usage(message, "choose another one with --name NAME"));
        }
        if taken.is_some_and(|portal| matches!(portal.tokens, TokensAt::Command(_))) {
            let message = format!("the tokens of `{name}` come from its credential_command in config.toml");
            return Err(Error::usage(message, "put new tokens where that program finds them"));
        }
        let store = context.store()?;
        let existing = store.profile(&name)?;
        let oauth_server = context.oauth_server(taken)?;
        file::create_private_folder(store.path().parent().unwrap_or(store.path()))?;
        store.check_writable()?;
        Ok(Self { context, address, name, existing, keys: None, store, oauth_server })
    }

    /// Exchanges an authorisation code for tokens, and goes on with them.
    ///
    /// # Errors
    /// [`Error::Login`] when the auth server does not take it; otherwise as [`Login::finish`].
    pub(super) async fn redeem(&self, code: &Secret) -> Result<Proved, Error> {
        let Some(keys) = &self.keys else { return Err(Error::usage("no client id is known", "--client-id ID")) };
        let server = self.context.auth_server(&self.oauth_server);
        let pair = server.exchange(keys, code).await.map_err(|failure| match failure {
            Failure::Refused(refusal) => Error::Login(refusal),
            other => Error::Portal(other),
        })?;
        self.finish(pair.into(), Origin::Exchanged).await
    }

    /// Proves the tokens by one batch, and stores them.
    ///
    /// # Errors
    /// When the tokens are another portal's or application's, or cannot be proved; nothing is stored then.
    pub(super) async fn finish(&self, set: TokenSet, origin: Origin) -> Result<Proved, Error> {
        self.check_portal(&set)?;
        // Ctrl-C waits from here on: a refresh within the proof may use up the refresh token.
        let _busy = self.context.busy.lock().await;
        let client = self.keys.clone().or_else(|| self.known_keys());
        let is_new = origin != Origin::Handed;
        let lifetime = set.lifetime.filter(|_| is_new);
        let tokens = HandedTokens::new(Credentials {
            access_token: set.access_token.clone(),
            refresh_token: set.refresh_token.clone(),
            // What was given out just now needs no renewal, and what was forged must not get one.
            client: client.clone().filter(|_| origin == Origin::Handed),
            expires: set.expires.or_else(|| lifetime.map(|seconds| Timestamp::now().as_second() + seconds)),
            refresh_expires: (is_new && set.refresh_token.is_some()).then(fresh_refresh_expires),
        });
        let source = Arc::new(tokens.clone());
        let (address, server) = (self.address.clone(), self.context.auth_server(&self.oauth_server));
        let connection = self.context.open(address, self.name.clone(), source, server, Busy::default());
        let identity = Identity::read(&connection.portal).await?;
        self.check_application(&identity)?;
        let client = client.filter(|keys| self.keys.is_some() || are_of(keys, &identity));
        let (address, credentials) = (connection.portal.address(), Credentials { client, ..tokens.current() });
        self.keep(&set, &address, &identity, &credentials).await?;
        let missing = application::checks(&self.name, &identity, &credentials).into_iter();
        let missing = missing.filter(|check| check.verdict != Verdict::Ok).collect();
        Ok(Proved { address, identity, credentials, missing })
    }

    fn known_keys(&self) -> Option<ClientKeys> {
        let known = self.existing.as_ref()?;
        Some(ClientKeys { id: known.client_id.clone()?, secret: known.client_secret.clone()? })
    }

    /// Tokens that say which portal they are for have to be for this one.
    fn check_portal(&self, set: &TokenSet) -> Result<(), Error> {
        let Some(theirs) = set.portal.as_deref().and_then(|portal| PortalAddress::parse(portal).ok()) else {
            return Ok(());
        };
        if theirs == self.address || theirs.is_loopback() && self.address.is_loopback() {
            return Ok(());
        }
        Err(Error::NotAuthorised {
            message: format!("these tokens are for {}, and not for {}", theirs.host(), self.address.host()),
            hint: Some(format!("nothing was stored; if you mean that portal: imconn login {}", theirs.stored())),
        })
    }

    fn check_application(&self, identity: &Identity) -> Result<(), Error> {
        let application = &identity.application;
        if application.payment_expired {
            return Err(Error::NotAuthorised {
                message: format!(
                    "the application {} is not paid any more on {}",
                    application.code,
                    self.address.host()
                ),
                hint: Some("nothing was stored; renew the subscription on the portal, then log in again".into()),
            });
        }
        match &self.keys {
            Some(keys) if !are_of(keys, identity) => Err(Error::NotAuthorised {
                message: format!("these tokens are the application's {}, and not {}'s", application.code, keys.id),
                hint: Some("nothing was stored; use the client id and secret of that application".into()),
            }),
            _ => Ok(()),
        }
    }

    async fn keep(
        &self,
        set: &TokenSet,
        address: &PortalAddress,
        identity: &Identity,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        let known = self.existing.as_ref();
        let profile = Profile {
            host: address.stored(),
            member_id: set.member_id.clone().or_else(|| known.and_then(|known| known.member_id.clone())),
            access_token: credentials.access_token.clone(),
            refresh_token: credentials.refresh_token.clone(),
            expires: credentials.expires,
            refresh_expires: credentials.refresh_expires,
            oauth_server: Some(self.oauth_server.to_string()).filter(|server| !is_vendors(server)),
            client_id: credentials.client.as_ref().map(|keys| keys.id.clone()),
            client_secret: credentials.client.as_ref().map(|keys| keys.secret.clone()),
            application_token: set
                .application_token
                .clone()
                .or_else(|| known.and_then(|known| known.application_token.clone())),
            scopes: identity.scopes.clone(),
            user_id: Some(identity.user.id),
        };
        let _lock = self.context.lock_store(&self.store).await?;
        Ok(self.store.put(&self.name, &profile)?)
    }
}

/// Whether an auth server need not be remembered.
fn is_vendors(server: &str) -> bool {
    server.trim_end_matches('/') == OAUTH_SERVER
}

/// Whether keys can be the application's. A local application is called by its client id; one from the market is not.
fn are_of(keys: &ClientKeys, identity: &Identity) -> bool {
    let (id, code) = (&keys.id, &identity.application.code);
    id == code || !id.starts_with("local.") || !code.starts_with("local.")
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
        return Err(Error::usage("`sandbox` is the built-in portal's name", "choose another one"));
    }
    Ok(())
}
