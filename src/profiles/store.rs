//! The profiles on disk: one file each, so that the number of profiles costs nothing, and two portals never share a lock.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use toml_edit::{DocumentMut, TableLike, value};

use super::edit;
use super::file_name::{decode, encode, fits_a_file_name};
use super::stored::{StoredProfile, VERSION, check_version};
use super::toml_file::TomlFile;
use crate::portal::oauth::{TokenPair, fresh_refresh_expires};
use crate::store::file;

/// The folder `profiles` in the configuration folder.
#[derive(Debug, Clone)]
pub(crate) struct ProfileStore {
    folder: PathBuf,
}

impl ProfileStore {
    /// Nothing is opened.
    pub(crate) fn in_folder(config: &Path) -> Self {
        Self { folder: config.join("profiles") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(encode(name) + ".toml")
    }

    /// The lock that guards every change of a profile.
    pub(crate) fn lock_path(&self, name: &str) -> PathBuf {
        self.folder.join(encode(name) + ".lock")
    }

    /// Where tokens go that could not be stored in a profile.
    pub(crate) fn rescue_path(data: &Path, name: &str) -> PathBuf {
        data.join(format!("renewed-{}.json", encode(name)))
    }

    /// Whether a writer was killed before it replaced a profile, or is at work.
    pub(crate) fn has_leftover(&self, name: &str) -> bool {
        file::leftover_path(&self.path(name)).is_file()
    }

    /// Takes over the tokens that a killed writer left next to a profile: they may be the only live ones, for a leftover is
    /// always newer than its profile. The caller holds the lock.
    pub(crate) fn adopt_leftover(&self, name: &str) -> Result<()> {
        let path = file::leftover_path(&self.path(name));
        let Some(text) = file::read(&path)? else { return Ok(()) };
        if let (Some(left), Some(known)) = (whole_profile(&path, &text), self.read(name)?)
            && (&left.host, &left.client_id) == (&known.host, &known.client_id)
        {
            let refresh_token = left.refresh_token.or(known.refresh_token);
            self.put(name, &StoredProfile { refresh_token, ..left })?;
        }
        remove_file(&path).map(drop)
    }

    /// The names of all profiles, sorted. No profile is opened.
    pub(crate) fn names(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(|| format!("cannot read {}", self.folder.display()))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let file_name = entry.with_context(|| format!("cannot read {}", self.folder.display()))?.file_name();
            names.extend(file_name.to_str().and_then(|name| name.strip_suffix(".toml")).and_then(decode));
        }
        names.sort();
        Ok(names)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        fits_a_file_name(name) && self.path(name).exists()
    }

    /// One profile; `None` when it does not exist. A corrupt one is an error that names the line, never a missing one.
    pub(crate) fn read(&self, name: &str) -> Result<Option<StoredProfile>> {
        if !fits_a_file_name(name) {
            return Ok(None);
        }
        let path = self.path(name);
        let Some(text) = file::read(&path)? else { return Ok(None) };
        StoredProfile::read(TomlFile { path: &path, text: &text }).map(Some)
    }

    /// Whether a change would succeed, as far as that can be known before it. The caller holds the lock.
    pub(crate) fn check_writable(&self, name: &str) -> Result<()> {
        file::create_private_folder(&self.folder)?;
        file::check_writable(&self.path(name))
    }

    /// Adds a profile, or replaces what is known of it. The caller holds the lock.
    pub(crate) fn put(&self, name: &str, profile: &StoredProfile) -> Result<()> {
        let path = self.path(name);
        let text = file::read(&path)?;
        let mut document = self.document(name, text.as_deref().unwrap_or_default())?;
        if text.is_none() {
            document["version"] = value(VERSION);
        }
        for (key, item) in profile.members() {
            edit::set(document.as_table_mut(), key, item);
        }
        file::write(&path, &document.to_string())
    }

    /// Stores a renewed pair; everything else stays. The caller holds the lock.
    pub(crate) fn renew(&self, name: &str, fresh: &TokenPair) -> Result<()> {
        self.change(name, |table| {
            edit::set(table, "access_token", Some(value(fresh.access_token.expose())));
            edit::set(table, "refresh_token", Some(value(fresh.refresh_token.expose())));
            edit::set(table, "expires", fresh.expires.map(value));
            edit::set(table, "refresh_expires", Some(value(fresh_refresh_expires())));
        })
    }

    /// Stores a portal's new address. The caller holds the lock.
    pub(crate) fn move_to(&self, name: &str, host: &str) -> Result<()> {
        self.change(name, |table| edit::set(table, "host", Some(value(host))))
    }

    /// Removes a profile, readable or not; false when there was none. The caller holds the lock.
    pub(crate) fn remove(&self, name: &str) -> Result<bool> {
        // What a killed writer left holds tokens as well.
        remove_file(&file::leftover_path(&self.path(name)))?;
        let removed = remove_file(&self.path(name))?;
        if removed {
            file::sync_folder(&self.folder);
        }
        Ok(removed)
    }

    /// Removes the rescued tokens of a profile.
    pub(crate) fn remove_rescued(data: &Path, name: &str) -> Result<()> {
        remove_file(&Self::rescue_path(data, name)).map(drop)
    }

    /// Keeps rescued tokens with their profile.
    pub(crate) fn rename_rescued(data: &Path, from: &str, to: &str) -> Result<()> {
        let path = Self::rescue_path(data, from);
        match std::fs::rename(&path, Self::rescue_path(data, to)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot rename {}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Stores a profile under another name as well, for a rename; nothing if there is none. The caller holds both locks, and
    /// knows that the new name is free.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<()> {
        match file::read(&self.path(from))? {
            Some(text) => file::write(&self.path(to), &text),
            None => Ok(()),
        }
    }

    /// Whether one name is a copy of another: a rename was interrupted.
    pub(crate) fn is_copy(&self, from: &str, to: &str) -> Result<bool> {
        let original = file::read(&self.path(from))?;
        Ok(original.is_some() && original == file::read(&self.path(to))?)
    }

    /// A warning when others can read a profile or enter the folder.
    pub(crate) fn exposure(&self, name: &str) -> Option<String> {
        file::exposure(&self.path(name)).or_else(|| file::exposure(&self.folder))
    }

    fn change(&self, name: &str, work: impl FnOnce(&mut dyn TableLike)) -> Result<()> {
        let path = self.path(name);
        let Some(text) = file::read(&path)? else { bail!("the profile `{name}` no longer exists: {}", path.display()) };
        let mut document = self.document(name, &text)?;
        work(document.as_table_mut());
        file::write(&path, &document.to_string())
    }

    /// The text for a change; a file of a newer version is not touched.
    fn document(&self, name: &str, text: &str) -> Result<DocumentMut> {
        let path = self.path(name);
        let file = TomlFile { path: &path, text };
        let document = file.parse()?;
        check_version(file, document.as_table())?;
        Ok(document.into_mut())
    }
}

/// A profile from a file that may have been cut off; the member after the tokens shows that they are whole.
fn whole_profile(path: &Path, text: &str) -> Option<StoredProfile> {
    let text = &text[..=text.rfind('\n')?];
    let profile = StoredProfile::read(TomlFile { path, text }).ok()?;
    profile.refresh_expires.is_some().then_some(profile)
}

/// Removes a file; false when there was none.
fn remove_file(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true).with_context(|| format!("cannot remove {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secret;

    fn store() -> (tempfile::TempDir, ProfileStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = ProfileStore::in_folder(folder.path());
        (folder, store)
    }

    fn write(store: &ProfileStore, name: &str, text: &str) {
        file::write(&store.path(name), text).expect("written");
    }

    fn profile() -> StoredProfile {
        StoredProfile {
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
            unverified_application_token: Some(Secret::new("claimed")),
            scopes: vec!["im".into(), "imconnector".into()],
            user_id: Some(7),
        }
    }

    fn pair() -> TokenPair {
        let token = |text: &str| Secret::new(text);
        TokenPair {
            access_token: token("new"),
            refresh_token: token("r"),
            expires: Some(5),
            portal: None,
            member_id: None,
        }
    }

    #[test]
    fn a_written_profile_is_read_back_and_a_removed_one_is_gone() {
        let (_folder, store) = store();
        write(&store, "x.y", "host = \"x.y\"\naccess_token = \"t\"\n");
        store.put("[::1]:80", &profile()).expect("written");
        assert_eq!(store.read("[::1]:80").expect("readable"), Some(profile()));
        let less = StoredProfile { client_secret: None, scopes: Vec::new(), ..profile() };
        store.put("[::1]:80", &less).expect("written");
        assert_eq!(store.read("[::1]:80").expect("readable"), Some(less));
        store.copy("[::1]:80", "b.c").expect("copied");
        assert!(store.is_copy("[::1]:80", "b.c").expect("compared") && store.remove("[::1]:80").expect("removed"));
        assert!(store.remove("x.y").expect("removed"));
        assert_eq!(store.names().expect("readable"), ["b.c"]);
        assert!(!store.remove("a").expect("possible") && !store.contains("a"));
    }

    #[test]
    fn a_change_keeps_comments_and_unknown_members() {
        let (_folder, store) = store();
        write(
            &store,
            "a",
            "# mine\nhost = \"a.b\" # here\naccess_token = \"old\"\nmember_id = \"m\"\n[other]\nx = 1\n",
        );
        store.renew("a", &pair()).expect("written");
        store.put("a", &StoredProfile { access_token: pair().access_token, ..profile() }).expect("written");
        let text = std::fs::read_to_string(store.path("a")).expect("readable");
        for kept in ["# mine", "\"a.b\" # here", "member_id = \"m\"", "x = 1"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        assert_eq!(store.read("a").expect("readable").expect("exists").access_token, Secret::new("new"));
    }

    #[test]
    fn a_corrupt_profile_is_an_error_with_a_line_and_concerns_no_other() {
        let (_folder, store) = store();
        let corrupt = "host = \"a.b\"\n\naccess_token = \"s3cr3t\n";
        write(&store, "a", corrupt);
        let errors = [
            store.read("a").expect_err("corrupt"),
            store.put("a", &profile()).expect_err("corrupt"),
            store.renew("a", &pair()).expect_err("corrupt"),
        ];
        for error in errors {
            let error = format!("{error:#}");
            assert!(error.contains("a.toml, line 3") && !error.contains("s3cr3t"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(store.path("a")).expect("readable"), corrupt);
        store.put("b", &profile()).expect("written");
        assert!(store.read("b").is_ok());
    }

    #[test]
    fn a_member_of_a_wrong_type_is_reported_without_its_value() {
        let (_folder, store) = store();
        write(&store, "a", "host = \"a.b\"\n\naccess_token = [\"s3cr3t\"]\n");
        let error = format!("{:#}", store.read("a").expect_err("wrong"));
        assert!(error.contains("line 3: `access_token`: expected a string, found an array"), "{error}");
        write(&store, "a", "host = \"a.b\"\n");
        let error = format!("{:#}", store.read("a").expect_err("wrong"));
        assert!(error.contains("a.toml: `access_token` is missing"), "{error}");
    }

    #[test]
    fn a_newer_version_is_neither_read_nor_written() {
        let (_folder, store) = store();
        let newer = "version = 2\nhost = { future = true }\n";
        write(&store, "a", newer);
        for error in [store.read("a").expect_err("newer"), store.put("a", &profile()).expect_err("newer")] {
            assert!(error.to_string().contains("upgrade imconn"), "{error}");
        }
        assert_eq!(std::fs::read_to_string(store.path("a")).expect("readable"), newer);
    }
}
