//! Tokens from the environment. Renewed ones live in this process only.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use crate::portal::address::PortalAddress;
use crate::portal::auth::{Credentials, Kept, TokenSource};
use crate::portal::notice::Moved;
use crate::portal::oauth::TokenPair;
use crate::settings::Environment;

/// Tokens from the environment.
pub struct EnvironmentTokens(Mutex<Credentials>);

impl EnvironmentTokens {
    /// `None` without an access token.
    #[must_use]
    pub fn from(environment: &Environment) -> Option<Self> {
        Some(Self(Mutex::new(Credentials {
            access_token: environment.access_token.clone()?,
            refresh_token: environment.refresh_token.clone(),
            client: environment.client_keys(),
            expires: None,
            refresh_expires: None,
        })))
    }
}

impl TokenSource for EnvironmentTokens {
    fn read(&self) -> Result<Credentials> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn advice(&self) -> String {
        let credentials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
            "get a new token for IMCONN_ACCESS_TOKEN; imconn renews it by itself once it has {}",
            missing.join(", ")
        )
    }

    fn write(&self, fresh: &TokenPair) -> Result<Kept> {
        let mut credentials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *credentials = credentials.clone().renewed(fresh);
        Ok(Kept::InMemory { place: "IMCONN_ACCESS_TOKEN and IMCONN_REFRESH_TOKEN".to_owned(), copy: None })
    }

    fn moved(&self, _to: &PortalAddress) -> Result<Moved> {
        Ok(Moved::Advice("name the new address with -p or IMCONN_PORTAL".to_owned()))
    }
}
