//! Names of events.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::catalog;
use crate::redact::mask_urls;
use crate::wire::excerpt::printable;

/// An event, spelled as the documentation spells it where this program knows it, and otherwise as it was given.
/// Names are compared without regard to case, as the portal compares them.
#[derive(Debug, Clone, Eq)]
pub struct Event(String);

/// A name that is none, with the nearest ones that are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{wrong}` is not an event")]
pub struct UnknownEvent {
    /// What was given.
    pub wrong: String,
    /// Known names close to it.
    pub nearest: Vec<&'static str>,
}

impl Event {
    /// Reads what a person typed: a documented name in any case, a short name, or the full name of any other event.
    ///
    /// # Errors
    /// [`UnknownEvent`] for what does not have the form of an event name, and for what is so close to a known name that
    /// it must be a slip: the portal would take weeks to tell.
    pub fn parse(typed: &str) -> Result<Self, UnknownEvent> {
        if let Some(known) = catalog::find_short(typed).or_else(|| catalog::find(typed)) {
            return Ok(Self(known.name.to_owned()));
        }
        let lower = typed.to_ascii_lowercase();
        let nearest = catalog::nearest(typed);
        let well_formed =
            lower.len() > 4 && lower.starts_with("on") && lower.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if well_formed && nearest.is_empty() {
            return Ok(Self(typed.to_owned()));
        }
        let wrong = mask_urls(&printable(typed)).chars().take(80).collect();
        Err(UnknownEvent { wrong, nearest })
    }

    /// Reads a name that a portal sent.
    #[must_use]
    pub fn from_portal(name: &str) -> Self {
        Self(catalog::find(name).map_or_else(|| name.to_owned(), |known| known.name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the catalogue knows of it.
    #[must_use]
    pub(crate) fn known(&self) -> Option<&'static catalog::KnownEvent> {
        catalog::find(&self.0)
    }

    /// The seven connector events.
    #[must_use]
    pub fn connector_events() -> Vec<Self> {
        catalog::CONNECTOR_EVENTS.iter().map(|known| Self(known.name.to_owned())).collect()
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_ways_of_naming_an_event_mean_the_same() {
        for typed in ["message-add", "onimconnectormessageadd", "OnImConnectorMessageAdd"] {
            assert_eq!(Event::parse(typed).expect("an event").as_str(), "OnImConnectorMessageAdd");
        }
    }

    #[test]
    fn other_events_are_taken_by_their_full_name() {
        assert_eq!(Event::parse("OnCrmLeadAdd").expect("an event").as_str(), "OnCrmLeadAdd");
    }

    #[test]
    fn slips_are_refused_with_the_nearest_name() {
        assert_eq!(Event::parse("mesage-add").expect_err("a slip").nearest[0], "message-add");
        assert_eq!(Event::parse("OnImConnectorMessageAd").expect_err("a slip").nearest[0], "OnImConnectorMessageAdd");
        for wrong in ["", "crm", "on x", "message", "on\u{1b}[2Jevil"] {
            assert!(Event::parse(wrong).is_err(), "{wrong}");
        }
    }
}
