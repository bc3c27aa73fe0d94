//! `credentials.toml`: one table a portal, written by this program at mode 0600.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use toml::{Table, Value};

use super::file;
use super::lock::FileLock;
use crate::redact::Secret;

/// The file and its lock.
#[derive(Debug, Clone)]
pub struct CredentialStore {
    path: PathBuf,
}

/// What is known of one portal.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its host, or its URL where that is not https.
    pub host: String,
    /// The newest access token.
    pub access_token: Secret,
    /// The newest refresh token.
    pub refresh_token: Option<Secret>,
    /// The application's id.
    pub client_id: Option<String>,
    /// The application's secret.
    pub client_secret: Option<Secret>,
}

/// What changes in a profile.
#[derive(Default)]
pub struct Update<'a> {
    /// A new access token.
    pub access_token: Option<&'a Secret>,
    /// A new refresh token.
    pub refresh_token: Option<&'a Secret>,
    /// Unix seconds at which the access token ends.
    pub expires: Option<i64>,
    /// A new address.
    pub host: Option<&'a str>,
}

impl fmt::Debug for Update<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Update").field("expires", &self.expires).field("host", &self.host).finish_non_exhaustive()
    }
}

impl CredentialStore {
    /// The store in a folder; nothing is opened yet.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("credentials.toml") }
    }

    /// The file, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lock file, for messages.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.path.with_extension("lock")
    }

    /// Takes the lock that guards a refresh; `None` while another process has it.
    ///
    /// # Errors
    /// When the lock file cannot be opened.
    pub fn try_lock(&self) -> Result<Option<FileLock>> {
        FileLock::try_now(&self.lock_path())
    }

    /// Names and hosts of all profiles.
    ///
    /// # Errors
    /// When the file is there and cannot be read or understood: a corrupt store is never taken for an empty one.
    pub fn hosts(&self) -> Result<Vec<(String, String)>> {
        let document = self.load()?;
        let Some(portals) = document.get("portals") else { return Ok(Vec::new()) };
        let portals = portals.as_table().ok_or_else(|| self.wrong("portals", "is no table"))?;
        let host = |name: &String, profile: &Value| {
            let host = profile.get("host").and_then(Value::as_str);
            host.map(|host| (name.clone(), host.to_owned())).ok_or_else(|| self.wrong(name, "has no host"))
        };
        portals.iter().map(|(name, profile)| host(name, profile)).collect()
    }

    /// One profile; `None` when there is none of that name.
    ///
    /// # Errors
    /// As for [`CredentialStore::hosts`].
    pub fn profile(&self, name: &str) -> Result<Option<Profile>> {
        let document = self.load()?;
        let Some(profile) = document.get("portals").and_then(|portals| portals.get(name)) else { return Ok(None) };
        let text = |key: &str| match profile.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(name, &format!("has a {key} that is no text"))),
        };
        let required = |key: &str| {
            text(key)?.filter(|text| !text.is_empty()).ok_or_else(|| self.wrong(name, &format!("has no {key}")))
        };
        Ok(Some(Profile {
            host: required("host")?,
            access_token: Secret::new(required("access_token")?),
            refresh_token: text("refresh_token")?.map(Secret::new),
            client_id: text("client_id")?,
            client_secret: text("client_secret")?.map(Secret::new),
        }))
    }

    /// Whether an update would succeed, as far as that can be told before it.
    ///
    /// # Errors
    /// When nothing can be written beside the file.
    pub fn check_writable(&self) -> Result<()> {
        file::check_writable(&self.path)
    }

    /// Changes a profile and keeps every other value in the file; comments and blank lines go. The caller holds the
    /// lock.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the profile has gone.
    pub fn update(&self, name: &str, update: &Update<'_>) -> Result<()> {
        let mut document = self.load()?;
        let profile =
            document.get_mut("portals").and_then(|portals| portals.get_mut(name)).and_then(Value::as_table_mut);
        let Some(profile) = profile else { bail!("there is no profile `{name}` in {} any more", self.path.display()) };
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                profile.insert(key.to_owned(), value);
            }
        };
        set("access_token", update.access_token.map(|token| token.expose().into()));
        set("refresh_token", update.refresh_token.map(|token| token.expose().into()));
        set("expires", update.expires.map(Value::Integer));
        set("host", update.host.map(Value::from));
        file::write(&self.path, &toml::to_string(&document).context("cannot write the credentials")?)
    }

    /// Says when others can read the file, with the command that mends it.
    #[must_use]
    pub fn exposure(&self) -> Option<String> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&self.path).ok()?.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                let path = self.path.display();
                return Some(format!("others can read {path} (mode {mode:03o}); mend it with: chmod 600 {path}"));
            }
        }
        None
    }

    fn load(&self) -> Result<Table> {
        let Some(text) = file::read(&self.path)? else { return Ok(Table::new()) };
        text.parse().map_err(|error| file::toml_error(&self.path, &text, &error))
    }

    fn wrong(&self, name: &str, what: &str) -> anyhow::Error {
        anyhow!("{}: `{name}` {what}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(text: &str) -> (tempfile::TempDir, CredentialStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = CredentialStore::in_folder(folder.path());
        file::write(&store.path, text).expect("a file");
        (folder, store)
    }

    #[test]
    fn an_update_keeps_what_it_does_not_name() {
        let (_folder, store) =
            store("[portals.a]\nhost = \"a.b\"\naccess_token = \"old\"\nmember_id = \"m\"\n[other]\nx = 1\n");
        let fresh = Secret::new("new");
        store.update("a", &Update { access_token: Some(&fresh), ..Update::default() }).expect("written");
        let text = file::read(&store.path).expect("readable").expect("there");
        assert!(text.contains("member_id = \"m\"") && text.contains("x = 1"), "{text}");
        assert_eq!(store.profile("a").expect("readable").expect("there").access_token, fresh);
    }

    #[test]
    fn a_corrupt_store_is_an_error_with_a_line_and_without_the_token() {
        let (_folder, store) = store("[portals.a]\nhost = \"a.b\"\naccess_token = \"s3cr3t\n");
        let error = format!("{:#}", store.hosts().expect_err("corrupt"));
        assert!(error.contains("line 3"), "{error}");
        assert!(!error.contains("s3cr3t"), "{error}");
        assert!(store.update("a", &Update::default()).is_err());
    }
}
