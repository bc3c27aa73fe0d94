//! The seven connector events: whether they can be bound, whether they are, and where they go.

use super::{Check, Verdict};
use crate::bindings::{Binding, Channel, Event, View};
use crate::catalog::{CONNECTOR_EVENTS, KnownEvent};
use crate::redact::{mask_urls, shell_quoted};

const AVAILABLE: (&str, &str) = ("available", "Events are available");
const DUPLICATES: (&str, &str) = ("duplicates", "One handler an event");

/// Whether the application may bind each of the seven. `command` is how `imconn` has to be called for this portal.
#[must_use]
pub fn available(names: &[String], command: &str) -> Check {
    let events: Vec<Event> = names.iter().map(|name| Event::from_portal(name)).collect();
    let missing = |known: &&KnownEvent| !events.iter().any(|event| event.known() == Some(known));
    let missing: Vec<&str> = CONNECTOR_EVENTS.iter().filter(missing).map(|known| known.name).collect();
    let check = |evidence: String| Check::ok(AVAILABLE.0, AVAILABLE.1, evidence);
    if missing.is_empty() {
        return check("all seven".to_owned());
    }
    check(format!("not available: {}", missing.join(", "))).but(
        Verdict::Fail,
        format!(
            "add the scope imconnector to the application's rights, and install it again; {command} events --available \
             shows what it may bind"
        ),
    )
}

/// It is not known what the application may bind.
#[must_use]
pub fn unavailable(reason: &str) -> Check {
    Check::skipped(AVAILABLE.0, AVAILABLE.1, reason)
}

/// One check an event, and one for events that are bound more than once. `command` is how `imconn` has to be called for
/// this portal.
#[must_use]
pub fn bound(view: &View, command: &str) -> Vec<Check> {
    let mut checks: Vec<Check> = CONNECTOR_EVENTS.iter().map(|known| bound_event(known, view, command)).collect();
    checks.push(duplicates(view, command));
    checks
}

fn bindings_of<'a>(known: &'static KnownEvent, view: &'a View) -> Vec<&'a Binding> {
    view.bindings.iter().filter(|binding| binding.event.known() == Some(known)).collect()
}

fn is_any_bound(view: &View) -> bool {
    CONNECTOR_EVENTS.iter().any(|known| !bindings_of(known, view).is_empty())
}

fn bound_event(known: &'static KnownEvent, view: &View, command: &str) -> Check {
    let short = known.short.unwrap_or(known.name);
    let bindings = bindings_of(known, view);
    let check = |evidence: String| Check::ok(format!("bound.{short}"), format!("{short} is bound"), evidence);
    let handlers: Vec<String> = bindings.iter().filter_map(|binding| shown(binding)).collect();
    if !handlers.is_empty() {
        return check(handlers.join(", "));
    }
    if !bindings.is_empty() {
        return check("offline only: events wait in the queue until the application fetches them".into())
            .but(Verdict::Warn, format!("to be called as well: {command} bind {short} --handler URL"));
    }
    // One command for all of them, where it is all of them.
    let what = if is_any_bound(view) { short } else { "--all" };
    let fix = format!("{command} bind {what} --handler URL");
    if view.caller.admin {
        check("not bound: this event goes nowhere".into()).but(Verdict::Fail, fix)
    } else {
        check("not bound by this user; what others have bound is not visible".into()).but(Verdict::Warn, fix)
    }
}

fn shown(binding: &Binding) -> Option<String> {
    match &binding.channel {
        Channel::Online { handler, auth_user: None | Some(0) } => Some(handler.clone()),
        Channel::Online { handler, auth_user: Some(user) } => Some(format!("{handler} (as user {user})")),
        Channel::Offline => None,
    }
}

/// Two handlers of one event both get it: a message that is sent twice, or a forgotten tunnel that still listens.
fn duplicates(view: &View, command: &str) -> Check {
    let several = |known: &'static KnownEvent| {
        let handlers: Vec<String> = bindings_of(known, view).into_iter().filter_map(shown).collect();
        (handlers.len() > 1).then(|| format!("{}: {}", known.short.unwrap_or(known.name), handlers.join(" and ")))
    };
    let several: Vec<String> = CONNECTOR_EVENTS.iter().filter_map(several).collect();
    let check = |evidence: String| Check::ok(DUPLICATES.0, DUPLICATES.1, evidence);
    if several.is_empty() {
        return check("no event has more than one".to_owned());
    }
    check(several.join("; "))
        .but(Verdict::Warn, format!("if one of them is forgotten: {command} unbind --all --handler URL"))
}

/// What is not said of the subscriptions when the portal could not be asked.
#[must_use]
pub fn skipped(reason: &str) -> Vec<Check> {
    let mut checks = vec![unavailable(reason)];
    checks.extend(CONNECTOR_EVENTS.iter().map(|known| {
        let short = known.short.unwrap_or(known.name);
        Check::skipped(format!("bound.{short}"), format!("{short} is bound"), reason)
    }));
    checks.push(Check::skipped(DUPLICATES.0, DUPLICATES.1, reason));
    checks.extend(FEATURES.map(|feature| Check::skipped(format!("plan.{}", feature.code), feature.title, reason)));
    checks
}

/// Whether the handler that the user named is bound, and to what.
#[must_use]
pub fn named_handler(handler: &str, view: Option<&View>, command: &str) -> Check {
    let check = |evidence: String| Check {
        handler: Some(mask_urls(handler)),
        ..Check::ok("handler.bound", "Handler is bound", evidence)
    };
    let Some(view) = view else {
        return Check { verdict: Verdict::Skipped, ..check("it is not known what is bound".into()) };
    };
    let is_bound = |known: &&'static KnownEvent| bindings_of(known, view).iter().any(|b| b.handler() == Some(handler));
    let shorts: Vec<&str> = CONNECTOR_EVENTS.iter().filter(is_bound).filter_map(|known| known.short).collect();
    match shorts.len() {
        0 => check("to no connector event: portals compare handlers byte for byte".into())
            .but(Verdict::Warn, format!("{command} bind --all --handler={}", shell_quoted(&mask_urls(handler)))),
        7 => check("to all seven".into()),
        _ => check(format!("to {}", shorts.join(", "))),
    }
}

/// Plan features that change what the application can do with its subscriptions, by the code that `feature.get` takes.
pub const FEATURES: [Feature; 2] = [
    Feature { code: "rest_offline_extended", title: "Plan: offline leases", what: "the offline queue can be leased" },
    Feature { code: "rest_auth_connector", title: "Plan: offline keys", what: "several offline queues" },
];

/// A feature that a portal's plan may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// What `feature.get` calls it.
    pub code: &'static str,
    title: &'static str,
    what: &'static str,
}

/// Whether the portal's plan includes a feature. What is missing matters only to those who use offline queues.
#[must_use]
pub fn feature(feature: Feature, included: Option<bool>, view: &View) -> Check {
    let Feature { code, title, what } = feature;
    let check = |evidence: String| Check::ok(format!("plan.{code}"), title, evidence);
    let offline = view.bindings.iter().any(|binding| binding.channel == Channel::Offline);
    match included {
        Some(true) => check(format!("included: {what}")),
        Some(false) if offline => check(format!("not included: {what}"))
            .but(Verdict::Warn, "a larger plan includes it; without it, an offline record is deleted as it is fetched"),
        Some(false) => check("not included; only offline queues need it, and none is bound".to_owned()),
        None => Check { verdict: Verdict::Skipped, ..check("the portal did not say".to_owned()) },
    }
}

/// Distinct handlers of the connector events.
#[must_use]
pub fn handlers(view: &View) -> Vec<String> {
    let mut handlers: Vec<String> = Vec::new();
    for known in &CONNECTOR_EVENTS {
        for handler in bindings_of(known, view).into_iter().filter_map(Binding::handler) {
            if !handlers.iter().any(|known| known == handler) {
                handlers.push(handler.to_owned());
            }
        }
    }
    handlers
}

/// Whether every event of a dead handler has a living one beside it.
#[must_use]
pub fn is_spared(handler: &str, dead: &[&str], view: &View) -> bool {
    let of_event = |known: &'static KnownEvent| -> Vec<&str> {
        bindings_of(known, view).into_iter().filter_map(Binding::handler).collect()
    };
    let events = CONNECTOR_EVENTS.iter().map(of_event).filter(|handlers| handlers.contains(&handler));
    events.into_iter().all(|handlers| handlers.iter().any(|other| !dead.contains(other)))
}
