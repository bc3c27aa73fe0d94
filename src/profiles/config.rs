//! `config.toml`: the user's own settings. It is written only by commands that say so, and keeps its comments then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use toml::{Table, Value};
use toml_edit::{DocumentMut, Item};

use super::edit;
use crate::store::file;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The portal to use when none is named.
    pub portal: Option<String>,
    /// The handler to bind when none is named.
    pub handler: Option<String>,
    /// Single portals, by name.
    pub portals: BTreeMap<String, PortalConfig>,
}

/// What the user says of one portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortalConfig {
    /// The handler to bind when none is named.
    pub handler: Option<String>,
    /// Where the portal is, for one that has no profile in the store.
    pub host: Option<String>,
    /// Program and arguments that print the credentials; empty when the store has them.
    pub credential_command: Vec<String>,
    /// Program and arguments that take renewed credentials on stdin; empty when nothing does.
    pub credential_store_command: Vec<String>,
}

impl Config {
    /// Reads `config.toml`; the defaults when there is none.
    ///
    /// # Errors
    /// When it cannot be read or understood. The text names the line or the member, and never shows a value: somebody
    /// may have put a token there.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let Some(text) = file::read(&path)? else { return Ok(Self::default()) };
        let document: Table = text.parse().map_err(|error| file::toml_error(&path, &text, &error))?;
        Self::read(&document).map_err(|Wrong { keys, what }| {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let line = file::line_of(&text, &keys).map(|line| format!(", line {line}")).unwrap_or_default();
            anyhow!("{}{line}: {what}", path.display())
        })
    }

    fn read(document: &Table) -> Result<Self, Wrong> {
        let mut config = Self::default();
        for (key, value) in document {
            match key.as_str() {
                "portal" => config.portal = Some(text(&[key], value)?),
                "handler" => config.handler = Some(text(&[key], value)?),
                "portals" => {
                    for (name, portal) in table(&[key], value)? {
                        config.portals.insert(name.clone(), PortalConfig::read(name, portal)?);
                    }
                }
                _ => {
                    let what = format!("`{key}` is no member of it; members are portal, handler and [portals.NAME]");
                    return Err(Wrong::at(&[key], what));
                }
            }
        }
        Ok(config)
    }

    /// The handler for a portal: its own, or the one for all.
    #[must_use]
    pub fn handler_for(&self, portal: &str) -> Option<String> {
        self.portals.get(portal).and_then(|portal| portal.handler.as_ref()).or(self.handler.as_ref()).cloned()
    }
}

impl PortalConfig {
    fn read(name: &str, portal: &Value) -> Result<Self, Wrong> {
        let mut config = Self::default();
        for (key, value) in table(&["portals", name], portal)? {
            let keys = ["portals", name, key];
            match key.as_str() {
                "handler" => config.handler = Some(text(&keys, value)?),
                "host" => config.host = Some(text(&keys, value)?),
                "credential_command" => config.credential_command = command(&keys, value)?,
                "credential_store_command" => config.credential_store_command = command(&keys, value)?,
                _ => {
                    let what = format!(
                        "`portals.{name}.{key}` is no member of it; members are handler, host, credential_command and \
                         credential_store_command"
                    );
                    return Err(Wrong::at(&keys, what));
                }
            }
        }
        let lacks = |has: &str, not: &str| {
            Err(Wrong::at(&["portals", name, has], format!("`portals.{name}` has a {has}, and no {not}")))
        };
        if config.credential_command.is_empty() && !config.credential_store_command.is_empty() {
            return lacks("credential_store_command", "credential_command");
        }
        if config.host.is_none() && !config.credential_command.is_empty() {
            return lacks("credential_command", "host");
        }
        Ok(config)
    }
}

/// What is wrong in the file, without its value, and where.
#[derive(Debug)]
struct Wrong {
    keys: Vec<String>,
    what: String,
}

impl Wrong {
    fn at(keys: &[&str], what: String) -> Self {
        Self { keys: keys.iter().map(|&key| key.to_owned()).collect(), what }
    }
}

/// A change of `config.toml`. The caller holds the lock of the store.
#[derive(Debug)]
pub struct ConfigEdit {
    path: PathBuf,
    document: DocumentMut,
    before: String,
}

impl ConfigEdit {
    /// Reads the file; nothing is written before [`ConfigEdit::save`].
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn open(folder: &Path) -> Result<Self> {
        Config::load(folder)?;
        let path = folder.join(FILE);
        let document = edit::load(&path)?;
        Ok(Self { before: document.to_string(), path, document })
    }

    /// Makes a portal the one to use when none is named.
    pub fn set_default(&mut self, name: &str) {
        edit::set(self.document.as_table_mut(), "portal", Some(toml_edit::value(name)));
    }

    /// Gives a portal another name, wherever it stands.
    pub fn rename(&mut self, from: &str, to: &str) {
        edit::rename(&mut self.document, from, to);
        if self.is_default(from) {
            self.set_default(to);
        }
    }

    /// Removes a portal, wherever it stands.
    pub fn remove(&mut self, name: &str) {
        edit::remove(&mut self.document, name);
        if self.is_default(name) {
            edit::remove_top(&mut self.document, "portal");
        }
    }

    fn is_default(&self, name: &str) -> bool {
        self.document.get("portal").and_then(Item::as_str) == Some(name)
    }

    /// Writes the file if anything has changed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(self) -> Result<()> {
        let after = self.document.to_string();
        if after == self.before { Ok(()) } else { file::write(&self.path, &after) }
    }
}

const FILE: &str = "config.toml";

fn text(keys: &[&str], value: &Value) -> Result<String, Wrong> {
    value.as_str().map(str::to_owned).ok_or_else(|| Wrong::at(keys, format!("`{}` is no text", keys.join("."))))
}

/// A program and its arguments, as a list: no shell takes it apart.
fn command(keys: &[&str], value: &Value) -> Result<Vec<String>, Wrong> {
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let words: Option<Vec<String>> = value.as_array().and_then(|list| list.iter().map(word).collect());
    words.filter(|words| words.first().is_some_and(|program| !program.is_empty())).ok_or_else(|| {
        let shown = keys.join(".");
        Wrong::at(keys, format!("`{shown}` is no list of texts, program first, like [\"pass-imconn\", \"acme\"]"))
    })
}

fn table<'a>(keys: &[&str], value: &'a Value) -> Result<&'a Table, Wrong> {
    value.as_table().ok_or_else(|| Wrong::at(keys, format!("`{}` is no table", keys.join("."))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, Wrong> {
        Config::read(&text.parse().expect("TOML"))
    }

    #[test]
    fn a_portals_own_handler_comes_before_the_one_for_all() {
        let config = read("handler = \"h\"\n[portals.a]\nhandler = \"ha\"\n").expect("a configuration");
        assert_eq!((config.handler_for("a"), config.handler_for("b")), (Some("ha".into()), Some("h".into())));
    }

    #[test]
    fn mistakes_are_named_without_their_values() {
        for text in [
            "portals = \"s3cr3t\"",
            "[portals]\na = \"s3cr3t\"",
            "token = \"s3cr3t\"",
            "handler = [\"s3cr3t\"]",
            "[portals.a]\ncredential_command = \"s3cr3t\"",
            "[portals.a]\ncredential_command = [\"s3cr3t\"]",
        ] {
            let error = read(text).expect_err(text).what;
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }

    #[test]
    fn a_change_keeps_comments_and_follows_the_default() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let text = "# mine\nportal = \"a\" # the first\n\n[portals.a]\nhandler = \"h\" # ours\n";
        file::write(&path, text).expect("a file");
        let change = |work: &dyn Fn(&mut ConfigEdit)| {
            let mut edit = ConfigEdit::open(folder.path()).expect("readable");
            work(&mut edit);
            edit.save().expect("written");
            file::read(&path).expect("readable").expect("there")
        };
        let renamed = change(&|edit| edit.rename("a", "b"));
        assert_eq!(renamed, text.replace("\"a\"", "\"b\"").replace("portals.a", "portals.b"));
        assert_eq!(change(&|edit| edit.remove("c")), renamed, "nothing to do, nothing changed");
        assert_eq!(change(&|edit| edit.remove("b")).trim(), "# mine");
    }

    #[test]
    fn a_removed_portal_leaves_the_comments_above_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        for rest in ["", "\n# about b\n[portals.b]\nhandler = \"h\"\n"] {
            let head = "# the file's head\n\n# about a\n";
            file::write(&path, &format!("{head}[portals.a]\nhandler = \"h\" # gone\n{rest}")).expect("a file");
            let mut edit = ConfigEdit::open(folder.path()).expect("readable");
            edit.remove("a");
            edit.save().expect("written");
            assert_eq!(file::read(&path).expect("readable").expect("there"), format!("{head}{rest}"));
        }
    }
}
