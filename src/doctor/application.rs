//! What the application, its scopes, its user and its tokens mean for connector events.

use jiff::Timestamp;

use super::{Check, CheckKind, fix, plural};
use crate::catalog::CONNECTOR_EVENTS;
use crate::portal::identity::Identity;
use crate::portal::token_source::Credentials;

/// The scopes that a connector should have. Which of them the seven events belong to depends on the portal
/// (`protocol` section 3), so both are advised.
pub(crate) const SCOPES: [&str; 2] = ["imconnector", "imopenlines"];
/// Days before an end that are worth a warning.
const SOON: i64 = 14;
const DAY: i64 = 24 * 3600;

const REFRESH: CheckKind = CheckKind::new("token-refresh", "Token renewal");
const ADMINISTRATOR: CheckKind = CheckKind::new("administrator", "Administrator");
const INSTALLED: CheckKind = CheckKind::new("installed", "Installation");
const PAID: CheckKind = CheckKind::new("paid", "Payment");
const SCOPE: CheckKind = CheckKind::new("scopes", "Scopes");

/// The portal's answer to `events` for one scope.
#[derive(Debug, Clone)]
pub(crate) struct ScopeEvents {
    pub(crate) scope: &'static str,
    /// `None` if the portal did not answer.
    pub(crate) names: Option<Vec<String>>,
}

impl ScopeEvents {
    fn has_connector_events(&self) -> bool {
        let is_connector_event =
            |name: &String| CONNECTOR_EVENTS.iter().any(|known| known.name.eq_ignore_ascii_case(name));
        self.names.iter().flatten().any(is_connector_event)
    }
}

/// The checks, if the portal could not be asked.
pub(crate) fn skipped(reason: &str) -> Vec<Check> {
    [REFRESH, ADMINISTRATOR, INSTALLED, PAID, SCOPE].map(|topic| topic.skipped(reason)).to_vec()
}

/// Every check of an application and its user, on the portal called `name`. `scope_events` is empty if the portal was not
/// asked which scopes the connector events belong to.
pub(crate) fn checks(
    name: &str,
    identity: &Identity,
    credentials: &Credentials,
    scope_events: &[ScopeEvents],
) -> Vec<Check> {
    let login = fix::run("imconn", &format!("login {name}"));
    vec![
        refreshable(credentials, &login),
        administrator(identity, &login),
        installed(identity),
        paid(identity),
        scopes(identity, scope_events),
    ]
}

/// Whether the token can be renewed when its hour is over.
fn refreshable(credentials: &Credentials, login: &str) -> Check {
    if credentials.refresh_token.is_none() {
        return REFRESH
            .ok("no refresh token: the access token expires within the hour")
            .warn(format!("to store a refresh token, run {login}"));
    }
    if credentials.client.is_none() {
        return REFRESH
            .ok("no client id and secret, which a refresh requires")
            .warn(format!("to store the client id and secret, run {login}"));
    }
    let Some(expires) = credentials.refresh_expires else {
        return REFRESH.ok("can be renewed; the expiry of the refresh token is unknown");
    };
    let days = (expires - Timestamp::now().as_second() + DAY / 2).div_euclid(DAY);
    let check = REFRESH.ok(format!("refresh token expires in {}", plural(days, "day")));
    if days < SOON { check.warn(format!("to get a new one, run {login}")) } else { check }
}

/// Whether all of the application's bindings are visible.
fn administrator(identity: &Identity, login: &str) -> Check {
    let user = &identity.user;
    let name = if user.name.is_empty() { format!("user {}", user.id) } else { format!("{} ({})", user.name, user.id) };
    if user.admin {
        return ADMINISTRATOR.ok(format!("{name} is an administrator"));
    }
    ADMINISTRATOR
        .ok(format!("{name} is not an administrator: only this user's own bindings can be seen and removed"))
        .warn(format!("to log in as an administrator of the portal, run {login}"))
}

/// The most common reason why nothing is delivered.
fn installed(identity: &Identity) -> Check {
    if identity.application.installed {
        return INSTALLED.ok("INSTALLED is true");
    }
    INSTALLED.ok("INSTALLED is false: bindings are accepted and listed, but no events are delivered").fail(
        "finish the installation: call BX24.installFinish() on the installation page, or without an interface answer the \
         portal's POST at the installation address",
    )
}

fn paid(identity: &Identity) -> Check {
    let application = &identity.application;
    if application.payment_expired {
        return PAID
            .ok("PAYMENT_EXPIRED is Y")
            .fail("renew the application's subscription or trial in the portal's market");
    }
    match application.days {
        Some(days) if days < SOON => PAID
            .ok(format!("{} left", plural(days, "day")))
            .warn("renew the application's subscription or trial before it ends"),
        Some(days) => PAID.ok(format!("{} left", plural(days, "day"))),
        None => PAID.ok(format!("{}: nothing to pay", application.status_word())),
    }
}

/// Judges by the scopes in which the portal itself lists the connector events, not by their names.
fn scopes(identity: &Identity, scope_events: &[ScopeEvents]) -> Check {
    let is_granted = |scope: &str| identity.scopes.iter().any(|own| own == scope);
    let missing: Vec<&str> = SCOPES.into_iter().filter(|scope| !is_granted(scope)).collect();
    let listing = scope_events.iter().filter(|of_scope| of_scope.has_connector_events());
    let mut required: Vec<&str> = listing.map(|of_scope| of_scope.scope).collect();
    if required.is_empty() {
        required = SCOPES.to_vec();
    }
    let fix = "add imconnector and imopenlines to the application's rights, then install it again";
    if !required.iter().any(|scope| is_granted(scope)) {
        let belong = if scope_events.is_empty() { "can belong" } else { "belong" };
        let evidence =
            format!("{} missing: the connector events {belong} to {}", verb(&missing), required.join(" or "));
        return SCOPE.ok(evidence).fail(fix);
    }
    if missing.is_empty() {
        return SCOPE.ok(identity.scopes.join(", "));
    }
    SCOPE.ok(format!("{} missing: the documentation asks for both, and portals differ", verb(&missing))).warn(fix)
}

/// "a is", "a and b are".
fn verb(scopes: &[&str]) -> String {
    format!("{} {}", scopes.join(" and "), if scopes.len() == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;
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
        let bad = checks("acme", identity, credentials, &[]).into_iter().filter(|check| check.verdict != Verdict::Ok);
        bad.map(|check| (check.id, check.verdict)).collect()
    }

    #[test]
    fn a_healthy_application_passes() {
        assert_eq!(found(&identity(), &credentials()), []);
    }

    fn app(change: impl Fn(&mut Identity)) -> Vec<(String, Verdict)> {
        let mut changed = identity();
        change(&mut changed);
        found(&changed, &credentials())
    }

    fn token(change: impl Fn(&mut Credentials)) -> Vec<(String, Verdict)> {
        let mut changed = credentials();
        change(&mut changed);
        found(&identity(), &changed)
    }

    fn one(id: &str, verdict: Verdict) -> Vec<(String, Verdict)> {
        vec![(id.to_owned(), verdict)]
    }

    /// With one scope granted, and the connector events listed in one.
    fn judge(granted: &str, listed_in: &str) -> Check {
        let events = SCOPES.map(|scope| {
            let names = if scope == listed_in { vec!["ONIMCONNECTORMESSAGEADD".to_owned()] } else { Vec::new() };
            ScopeEvents { scope, names: Some(names) }
        });
        scopes(&Identity { scopes: vec![granted.to_owned()], ..identity() }, &events)
    }

    #[test]
    fn every_problem_has_a_check_of_its_own() {
        assert_eq!(app(|changed| changed.application.installed = false), one("installed", Verdict::Fail));
        assert_eq!(app(|changed| changed.application.payment_expired = true), one("paid", Verdict::Fail));
        assert_eq!(app(|changed| changed.application.days = Some(3)), one("paid", Verdict::Warn));
        assert_eq!(app(|changed| changed.user.admin = false), one("administrator", Verdict::Warn));
        assert_eq!(app(|changed| changed.scopes.truncate(1)), one("scopes", Verdict::Warn));
        assert_eq!(app(|changed| changed.scopes.clear()), one("scopes", Verdict::Fail));
        assert_eq!(token(|changed| changed.refresh_token = None), one("token-refresh", Verdict::Warn));
        assert_eq!(token(|changed| changed.client = None), one("token-refresh", Verdict::Warn));
        assert_eq!(
            token(|changed| changed.refresh_expires = Some(Timestamp::now().as_second() + 5 * DAY)),
            one("token-refresh", Verdict::Warn)
        );
    }

    #[test]
    fn scopes_are_judged_by_where_the_portal_lists_the_events() {
        assert_eq!(judge("imopenlines", "imopenlines").verdict, Verdict::Warn);
        assert_eq!(judge("imconnector", "imconnector").verdict, Verdict::Warn);
        let check = judge("imconnector", "imopenlines");
        assert_eq!(check.verdict, Verdict::Fail);
        assert_eq!(check.evidence, "imopenlines is missing: the connector events belong to imopenlines");
    }
}
