//! What a subscription is, and what to do about it. Pure: no file, no portal.

pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod handler;
pub(crate) mod manifest;
pub(crate) mod plan;
pub(crate) mod saved_plan;

mod record;

pub(crate) use event::Event;
pub(crate) use event::UnknownEvent;
pub(crate) use handler::HandlerError;
pub(crate) use handler::HandlerUrl;

use serde::{Deserialize, Serialize};

use crate::wire::event_row::{EventRow, RowKind};

/// How the application gets an event, with the parts of a binding that only this way has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Channel {
    /// The portal calls a URL.
    Online {
        /// The URL as the portal has it. [`HandlerUrl`] holds what imconn binds; what a portal lists may have been bound
        /// by another program, under other rules.
        handler: String,
        /// Whose rights the handler gets: 0 is the event's user; `None` leaves it to the portal.
        auth_user: Option<u64>,
    },
    /// The portal keeps a queue.
    Offline,
}

/// One subscription; all three parts are its identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "record::Record", into = "record::Record")]
pub(crate) struct Binding {
    pub(crate) event: Event,
    pub(crate) channel: Channel,
    /// The source key of an offline queue.
    pub(crate) auth_connector: Option<String>,
}

/// The two types of binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Type {
    Online,
    Offline,
}

impl Type {
    /// As the portal and the output spell it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

impl Binding {
    pub(crate) fn kind(&self) -> Type {
        match self.channel {
            Channel::Online { .. } => Type::Online,
            Channel::Offline => Type::Offline,
        }
    }

    /// The URL; `None` for an offline binding.
    pub(crate) fn handler(&self) -> Option<&str> {
        match &self.channel {
            Channel::Online { handler, .. } => Some(handler),
            Channel::Offline => None,
        }
    }

    /// The user whose rights the handler gets; `None` for an offline binding, or if the portal decides.
    pub(crate) fn auth_user(&self) -> Option<u64> {
        match self.channel {
            Channel::Online { auth_user, .. } => auth_user,
            Channel::Offline => None,
        }
    }

    /// Whether the portal may have made it itself: it does so without a user.
    pub(crate) fn may_be_the_portals(&self) -> bool {
        self.event.may_be_the_portals() && self.auth_user() == Some(0)
    }
}

impl From<EventRow> for Binding {
    fn from(row: EventRow) -> Self {
        let channel = match row.kind {
            RowKind::Online { handler, auth_user } => Channel::Online { handler, auth_user: Some(auth_user) },
            RowKind::Offline => Channel::Offline,
        };
        Self { event: Event::from_portal(&row.event), channel, auth_connector: row.connector }
    }
}

#[cfg(test)]
pub(crate) mod sample {
    use super::{Binding, Channel, Event};

    /// An online binding for tests.
    pub(crate) fn online(event: &str, handler: &str, user: u64) -> Binding {
        let channel = Channel::Online { handler: handler.into(), auth_user: Some(user) };
        Binding { event: Event::from_portal(event), channel, auth_connector: None }
    }
}

#[cfg(test)]
mod linearity;
