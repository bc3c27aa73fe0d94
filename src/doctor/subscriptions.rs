//! The seven connector events: whether they can be bound, whether they are, and to which handlers.

use std::collections::HashSet;

use super::{Check, CheckKind, Verdict, fix};
use crate::bindings::{Binding, Channel, HandlerUrl};
use crate::catalog::{CONNECTOR_EVENTS, KnownEvent};
use crate::reconcile::View;
use crate::redact::mask_urls;

const AVAILABLE: CheckKind = CheckKind::new("available", "Available events");
const DUPLICATES: CheckKind = CheckKind::new("duplicates", "Duplicate handlers");
const HANDLER: CheckKind = CheckKind::new("handler.bound", "Binding of this handler");

/// What the commands in fixes consist of.
#[derive(Debug, Clone)]
pub(crate) struct Commands {
    /// How `imconn` has to be called for this portal.
    pub(crate) imconn: String,
    /// The handler that the user gave with `--handler`, if a portal accepts it.
    pub(crate) given_handler: Option<String>,
    /// The handler that the settings name, which `bind` uses without `--handler`.
    pub(crate) configured_handler: Option<String>,
}

impl Commands {
    /// Binds these events, to the handler that the others have if that is a single one.
    fn bind(&self, events: &str, view: &View) -> String {
        let bound = handlers(view);
        let handler = match bound.as_slice() {
            [only] => Some(only),
            _ => self.given_handler.as_ref(),
        };
        if handler.is_none() && self.configured_handler.is_some() {
            return format!("bind it with {}", fix::run(&self.imconn, &format!("bind {events}")));
        }
        let option = handler.and_then(|handler| fix::handler_option(handler));
        self.bind_with(events, option)
    }

    fn bind_with(&self, events: &str, handler_option: Option<String>) -> String {
        match handler_option {
            Some(option) => format!("bind it with {}", fix::run(&self.imconn, &format!("bind {events} {option}"))),
            // Nothing to paste without its URL.
            None => format!("bind it with {} bind {events} --handler URL", self.imconn),
        }
    }
}

/// Whether the application may bind each of the seven.
pub(crate) fn available(names: Option<&[String]>, commands: &Commands) -> Check {
    let Some(names) = names else { return AVAILABLE.skipped("the portal did not say") };
    let names: HashSet<String> = names.iter().map(|name| name.to_ascii_uppercase()).collect();
    let known = CONNECTOR_EVENTS.iter().map(|known| known.name);
    let missing: Vec<&str> = known.filter(|name| !names.contains(&name.to_ascii_uppercase())).collect();
    if missing.is_empty() {
        return AVAILABLE.ok("all seven");
    }
    let command = fix::run(&commands.imconn, "events --available");
    AVAILABLE.ok(format!("not available: {}", missing.join(", "))).fail(format!(
        "add imconnector and imopenlines to the application's rights and install it again; to see the effect, run {command}"
    ))
}

/// One check per event, and one for events that are bound more than once.
pub(crate) fn bound(view: &View, commands: &Commands) -> Vec<Check> {
    let mut checks: Vec<Check> = CONNECTOR_EVENTS.iter().map(|known| bound_event(known, view, commands)).collect();
    checks.push(duplicates(view, commands));
    checks
}

fn bindings_of<'a>(known: &'static KnownEvent, view: &'a View) -> impl Iterator<Item = &'a Binding> {
    view.bindings.iter().filter(move |binding| binding.event.known() == Some(known))
}

fn short(known: &KnownEvent) -> &'static str {
    known.short.unwrap_or(known.name)
}

fn bound_event(known: &'static KnownEvent, view: &View, commands: &Commands) -> Check {
    let event = short(known);
    let check = |evidence: String| Check::ok(format!("bound.{event}"), format!("Binding of {event}"), evidence);
    let handlers: Vec<String> = bindings_of(known, view).filter_map(destination).collect();
    if !handlers.is_empty() {
        return check(handlers.join(", "));
    }
    if bindings_of(known, view).next().is_some() {
        let fix = format!("to have a handler called as well, {}", commands.bind(event, view));
        return check("offline only: events wait in the queue until the application fetches them".into()).warn(fix);
    }
    // One command for all of them, if none is bound.
    let is_any_bound = CONNECTOR_EVENTS.iter().any(|known| bindings_of(known, view).next().is_some());
    let fix = commands.bind(if is_any_bound { event } else { "--all" }, view);
    if view.caller.admin {
        check("not bound: this event goes nowhere".into()).fail(fix)
    } else {
        check("not bound by this user; other users' bindings are not visible".into()).warn(fix)
    }
}

/// The handler of an online binding, with the user if the portal runs it as a fixed one.
fn destination(binding: &Binding) -> Option<String> {
    match &binding.channel {
        Channel::Online { handler, auth_user: None | Some(0) } => Some(handler.clone()),
        Channel::Online { handler, auth_user: Some(user) } => Some(format!("{handler} (as user {user})")),
        Channel::Offline => None,
    }
}

/// Two handlers of one event both get it: a message is sent twice, or a forgotten tunnel still listens.
fn duplicates(view: &View, commands: &Commands) -> Check {
    let several: Vec<String> = CONNECTOR_EVENTS.iter().filter_map(|known| several_handlers(known, view)).collect();
    if several.is_empty() {
        return DUPLICATES.ok("no event has more than one");
    }
    let command = fix::run(&commands.imconn, "list --all");
    DUPLICATES.ok(several.join("; ")).warn(format!("to see which handler to unbind, run {command}"))
}

fn several_handlers(known: &'static KnownEvent, view: &View) -> Option<String> {
    let handlers: Vec<String> = bindings_of(known, view).filter_map(destination).collect();
    (handlers.len() > 1).then(|| format!("{}: {}", short(known), handlers.join(" and ")))
}

/// The checks, if the portal could not be asked.
pub(crate) fn skipped(reason: &str) -> Vec<Check> {
    let mut checks = vec![AVAILABLE.skipped(reason)];
    checks.extend(CONNECTOR_EVENTS.iter().map(|known| {
        let event = short(known);
        Check::skipped(format!("bound.{event}"), format!("Binding of {event}"), reason)
    }));
    checks.push(DUPLICATES.skipped(reason));
    checks.extend(FEATURES.map(|feature| Check::skipped(format!("plan.{}", feature.code), feature.title, reason)));
    checks
}

/// Whether the handler that the user gave is bound, and to which events.
pub(crate) fn given_handler(handler: &str, view: Option<&View>, commands: &Commands) -> Check {
    let check = match view {
        None => HANDLER.skipped("bindings are not known"),
        Some(_) if HandlerUrl::parse(handler).is_err() => HANDLER.skipped("a portal does not accept this URL"),
        Some(view) => bound_to(handler, view, commands),
    };
    Check { handler: Some(mask_urls(handler)), ..check }
}

fn bound_to(handler: &str, view: &View, commands: &Commands) -> Check {
    let is_bound =
        |known: &&'static KnownEvent| bindings_of(known, view).any(|binding| binding.handler() == Some(handler));
    let events: Vec<&str> = CONNECTOR_EVENTS.iter().filter(is_bound).map(short).collect();
    if events.len() == CONNECTOR_EVENTS.len() {
        return HANDLER.ok("to all seven");
    }
    if !events.is_empty() {
        return HANDLER.ok(format!("to {}", events.join(", ")));
    }
    let command = commands.bind_with("--all", fix::handler_option(handler));
    HANDLER.ok("to no connector event: portals compare handlers byte for byte").warn(command)
}

/// Features of a plan that change what an application can do with its subscriptions, by their code for `feature.get`.
pub(crate) const FEATURES: [Feature; 2] = [
    Feature { code: "rest_offline_extended", title: "Plan: offline leases", gives: "the offline queue can be leased" },
    Feature { code: "rest_auth_connector", title: "Plan: offline keys", gives: "several offline queues" },
];

/// A feature that a portal's plan may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Feature {
    pub(crate) code: &'static str,
    title: &'static str,
    gives: &'static str,
}

/// Whether the portal's plan includes a feature. It matters only to applications with an offline queue.
pub(crate) fn feature(feature: Feature, included: Option<bool>, view: &View) -> Check {
    let Feature { code, title, gives } = feature;
    let check = |evidence: String| Check::ok(format!("plan.{code}"), title, evidence);
    let has_queue = view.bindings.iter().any(|binding| binding.channel == Channel::Offline);
    match included {
        Some(true) => check(format!("included: {gives}")),
        Some(false) if has_queue => check(format!("not included: {gives}"))
            .warn("choose a larger plan: without this feature, an offline record is deleted when it is fetched"),
        Some(false) => check("not included; only offline queues need it, and none is bound".to_owned()),
        None => Check { verdict: Verdict::Skipped, ..check("the portal did not say".to_owned()) },
    }
}

/// Distinct handlers of the connector events, in order.
pub(crate) fn handlers(view: &View) -> Vec<String> {
    let mut seen = HashSet::new();
    let all = CONNECTOR_EVENTS.iter().flat_map(|known| bindings_of(known, view).filter_map(Binding::handler));
    all.filter(|handler| seen.insert(*handler)).map(str::to_owned).collect()
}

/// Handlers whose every event has another handler that is not dead: they do not keep events from arriving.
pub(crate) fn redundant<'a>(dead: &HashSet<&'a str>, view: &'a View) -> HashSet<&'a str> {
    let mut redundant = dead.clone();
    for known in &CONNECTOR_EVENTS {
        let handlers: Vec<&str> = bindings_of(known, view).filter_map(Binding::handler).collect();
        if handlers.iter().all(|handler| dead.contains(handler)) {
            for handler in handlers {
                redundant.remove(handler);
            }
        }
    }
    redundant
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::Event;
    use crate::wire::profile::Caller;

    const OLD: &str = "https://old.example.com/b24";
    const NEW: &str = "https://new.example.com/b24";

    fn view(bindings: &[(&str, &str)]) -> View {
        let online = |(event, handler): &(&str, &str)| Binding {
            event: Event::from_portal(event),
            channel: Channel::Online { handler: (*handler).to_owned(), auth_user: Some(0) },
            auth_connector: None,
        };
        View { bindings: bindings.iter().map(online).collect(), caller: Caller { id: 1, admin: true } }
    }

    fn commands(configured_handler: Option<&str>) -> Commands {
        let configured_handler = configured_handler.map(str::to_owned);
        Commands { imconn: "imconn -p acme".into(), given_handler: None, configured_handler }
    }

    #[test]
    fn a_missing_event_is_bound_to_the_handler_of_the_others() {
        let view = view(&[("OnImConnectorMessageAdd", OLD), ("OnImConnectorMessageUpdate", OLD)]);
        let command = commands(Some(NEW)).bind("message-delete", &view);
        assert_eq!(command, format!("bind it with `imconn -p acme bind message-delete --handler={OLD}`"));
    }

    #[test]
    fn a_configured_handler_needs_no_option() {
        assert_eq!(commands(Some(NEW)).bind("--all", &view(&[])), "bind it with `imconn -p acme bind --all`");
        assert_eq!(commands(None).bind("--all", &view(&[])), "bind it with imconn -p acme bind --all --handler URL");
    }

    #[test]
    fn each_handler_is_listed_once() {
        let view = view(&[
            ("OnImConnectorMessageAdd", OLD),
            ("OnImConnectorMessageAdd", NEW),
            ("OnImConnectorMessageUpdate", OLD),
            ("OnAppUninstall", "https://other.example.com/"),
        ]);
        assert_eq!(handlers(&view), [OLD, NEW]);
    }

    #[test]
    fn a_dead_handler_is_redundant_only_if_each_of_its_events_has_a_living_one() {
        let dead = HashSet::from([OLD]);
        let both = [("OnImConnectorMessageAdd", OLD), ("OnImConnectorMessageAdd", NEW)];
        assert_eq!(redundant(&dead, &view(&both)), dead);
        let alone = [both[0], both[1], ("OnImConnectorMessageUpdate", OLD)];
        assert!(redundant(&dead, &view(&alone)).is_empty());
        assert!(redundant(&HashSet::from([OLD, NEW]), &view(&both)).is_empty());
    }
}
