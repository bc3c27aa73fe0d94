//! What a subscription is, what to do about it, and doing it.

pub mod event;
pub mod filter;
pub mod handler;
pub mod manifest;
pub mod plan;
pub mod record;
pub mod saved_plan;

pub use event::{Event, UnknownEvent};
pub use handler::{HandlerError, HandlerUrl};

pub use crate::reconcile::change::{Action, Change, ChangeError, Status, Summary};
pub use crate::reconcile::read::View;

use crate::wire::event_row::{EventRow, RowKind};

/// How events are brought to the application, with what only that way has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// The portal calls a URL.
    Online {
        /// The URL as the portal has it. What is *asked* of a portal comes out of a [`HandlerUrl`]; what a portal lists
        /// was bound by whoever, under other rules.
        handler: String,
        /// Whose rights the handler gets: 0 is whoever fired the event; `None` leaves it to the portal.
        auth_user: Option<u64>,
    },
    /// The portal keeps a queue.
    Offline,
}

/// One subscription; two are the same when all three parts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The event.
    pub event: Event,
    /// Online or offline.
    pub channel: Channel,
    /// Source key of an offline queue.
    pub auth_connector: Option<String>,
}

/// The two types of binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// The portal calls a URL.
    Online,
    /// The portal keeps a queue.
    Offline,
}

impl Type {
    /// As the portal and the output spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

impl Binding {
    /// Online or offline.
    #[must_use]
    pub fn kind(&self) -> Type {
        match self.channel {
            Channel::Online { .. } => Type::Online,
            Channel::Offline => Type::Offline,
        }
    }

    /// The URL; `None` for an offline binding.
    #[must_use]
    pub fn handler(&self) -> Option<&str> {
        match &self.channel {
            Channel::Online { handler, .. } => Some(handler),
            Channel::Offline => None,
        }
    }

    /// The user whose rights the handler gets; `None` for an offline binding, or where the portal decides.
    #[must_use]
    pub fn auth_user(&self) -> Option<u64> {
        match self.channel {
            Channel::Online { auth_user, .. } => auth_user,
            Channel::Offline => None,
        }
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
mod sample {
    use super::{Binding, Channel, Event};

    /// An online binding for tests.
    pub(super) fn online(event: &str, handler: &str, user: u64) -> Binding {
        let channel = Channel::Online { handler: handler.into(), auth_user: Some(user) };
        Binding { event: Event::from_portal(event), channel, auth_connector: None }
    }
}
