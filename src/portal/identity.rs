//! Who a token speaks for: the application, its rights, and the user.

use serde_json::Value;

use super::Portal;
use super::batching::BatchReply;
use super::calls::app_info::{self, Application};
use super::calls::{names, profile, user_admin};
use super::failure::Failure;
use crate::wire::batch::Command;

/// An application on a portal, in the hands of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The application.
    pub application: Application,
    /// The user.
    pub user: User,
    /// The application's scopes.
    pub scopes: Vec<String>,
}

/// The user behind a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub id: u64,
    /// First and last name; may be empty.
    pub name: String,
    /// Whether the user administers the portal.
    pub admin: bool,
}

impl Identity {
    /// The commands whose outcomes [`Identity::decode`] reads.
    #[must_use]
    pub fn commands() -> [Command; 4] {
        [app_info::command(), user_admin::command(), names::scope(), profile::command()]
    }

    /// Asks the portal, in one request.
    ///
    /// # Errors
    /// [`Failure`] when the request, or any part of it, failed.
    pub async fn read(portal: &Portal) -> Result<Self, Failure> {
        let mut reply = portal.batch(&Self::commands()).await?;
        Self::decode(portal, &mut reply, 0)
    }

    /// Puts the replies to [`Identity::commands`] together, the first of which stands at `at`.
    ///
    /// # Errors
    /// [`Failure`] when any of the commands was refused, was not answered, or answered in a shape we cannot read.
    pub fn decode(portal: &Portal, reply: &mut BatchReply, at: usize) -> Result<Self, Failure> {
        let application = reply.result(at, portal, app_info::decode)?;
        let admin = reply.result(at + 1, portal, user_admin::decode)?;
        let scopes = reply.result(at + 2, portal, |value| names::decode("scope", value))?;
        let named = |value: &Value| Ok((profile::decode(value)?.id, profile::decode_name(value)));
        let (id, name) = reply.result(at + 3, portal, named)?;
        Ok(Self { application, user: User { id, name, admin }, scopes })
    }
}
