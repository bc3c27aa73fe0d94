//! `config.toml`: the user's own settings. This program reads it and never writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::file;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The portal to use when none is named.
    pub portal: Option<String>,
    /// The handler to bind when none is named.
    pub handler: Option<String>,
    /// Settings of single portals, by name.
    pub portals: BTreeMap<String, PortalConfig>,
}

/// Settings of one portal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalConfig {
    /// The handler to bind there when none is named.
    pub handler: Option<String>,
}

impl Config {
    /// Reads `config.toml`; the defaults when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood; the text names the line.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("config.toml");
        let Some(text) = file::read(&path)? else { return Ok(Self::default()) };
        toml::from_str(&text).map_err(|error| file::toml_error(&path, &text, &error))
    }

    /// The handler for a portal: its own, or the one for all.
    #[must_use]
    pub fn handler_for(&self, portal: &str) -> Option<String> {
        let own = self.portals.get(portal).and_then(|portal| portal.handler.clone());
        own.or_else(|| self.handler.clone())
    }
}
