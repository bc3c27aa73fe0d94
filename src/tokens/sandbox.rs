//! Tokens of the embedded portal, which keeps them itself.

use anyhow::Result;

use crate::portal::address::PortalAddress;
use crate::portal::oauth::{ClientKeys, TokenPair};
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};
use crate::sandbox::Sandbox;

/// The administrator's tokens of a sandbox.
pub(crate) struct SandboxTokens(pub(crate) Sandbox);

impl TokenSource for SandboxTokens {
    fn read(&self) -> Result<Credentials> {
        let (app, token) = self.0.credentials()?;
        let (access_token, refresh_token) = token.secrets();
        Ok(Credentials {
            access_token,
            refresh_token: Some(refresh_token),
            client: Some(ClientKeys { id: app.client_id, secret: app.client_secret.into() }),
            expires: Some(token.expires),
            refresh_expires: Some(token.refresh_expires),
        })
    }

    fn write(&self, _fresh: &TokenPair) -> Result<Persisted> {
        // The sandbox remembers what it issued.
        Ok(Persisted::Stored)
    }

    fn moved(&self, _to: &PortalAddress) -> Result<AddressUpdate> {
        Ok(AddressUpdate::Advice(self.advice()))
    }

    fn advice(&self) -> String {
        "to start afresh, run `imconn sandbox reset`".to_owned()
    }
}
