//! What a token can see of a portal's bindings.

use super::Binding;
use crate::portal::Portal;
use crate::portal::failure::Failure;
use crate::portal::methods::profile::Caller;
use crate::portal::methods::{WrongShape, event_get, profile};
use crate::wire::batch::{Command, Outcome};
use crate::wire::envelope::{Oddity, Unusable};

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
        let reply = portal.batch(&Self::commands()).await?;
        Self::decode(portal, &reply.outcomes)
    }

    /// Puts the outcomes of [`View::commands`] together.
    ///
    /// # Errors
    /// [`Failure`] when either command was refused, was not answered, or answered in a shape we cannot read: a view
    /// with holes would be a lie.
    pub fn decode(portal: &Portal, outcomes: &[Outcome]) -> Result<Self, Failure> {
        let [rows, caller] = outcomes else { return Err(unreadable(portal, "the batch is incomplete")) };
        let rows = event_get::decode(done(portal, rows)?).map_err(|error| wrong_shape(portal, &error))?;
        let caller = profile::decode(done(portal, caller)?).map_err(|error| wrong_shape(portal, &error))?;
        Ok(Self { bindings: rows.into_iter().map(Binding::from).collect(), caller })
    }

    /// `app` when the view is whole, `own` when it holds the caller's bindings only.
    #[must_use]
    pub fn extent(&self) -> &'static str {
        if self.caller.admin { "app" } else { "own" }
    }
}

/// The result of a command that had to succeed.
///
/// # Errors
/// [`Failure`] when it did not.
pub fn done<'a>(portal: &Portal, outcome: &'a Outcome) -> Result<&'a serde_json::Value, Failure> {
    match outcome {
        Outcome::Done(value) => Ok(value),
        Outcome::Refused(error) => Err(Failure::Refused(error.clone())),
        Outcome::Missing => Err(unreadable(portal, "a command of the batch was not answered")),
    }
}

/// A result in a shape we cannot read, as a failure of the whole answer.
#[must_use]
pub fn wrong_shape(portal: &Portal, error: &WrongShape) -> Failure {
    unreadable(portal, &error.to_string())
}

fn unreadable(portal: &Portal, why: &str) -> Failure {
    let what = Unusable {
        status: 200,
        content_type: "application/json".to_owned(),
        oddity: Oddity::WrongShape,
        excerpt: why.to_owned(),
    };
    Failure::Unusable { host: portal.address().host(), what }
}
