//! Who a token speaks for: the application, its rights, and the user.

use super::Portal;
use super::batch::{Batch, BatchReply, Key};
use super::calls::{AppInfo, Application, Profile, Scope, UserAdmin};
use super::failure::Failure;
use crate::wire::profile::UserProfile;

/// An application on a portal, with the user of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) application: Application,
    pub(crate) user: User,
    /// The application's scopes.
    pub(crate) scopes: Vec<String>,
}

/// The user behind a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: u64,
    /// First and last name; may be empty.
    pub(crate) name: String,
    /// Whether the user administers the portal.
    pub(crate) admin: bool,
}

/// The calls that make up an [`Identity`], in a batch.
pub(crate) struct IdentityKeys {
    application: Key<AppInfo>,
    admin: Key<UserAdmin>,
    scopes: Key<Scope>,
    pub(crate) profile: Key<Profile>,
}

impl Identity {
    pub(crate) fn add_to(batch: &mut Batch) -> IdentityKeys {
        IdentityKeys {
            application: batch.add(AppInfo),
            admin: batch.add(UserAdmin),
            scopes: batch.add(Scope),
            profile: batch.add(Profile),
        }
    }

    /// Asks the portal, in one request.
    pub(crate) async fn read(portal: &Portal) -> Result<Self, Failure> {
        let mut batch = Batch::new();
        let keys = Self::add_to(&mut batch);
        keys.take(&portal.batch(batch).await?)
    }
}

impl IdentityKeys {
    /// Fails when any of the calls was refused, was not answered, or has an unexpected answer.
    pub(crate) fn take(&self, reply: &BatchReply) -> Result<Identity, Failure> {
        let application = reply.take(self.application)?;
        let admin = reply.take(self.admin)?;
        let scopes = reply.take(self.scopes)?;
        let UserProfile { caller, name } = reply.take(self.profile)?;
        Ok(Identity { application, user: User { id: caller.id, name, admin }, scopes })
    }
}
