//! `config.toml`: the user's own settings. This program reads it and never writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use toml::{Table, Value};

use super::file;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The portal to use when none is named.
    pub portal: Option<String>,
    /// The handler to bind when none is named.
    pub handler: Option<String>,
    /// The handlers of single portals, by name.
    pub handlers: BTreeMap<String, String>,
}

impl Config {
    /// Reads `config.toml`; the defaults when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood. The text names the line or the member, and never shows a value: somebody
    /// may have put a token there.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("config.toml");
        let Some(text) = file::read(&path)? else { return Ok(Self::default()) };
        let document: Table = text.parse().map_err(|error| file::toml_error(&path, &text, &error))?;
        Self::read(&document).map_err(|error| anyhow!("{}: {error}", path.display()))
    }

    fn read(document: &Table) -> Result<Self> {
        let mut config = Self::default();
        for (key, value) in document {
            match key.as_str() {
                "portal" => config.portal = Some(text(key, value)?),
                "handler" => config.handler = Some(text(key, value)?),
                "portals" => config.handlers = handlers(value)?,
                _ => bail!("`{key}` is no member of it; members are portal, handler and [portals.NAME]"),
            }
        }
        Ok(config)
    }

    /// The handler for a portal: its own, or the one for all.
    #[must_use]
    pub fn handler_for(&self, portal: &str) -> Option<String> {
        self.handlers.get(portal).or(self.handler.as_ref()).cloned()
    }
}

fn handlers(portals: &Value) -> Result<BTreeMap<String, String>> {
    let mut handlers = BTreeMap::new();
    for (name, portal) in table("portals", portals)? {
        for (key, value) in table(&format!("portals.{name}"), portal)? {
            match key.as_str() {
                "handler" => handlers.insert(name.clone(), text(&format!("portals.{name}.handler"), value)?),
                _ => bail!("`portals.{name}.{key}` is no member of it; the only one is handler"),
            };
        }
    }
    Ok(handlers)
}

fn text(key: &str, value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| anyhow!("`{key}` is no text"))
}

fn table<'a>(key: &str, value: &'a Value) -> Result<&'a Table> {
    value.as_table().ok_or_else(|| anyhow!("`{key}` is no table"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        Config::read(&text.parse().expect("TOML"))
    }

    #[test]
    fn a_portals_own_handler_comes_before_the_one_for_all() {
        let config = read("handler = \"h\"\n[portals.a]\nhandler = \"ha\"\n").expect("a configuration");
        assert_eq!((config.handler_for("a"), config.handler_for("b")), (Some("ha".into()), Some("h".into())));
    }

    #[test]
    fn mistakes_are_named_without_their_values() {
        for text in
            ["portals = \"s3cr3t\"", "[portals]\na = \"s3cr3t\"", "token = \"s3cr3t\"", "handler = [\"s3cr3t\"]"]
        {
            let error = read(text).expect_err(text).to_string();
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }
}
