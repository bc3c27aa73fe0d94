//! Whose token it is, as `login` and `status` show it.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::output::{Cell, Field, Record};
use crate::portal::address::PortalAddress;
use crate::portal::calls::Application;
use crate::portal::identity::Identity;
use crate::portal::token_source::Credentials;

/// A portal, an application on it, and the user and state of a token.
pub(in crate::commands) struct IdentityRecord {
    /// The profile's name, or the host.
    pub(in crate::commands) name: String,
    pub(in crate::commands) address: PortalAddress,
    pub(in crate::commands) identity: Identity,
    pub(in crate::commands) credentials: Credentials,
}

/// Its JSON.
#[derive(Serialize)]
struct IdentityMembers<'a> {
    portal: &'a str,
    address: String,
    application: ApplicationMembers<'a>,
    user: UserMembers<'a>,
    scopes: &'a [String],
    token: TokenMembers,
}

#[derive(Serialize)]
struct ApplicationMembers<'a> {
    code: &'a str,
    version: Option<u64>,
    status: &'a str,
    installed: bool,
    payment_expired: bool,
    days: Option<i64>,
    license: Option<&'a str>,
}

#[derive(Serialize)]
struct UserMembers<'a> {
    id: u64,
    name: &'a str,
    admin: bool,
}

#[derive(Serialize)]
struct TokenMembers {
    expires: Option<i64>,
    refresh_expires: Option<i64>,
    renewable: bool,
}

impl Serialize for IdentityRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let user = &self.identity.user;
        let members = IdentityMembers {
            portal: &self.name,
            address: self.address.to_string(),
            application: ApplicationMembers::from(&self.identity.application),
            user: UserMembers { id: user.id, name: &user.name, admin: user.admin },
            scopes: &self.identity.scopes,
            token: TokenMembers {
                expires: self.credentials.expires,
                refresh_expires: self.credentials.refresh_expires,
                renewable: self.credentials.is_renewable(),
            },
        };
        members.serialize(serializer)
    }
}

impl<'a> From<&'a Application> for ApplicationMembers<'a> {
    fn from(application: &'a Application) -> Self {
        Self {
            code: &application.code,
            version: application.version,
            status: &application.status,
            installed: application.installed,
            payment_expired: application.payment_expired,
            days: application.days,
            license: application.license.as_deref(),
        }
    }
}

impl Record for IdentityRecord {
    fn fields(&self) -> Vec<Field> {
        let Self { name, address, identity, credentials } = self;
        let application = &identity.application;
        let user = &identity.user;
        vec![
            Field::new("portal", "Portal", name.as_str()),
            Field::new("address", "Address", address.to_string()),
            Field::new("application", "Application", described(application)),
            Field::new("installed", "Installed", yes_no(application.installed)),
            Field::new("paid", "Paid", Cell::new(payment(application)).with_raw(!application.payment_expired)),
            Field::new("user", "User", Cell::new(format!("{} ({})", user.name, user.id)).with_raw(user.id)),
            Field::new("administrator", "Administrator", yes_no(user.admin)),
            Field::new("scopes", "Scopes", identity.scopes.join(", ")),
            Field::new(
                "expires",
                "Access token",
                Cell::new(access_token(credentials)).with_raw_option(credentials.expires),
            ),
            Field::new(
                "refresh_expires",
                "Refresh token",
                Cell::new(refresh_token(credentials)).with_raw_option(credentials.refresh_expires),
            ),
        ]
    }
}

fn yes_no(flag: bool) -> Cell {
    Cell::new(if flag { "yes" } else { "no" }).with_raw(flag)
}

fn described(application: &Application) -> String {
    let version = application.version.map_or_else(String::new, |version| format!(", version {version}"));
    format!("{} ({}{version})", application.code, application.status_word())
}

fn payment(application: &Application) -> String {
    match (application.payment_expired, application.days) {
        (true, _) => "expired".to_owned(),
        (false, Some(1)) => "1 day left".to_owned(),
        (false, Some(days)) => format!("{days} days left"),
        (false, None) => "not required".to_owned(),
    }
}

fn access_token(credentials: &Credentials) -> String {
    let renewable = if credentials.is_renewable() { "renewed automatically" } else { "cannot be renewed" };
    match credentials.expires {
        Some(expires) => format!("expires {}, {renewable}", moment(expires)),
        None => format!("expiry unknown, {renewable}"),
    }
}

fn refresh_token(credentials: &Credentials) -> String {
    match credentials.refresh_expires {
        Some(expires) => format!("expires {}", moment(expires)),
        None if credentials.refresh_token.is_some() => "expiry unknown".to_owned(),
        None => "none".to_owned(),
    }
}

/// A point in time in Unix seconds, and how far away it is.
pub(in crate::commands) fn moment(seconds: i64) -> String {
    let away = seconds - Timestamp::now().as_second();
    let stamp = Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |stamp| stamp.to_string());
    let (number, unit) = match away.abs() {
        span @ 0..120 => (span, "s"),
        span @ 120..7200 => (span / 60, "min"),
        span @ 7200..172_800 => (span / 3600, "h"),
        span => (span / 86_400, "days"),
    };
    if away <= 0 { format!("{stamp} ({number} {unit} ago)") } else { format!("{stamp} (in {number} {unit})") }
}
