//! What the file of one profile holds.

use anyhow::{Context as _, Result, bail};
use toml_edit::{Item, TableLike, value};

use super::toml_file::TomlFile;
use crate::portal::oauth::ClientKeys;
use crate::portal::token_source::Credentials;
use crate::redact::Secret;

/// The version of the format. It grows when an older program would misread a file.
pub(super) const VERSION: i64 = 1;

/// A portal, an application on it, and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredProfile {
    /// The portal's host, or its URL where that is not https.
    pub(crate) host: String,
    /// Permanent portal id; the host may change.
    pub(crate) member_id: Option<String>,
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    /// Unix seconds at which the access token expires.
    pub(crate) expires: Option<i64>,
    /// Unix seconds at which the refresh token expires, if it is known when it was issued.
    pub(crate) refresh_expires: Option<i64>,
    /// The auth server, where it is not the vendor's.
    pub(crate) oauth_server: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<Secret>,
    /// How a handler knows that the portal sent an event.
    pub(crate) application_token: Option<Secret>,
    /// What may be the same: never sent or compared as if it were.
    pub(crate) unverified_application_token: Option<Secret>,
    /// The application's scopes at the last login.
    pub(crate) scopes: Vec<String>,
    /// The user that the tokens act for.
    pub(crate) user_id: Option<u64>,
}

impl StoredProfile {
    pub(super) fn read(file: TomlFile<'_>) -> Result<Self> {
        let document = file.parse()?;
        check_version(file, document.as_table())?;
        let members = Members { file, table: document.as_table() };
        Ok(Self {
            host: members.required("host")?,
            member_id: members.text("member_id")?,
            access_token: Secret::new(members.required("access_token")?),
            refresh_token: members.secret("refresh_token")?,
            expires: members.integer("expires")?,
            refresh_expires: members.integer("refresh_expires")?,
            oauth_server: members.text("oauth_server")?,
            client_id: members.text("client_id")?,
            client_secret: members.secret("client_secret")?,
            application_token: members.secret("application_token")?,
            unverified_application_token: members.secret("unverified_application_token")?,
            scopes: file.strings(document.as_table(), "scopes", "scopes")?,
            user_id: members.integer("user_id")?.and_then(|id| u64::try_from(id).ok()),
        })
    }

    /// Every member as it is written; `None` where it is left out.
    pub(super) fn members(&self) -> [(&'static str, Option<Item>); 13] {
        let scopes: toml_edit::Array = self.scopes.iter().map(String::as_str).collect();
        [
            ("host", Some(value(self.host.as_str()))),
            ("member_id", self.member_id.as_deref().map(value)),
            ("access_token", Some(value(self.access_token.expose()))),
            ("refresh_token", secret(self.refresh_token.as_ref())),
            ("expires", self.expires.map(value)),
            ("refresh_expires", self.refresh_expires.map(value)),
            ("oauth_server", self.oauth_server.as_deref().map(value)),
            ("client_id", self.client_id.as_deref().map(value)),
            ("client_secret", secret(self.client_secret.as_ref())),
            ("application_token", secret(self.application_token.as_ref())),
            ("unverified_application_token", secret(self.unverified_application_token.as_ref())),
            ("scopes", (!scopes.is_empty()).then(|| value(scopes))),
            ("user_id", self.user_id.and_then(|id| i64::try_from(id).ok()).map(value)),
        ]
    }

    /// The application's keys, if both are known.
    pub(crate) fn client_keys(&self) -> Option<ClientKeys> {
        Some(ClientKeys { id: self.client_id.clone()?, secret: self.client_secret.clone()? })
    }

    pub(crate) fn credentials(&self) -> Credentials {
        Credentials {
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.clone(),
            client: self.client_keys(),
            expires: self.expires,
            refresh_expires: self.refresh_expires,
        }
    }
}

/// The members of one file.
struct Members<'a> {
    file: TomlFile<'a>,
    table: &'a dyn TableLike,
}

impl Members<'_> {
    /// A string; an empty one counts as missing.
    fn text(&self, key: &str) -> Result<Option<String>> {
        Ok(self.file.string(self.table, key, key)?.filter(|text| !text.is_empty()))
    }

    fn required(&self, key: &str) -> Result<String> {
        self.text(key)?.with_context(|| format!("{}: `{key}` is missing", self.file.path.display()))
    }

    fn secret(&self, key: &str) -> Result<Option<Secret>> {
        Ok(self.text(key)?.map(Secret::new))
    }

    fn integer(&self, key: &str) -> Result<Option<i64>> {
        self.file.integer(self.table, key, key)
    }
}

fn secret(secret: Option<&Secret>) -> Option<Item> {
    secret.map(|secret| value(secret.expose()))
}

/// A file without a version was written by hand.
pub(super) fn check_version(file: TomlFile<'_>, table: &dyn TableLike) -> Result<()> {
    let version = file.integer(table, "version", "version")?.unwrap_or(VERSION);
    if version > VERSION {
        bail!(
            "{} was written by a newer imconn (version {version}, this one reads {VERSION}): upgrade imconn, or remove the \
             file and log in again",
            file.path.display()
        );
    }
    Ok(())
}
