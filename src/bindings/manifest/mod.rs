//! `imconn.toml`: the bindings that are wanted on a portal, and what may be removed for them.

mod parse;
mod pattern;
mod schema;
mod variables;
mod write;

use std::fmt;

pub use self::pattern::Pattern;
pub use self::schema::schema;

use super::{Binding, Event};

/// The default name of the file, in the working folder.
pub const FILE: &str = "imconn.toml";

/// A whole manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The handler of everything that names none.
    pub handler: Option<String>,
    /// The bindings that are wanted, each once, in the order of the file.
    pub wanted: Vec<Binding>,
    /// What may be removed.
    pub manage: Manage,
    /// Whether it says anything of bindings: a file that was cut off before does not.
    pub is_blank: bool,
}

/// `[manage]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manage {
    /// Which bindings `apply` may remove.
    pub remove: Remove,
    /// Handlers that are left alone, and are no difference.
    pub ignore: Vec<Pattern>,
}

/// Which bindings that are not wanted may be removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Remove {
    /// Those of events that the manifest names.
    #[default]
    Listed,
    /// Those, and those of the seven connector events.
    Connector,
    /// All.
    All,
    /// None.
    None,
}

impl Remove {
    /// Every choice, as the file spells it.
    pub const ALL: [(&'static str, Self); 4] =
        [("listed", Self::Listed), ("connector", Self::Connector), ("all", Self::All), ("none", Self::None)];
}

impl Manifest {
    /// Reads a manifest. `variable` looks a variable of the environment up.
    ///
    /// # Errors
    /// [`ManifestError`] for the first thing in it that cannot be meant.
    pub fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ManifestError> {
        parse::manifest(text, variable)
    }

    /// Writes a manifest that a portal with these bindings matches.
    #[must_use]
    pub fn describing(bindings: &[Binding]) -> String {
        write::manifest(bindings)
    }

    /// Whether a binding that is not wanted is a difference, and may be removed.
    #[must_use]
    pub fn manages(&self, binding: &Binding) -> bool {
        let is_listed = || self.wanted.iter().any(|wanted| wanted.event == binding.event);
        let is_connector = || Event::connector_events().contains(&binding.event);
        let may_go = match self.manage.remove {
            Remove::Listed => is_listed(),
            Remove::Connector => is_listed() || is_connector(),
            Remove::All => true,
            Remove::None => false,
        };
        may_go && !binding.handler().is_some_and(|handler| self.ignores(handler))
    }

    /// Whether a handler is left alone.
    #[must_use]
    pub fn ignores(&self, handler: &str) -> bool {
        self.manage.ignore.iter().any(|pattern| pattern.matches(handler))
    }
}

/// What is wrong in a manifest, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// Counted from 1.
    pub line: usize,
    /// Characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}
