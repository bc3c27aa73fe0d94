//! What a token that is not an administrator's can see.

use crate::reconcile::View;

/// Says whose bindings the view holds, when it does not hold all. `rest` is what follows from that for the command.
pub(in crate::commands) fn own_view(view: &View, rest: &str) -> Option<String> {
    let caller = view.caller;
    (!caller.admin)
        .then(|| format!("user {} is not an administrator: only their own bindings are visible{rest}", caller.id))
}

/// What a user needs for everything else.
pub(in crate::commands) const USE_ADMINISTRATOR: &str = "use the token of a portal administrator";
