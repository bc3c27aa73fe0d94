//! Tokens from the environment. Renewed ones live in this process only.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::portal::address::PortalAddress;
use crate::portal::oauth::TokenPair;
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};

pub(crate) struct EnvironmentTokens(Mutex<Credentials>);

impl EnvironmentTokens {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self(Mutex::new(credentials))
    }

    fn credentials(&self) -> MutexGuard<'_, Credentials> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for EnvironmentTokens {
    fn read(&self) -> Result<Credentials> {
        Ok(self.credentials().clone())
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        let mut credentials = self.credentials();
        *credentials = credentials.clone().renewed(fresh);
        Ok(Persisted::InMemory { place: "IMCONN_ACCESS_TOKEN and IMCONN_REFRESH_TOKEN".to_owned(), copy: None })
    }

    fn moved(&self, _to: &PortalAddress) -> Result<AddressUpdate> {
        Ok(AddressUpdate::Advice("set IMCONN_PORTAL or -p to the new address".to_owned()))
    }

    fn advice(&self) -> String {
        let credentials = self.credentials();
        let mut missing = Vec::new();
        if credentials.refresh_token.is_none() {
            missing.push("IMCONN_REFRESH_TOKEN");
        }
        if credentials.client.is_none() {
            missing.extend(["IMCONN_CLIENT_ID", "IMCONN_CLIENT_SECRET"]);
        }
        if missing.is_empty() {
            return "get new tokens, and put them into IMCONN_ACCESS_TOKEN and IMCONN_REFRESH_TOKEN".to_owned();
        }
        format!(
            "get a new token for IMCONN_ACCESS_TOKEN; it is renewed automatically if you set {}",
            missing.join(", ")
        )
    }
}
