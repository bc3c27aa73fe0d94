//! One confirmation for every command that changes a portal.

use super::changes;
use crate::context::Context;
use crate::error::Error;
use crate::reconcile::{Action, Change};

/// What is asked when changes need a yes.
pub(in crate::commands) struct Confirmation<'a> {
    pub(in crate::commands) portal: &'a str,
    pub(in crate::commands) changes: &'a [Change],
    /// What is refused without a terminal: "remove 7 bindings from sandbox".
    pub(in crate::commands) purpose: String,
    /// Which options answer instead.
    pub(in crate::commands) options: &'static str,
}

impl Confirmation<'_> {
    /// Shows the changes and asks; an error unless the answer is yes.
    pub(in crate::commands) async fn ask(&self, context: &Context) -> Result<(), Error> {
        if !context.printer.terminal().interactive {
            let reason = if context.settings.no_input { "" } else { " (stdin is not a terminal)" };
            let message = format!("refusing to {} without confirmation{reason}", self.purpose);
            return Err(Error::usage(message, self.options));
        }
        show(self.changes, context);
        if context.printer.confirm(&question(self.changes, self.portal)).await? {
            return Ok(());
        }
        Err(Error::Usage { message: "declined; nothing was changed".to_owned(), hint: None })
    }
}

/// Shows what would change. With errors in JSON nothing else may stand on stderr.
pub(in crate::commands) fn show(changes: &[Change], context: &Context) {
    let terminal = context.printer.terminal();
    if terminal.interactive || !context.settings.format.is_json() {
        context.printer.plain(changes::table(changes).draw(terminal.width, false).trim_end());
    }
}

fn question(changes: &[Change], portal: &str) -> String {
    let add = changes.iter().filter(|change| change.action == Action::Bind).count();
    let remove = changes.len() - add;
    match (add, remove) {
        (_, 0) => format!("Add {} to {portal}?", bindings(add)),
        (0, _) => format!("Remove {} from {portal}?", bindings(remove)),
        _ => format!("Add {} to {portal} and remove {remove}?", bindings(add)),
    }
}

/// "1 binding", "7 bindings".
pub(in crate::commands) fn bindings(count: usize) -> String {
    format!("{count} binding{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::{Binding, Channel, Event};

    fn change(action: Action) -> Change {
        let binding = Binding { event: Event::from_portal("OnX"), channel: Channel::Offline, auth_connector: None };
        Change::planned(action, binding)
    }

    #[test]
    fn the_question_says_how_much_of_what() {
        assert_eq!(question(&[change(Action::Bind)], "acme"), "Add 1 binding to acme?");
        assert_eq!(question(&[change(Action::Unbind), change(Action::Unbind)], "acme"), "Remove 2 bindings from acme?");
        assert_eq!(
            question(&[change(Action::Bind), change(Action::Bind), change(Action::Unbind)], "acme"),
            "Add 2 bindings to acme and remove 1?"
        );
    }
}
