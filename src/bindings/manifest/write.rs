//! From bindings to a manifest, grouped as a person would write it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use super::variables::escape;
use crate::bindings::{Binding, Channel, Event, HandlerUrl};
use crate::redact::{MASK, mask_urls};
use crate::wire::excerpt::{is_printable, printable};

/// Events that are bound alike.
struct Group<'a> {
    channel: &'a Channel,
    auth_connector: Option<&'a str>,
    /// Each once, in order.
    events: Vec<&'a Event>,
}

/// Writes a manifest that describes these bindings. A handler that no manifest accepts, for example one with a password,
/// is ignored by it.
pub(super) fn manifest(bindings: &[Binding]) -> String {
    let (portals, own): (Vec<&Binding>, Vec<&Binding>) =
        bindings.iter().partition(|binding| binding.may_be_the_portals());
    let (nameable, nameless): (Vec<&Binding>, Vec<&Binding>) =
        own.into_iter().partition(|binding| is_nameable(binding));
    let (odd, good): (Vec<&Binding>, Vec<&Binding>) = nameable.into_iter().partition(|binding| is_odd(binding));
    let groups = groups(&good);
    let default = commonest(&groups);
    let mut out = String::new();
    if let Some(handler) = default {
        let _ = writeln!(out, "handler = {}", quoted(handler));
    }
    for group in &groups {
        separate(&mut out);
        write_group(&mut out, group, default);
    }
    write_ignored(&mut out, &odd);
    if out.is_empty() {
        out.push_str(if portals.is_empty() { "# Nothing is bound.\n[manage]\n" } else { "[manage]\n" });
    }
    for binding in portals {
        let _ = writeln!(out, "# left out, because the portal may have bound it itself: {}", binding.event);
    }
    for binding in nameless {
        let event = printable(binding.event.as_str());
        let _ = writeln!(out, "# left out, because a manifest cannot name this event: {event}");
    }
    out
}

/// Whether a manifest accepts the name of the event.
fn is_nameable(binding: &Binding) -> bool {
    let is_read_back = Event::parse(binding.event.as_str()).is_ok_and(|event| event == binding.event);
    is_read_back && !binding.event.is_managed_by_bots()
}

/// Whether a binding was made under other rules than a manifest's.
fn is_odd(binding: &Binding) -> bool {
    binding.handler().is_some_and(|handler| HandlerUrl::parse(handler).is_err())
}

/// An empty line between sections.
fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

fn write_group(out: &mut String, group: &Group<'_>, default: Option<&str>) {
    let _ = writeln!(out, "[[subscription]]\nevents = {}", events(&group.events));
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

fn write_ignored(out: &mut String, odd: &[&Binding]) {
    let patterns: BTreeSet<String> = odd.iter().filter_map(|binding| binding.handler()).map(pattern).collect();
    if patterns.is_empty() {
        return;
    }
    separate(out);
    let list: Vec<String> = patterns.iter().map(|pattern| quoted(pattern)).collect();
    let _ = writeln!(out, "[manage]\nignore = [{}]", list.join(", "));
}

/// A handler with its secrets replaced by stars.
fn pattern(handler: &str) -> String {
    mask_urls(handler).replace(MASK, "*")
}

fn groups<'a>(bindings: &[&'a Binding]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index: HashMap<(&Channel, Option<&str>), usize> = HashMap::new();
    let mut seen = HashSet::new();
    for binding in bindings {
        let channel = &binding.channel;
        let auth_connector = binding.auth_connector.as_deref().filter(|_| *channel == Channel::Offline);
        let at = *index.entry((channel, auth_connector)).or_insert_with(|| {
            groups.push(Group { channel, auth_connector, events: Vec::new() });
            groups.len() - 1
        });
        if seen.insert((at, &binding.event)) {
            groups[at].events.push(&binding.event);
        }
    }
    groups
}

/// The handler that stands at the top for all: the one of most events, the first of several.
fn commonest<'a>(groups: &[Group<'a>]) -> Option<&'a str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let handlers: Vec<&str> = groups.iter().filter_map(handler_of).collect();
    for group in groups {
        if let Some(handler) = handler_of(group) {
            *counts.entry(handler).or_default() += group.events.len();
        }
    }
    // The last of several maxima wins in `max_by_key`.
    handlers.into_iter().rev().max_by_key(|handler| counts[handler])
}

fn handler_of<'a>(group: &Group<'a>) -> Option<&'a str> {
    match group.channel {
        Channel::Online { handler, .. } => Some(handler),
        Channel::Offline => None,
    }
}

/// The seven by their common name; others by their own, or the short one.
fn events(events: &[&Event]) -> String {
    let connector = Event::connector_events();
    if events.len() == connector.len() && connector.iter().all(|event| events.contains(&event)) {
        return "\"connector\"".to_owned();
    }
    let names: Vec<String> = events.iter().map(|event| quoted(shortest_name(event))).collect();
    format!("[{}]", names.join(", "))
}

fn shortest_name(event: &Event) -> &str {
    event.known().and_then(|known| known.short).unwrap_or(event.as_str())
}

/// A string in TOML. What a terminal must not get is escaped, and read back as it was.
fn quoted(text: &str) -> String {
    let literal = toml_edit::Value::from(escape(text)).to_string();
    if literal.chars().all(is_printable) {
        return literal;
    }
    let mut out = String::from("\"");
    for c in escape(text).chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::super::Manifest;
    use super::*;
    use crate::bindings::sample::online;

    #[test]
    fn what_a_terminal_must_not_get_is_escaped_and_read_back() {
        let handler = "https://a.b/\u{9b}2J\u{202e}\"x";
        let text = quoted(handler);
        assert_eq!(text, r#""https://a.b/\U0000009B2J\U0000202E\"x""#);
        let document: toml_edit::DocumentMut = format!("x = {text}").parse().expect("TOML");
        assert_eq!(document["x"].as_str(), Some(handler));
    }

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
        assert_eq!(Manifest::parse(&text, &|_| None).expect(&text).desired, bindings);
    }

    #[test]
    fn a_handler_that_no_manifest_accepts_is_ignored_by_it_without_its_secrets() {
        let odd = online("onUserAdd", "https://me:hunter2@a.b/x", 0);
        let text = manifest(std::slice::from_ref(&odd));
        assert!(!text.contains("hunter2"), "{text}");
        assert!(Manifest::parse(&text, &|_| None).expect(&text).ignores(odd.handler().expect("online")));
    }

    #[test]
    fn an_event_that_no_manifest_can_name_is_left_out_with_a_comment() {
        for event in ["x", "OnImBotV2Delete"] {
            let text = manifest(&[online(event, "https://a.b/", 1)]);
            assert!(text.contains("# left out") && Manifest::parse(&text, &|_| None).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_the_portal_may_have_bound_itself_is_left_out_with_a_comment() {
        let text = manifest(&[online("OnAppInstall", "https://a.b/", 0)]);
        assert_eq!(text, "[manage]\n# left out, because the portal may have bound it itself: OnAppInstall\n");
    }

    #[test]
    fn nothing_bound_is_a_manifest_that_says_so() {
        let text = manifest(&[]);
        assert!(!Manifest::parse(&text, &|_| None).expect(&text).is_blank);
    }
}
