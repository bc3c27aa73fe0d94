//! Known events: their documented spelling, short names, scopes, and when they fire (`protocol` section 3 and
//! the documentation of each event).

/// The scope of the seven connector events.
pub(crate) const CONNECTOR_SCOPE: &str = "imconnector";

/// An event that this program knows by name; it accepts others as well.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KnownEvent {
    /// Spelled as in the documentation.
    pub(crate) name: &'static str,
    /// Accepted on the command line instead of the name; only connector events have one.
    pub(crate) short: Option<&'static str>,
    /// The scope that an application needs; `None` if every application may bind the event.
    pub(crate) scope: Option<&'static str>,
    /// When it fires.
    pub(crate) fired: &'static str,
}

const fn connector(name: &'static str, short: &'static str, fired: &'static str) -> KnownEvent {
    KnownEvent { name, short: Some(short), scope: Some(CONNECTOR_SCOPE), fired }
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
    application("OnOfflineEvent", "something new is in the offline queue"),
];

/// Connector events first.
pub(crate) fn known_events() -> impl Iterator<Item = &'static KnownEvent> {
    CONNECTOR_EVENTS.iter().chain(&APPLICATION_EVENTS)
}

/// Finds an event by its documented name, in any case.
pub(crate) fn find(name: &str) -> Option<&'static KnownEvent> {
    known_events().find(|event| event.name.eq_ignore_ascii_case(name))
}

/// Finds a connector event by its short name, in any case.
pub(crate) fn find_short(short: &str) -> Option<&'static KnownEvent> {
    CONNECTOR_EVENTS.iter().find(|event| event.short.is_some_and(|known| known.eq_ignore_ascii_case(short)))
}

/// The largest edit distance that counts as a typo.
const NEAR: usize = 3;

/// Known names close to a wrong one, nearest first, at most three.
pub(crate) fn nearest(wrong: &str) -> Vec<&'static str> {
    let wrong = wrong.to_ascii_lowercase();
    let names = known_events().flat_map(|event| [Some(event.name), event.short]).flatten();
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
        assert_eq!(nearest("OnImConnectorMesageAdd")[0], "OnImConnectorMessageAdd");
        assert_eq!(nearest("mesage-add")[0], "message-add");
        assert_eq!(nearest("OnCrmLeadAdd"), Vec::<&str>::new());
    }

    #[test]
    fn names_and_short_names_are_found_in_any_case() {
        assert_eq!(find("ONIMCONNECTORLINEDELETE"), find_short("Line-Delete"));
        assert!(find("OnCrmLeadAdd").is_none());
    }
}
