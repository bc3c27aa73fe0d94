//! Who the token speaks for, as `login` and `status` show it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::output::Fact;
use crate::portal::address::PortalAddress;
use crate::portal::auth::Credentials;
use crate::portal::identity::Identity;

/// The members that both documents share.
pub(in crate::commands) fn members(
    name: &str,
    address: &PortalAddress,
    identity: &Identity,
    credentials: &Credentials,
) -> Map<String, Value> {
    let (application, user) = (&identity.application, &identity.user);
    let document = json!({
        "portal": name,
        "address": address.to_string(),
        "application": {
            "code": application.code,
            "version": application.version,
            "status": application.status,
            "installed": application.installed,
            "payment_expired": application.payment_expired,
            "days": application.days,
            "license": application.license,
        },
        "user": {"id": user.id, "name": user.name, "admin": user.admin},
        "scopes": identity.scopes,
        "token": {
            "expires": credentials.expires,
            "refresh_expires": credentials.refresh_expires,
            "renewable": credentials.is_renewable(),
        },
    });
    document.as_object().cloned().unwrap_or_default()
}

/// The same for people.
pub(in crate::commands) fn facts(
    name: &str,
    address: &PortalAddress,
    identity: &Identity,
    credentials: &Credentials,
) -> Vec<Fact> {
    let (application, user) = (&identity.application, &identity.user);
    let yes_no = |flag: bool| if flag { "yes" } else { "no" };
    let version = application.version.map_or_else(String::new, |version| format!(", version {version}"));
    let paid = match (application.payment_expired, application.days) {
        (true, _) => "no, its time is over".to_owned(),
        (false, Some(days)) => format!("{days} days left"),
        (false, None) => "nothing to pay".to_owned(),
    };
    let renewable = if credentials.is_renewable() { "is renewed by itself" } else { "cannot be renewed" };
    let token = match credentials.expires {
        Some(expires) => format!("ends {}, {renewable}", moment(expires)),
        None => format!("end not known, {renewable}"),
    };
    let refresh = match credentials.refresh_expires {
        Some(expires) => format!("ends {}", moment(expires)),
        None if credentials.refresh_token.is_some() => "end not known".to_owned(),
        None => "none".to_owned(),
    };
    vec![
        Fact::new("portal", "Portal", name),
        Fact::new("address", "Address", address.to_string()),
        Fact::new(
            "application",
            "Application",
            format!("{} ({}{version})", application.code, application.status_word()),
        ),
        Fact::new("installed", "Installed", yes_no(application.installed)).or(Some(application.installed)),
        Fact::new("paid", "Paid", paid).or(Some(!application.payment_expired)),
        Fact::new("user", "User", format!("{} ({})", user.name, user.id)).or(Some(user.id)),
        Fact::new("administrator", "Administrator", yes_no(user.admin)).or(Some(user.admin)),
        Fact::new("scopes", "Scopes", identity.scopes.join(", ")),
        Fact::new("expires", "Access token", token).or(credentials.expires),
        Fact::new("refresh_expires", "Refresh token", refresh).or(credentials.refresh_expires),
    ]
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
    if away < 0 { format!("{stamp} ({number} {unit} ago)") } else { format!("{stamp} (in {number} {unit})") }
}
