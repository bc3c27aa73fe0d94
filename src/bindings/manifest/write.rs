//! From bindings to a manifest, grouped as a person would write it.

use std::fmt::Write as _;

use super::variables::escape;
use crate::bindings::{Binding, Channel, Event, HandlerUrl};
use crate::redact::{MASK, mask_urls};
use crate::wire::excerpt::printable;

/// Events that are bound alike.
struct Group<'a> {
    channel: &'a Channel,
    auth_connector: Option<&'a str>,
    events: Vec<&'a Event>,
}

/// Writes a manifest that describes these bindings. What no manifest may want, a handler with a password for one, is left
/// alone by it.
pub(super) fn manifest(bindings: &[Binding]) -> String {
    let is_nameable =
        |binding: &&Binding| Event::parse(binding.event.as_str()).is_ok_and(|event| event == binding.event);
    let (nameable, nameless): (Vec<&Binding>, Vec<&Binding>) = bindings.iter().partition(is_nameable);
    let (odd, good): (Vec<&Binding>, Vec<&Binding>) = nameable.into_iter().partition(|binding| is_odd(binding));
    let groups = groups(&good);
    let default = commonest(&groups);
    let mut out = String::new();
    if let Some(handler) = default {
        let _ = writeln!(out, "handler = {}", quoted(handler));
    }
    for group in &groups {
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}[[subscription]]\nevents = {}", events(&group.events));
        match group.channel {
            Channel::Offline => out.push_str("type = \"offline\"\n"),
            Channel::Online { handler, auth_user } => {
                if default != Some(handler) {
                    let _ = writeln!(out, "handler = {}", quoted(handler));
                }
                if let Some(user @ 1..) = auth_user {
                    let _ = writeln!(out, "auth_user = {user}");
                }
            }
        }
        if let Some(key) = group.auth_connector {
            let _ = writeln!(out, "auth_connector = {}", quoted(key));
        }
    }
    let mut ignored: Vec<String> = odd.iter().filter_map(|binding| binding.handler()).map(pattern).collect();
    ignored.sort();
    ignored.dedup();
    if !ignored.is_empty() {
        let list: Vec<String> = ignored.iter().map(|pattern| quoted(pattern)).collect();
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(out, "{gap}[manage]\nignore = [{}]", list.join(", "));
    }
    if out.is_empty() {
        out.push_str("# Nothing is bound.\n[manage]\n");
    }
    for binding in nameless {
        let _ =
            writeln!(out, "# left out, because no manifest can name this event: {}", printable(binding.event.as_str()));
    }
    out
}

/// Whether a binding was made under other rules than a manifest's.
fn is_odd(binding: &Binding) -> bool {
    binding.handler().is_some_and(|handler| HandlerUrl::parse(handler).is_err())
}

/// A handler without what nobody should see.
fn pattern(handler: &str) -> String {
    mask_urls(handler).replace(MASK, "*")
}

fn groups<'a>(bindings: &[&'a Binding]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for binding in bindings {
        let connector = binding.auth_connector.as_deref().filter(|_| binding.channel == Channel::Offline);
        let same = |group: &&mut Group<'a>| *group.channel == binding.channel && group.auth_connector == connector;
        match groups.iter_mut().find(same) {
            Some(group) if group.events.contains(&&binding.event) => {}
            Some(group) => group.events.push(&binding.event),
            None => groups.push(Group {
                channel: &binding.channel,
                auth_connector: connector,
                events: vec![&binding.event],
            }),
        }
    }
    groups
}

/// The handler that stands at the top for all: the one of most events.
fn commonest<'a>(groups: &[Group<'a>]) -> Option<&'a String> {
    let handlers = groups.iter().filter_map(|group| match group.channel {
        Channel::Online { handler, .. } => Some(handler),
        Channel::Offline => None,
    });
    let events = |wanted: &String| -> usize {
        let of = |group: &&Group<'_>| matches!(group.channel, Channel::Online { handler, .. } if handler == wanted);
        groups.iter().filter(of).map(|group| group.events.len()).sum()
    };
    // Of several with as many events, the first.
    handlers.fold(None, |best: Option<&String>, handler| match best {
        Some(best) if events(best) >= events(handler) => Some(best),
        _ => Some(handler),
    })
}

/// The seven by their common name; others by their own, short where there is a short one.
fn events(events: &[&Event]) -> String {
    let connector = Event::connector_events();
    if events.len() == connector.len() && connector.iter().all(|event| events.contains(&event)) {
        return "\"connector\"".to_owned();
    }
    let name = |event: &&Event| quoted(event.known().and_then(|known| known.short).unwrap_or(event.as_str()));
    let names: Vec<String> = events.iter().map(name).collect();
    format!("[{}]", names.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(escape(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::Manifest;
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn a_group_is_written_once_and_read_back_as_it_was() {
        let mut bindings: Vec<Binding> =
            Event::connector_events().iter().map(|event| online(event.as_str(), "https://a.b/${x}", 0)).collect();
        bindings.push(online("OnAppUninstall", "https://c.d/", 1));
        let event = Event::from_portal("OnImConnectorDialogStart");
        bindings.push(Binding { event, channel: Channel::Offline, auth_connector: Some("key \"1\"".into()) });
        let text = manifest(&bindings);
        assert_eq!(
            text,
            "handler = \"https://a.b/$${x}\"\n\n[[subscription]]\nevents = \"connector\"\n\n[[subscription]]\nevents = \
             [\"OnAppUninstall\"]\nhandler = \"https://c.d/\"\nauth_user = 1\n\n[[subscription]]\nevents = \
             [\"dialog-start\"]\ntype = \"offline\"\nauth_connector = 'key \"1\"'\n"
        );
        assert_eq!(Manifest::parse(&text, &|_| None).expect(&text).wanted, bindings);
    }

    #[test]
    fn a_handler_that_no_manifest_may_want_is_left_alone_by_it_without_its_secrets() {
        let odd = online("OnAppTest", "https://me:hunter2@a.b/x", 0);
        let text = manifest(std::slice::from_ref(&odd));
        assert!(!text.contains("hunter2"), "{text}");
        assert!(Manifest::parse(&text, &|_| None).expect(&text).ignores(odd.handler().expect("online")));
    }

    #[test]
    fn an_event_that_no_manifest_can_name_is_left_out_with_a_word() {
        let text = manifest(&[online("CATALOG.PRODUCT.ON.ADD", "https://a.b/", 0)]);
        assert!(text.contains("# left out") && Manifest::parse(&text, &|_| None).is_ok(), "{text}");
    }

    #[test]
    fn nothing_bound_is_a_manifest_that_says_so() {
        let text = manifest(&[]);
        assert!(!Manifest::parse(&text, &|_| None).expect(&text).is_blank);
    }
}
