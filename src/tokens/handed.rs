//! Tokens that were just handed over: they have to be proved before they are stored.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, TokenSource};
use crate::portal::notice::Moved;
use crate::portal::oauth::TokenPair;

/// Tokens of a login that is under way. Clones share them.
#[derive(Clone)]
pub struct HandedTokens(Arc<Mutex<Credentials>>);

impl HandedTokens {
    /// Takes them over; nothing is stored.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self(Arc::new(Mutex::new(credentials)))
    }

    /// The newest of them: the proof may have renewed them.
    #[must_use]
    pub fn current(&self) -> Credentials {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenSource for HandedTokens {
    fn read(&self) -> Result<Credentials> {
        Ok(self.current())
    }

    fn advice(&self) -> String {
        let credentials = self.current();
        if credentials.refresh_token.is_some() && credentials.client.is_none() {
            return "nothing was stored; hand over --client-id and --client-secret-stdin as well, and imconn renews the \
                    tokens"
                .to_owned();
        }
        "nothing was stored; get new tokens, and log in with them".to_owned()
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let mut credentials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *credentials = credentials.clone().renewed(fresh);
        // The login stores them with everything else, once they are proved.
        Ok(Kept::Stored)
    }

    fn moved(&self, _to: &PortalAddress) -> Result<Moved> {
        Ok(Moved::Pending)
    }
}
