//! `imconn.toml`: the desired bindings of a portal, and which others may be removed.

mod parse;
mod pattern;
mod schema;
mod variables;
mod write;

use std::collections::HashSet;

pub(crate) use self::pattern::Pattern;
pub(crate) use self::schema::schema;

use super::{Binding, Event};

/// The default name of the file, in the working folder.
pub(crate) const FILE: &str = "imconn.toml";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// The handler of every subscription without one of its own.
    pub(crate) handler: Option<String>,
    /// Each once, in the order of the file.
    pub(crate) desired: Vec<Binding>,
    pub(crate) manage: Manage,
    /// Whether it says nothing about bindings, as a file that was cut off.
    pub(crate) is_blank: bool,
}

/// `[manage]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manage {
    pub(crate) remove: Remove,
    /// Handlers that are left alone, and are not a difference.
    pub(crate) ignore: Vec<Pattern>,
}

/// Which bindings may be removed when the manifest does not list them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Remove {
    /// Those of events that the manifest lists.
    #[default]
    Listed,
    /// Those, and those of the seven connector events.
    Connector,
    All,
    None,
}

impl Remove {
    /// Every choice, as the file spells it.
    const ALL: [(&'static str, Self); 4] =
        [("listed", Self::Listed), ("connector", Self::Connector), ("all", Self::All), ("none", Self::None)];
}

impl Manifest {
    /// Reads a manifest; `variable` looks up a variable of the environment. Fails for the first mistake.
    pub(crate) fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ManifestError> {
        parse::manifest(text, variable)
    }

    /// Writes a manifest that a portal with these bindings matches.
    #[must_use]
    pub(crate) fn describing(bindings: &[Binding]) -> String {
        write::manifest(bindings)
    }

    /// Which bindings the manifest may remove.
    pub(crate) fn managed(&self) -> Managed<'_> {
        let mut events: HashSet<Event> = HashSet::new();
        if self.manage.remove != Remove::None {
            events.extend(self.desired.iter().map(|binding| binding.event.clone()));
        }
        if self.manage.remove == Remove::Connector {
            events.extend(Event::connector_events());
        }
        Managed { manifest: self, events }
    }

    /// Whether a handler is left alone.
    pub(crate) fn ignores(&self, handler: &str) -> bool {
        self.manage.ignore.iter().any(|pattern| pattern.matches(handler))
    }
}

/// The bindings that are a difference when a manifest does not list them, and may be removed.
pub(crate) struct Managed<'a> {
    manifest: &'a Manifest,
    events: HashSet<Event>,
}

impl Managed<'_> {
    pub(crate) fn includes(&self, binding: &Binding) -> bool {
        let is_of_all = self.manifest.manage.remove == Remove::All && !binding.event.may_be_the_portals();
        let may_go = is_of_all || self.events.contains(&binding.event);
        may_go && !binding.handler().is_some_and(|handler| self.manifest.ignores(handler))
    }
}

/// A mistake in a manifest, and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub(crate) struct ManifestError {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Characters, counted from 1.
    pub(crate) column: usize,
    pub(crate) message: String,
    pub(crate) hint: String,
}
