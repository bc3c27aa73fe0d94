//! Tokens of a login that is under way: they are verified before they are stored.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::portal::address::PortalAddress;
use crate::portal::oauth::TokenPair;
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};

/// Clones share the tokens.
#[derive(Clone)]
pub(crate) struct PendingLogin(Arc<Mutex<Credentials>>);

impl PendingLogin {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self(Arc::new(Mutex::new(credentials)))
    }

    /// The newest tokens: the verification may have renewed them.
    pub(crate) fn current(&self) -> Credentials {
        self.credentials().clone()
    }

    fn credentials(&self) -> MutexGuard<'_, Credentials> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for PendingLogin {
    fn read(&self) -> Result<Credentials> {
        Ok(self.current())
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        let mut credentials = self.credentials();
        *credentials = credentials.clone().renewed(fresh);
        // The login stores them with everything else, once they are verified.
        Ok(Persisted::Stored)
    }

    fn moved(&self, _to: &PortalAddress) -> Result<AddressUpdate> {
        Ok(AddressUpdate::Pending)
    }

    fn advice(&self) -> String {
        let credentials = self.current();
        if credentials.refresh_token.is_some() && credentials.client.is_none() {
            return "nothing was stored; add --client-id and --client-secret-stdin, and the tokens are renewed"
                .to_owned();
        }
        "nothing was stored; get new tokens, and log in with them".to_owned()
    }
}
