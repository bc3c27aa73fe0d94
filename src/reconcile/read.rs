//! What a token can see of a portal's bindings.

use std::collections::HashSet;

use super::execute::as_bound;
use crate::bindings::{Binding, Type};
use crate::portal::Portal;
use crate::portal::batch::{Batch, BatchReply, Key};
use crate::portal::calls::{EventGet, Profile};
use crate::portal::failure::Failure;
use crate::wire::event_row::EventRow;
use crate::wire::profile::Caller;

/// The bindings a token can see, and whose token it is. Only an administrator sees all of the application's bindings;
/// any other user sees only their own, which must not be taken for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    /// In order of creation.
    pub(crate) bindings: Vec<Binding>,
    pub(crate) caller: Caller,
}

/// The calls that make up a [`View`], in a batch.
pub(crate) struct ViewKeys {
    bindings: Key<EventGet>,
    profile: Key<Profile>,
}

impl ViewKeys {
    /// Fails when either call was refused, was not answered, or has an unexpected answer: a partial view would produce
    /// wrong plans.
    pub(crate) fn take(&self, reply: &BatchReply) -> Result<View, Failure> {
        let rows = reply.take(self.bindings)?;
        Ok(View::of(rows, reply.take(self.profile)?.caller))
    }
}

/// What a [`View`] holds, as a set.
pub(crate) struct Listed<'a> {
    pub(super) view: &'a View,
    bindings: HashSet<&'a Binding>,
}

impl Listed<'_> {
    /// Whether a binding is among those that are bound.
    pub(crate) fn contains(&self, binding: &Binding) -> bool {
        self.bindings.contains(&self.view.as_listed(binding))
    }
}

impl View {
    pub(super) fn of(rows: Vec<EventRow>, caller: Caller) -> Self {
        Self { bindings: rows.into_iter().map(Binding::from).collect(), caller }
    }

    /// A binding as the portal lists it: with the user that it puts in, and without the source key of an online one.
    pub(crate) fn as_listed(&self, binding: &Binding) -> Binding {
        let bound = as_bound(binding, Some(self.caller));
        if bound.kind() == Type::Online { Binding { auth_connector: None, ..bound } } else { bound }
    }

    /// For finding many bindings among those that are bound.
    pub(crate) fn listed(&self) -> Listed<'_> {
        Listed { view: self, bindings: self.bindings.iter().collect() }
    }

    /// Whether the view would hold a binding if it were bound.
    pub(crate) fn covers(&self, binding: &Binding) -> bool {
        self.caller.admin
            || binding.kind() == Type::Online && self.as_listed(binding).auth_user() == Some(self.caller.id)
    }

    /// `profile` is in the batch already.
    pub(crate) fn add_to(batch: &mut Batch, profile: Key<Profile>) -> ViewKeys {
        ViewKeys { bindings: batch.add(EventGet), profile }
    }

    /// Reads the bindings and the caller in one request.
    pub(crate) async fn read(portal: &Portal) -> Result<Self, Failure> {
        let mut batch = Batch::new();
        let keys = ViewKeys { bindings: batch.add(EventGet), profile: batch.add(Profile) };
        keys.take(&portal.batch(batch).await?)
    }

    /// `app` when the view is whole, `own` when it holds the caller's bindings only.
    #[must_use]
    pub(crate) fn visibility(&self) -> &'static str {
        if self.caller.admin { "app" } else { "own" }
    }
}
