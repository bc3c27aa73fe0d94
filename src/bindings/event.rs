//! Names of events.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalog;
use crate::redact::mask_urls;
use crate::wire::excerpt::printable;

/// An event: a known one in the documentation's spelling, any other as it was given. Names are compared and hashed
/// without regard to case, as the portal compares them.
#[derive(Debug, Clone, Eq)]
pub(crate) struct Event(String);

/// A name that is not an event, with similar known names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{wrong}` is not an event")]
pub(crate) struct UnknownEvent {
    pub(crate) wrong: String,
    pub(crate) nearest: Vec<&'static str>,
}

impl Event {
    /// Reads what a person typed: a documented name in any case, a short name, or the full name of any other event. A
    /// near miss of a connector's or an application's event is refused before any request; whether any other unknown name
    /// is an event, the portal decides.
    pub(crate) fn parse(typed: &str) -> Result<Self, UnknownEvent> {
        if let Some(known) = catalog::find_short(typed) {
            return Ok(Self(known.name.to_owned()));
        }
        if let Some(name) = catalog::spelling(typed) {
            return Ok(Self(name.into_owned()));
        }
        let slips = catalog::nearest_main(typed);
        if is_well_formed(typed) && slips.is_empty() {
            return Ok(Self(typed.to_owned()));
        }
        let wrong = mask_urls(&printable(typed)).chars().take(80).collect();
        let nearest = if slips.is_empty() { catalog::nearest_of_all(typed) } else { slips };
        Err(UnknownEvent { wrong, nearest })
    }

    /// Reads a name that a portal sent.
    #[must_use]
    pub(crate) fn from_portal(name: &str) -> Self {
        Self(catalog::spelling(name).map_or_else(|| name.to_owned(), std::borrow::Cow::into_owned))
    }

    /// Whether the portal may have bound it itself. Such a binding is left alone unless its event is given.
    pub(crate) fn may_be_the_portals(&self) -> bool {
        catalog::may_be_the_portals(&self.0)
    }

    /// Whether it belongs to a bot, whose own methods bind and unbind it.
    pub(crate) fn is_managed_by_bots(&self) -> bool {
        catalog::is_managed_by_bots(&self.0)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the catalogue knows of it.
    #[must_use]
    pub(crate) fn known(&self) -> Option<&'static catalog::KnownEvent> {
        catalog::find(&self.0)
    }

    #[must_use]
    pub(crate) fn connector_events() -> Vec<Self> {
        catalog::CONNECTOR_EVENTS.iter().map(|known| Self(known.name.to_owned())).collect()
    }
}

/// `OnName`, or `MODULE.ENTITY.ON.NAME`.
fn is_well_formed(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_event = lower.len() > 4 && lower.starts_with("on") && !lower.contains('.') || lower.contains(".on.");
    is_event && lower.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        #[cfg(test)]
        super::linearity::count_comparison();
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Hash for Event {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Display for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::from_portal(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_and_names_in_any_case_are_the_same_event() {
        for typed in ["message-add", "onimconnectormessageadd", "OnImConnectorMessageAdd"] {
            assert_eq!(Event::parse(typed).expect("an event").as_str(), "OnImConnectorMessageAdd");
        }
    }

    #[test]
    fn other_events_are_accepted_by_their_full_name() {
        for (typed, name) in [
            ("OnCustomEvent", "OnCustomEvent"),
            ("OnCrmLeadAdd", "onCrmLeadAdd"),
            ("ONCRMDYNAMICITEMUPDATE_1036", "onCrmDynamicItemUpdate_1036"),
            ("catalog.product.on.add", "CATALOG.PRODUCT.ON.ADD"),
            ("ANY.STORE.ON.ADD", "ANY.STORE.ON.ADD"),
            ("onCrmLeedAdd", "onCrmLeedAdd"),
        ] {
            assert_eq!(Event::parse(typed).expect("an event").as_str(), name);
        }
    }

    #[test]
    fn typos_are_refused_with_the_nearest_name() {
        assert_eq!(Event::parse("mesage-add").expect_err("a typo").nearest[0], "message-add");
        assert_eq!(Event::parse("OnImConnectorMessageAd").expect_err("a typo").nearest[0], "OnImConnectorMessageAdd");
        assert_eq!(Event::parse("CrmLeadAdd").expect_err("a typo").nearest[0], "onCrmLeadAdd");
        for wrong in ["", "crm", "on x", "message", "on\u{1b}[2Jevil", "on.evil.com"] {
            assert!(Event::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn equal_events_have_equal_hashes() {
        let spellings = ["OnX_Event", "ONX_EVENT", "onx_event"].map(Event::from_portal);
        assert_eq!(std::collections::HashSet::from(spellings).len(), 1);
    }
}
