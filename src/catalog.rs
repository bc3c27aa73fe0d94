//! Known events: their documented spelling, short names, scopes, and when they fire (`protocol` sections 3 and 8, and
//! the documentation of each event). What a portal answers to `events` overrules it.

use std::borrow::Cow;
use std::sync::LazyLock;

/// The scopes that let an application bind the seven connector events: the documentation has the first, the portal's own
/// module the second. Which of them counts is unknown (`protocol` J1), so that both are advised.
pub(crate) const CONNECTOR_SCOPES: [&str; 2] = ["imconnector", "imopenlines"];

/// An event that this program knows by name; it accepts others as well.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KnownEvent {
    /// Spelled as in the documentation.
    pub(crate) name: &'static str,
    /// Accepted on the command line instead of the name; only connector events have one.
    pub(crate) short: Option<&'static str>,
    /// The scope that an application needs by the documentation; `None` if every application may bind the event.
    pub(crate) scope: Option<&'static str>,
    /// When it fires.
    pub(crate) fired: &'static str,
}

impl KnownEvent {
    /// The scopes to advise.
    pub(crate) fn scopes(&self) -> &[&'static str] {
        if self.short.is_some() { &CONNECTOR_SCOPES } else { self.scope.as_slice() }
    }
}

const fn connector(name: &'static str, short: &'static str, fired: &'static str) -> KnownEvent {
    KnownEvent { name, short: Some(short), scope: Some(CONNECTOR_SCOPES[0]), fired }
}

const fn application(name: &'static str, fired: &'static str) -> KnownEvent {
    KnownEvent { name, short: None, scope: None, fired }
}

/// The seven events of `--all`, in the order of a dialogue's life.
pub(crate) const CONNECTOR_EVENTS: [KnownEvent; 7] = [
    connector(
        "OnImConnectorMessageAdd",
        "message-add",
        "an operator's message leaves an open line for the external channel",
    ),
    connector("OnImConnectorMessageUpdate", "message-update", "such a message is edited"),
    connector("OnImConnectorMessageDelete", "message-delete", "such a message is deleted"),
    connector("OnImConnectorDialogStart", "dialog-start", "a dialogue is created"),
    connector("OnImConnectorDialogFinish", "dialog-finish", "a dialogue is closed"),
    connector("OnImConnectorStatusDelete", "status-delete", "the connector is disconnected from a line"),
    connector("OnImConnectorLineDelete", "line-delete", "an open line is deleted"),
];

/// Events about the application itself.
pub(crate) const APPLICATION_EVENTS: [KnownEvent; 6] = [
    application("OnAppInstall", "the application is installed"),
    application("OnAppUninstall", "the application is removed"),
    application("OnAppUpdate", "the application is updated"),
    application("OnAppPayment", "the application is paid for"),
    application("OnAppTest", "event.test is called"),
    application("onOfflineEvent", "something new is in the offline queue"),
];

/// All other documented events: name, scope, when they fire.
static OTHER_EVENTS: LazyLock<Vec<KnownEvent>> = LazyLock::new(|| {
    let lines = include_str!("catalog/events.tsv").lines();
    lines.filter_map(other).collect()
});

fn other(line: &'static str) -> Option<KnownEvent> {
    let (name, rest) = line.split_once('\t')?;
    let (scope, fired) = rest.split_once('\t')?;
    Some(KnownEvent { name, short: None, scope: Some(scope).filter(|scope| !scope.is_empty()), fired })
}

/// The events of connectors and applications, which this program is for. Connector events first.
pub(crate) fn main_events() -> impl Iterator<Item = &'static KnownEvent> {
    CONNECTOR_EVENTS.iter().chain(&APPLICATION_EVENTS)
}

/// Every documented event, the main ones first.
pub(crate) fn all_events() -> impl Iterator<Item = &'static KnownEvent> {
    main_events().chain(OTHER_EVENTS.iter())
}

/// Finds an event by its documented name, in any case.
pub(crate) fn find(name: &str) -> Option<&'static KnownEvent> {
    let name = without_entity_type(name).map_or(name, |(name, _)| name);
    all_events().find(|event| event.name.eq_ignore_ascii_case(name))
}

/// The documented spelling of a name.
pub(crate) fn spelling(name: &str) -> Option<Cow<'static, str>> {
    let known = find(name)?;
    let entity_type = without_entity_type(name).map(|(_, number)| number);
    Some(entity_type.map_or(Cow::Borrowed(known.name), |number| Cow::Owned(format!("{}_{number}", known.name))))
}

/// The name and the number of an event of one smart process: `onCrmDynamicItemAdd_31`.
fn without_entity_type(name: &str) -> Option<(&str, &str)> {
    let (event, number) = name.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && begins_with(event, "OnCrmDynamicItem")).then_some((event, number))
}

/// Whether the portal may have bound the event for an application itself (`protocol` section 8).
pub(crate) fn may_be_the_portals(name: &str) -> bool {
    begins_with(name, "OnApp") || is_managed_by_bots(name)
}

/// Whether `imbot.v2.Bot.register`, `update` and `unregister` manage the bindings of the event.
pub(crate) fn is_managed_by_bots(name: &str) -> bool {
    begins_with(name, "OnImBotV2")
}

fn begins_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// Finds a connector event by its short name, in any case.
pub(crate) fn find_short(short: &str) -> Option<&'static KnownEvent> {
    CONNECTOR_EVENTS.iter().find(|event| event.short.is_some_and(|known| known.eq_ignore_ascii_case(short)))
}

/// The largest edit distance that counts as a typo.
const NEAR: usize = 3;

/// The names and short names of the main events that are close to a wrong one, nearest first, at most three.
pub(crate) fn nearest_main(wrong: &str) -> Vec<&'static str> {
    nearest(wrong, main_events().flat_map(|event| [Some(event.name), event.short]).flatten())
}

/// The same of every documented event.
pub(crate) fn nearest_of_all(wrong: &str) -> Vec<&'static str> {
    nearest(wrong, all_events().flat_map(|event| [Some(event.name), event.short]).flatten())
}

fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let mut scored: Vec<(usize, &str)> = names
        .map(|name| (strsim::osa_distance(&wrong, &name.to_ascii_lowercase()), name))
        .filter(|&(distance, name)| distance <= NEAR.min(name.len() / 3))
        .collect();
    scored.sort_by_key(|&(distance, _)| distance);
    scored.into_iter().map(|(_, name)| name).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_event() {
        assert_eq!(nearest_main("OnImConnectorMesageAdd")[0], "OnImConnectorMessageAdd");
        assert_eq!(nearest_main("mesage-add")[0], "message-add");
        assert_eq!(nearest_main("OnCrmLeedAdd"), Vec::<&str>::new());
        assert_eq!(nearest_of_all("OnCrmLeedAdd")[0], "onCrmLeadAdd");
    }

    #[test]
    fn names_and_short_names_are_found_in_any_case() {
        assert_eq!(find("ONIMCONNECTORLINEDELETE"), find_short("Line-Delete"));
        assert_eq!(find("ONCRMLEADADD").map(|event| event.scope), Some(Some("crm")));
        assert_eq!(spelling("catalog.product.on.add").as_deref(), Some("CATALOG.PRODUCT.ON.ADD"));
        assert!(find("OnNoSuchEvent").is_none());
    }

    #[test]
    fn events_of_one_smart_process_are_those_of_all_with_its_number() {
        assert_eq!(spelling("ONCRMDYNAMICITEMADD_31").as_deref(), Some("onCrmDynamicItemAdd_31"));
        assert_eq!(find("ONCRMDYNAMICITEMADD_31"), find("onCrmDynamicItemAdd"));
        for other in ["ONCRMDYNAMICITEMADD_", "ONCRMDYNAMICITEMADD_x", "onCrmLeadAdd_31", "_31"] {
            assert_eq!(spelling(other), None, "{other}");
        }
    }

    #[test]
    fn every_line_of_the_catalogue_is_an_event_and_none_is_there_twice() {
        assert_eq!(all_events().count(), 200);
        let names: std::collections::HashSet<String> = all_events().map(|event| event.name.to_uppercase()).collect();
        assert_eq!(names.len(), 200);
        for text in all_events().flat_map(|event| [event.name, event.fired]) {
            assert!(!text.is_empty() && text.trim() == text && !text.contains('\t'), "{text:?}");
        }
        assert_eq!(all_events().filter(|event| is_managed_by_bots(event.name)).count(), 8);
    }
}
