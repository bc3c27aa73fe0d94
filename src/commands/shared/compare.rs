//! What `diff` and `apply` share: a manifest, a portal, and the difference.

use crate::bindings::manifest::Manifest;
use crate::bindings::plan::{Extent, Plan};
use crate::bindings::{Binding, View};
use crate::context::Connection;
use crate::error::Error;

/// Removing more than this many bindings, and more than half of all, looks like a mistake.
const BRAKE: usize = 5;

/// What to say of such a plan before anybody applies it.
pub(in crate::commands) const FORCE: &str =
    "this removes more than half of the portal's bindings: apply will need --force";

/// Whether a plan removes so much that it takes `--force`.
pub(in crate::commands) fn needs_force(plan: &Plan, view: &View) -> bool {
    let doomed = plan.unbind.len();
    doomed > BRAKE && 2 * doomed > view.bindings.len()
}

/// A manifest beside a portal.
pub(in crate::commands) struct Comparison {
    /// What is wanted.
    pub(in crate::commands) manifest: Manifest,
    /// What is there.
    pub(in crate::commands) view: View,
    /// How much of it is compared.
    pub(in crate::commands) extent: Extent,
    /// The difference.
    pub(in crate::commands) plan: Plan,
}

impl Comparison {
    /// Reads the portal, in one request, and compares.
    ///
    /// # Errors
    /// [`Error::NotAuthorised`] when the token sees only a part of the bindings and `own` does not say that this part is
    /// meant; [`Error::Portal`] when the portal could not be asked.
    pub(in crate::commands) async fn read(
        manifest: Manifest,
        own: bool,
        connection: &Connection,
    ) -> Result<Self, Error> {
        let view = View::read(&connection.portal).await?;
        if !view.caller.admin && !own {
            return Err(Error::NotAuthorised {
                message: format!(
                    "the token's user {} is no administrator and sees only its own bindings: a comparison with the whole \
                     manifest would be wrong",
                    view.caller.id
                ),
                hint: Some("use an administrator's token, or compare this user's bindings only with --own".into()),
            });
        }
        let extent = if own { Extent::User(view.caller) } else { Extent::Application };
        let plan = Plan::of(&manifest, &view, extent);
        Ok(Self { manifest, view, extent, plan })
    }

    /// Bindings that stay though the manifest does not want them, because it ignores their handlers.
    pub(in crate::commands) fn ignored(&self) -> Vec<&Binding> {
        let is_ignored = |binding: &&Binding| binding.handler().is_some_and(|handler| self.manifest.ignores(handler));
        self.view.bindings.iter().filter(|binding| !self.manifest.wanted.contains(binding)).filter(is_ignored).collect()
    }
}
