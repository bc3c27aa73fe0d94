//! What a token can see of a portal's bindings.

use crate::bindings::Binding;
use crate::portal::Portal;
use crate::portal::batching::BatchReply;
use crate::portal::calls::profile::Caller;
use crate::portal::calls::{event_get, profile};
use crate::portal::failure::Failure;
use crate::wire::batch::Command;

/// The bindings a token can see, and whose token it is. Only an administrator sees all of the application's bindings;
/// anybody else sees its own and must not take that for the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// In order of creation.
    pub bindings: Vec<Binding>,
    /// Who looks.
    pub caller: Caller,
}

impl View {
    /// The commands whose outcomes [`View::decode`] reads.
    #[must_use]
    pub fn commands() -> [Command; 2] {
        [event_get::command(), profile::command()]
    }

    /// Reads the bindings and the caller in one request.
    ///
    /// # Errors
    /// [`Failure`] when the request, or either part of it, failed.
    pub async fn read(portal: &Portal) -> Result<Self, Failure> {
        let mut reply = portal.batch(&Self::commands()).await?;
        Self::decode(portal, &mut reply, 0)
    }

    /// Puts the replies to [`View::commands`] together, the first of which stands at `at`.
    ///
    /// # Errors
    /// [`Failure`] when either command was refused, was not answered, or answered in a shape we cannot read: a view
    /// with holes would be a lie.
    pub fn decode(portal: &Portal, reply: &mut BatchReply, at: usize) -> Result<Self, Failure> {
        let rows = reply.result(at, portal, event_get::decode)?;
        let caller = reply.result(at + 1, portal, profile::decode)?;
        Ok(Self { bindings: rows.into_iter().map(Binding::from).collect(), caller })
    }

    /// `app` when the view is whole, `own` when it holds the caller's bindings only.
    #[must_use]
    pub fn extent(&self) -> &'static str {
        if self.caller.admin { "app" } else { "own" }
    }
}
