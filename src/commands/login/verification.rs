//! Tokens are verified, then stored, whichever way they came.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::OwnedRwLockReadGuard;

use super::returned::Returned;
use super::target::{Login, name_is_taken, profile_is_anothers};
use crate::doctor::{Check, Verdict, application};
use crate::error::Error;
use crate::output::Message;
use crate::portal::address::PortalAddress;
use crate::portal::failure::Failure;
use crate::portal::identity::Identity;
use crate::portal::oauth::{ClientKeys, fresh_refresh_expires};
use crate::portal::token_source::Credentials;
use crate::profiles::{ProfileStore, StoredProfile, default_auth_server};
use crate::signals::CriticalSection;
use crate::store::file;
use crate::tokens::{PendingLogin, tokens_to_json};
use crate::wire::tokens::TokenSet;

/// Where tokens come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The auth server has just issued them.
    Exchanged,
    /// They were posted: the portal has just issued them, or they are forged.
    Posted,
    /// The user already had them.
    Supplied,
}

/// The result of a login.
pub(super) struct VerifiedLogin {
    /// Where the portal is now: a rename was followed.
    pub(super) address: PortalAddress,
    /// Whose tokens they are.
    pub(super) identity: Identity,
    /// The tokens that were stored.
    pub(super) credentials: Credentials,
    /// What keeps connector events from arriving.
    pub(super) missing: Vec<Check>,
    /// The tokens are stored: Ctrl-C waits until that is reported.
    _critical: OwnedRwLockReadGuard<()>,
}

impl Login<'_> {
    /// Exchanges an authorisation code for tokens, and continues with them.
    pub(super) async fn redeem(&self, returned: &Returned) -> Result<VerifiedLogin, Error> {
        let Some(keys) = &self.keys else {
            return Err(Error::usage("the application's client id is not known", "give it with --client-id ID"));
        };
        let Some(server) = self.auth_server(returned.server_domain.as_deref()) else {
            let message = format!("no auth server is known for {}", self.address.host());
            return Err(Error::usage(message, "set IMCONN_OAUTH_SERVER to its address"));
        };
        let server = self.context.auth_server(Some(&server));
        let pair = server.exchange(keys, &returned.code).await.map_err(|failure| match failure {
            Failure::Refused(refusal) => Error::Login { refusal },
            other => Error::Portal(other),
        })?;
        let set = TokenSet { auth_server: returned.server_domain.clone(), ..pair.into() };
        self.finish(set, Origin::Exchanged).await
    }

    /// Verifies the tokens with one batch, and stores them. Nothing is stored if they belong to another portal or application.
    pub(super) async fn finish(&self, set: TokenSet, origin: Origin) -> Result<VerifiedLogin, Error> {
        let address = self.portal_of(&set, origin)?;
        // Ctrl-C waits from here on: a refresh during the verification may use up the refresh token.
        let critical = self.context.critical.enter().await;
        let brought = brought_keys(&set).filter(|_| origin == Origin::Supplied);
        let client = self.keys.clone().or(brought).or_else(|| self.known_keys());
        let is_new = origin != Origin::Supplied;
        let lifetime = set.lifetime.filter(|_| is_new);
        let tokens = PendingLogin::new(Credentials {
            access_token: set.access_token.clone(),
            refresh_token: set.refresh_token.clone(),
            // Tokens that were just issued need no renewal, and forged ones must not get one.
            client: client.clone().filter(|_| origin == Origin::Supplied),
            expires: set.expires.or_else(|| lifetime.map(|seconds| Timestamp::now().as_second() + seconds)),
            refresh_expires: (is_new && set.refresh_token.is_some()).then(fresh_refresh_expires),
        });
        let verified = self.verify(&set, address, &tokens, client).await;
        let (address, identity, credentials) = match verified {
            Ok(verified) => verified,
            Err(error) => {
                self.save_renewed_tokens(&set, &tokens.current());
                return Err(error);
            }
        };
        let mut missing = application::checks(&self.name, &identity, &credentials, &[]);
        missing.retain(|check| check.verdict != Verdict::Ok);
        // The reply to the portal's post finishes the installation, and is still to be sent.
        missing.retain(|check| origin != Origin::Posted || check.id != "installed");
        Ok(VerifiedLogin { address, identity, missing, credentials, _critical: critical })
    }

    async fn verify(
        &self,
        set: &TokenSet,
        address: PortalAddress,
        tokens: &PendingLogin,
        client: Option<ClientKeys>,
    ) -> Result<(PortalAddress, Identity, Credentials), Error> {
        let source = Arc::new(tokens.clone());
        let server = self.context.auth_server(self.auth_server(set.auth_server.as_deref()).as_ref());
        let connection = self.context.open(address, self.name.clone(), source, server, CriticalSection::default());
        let identity = Identity::read(&connection.portal).await?;
        self.check_application(client.as_ref(), &identity)?;
        let address = connection.portal.address();
        let credentials = Credentials { client, ..tokens.current() };
        self.store_profile(set, &address, &identity, &credentials).await?;
        Ok((address, identity, credentials))
    }

    fn known_keys(&self) -> Option<ClientKeys> {
        self.existing.as_ref()?.client_keys()
    }

    /// Where the tokens are valid. Tokens that say which portal they are for must be for this one. That a portal has moved
    /// is believed only if the auth server says so.
    fn portal_of(&self, set: &TokenSet, origin: Origin) -> Result<PortalAddress, Error> {
        let known_member = self.existing.as_ref().and_then(|profile| profile.member_id.as_ref());
        let is_known_portal =
            origin == Origin::Exchanged && known_member.is_some() && known_member == set.member_id.as_ref();
        if let Some(profile) =
            self.existing.as_ref().filter(|profile| !is_at(profile, &self.address) && !is_known_portal)
        {
            return Err(name_is_taken(&self.name, &profile.host));
        }
        let theirs = set.portal.as_deref().and_then(|portal| PortalAddress::parse(portal).ok());
        let Some(theirs) = theirs.filter(|theirs| *theirs != self.address) else { return Ok(self.address.clone()) };
        if theirs.is_loopback() && self.address.is_loopback() {
            return Ok(self.address.clone());
        }
        if is_known_portal {
            return Ok(theirs);
        }
        Err(Error::ForeignTokens { theirs: Box::new(theirs), selected: self.address.host() })
    }

    fn check_application(&self, client: Option<&ClientKeys>, identity: &Identity) -> Result<(), Error> {
        let application = &identity.application;
        if application.payment_expired {
            return Err(Error::NotAuthorised {
                message: format!(
                    "the subscription of the application {} on {} is not paid",
                    application.code,
                    self.address.host()
                ),
                hint: Some("nothing was stored; renew the subscription on the portal, then log in again".into()),
            });
        }
        let known_id = self.known_keys().map(|keys| keys.id);
        if let Some(keys) = client.filter(|keys| !is_of(&keys.id, identity) && known_id.as_ref() != Some(&keys.id)) {
            return Err(Error::NotAuthorised {
                message: format!("these tokens belong to the application {}, not {}", application.code, keys.id),
                hint: Some("nothing was stored; use the client id and secret of that application".into()),
            });
        }
        match self.existing.as_ref().and_then(|profile| profile.client_id.as_deref()) {
            Some(known) if !is_of(known, identity) => Err(profile_is_anothers(&self.name, known)),
            _ => Ok(()),
        }
    }

    async fn store_profile(
        &self,
        set: &TokenSet,
        address: &PortalAddress,
        identity: &Identity,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        let _lock = self.context.lock(&self.store.lock_path(&self.name)).await?;
        // Another process may have stored something since this login began.
        let known = self.store.read(&self.name)?;
        if let Some(other) = known.as_ref().filter(|known| !self.is_same_portal(known, set, address)) {
            return Err(name_is_taken(&self.name, &other.host));
        }
        let client_id = credentials.client.as_ref().map(|keys| keys.id.clone());
        let same_application = known.as_ref().filter(|known| known.client_id == client_id);
        let known_token = same_application.and_then(|known| known.application_token.clone());
        let known_member = known.as_ref().and_then(|known| known.member_id.clone());
        let default = default_auth_server(address);
        let default = default.as_ref();
        let application_token = set.application_token.clone().or(known_token);
        let claimed = set.unverified_application_token.clone().filter(|_| application_token.is_none());
        let profile = StoredProfile {
            host: address.stored(),
            member_id: set.member_id.clone().or(known_member),
            access_token: credentials.access_token.clone(),
            refresh_token: credentials.refresh_token.clone(),
            expires: credentials.expires,
            refresh_expires: credentials.refresh_expires,
            oauth_server: self
                .auth_server(set.auth_server.as_deref())
                .filter(|server| default != Some(server))
                .map(String::from),
            application_token,
            unverified_application_token: claimed,
            client_id,
            client_secret: credentials.client.as_ref().map(|keys| keys.secret.clone()),
            scopes: identity.scopes.clone(),
            user_id: Some(identity.user.id),
        };
        Ok(self.store.put(&self.name, &profile)?)
    }

    fn is_same_portal(&self, known: &StoredProfile, set: &TokenSet, address: &PortalAddress) -> bool {
        let same_member = known.member_id.is_some() && known.member_id == set.member_id;
        is_at(known, address) || is_at(known, &self.address) || same_member
    }

    /// Saves a pair that was renewed for a verification that failed nevertheless: the old one may no longer work.
    fn save_renewed_tokens(&self, set: &TokenSet, current: &Credentials) {
        if current.access_token == set.access_token {
            return;
        }
        let path = match self.context.settings.folders.data() {
            Ok(data) => ProfileStore::rescue_path(&data, &self.name),
            Err(error) => {
                return self.context.printer.message(&Message::warning("tokens_not_stored", format!("{error:#}")));
            }
        };
        let Credentials { access_token, refresh_token, expires, .. } = current;
        let tokens = tokens_to_json(access_token, refresh_token.as_ref(), *expires, &self.address);
        let what = "the tokens were renewed before that, and the old ones may no longer work";
        let text = match file::write(&path, &format!("{tokens:#}\n")) {
            Ok(()) => format!("{what}; log in with the new ones in --tokens {0}", path.display()),
            Err(error) => format!("{what}; the new ones could not be saved: {error:#}"),
        };
        self.context.printer.message(&Message::warning("tokens_not_stored", text));
    }
}

/// The keys that came with the tokens.
fn brought_keys(set: &TokenSet) -> Option<ClientKeys> {
    Some(ClientKeys { id: set.client_id.clone()?, secret: set.client_secret.clone()? })
}

fn is_at(profile: &StoredProfile, address: &PortalAddress) -> bool {
    PortalAddress::parse(&profile.host).is_ok_and(|own| own == *address)
}

/// Whether a client id can be the application's. Local applications report their client id as CODE; those from the market
/// report VENDOR.NAME, and their client ids never start with `local.`.
fn is_of(client_id: &str, identity: &Identity) -> bool {
    let code = &identity.application.code;
    client_id == code || !client_id.starts_with("local.") && !code.starts_with("local.")
}
