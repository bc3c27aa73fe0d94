//! What `diff` and `apply` share: a manifest, a portal, and the difference.

use std::collections::HashSet;
use std::path::Path;

use super::secret_handler::refuse_secrets;
use crate::bindings::Binding;
use crate::bindings::manifest::Manifest;
use crate::bindings::plan::{Coverage, Plan};
use crate::context::Connection;
use crate::error::Error;
use crate::reconcile::View;
use crate::redact::shell_quoted;

/// Removing more than this many bindings without a successor, and more than half of all, looks like a mistake.
const BRAKE: usize = 5;

/// Said of such a plan before it is applied.
pub(in crate::commands) const FORCE: &str =
    "this removes more than half of the portal's bindings without a successor, so `apply` requires --force";

/// Whether a plan leaves so many events without a handler that it takes `--force`.
pub(in crate::commands) fn needs_force(plan: &Plan, view: &View) -> bool {
    let removals = plan.without_successor(&view.bindings).len();
    removals > BRAKE && 2 * removals > view.bindings.len()
}

/// The options that select the same manifest again: ` -f portals/acme.toml --own`. A manifest on stdin is gone.
pub(in crate::commands) fn manifest_options(file: Option<&Path>, own: bool) -> String {
    let file = file.filter(|file| *file != Path::new("-"));
    let file = file.map_or_else(String::new, |file| format!(" -f {}", quoted(file)));
    let own = if own { " --own" } else { "" };
    format!("{file}{own}")
}

/// A path as a word of a command.
pub(in crate::commands) fn quoted(path: &Path) -> String {
    shell_quoted(&path.to_string_lossy())
}

/// A manifest compared with a portal.
pub(in crate::commands) struct Comparison {
    pub(in crate::commands) manifest: Manifest,
    pub(in crate::commands) view: View,
    pub(in crate::commands) coverage: Coverage,
    pub(in crate::commands) plan: Plan,
}

impl Comparison {
    /// Reads the portal, in one request. A token that sees only a part of the bindings is refused, unless `own` limits the
    /// comparison to that part.
    pub(in crate::commands) async fn read(
        manifest: Manifest,
        own: bool,
        connection: &Connection,
    ) -> Result<Self, Error> {
        refuse_secrets(&manifest.desired)?;
        let view = View::read(&connection.portal).await?;
        if !view.caller.admin && !own {
            return Err(Error::NotAuthorised {
                message: format!(
                    "user {} is not an administrator and sees only their own bindings, so the manifest cannot be compared",
                    view.caller.id
                ),
                hint: Some("use an administrator's token, or compare only this user's bindings with --own".into()),
            });
        }
        let coverage = if own { Coverage::User(view.caller) } else { Coverage::Application };
        let plan = Plan::of(&manifest, &view.bindings, coverage);
        Ok(Self { manifest, view, coverage, plan })
    }

    /// Bindings that are not in the manifest but stay, because it ignores their handlers.
    pub(in crate::commands) fn ignored(&self) -> Vec<&Binding> {
        let desired: HashSet<&Binding> = self.manifest.desired.iter().collect();
        let others = self.view.bindings.iter().filter(|binding| !desired.contains(binding));
        others.filter(|binding| self.is_ignored(binding)).collect()
    }

    fn is_ignored(&self, binding: &Binding) -> bool {
        binding.handler().is_some_and(|handler| self.manifest.ignores(handler))
    }
}
