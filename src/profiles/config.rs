//! `config.toml`: the user's own settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use toml_edit::TableLike;

use super::toml_file::TomlFile;
use crate::store::file;

const FILE: &str = "config.toml";

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// The portal to use when none is selected.
    pub(crate) portal: Option<String>,
    /// The handler to bind when none is given.
    pub(crate) handler: Option<String>,
    /// Settings of single portals, by name.
    pub(crate) portals: BTreeMap<String, PortalConfig>,
    /// Portals whose settings cannot be used, and why. They concern no other portal.
    pub(super) unusable: BTreeMap<String, String>,
}

/// What the user says of one portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PortalConfig {
    /// The handler to bind when none is given.
    pub(crate) handler: Option<String>,
    /// Where the portal is, if it has no stored profile.
    pub(crate) host: Option<String>,
    /// Program and arguments that print the credentials; empty when they are stored.
    pub(crate) credential_command: Vec<String>,
    /// Program and arguments that take renewed credentials on stdin; empty when nothing does.
    pub(crate) credential_store_command: Vec<String>,
}

impl Config {
    pub(super) fn path(folder: &Path) -> PathBuf {
        folder.join(FILE)
    }

    /// Reads `config.toml`; the defaults when it does not exist.
    pub(super) fn load(folder: &Path) -> Result<Self> {
        let path = Self::path(folder);
        let Some(text) = file::read(&path)? else { return Ok(Self::default()) };
        let mut config = Self::read(TomlFile { path: &path, text: &text })?;
        if file::is_writable_by_others(&path) {
            config.refuse_commands(&path);
        }
        Ok(config)
    }

    /// The error for a portal whose settings cannot be used.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        self.unusable.get(name).map_or(Ok(()), |why| Err(anyhow!("{why}")))
    }

    /// A user who can write the file could have any program run.
    fn refuse_commands(&mut self, path: &Path) {
        let with_commands: Vec<String> = self
            .portals
            .iter()
            .filter(|(_, config)| !config.credential_command.is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        for name in with_commands {
            let shown = path.display();
            let why = format!(
                "others can write {shown}, so the credential_command of `{name}` is not run; `chmod go-w` the file"
            );
            self.portals.remove(&name);
            self.unusable.insert(name, why);
        }
    }

    pub(super) fn read(file: TomlFile<'_>) -> Result<Self> {
        let document = file.parse()?;
        let table: &dyn TableLike = document.as_table();
        for (key, _) in table.iter() {
            if !["portal", "handler", "portals"].contains(&key) {
                let what = format!("unknown member `{key}`; expected portal, handler or [portals.NAME]");
                return Err(file.wrong_member(table, key, what));
            }
        }
        let (portals, unusable) = PortalConfig::read_all(file, table)?;
        Ok(Self {
            portals,
            unusable,
            portal: file.string(table, "portal", "portal")?,
            handler: file.string(table, "handler", "handler")?,
        })
    }
}

impl PortalConfig {
    fn read_all(
        file: TomlFile<'_>,
        document: &dyn TableLike,
    ) -> Result<(BTreeMap<String, Self>, BTreeMap<String, String>)> {
        let (mut portals, mut unusable) = (BTreeMap::new(), BTreeMap::new());
        if !document.contains_key("portals") {
            return Ok((portals, unusable));
        }
        let table = file.table(document, "portals", "portals")?;
        for (name, _) in table.iter() {
            match Self::read(file, table, name) {
                Ok(config) => drop(portals.insert(name.to_owned(), config)),
                Err(error) => drop(unusable.insert(name.to_owned(), format!("{error:#}"))),
            }
        }
        Ok((portals, unusable))
    }

    fn read(file: TomlFile<'_>, portals: &dyn TableLike, name: &str) -> Result<Self> {
        let table = file.table(portals, name, &format!("portals.{name}"))?;
        let mut config = Self::default();
        for (key, _) in table.iter() {
            let shown = format!("portals.{name}.{key}");
            match key {
                "handler" => config.handler = file.string(table, key, &shown)?,
                "host" => config.host = file.string(table, key, &shown)?,
                "credential_command" => config.credential_command = command(file, table, key, &shown)?,
                "credential_store_command" => config.credential_store_command = command(file, table, key, &shown)?,
                _ => {
                    let what = format!(
                        "unknown member `{shown}`; expected handler, host, credential_command or credential_store_command"
                    );
                    return Err(file.wrong_member(table, key, what));
                }
            }
        }
        let has_command = !config.credential_command.is_empty();
        if !has_command && !config.credential_store_command.is_empty() {
            let what = format!("`portals.{name}` has a credential_store_command but no credential_command");
            return Err(file.wrong_member(table, "credential_store_command", what));
        }
        if has_command && config.host.is_none() {
            let what = format!("`portals.{name}` has a credential_command but no host");
            return Err(file.wrong_member(table, "credential_command", what));
        }
        Ok(config)
    }
}

/// A program and its arguments, as a list: no shell splits it.
fn command(file: TomlFile<'_>, table: &dyn TableLike, key: &str, shown: &str) -> Result<Vec<String>> {
    let words = file.strings(table, key, shown)?;
    if words.first().is_none_or(String::is_empty) {
        let what = format!("`{shown}` is empty; write it like [\"pass-imconn\", \"acme\"]");
        return Err(file.wrong_member(table, key, what));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        let config = Config::read(TomlFile { path: Path::new(FILE), text })?;
        config.unusable.keys().try_for_each(|name| config.check(name))?;
        Ok(config)
    }

    #[test]
    fn every_member_is_read() {
        let config =
            read("portal = \"a\"\nhandler = \"h\"\n[portals.a]\nhost = \"a.b\"\ncredential_command = [\"p\", \"x\"]\n");
        let config = config.expect("a configuration");
        assert_eq!((config.portal.as_deref(), config.handler.as_deref()), (Some("a"), Some("h")));
        assert_eq!(config.portals["a"].credential_command, ["p", "x"]);
    }

    #[test]
    fn a_mistake_is_reported_with_its_line_and_without_its_value() {
        for (text, line) in [
            ("\nportals = \"s3cr3t\"", 2),
            ("[portals]\na = \"s3cr3t\"", 2),
            ("token = \"s3cr3t\"", 1),
            ("handler = [\"s3cr3t\"]", 1),
            ("[portals.a]\ncredential_command = \"s3cr3t\"", 2),
            ("[portals.a]\ncredential_command = [\"s3cr3t\"]", 2),
            ("[portals.a]\ncredential_command = [5, \"s3cr3t\"]", 2),
            ("[portals.a]\nhost = \"s3cr3t", 2),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(&format!("config.toml, line {line}: ")) && !error.contains("s3cr3t"), "{error}");
        }
    }
}
