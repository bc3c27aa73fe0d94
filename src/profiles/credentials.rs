//! `credentials.toml`: one table a portal, written by this program at mode 0600.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use toml::{Table, Value};
use toml_edit::{DocumentMut, Item};

use super::edit;
use crate::redact::Secret;
use crate::store::file;

/// The file and its lock.
#[derive(Debug, Clone)]
pub struct CredentialStore {
    path: PathBuf,
}

/// What is known of one portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its host, or its URL where that is not https.
    pub host: String,
    /// The portal's name for ever; its host may change.
    pub member_id: Option<String>,
    /// The newest access token.
    pub access_token: Secret,
    /// The newest refresh token.
    pub refresh_token: Option<Secret>,
    /// Unix seconds at which the access token ends.
    pub expires: Option<i64>,
    /// Unix seconds at which the refresh token ends, where it is known when it was given out.
    pub refresh_expires: Option<i64>,
    /// The auth server, where it is not the vendor's.
    pub oauth_server: Option<String>,
    /// The application's id.
    pub client_id: Option<String>,
    /// The application's secret.
    pub client_secret: Option<Secret>,
    /// How a handler knows that the portal sent an event.
    pub application_token: Option<Secret>,
    /// The application's rights at the last login.
    pub scopes: Vec<String>,
    /// The user whose tokens they are.
    pub user_id: Option<u64>,
}

/// What a renewal changes in a profile.
#[derive(Debug, Clone, Copy)]
pub struct Renewed<'a> {
    /// The new access token.
    pub access_token: &'a Secret,
    /// The new refresh token.
    pub refresh_token: &'a Secret,
    /// Unix seconds at which the access token ends.
    pub expires: Option<i64>,
    /// Unix seconds at which the refresh token ends.
    pub refresh_expires: Option<i64>,
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

    /// The lock file, for messages. It guards `config.toml` as well, so that both can change together.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.path.with_extension("lock")
    }

    /// Names and hosts of all profiles.
    ///
    /// # Errors
    /// When the file is there and cannot be read or understood: a corrupt store is never taken for an empty one.
    pub fn hosts(&self) -> Result<Vec<(String, String)>> {
        let document = self.load()?;
        let Some(portals) = document.get("portals") else { return Ok(Vec::new()) };
        let portals = portals.as_table().ok_or_else(|| self.wrong(&["portals"], "`portals` is no table"))?;
        let host = |name: &String, profile: &Value| {
            let host = profile.get("host").and_then(Value::as_str);
            let missing = || self.wrong(&["portals", name, "host"], &format!("`{name}` has no host"));
            host.map(|host| (name.clone(), host.to_owned())).ok_or_else(missing)
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
        Members { store: self, name, profile }.read().map(Some)
    }

    /// Whether a change would succeed, as far as that can be told before it.
    ///
    /// # Errors
    /// When nothing can be written beside the file.
    pub fn check_writable(&self) -> Result<()> {
        file::check_writable(&self.path)
    }

    /// Adds a profile, or replaces what is known of it. The caller holds the lock.
    ///
    /// # Errors
    /// When the file cannot be read, understood or written.
    pub fn put(&self, name: &str, profile: &Profile) -> Result<()> {
        let scopes: toml_edit::Array = profile.scopes.iter().map(String::as_str).collect();
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| toml_edit::value(secret.expose()));
        let members = [
            ("host", Some(toml_edit::value(profile.host.as_str()))),
            ("member_id", profile.member_id.as_deref().map(toml_edit::value)),
            ("access_token", Some(toml_edit::value(profile.access_token.expose()))),
            ("refresh_token", secret(&profile.refresh_token)),
            ("expires", profile.expires.map(toml_edit::value)),
            ("refresh_expires", profile.refresh_expires.map(toml_edit::value)),
            ("oauth_server", profile.oauth_server.as_deref().map(toml_edit::value)),
            ("client_id", profile.client_id.as_deref().map(toml_edit::value)),
            ("client_secret", secret(&profile.client_secret)),
            ("application_token", secret(&profile.application_token)),
            ("scopes", (!scopes.is_empty()).then(|| toml_edit::value(scopes))),
            ("user_id", profile.user_id.and_then(|id| i64::try_from(id).ok()).map(toml_edit::value)),
        ];
        self.change(|document| {
            let table = edit::table(document, name)?;
            for (key, value) in members {
                edit::set(table, key, value);
            }
            Ok(())
        })
    }

    /// Stores a renewed pair beside everything else that is known. The caller holds the lock.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the profile has gone.
    pub fn renew(&self, name: &str, renewed: &Renewed<'_>) -> Result<()> {
        self.change_profile(name, |profile| {
            edit::set(profile, "access_token", Some(toml_edit::value(renewed.access_token.expose())));
            edit::set(profile, "refresh_token", Some(toml_edit::value(renewed.refresh_token.expose())));
            edit::set(profile, "expires", renewed.expires.map(toml_edit::value));
            edit::set(profile, "refresh_expires", renewed.refresh_expires.map(toml_edit::value));
        })
    }

    /// Stores a portal's new address. The caller holds the lock.
    ///
    /// # Errors
    /// As for [`CredentialStore::renew`].
    pub fn move_to(&self, name: &str, host: &str) -> Result<()> {
        self.change_profile(name, |profile| edit::set(profile, "host", Some(toml_edit::value(host))))
    }

    /// Removes a profile; false when there was none. The caller holds the lock.
    ///
    /// # Errors
    /// When the file cannot be read, understood or written.
    pub fn remove(&self, name: &str) -> Result<bool> {
        if self.profile_is_missing(name)? {
            return Ok(false);
        }
        self.change(|document| {
            edit::remove(document, name);
            Ok(())
        })?;
        Ok(true)
    }

    /// Gives a profile another name; false when there is none of the old one. The caller holds the lock, and has made
    /// sure that the new name is free.
    ///
    /// # Errors
    /// When the file cannot be read, understood or written.
    pub fn rename(&self, from: &str, to: &str) -> Result<bool> {
        if self.profile_is_missing(from)? {
            return Ok(false);
        }
        self.change(|document| {
            edit::rename(document, from, to);
            Ok(())
        })?;
        Ok(true)
    }

    fn profile_is_missing(&self, name: &str) -> Result<bool> {
        Ok(!self.hosts()?.iter().any(|(known, _)| known == name))
    }

    fn change_profile(&self, name: &str, work: impl FnOnce(&mut dyn toml_edit::TableLike)) -> Result<()> {
        self.change(|document| {
            let profile = document.get_mut("portals").and_then(|portals| portals.get_mut(name));
            let Some(profile) = profile.and_then(Item::as_table_like_mut) else {
                bail!("there is no profile `{name}` in {} any more", self.path.display())
            };
            work(profile);
            Ok(())
        })
    }

    /// Changes the file as a whole; what is not named stays, comments and order too.
    fn change(&self, work: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<()> {
        let mut document = edit::load(&self.path)?;
        work(&mut document)?;
        file::write(&self.path, &document.to_string())
    }

    /// Says when others can read the file or enter its folder, with the command that mends it.
    #[must_use]
    pub fn exposure(&self) -> Option<String> {
        let folder = self.path.parent()?;
        file::exposure(&self.path).or_else(|| file::exposure(folder).filter(|_| self.path.exists()))
    }

    fn load(&self) -> Result<Table> {
        let Some(text) = file::read(&self.path)? else { return Ok(Table::new()) };
        text.parse().map_err(|error| file::toml_error(&self.path, &text, &error))
    }

    fn wrong(&self, keys: &[&str], what: &str) -> anyhow::Error {
        let text = file::read(&self.path).ok().flatten().unwrap_or_default();
        let line = file::line_of(&text, keys).map(|line| format!(", line {line}")).unwrap_or_default();
        anyhow!("{}{line}: {what}", self.path.display())
    }
}

/// The members of one profile. What is wrong with one is told without its value.
struct Members<'a> {
    store: &'a CredentialStore,
    name: &'a str,
    profile: &'a Value,
}

impl Members<'_> {
    fn read(&self) -> Result<Profile> {
        Ok(Profile {
            host: self.required("host")?,
            member_id: self.text("member_id")?,
            access_token: Secret::new(self.required("access_token")?),
            refresh_token: self.text("refresh_token")?.map(Secret::new),
            expires: self.number("expires")?,
            refresh_expires: self.number("refresh_expires")?,
            oauth_server: self.text("oauth_server")?,
            client_id: self.text("client_id")?,
            client_secret: self.text("client_secret")?.map(Secret::new),
            application_token: self.text("application_token")?.map(Secret::new),
            scopes: self.texts("scopes")?,
            user_id: self.number("user_id")?.and_then(|id| u64::try_from(id).ok()),
        })
    }

    fn text(&self, key: &str) -> Result<Option<String>> {
        match self.profile.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.wrong(key, "no text")),
        }
    }

    fn required(&self, key: &str) -> Result<String> {
        self.text(key)?
            .with_context(|| self.store.wrong(&["portals", self.name, key], &format!("`{}` has no {key}", self.name)))
    }

    fn number(&self, key: &str) -> Result<Option<i64>> {
        match self.profile.get(key) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(_) => Err(self.wrong(key, "no whole number")),
        }
    }

    fn texts(&self, key: &str) -> Result<Vec<String>> {
        let Some(value) = self.profile.get(key) else { return Ok(Vec::new()) };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let texts = value.as_array().and_then(|list| list.iter().map(text).collect());
        texts.ok_or_else(|| self.wrong(key, "no list of texts"))
    }

    fn wrong(&self, key: &str, what: &str) -> anyhow::Error {
        let what = format!("{key} of `{}` is {what}", self.name);
        self.store.wrong(&["portals", self.name, key], &what)
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

    fn text_of(store: &CredentialStore) -> String {
        file::read(&store.path).expect("readable").expect("there")
    }

    fn profile() -> Profile {
        Profile {
            host: "a.b".into(),
            member_id: Some("m".into()),
            access_token: Secret::new("access"),
            refresh_token: Some(Secret::new("refresh")),
            expires: Some(1),
            refresh_expires: None,
            oauth_server: Some("https://oauth.example.com/".into()),
            client_id: Some("local.1".into()),
            client_secret: Some(Secret::new("secret")),
            application_token: Some(Secret::new("token")),
            scopes: vec!["im".into(), "imconnector".into()],
            user_id: Some(7),
        }
    }

    #[test]
    fn what_was_put_is_read_and_what_was_removed_is_gone() {
        let (_folder, store) = store("# mine\n[portals.\"x.y\"]\nhost = \"x.y\"\naccess_token = \"t\"\n");
        store.put("a", &profile()).expect("written");
        assert_eq!(store.profile("a").expect("readable"), Some(profile()));
        let less = Profile { client_secret: None, scopes: Vec::new(), ..profile() };
        store.put("a", &less).expect("written");
        assert_eq!(store.profile("a").expect("readable"), Some(less));
        assert!(store.rename("a", "b.c").expect("written") && store.remove("x.y").expect("written"));
        assert_eq!(store.hosts().expect("readable"), [("b.c".to_owned(), "a.b".to_owned())]);
        assert!(!store.remove("a").expect("readable"), "there is none of that name any more");
    }

    #[test]
    fn a_renewal_keeps_what_it_does_not_name_with_comments() {
        let text =
            "# mine\n[portals.a]\nhost = \"a.b\" # here\naccess_token = \"old\"\nmember_id = \"m\"\n[other]\nx = 1\n";
        let (_folder, store) = store(text);
        let fresh = Secret::new("new");
        let renewed = Renewed { access_token: &fresh, refresh_token: &fresh, expires: Some(5), refresh_expires: None };
        store.renew("a", &renewed).expect("written");
        let text = text_of(&store);
        for kept in ["# mine", "\"a.b\" # here", "member_id = \"m\"", "x = 1"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        assert_eq!(store.profile("a").expect("readable").expect("there").access_token, fresh);
    }

    #[test]
    fn a_corrupt_store_is_an_error_with_a_line_and_without_the_token() {
        let (_folder, store) = store("[portals.a]\nhost = \"a.b\"\naccess_token = \"s3cr3t\n");
        let before = text_of(&store);
        for error in [store.hosts().expect_err("corrupt"), store.put("b", &profile()).expect_err("corrupt")] {
            let error = format!("{error:#}");
            assert!(error.contains("line 3"), "{error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
        assert_eq!(text_of(&store), before);
    }

    #[test]
    fn a_member_of_a_wrong_type_is_named_without_its_value() {
        let (_folder, store) = store("[portals.a]\nhost = \"a.b\"\naccess_token = [\"s3cr3t\"]\n");
        let error = format!("{:#}", store.profile("a").expect_err("wrong"));
        assert!(error.contains("line 3: access_token of `a`") && !error.contains("s3cr3t"), "{error}");
        let (_folder, store) = self::store("\n[portals.a]\nhost = \"a.b\"\n");
        let error = format!("{:#}", store.profile("a").expect_err("wrong"));
        assert!(error.contains("line 2: `a` has no access_token"), "{error}");
    }
}
