//! Renewed tokens that could not be stored where they belong. They may be the only live ones: they go into a file of the data
//! folder, and the next run uses them and tries to store them again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::tee::tokens_to_json;
use crate::portal::address::PortalAddress;
use crate::portal::oauth::TokenPair;
use crate::portal::progress::AddressUpdate;
use crate::portal::token_source::{Credentials, Persisted, TokenSource};
use crate::redact::Secret;
use crate::store::file;
use crate::store::lock::FileLock;
use crate::wire::tokens::TokenSet;

/// The member with the access token that the rescued pair has replaced.
const REPLACES: &str = "replaces";

/// Another source, and the file for pairs that it does not take.
pub(crate) struct RescuedTokens {
    source: Arc<dyn TokenSource>,
    path: PathBuf,
    portal: PortalAddress,
    /// The access token that the source itself had at the last look.
    stored: Mutex<Option<Secret>>,
}

impl RescuedTokens {
    /// The file is opened when the tokens are read.
    pub(crate) fn new(source: Arc<dyn TokenSource>, path: PathBuf, portal: PortalAddress) -> Self {
        Self { source, path, portal, stored: Mutex::default() }
    }

    /// What the source has, with the rescued pair if that replaces it.
    fn newest(&self) -> Result<(Credentials, Option<TokenPair>)> {
        let stored = self.source.read()?;
        *self.stored.lock().unwrap_or_else(PoisonError::into_inner) = Some(stored.access_token.clone());
        let Some((replaced, pair)) = rescued(&self.path)? else { return Ok((stored, None)) };
        if replaced == stored.access_token {
            return Ok((stored.renewed(&pair), Some(pair)));
        }
        if pair.access_token == stored.access_token {
            self.remove();
        }
        Ok((stored, None))
    }

    /// Stores a rescued pair where it belongs, unless another process is at work there.
    fn store_again(&self) -> Result<()> {
        let lock = self.source.lock_file().map(|path| FileLock::try_now(&path)).transpose()?;
        if matches!(lock, Some(None)) {
            return Ok(());
        }
        // Another process may have stored it meanwhile.
        if let (_, Some(pair)) = self.newest()?
            && self.source.write(&pair)? == Persisted::Stored
        {
            self.remove();
        }
        Ok(())
    }

    fn save(&self, fresh: &TokenPair) -> Result<()> {
        let replaced = self.stored.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut tokens = tokens_to_json(&fresh.access_token, Some(&fresh.refresh_token), fresh.expires, &self.portal);
        tokens[REPLACES] = json!(replaced.as_ref().map(Secret::expose));
        file::write(&self.path, &format!("{tokens:#}\n"))
    }

    /// Removes the file, if it is one that this program reads again.
    fn remove(&self) {
        if file::read(&self.path).is_ok_and(|text| text.is_some_and(|text| text.contains(REPLACES))) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The pair that was rescued, and the access token that it had replaced.
fn rescued(path: &Path) -> Result<Option<(Secret, TokenPair)>> {
    let Some(text) = file::read(path)? else { return Ok(None) };
    let unusable = || format!("{} holds no tokens; remove it", path.display());
    let document: Value = serde_json::from_str(&text).with_context(unusable)?;
    let Some(replaced) = document[REPLACES].as_str().map(Secret::new) else { return Ok(None) };
    let TokenSet { access_token, refresh_token, expires, .. } =
        TokenSet::from_json(&document).with_context(unusable)?;
    let refresh_token = refresh_token.with_context(unusable)?;
    Ok(Some((replaced, TokenPair { access_token, refresh_token, expires, portal: None, member_id: None })))
}

impl TokenSource for RescuedTokens {
    fn read(&self) -> Result<Credentials> {
        let (newest, rescued) = self.newest()?;
        if rescued.is_some() {
            // Where it still cannot be stored, it is used all the same.
            let _ = self.store_again();
        }
        Ok(newest)
    }

    fn write(&self, fresh: &TokenPair) -> Result<Persisted> {
        match self.source.write(fresh) {
            Ok(kept) => {
                if kept == Persisted::Stored {
                    self.remove();
                }
                Ok(kept)
            }
            Err(error) => {
                self.save(fresh).with_context(|| format!("{error:#}"))?;
                Ok(Persisted::Rescued { why: format!("{error:#}"), path: self.path.display().to_string() })
            }
        }
    }

    fn moved(&self, to: &PortalAddress) -> Result<AddressUpdate> {
        self.source.moved(to)
    }

    fn name(&self) -> String {
        self.source.name()
    }

    fn advice(&self) -> String {
        self.source.advice()
    }

    fn lock_file(&self) -> Option<PathBuf> {
        self.source.lock_file()
    }

    fn prepare(&self) -> Result<()> {
        self.source.prepare()
    }

    fn is_cheap(&self) -> bool {
        self.source.is_cheap()
    }
}
