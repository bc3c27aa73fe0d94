//! What became of changes, by what the portal lists afterwards: an answer can be lost, or contradict the end state.

use super::change::{Action, Change, ChangeError, Status};
use super::read::{Listed, View};
use crate::bindings::Type;
use crate::portal::Portal;

/// Corrects the statuses of changes whose bindings were read before, and returns the end state, if it can be read. `end` is
/// what the same batch has listed: it is read again if it is missing although something may have been done, or if it
/// contradicts an answer, because the list may be older than a command that was repeated.
pub(super) async fn confirm(portal: &Portal, changes: &mut [Change], end: Option<View>) -> Option<View> {
    let is_doubtful = match &end {
        Some(view) => {
            let listed = view.listed();
            changes.iter().any(|change| contradicts(change, &listed))
        }
        None => changes.iter().any(|change| change.error().is_none()) || portal.has_lost_answers(),
    };
    if !is_doubtful {
        return end;
    }
    let end = View::read(portal).await.ok();
    if let Some(view) = &end {
        let listed = view.listed();
        for change in changes {
            correct(change, &listed);
        }
    }
    end
}

/// Whether the list of bindings shows the effect of a change.
fn is_done(change: &Change, listed: &Listed<'_>) -> bool {
    listed.contains(&change.binding) == (change.action == Action::Bind)
}

/// Whether the list can say anything about a change: an online binding with a source key cannot be distinguished from one
/// without, and a user who is not an administrator sees only their own.
fn is_listed(change: &Change, view: &View) -> bool {
    let binding = &change.binding;
    let is_hidden = change.action == Action::Bind && binding.kind() == Type::Online && binding.auth_connector.is_some();
    !is_hidden && view.covers(binding)
}

fn contradicts(change: &Change, listed: &Listed<'_>) -> bool {
    let claims_done = !matches!(change.status, Status::Failed(_) | Status::Planned);
    is_listed(change, listed.view) && claims_done != is_done(change, listed)
}

fn correct(change: &mut Change, listed: &Listed<'_>) {
    if !contradicts(change, listed) {
        return;
    }
    change.status = match (is_done(change, listed), change.action) {
        (true, Action::Bind) => Status::Bound,
        (true, Action::Unbind) => Status::Unbound,
        (false, action) => Status::Failed(ChangeError::Contradicted(action)),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::sample::online;
    use crate::wire::profile::Caller;

    fn corrected(action: Action, status: Status, is_bound: bool) -> Status {
        let binding = online("OnX", "https://a.b/", 0);
        let bindings = if is_bound { vec![binding.clone()] } else { Vec::new() };
        let view = View { bindings, caller: Caller { id: 1, admin: true } };
        let mut change = Change { action, binding, status };
        correct(&mut change, &view.listed());
        change.status
    }

    #[test]
    fn the_list_overrules_the_answer() {
        let lost = || Status::Failed(ChangeError::NotAnswered);
        assert_eq!(corrected(Action::Unbind, lost(), false), Status::Unbound);
        assert_eq!(corrected(Action::Unbind, lost(), true), lost());
        assert_eq!(corrected(Action::Bind, lost(), true), Status::Bound);
        assert_eq!(corrected(Action::Bind, Status::Unchanged, true), Status::Unchanged);
        let contradicted = |action| Status::Failed(ChangeError::Contradicted(action));
        assert_eq!(corrected(Action::Unbind, Status::Unbound, true), contradicted(Action::Unbind));
        assert_eq!(corrected(Action::Unbind, Status::Unchanged, true), contradicted(Action::Unbind));
        assert_eq!(corrected(Action::Bind, Status::Bound, false), contradicted(Action::Bind));
    }
}
