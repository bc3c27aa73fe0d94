//! What the application, its rights, its user and its tokens mean for connector events.

use jiff::Timestamp;

use super::{Check, Verdict};
use crate::catalog::CONNECTOR_SCOPE;
use crate::portal::auth::Credentials;
use crate::portal::identity::Identity;

/// The scope of the methods that send messages into open lines; a connector is registered with both.
const LINES_SCOPE: &str = "imopenlines";
/// Days before an end that are worth a warning.
const SOON: i64 = 14;
const DAY: i64 = 24 * 3600;

const REFRESH: (&str, &str) = ("token-refresh", "Token is renewable");
const ADMINISTRATOR: (&str, &str) = ("administrator", "Administrator");
const INSTALLED: (&str, &str) = ("installed", "Installed");
const PAID: (&str, &str) = ("paid", "Paid");
const SCOPES: (&str, &str) = ("scopes", "Scopes");

/// What is not said of the application when the portal could not be asked.
#[must_use]
pub fn skipped(reason: &str) -> Vec<Check> {
    [REFRESH, ADMINISTRATOR, INSTALLED, PAID, SCOPES].map(|(id, title)| Check::skipped(id, title, reason)).to_vec()
}

/// Every check of an application in the hands of a user, on the portal called `name`.
#[must_use]
pub(crate) fn checks(name: &str, identity: &Identity, credentials: &Credentials) -> Vec<Check> {
    let login = format!("imconn login {name}");
    vec![
        refreshable(credentials, &login),
        administrator(identity, &login),
        installed(identity, &login),
        paid(identity),
        scopes(identity),
    ]
}

/// Whether a new access token can be had in an hour.
fn refreshable(credentials: &Credentials, login: &str) -> Check {
    let check = |evidence: String| Check::ok(REFRESH.0, REFRESH.1, evidence);
    if credentials.refresh_token.is_none() {
        let fix = format!("log in again with a refresh token: {login} (in CI, set IMCONN_REFRESH_TOKEN)");
        return check("there is no refresh token: the access token ends within the hour".into())
            .but(Verdict::Warn, fix);
    }
    if credentials.client.is_none() {
        let fix = format!(
            "log in again with the application's keys: {login} --client-id ID (in CI, set IMCONN_CLIENT_ID and \
             IMCONN_CLIENT_SECRET)"
        );
        return check("the client id and secret are not known, and a refresh needs both".into())
            .but(Verdict::Warn, fix);
    }
    let Some(expires) = credentials.refresh_expires else {
        return check(
            "refresh token, client id and secret are there; how long the refresh token lasts is not known".into(),
        );
    };
    let days = (expires - Timestamp::now().as_second() + DAY / 2).div_euclid(DAY);
    let check = check(format!("{days} days left of the refresh token"));
    if days < SOON { check.but(Verdict::Warn, format!("log in again: {login}")) } else { check }
}

/// Whether all of the application's bindings are seen.
fn administrator(identity: &Identity, login: &str) -> Check {
    let user = &identity.user;
    let who = if user.name.is_empty() { format!("user {}", user.id) } else { format!("{} ({})", user.name, user.id) };
    let check = |evidence| Check::ok(ADMINISTRATOR.0, ADMINISTRATOR.1, evidence);
    if user.admin {
        return check(format!("{who} administers the portal"));
    }
    check(format!("{who} is no administrator: only its own bindings are seen and can be removed"))
        .but(Verdict::Warn, format!("log in as an administrator of the portal: {login}"))
}

/// Whether anything is delivered at all: the most reported trouble of all.
fn installed(identity: &Identity, login: &str) -> Check {
    let check = |evidence: &str| Check::ok(INSTALLED.0, INSTALLED.1, evidence);
    if identity.application.installed {
        return check("INSTALLED is true");
    }
    check("INSTALLED is false: bindings are accepted and listed, and nothing is ever delivered").but(
        Verdict::Fail,
        format!(
            "finish the installation: an application with an interface calls BX24.installFinish() on its installation \
             page, one without answers the portal's POST at its installation address ({login} --install-callback \
             ADDRESS:PORT does both)"
        ),
    )
}

fn paid(identity: &Identity) -> Check {
    let application = &identity.application;
    let check = |evidence: String| Check::ok(PAID.0, PAID.1, evidence);
    match (application.payment_expired, application.days) {
        (true, _) => check("PAYMENT_EXPIRED is Y".into())
            .but(Verdict::Fail, "renew the application's subscription or trial in the portal's market"),
        (false, Some(days)) if days < SOON => check(format!("{days} days left"))
            .but(Verdict::Warn, "renew the application's subscription or trial before it ends"),
        (false, Some(days)) => check(format!("{days} days left")),
        (false, None) => check(format!("{}: nothing to pay", application.status_word())),
    }
}

fn scopes(identity: &Identity) -> Check {
    let check = Check::ok(SCOPES.0, SCOPES.1, identity.scopes.join(", "));
    let lacks = |scope: &str| !identity.scopes.iter().any(|own| own == scope);
    let fix = |scope: &str| format!("add {scope} to the application's rights, and install it again");
    if lacks(CONNECTOR_SCOPE) {
        let evidence = format!("{CONNECTOR_SCOPE} is missing: no connector event can be bound");
        return Check { evidence, ..check.but(Verdict::Fail, fix(CONNECTOR_SCOPE)) };
    }
    if lacks(LINES_SCOPE) {
        let evidence = format!("{LINES_SCOPE} is missing: connectors are made with it");
        return Check { evidence, ..check.but(Verdict::Warn, fix(LINES_SCOPE)) };
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::calls::Application;
    use crate::portal::identity::User;
    use crate::portal::oauth::ClientKeys;
    use crate::redact::Secret;

    fn identity() -> Identity {
        let application = Application {
            code: "local.1".into(),
            version: Some(1),
            status: "L".into(),
            installed: true,
            payment_expired: false,
            days: None,
            license: None,
        };
        let scopes = vec!["imconnector".into(), "imopenlines".into()];
        Identity { application, user: User { id: 1, name: "Ada".into(), admin: true }, scopes }
    }

    fn credentials() -> Credentials {
        Credentials {
            access_token: Secret::new("access"),
            refresh_token: Some(Secret::new("refresh")),
            client: Some(ClientKeys { id: "local.1".into(), secret: Secret::new("secret") }),
            expires: None,
            refresh_expires: Some(Timestamp::now().as_second() + 100 * DAY),
        }
    }

    fn found(identity: &Identity, credentials: &Credentials) -> Vec<(String, Verdict)> {
        let bad = checks("acme", identity, credentials).into_iter().filter(|check| check.verdict != Verdict::Ok);
        bad.map(|check| (check.id, check.verdict)).collect()
    }

    #[test]
    fn a_healthy_application_passes() {
        assert_eq!(found(&identity(), &credentials()), []);
    }

    #[test]
    fn every_sickness_is_found_by_its_own_check() {
        let app = |change: &dyn Fn(&mut Identity)| {
            let mut sick = identity();
            change(&mut sick);
            found(&sick, &credentials())
        };
        let one = |id: &str, verdict| vec![(id.to_owned(), verdict)];
        assert_eq!(app(&|sick| sick.application.installed = false), one("installed", Verdict::Fail));
        assert_eq!(app(&|sick| sick.application.payment_expired = true), one("paid", Verdict::Fail));
        assert_eq!(app(&|sick| sick.application.days = Some(3)), one("paid", Verdict::Warn));
        assert_eq!(app(&|sick| sick.user.admin = false), one("administrator", Verdict::Warn));
        assert_eq!(app(&|sick| sick.scopes.truncate(1)), one("scopes", Verdict::Warn));
        assert_eq!(app(&|sick| sick.scopes.clear()), one("scopes", Verdict::Fail));
        let token = |change: &dyn Fn(&mut Credentials)| {
            let mut sick = credentials();
            change(&mut sick);
            found(&identity(), &sick)
        };
        assert_eq!(token(&|sick| sick.refresh_token = None), one("token-refresh", Verdict::Warn));
        assert_eq!(token(&|sick| sick.client = None), one("token-refresh", Verdict::Warn));
        assert_eq!(
            token(&|sick| sick.refresh_expires = Some(Timestamp::now().as_second() + 5 * DAY)),
            one("token-refresh", Verdict::Warn)
        );
    }
}
