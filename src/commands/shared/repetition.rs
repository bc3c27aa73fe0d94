//! Bindings that look the same.

use crate::bindings::Binding;
use crate::bindings::filter::{each_once, repeated};
use crate::output::Message;

/// Explains rows that a portal lists more than once. `rest` is what follows from that for the command.
pub(in crate::commands) fn repetition<'a>(
    listed: impl IntoIterator<Item = &'a Binding>,
    rest: &str,
) -> Option<Message> {
    let events = each_once(repeated(listed).into_iter().map(|binding| binding.event.as_str()));
    (!events.is_empty()).then(|| {
        Message::Info(format!(
            "{}: the same handler is bound with several source keys, which the portal does not report; {rest}",
            events.join(", ")
        ))
    })
}
