//! What a token can see of a portal's bindings.

use crate::bindings::Binding;
use crate::portal::Portal;
use crate::portal::batch::{Batch, BatchReply, Key};
use crate::portal::calls::{EventGet, Profile};
use crate::portal::failure::Failure;
use crate::wire::profile::Caller;

/// The bindings a token can see, and whose token it is. Only an administrator sees all of the application's bindings;
/// anybody else sees its own and must not take that for the whole.
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
        let caller = reply.take(self.profile)?.caller;
        Ok(View { bindings: rows.into_iter().map(Binding::from).collect(), caller })
    }
}

impl View {
    pub(crate) fn add_to(batch: &mut Batch) -> ViewKeys {
        ViewKeys { bindings: batch.add(EventGet), profile: batch.add(Profile) }
    }

    /// Reads the bindings and the caller in one request.
    pub(crate) async fn read(portal: &Portal) -> Result<Self, Failure> {
        let mut batch = Batch::new();
        let keys = Self::add_to(&mut batch);
        keys.take(&portal.batch(batch).await?)
    }

    /// `app` when the view is whole, `own` when it holds the caller's bindings only.
    #[must_use]
    pub(crate) fn extent(&self) -> &'static str {
        if self.caller.admin { "app" } else { "own" }
    }
}
