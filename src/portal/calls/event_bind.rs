//! `event.bind`: subscribes a handler.

use serde_json::Value;

use super::{Call, WrongShape, binding_command};
use crate::bindings::Binding;
use crate::redact::Scrubber;
use crate::wire::batch::Command;
use crate::wire::excerpt::excerpt;

const METHOD: &str = "event.bind";

pub(crate) struct EventBind(pub(crate) Binding);

impl Call for EventBind {
    type Answer = ();

    fn command(self) -> Command {
        binding_command(METHOD, &self.0).for_connector(self.0.auth_connector.as_deref().unwrap_or_default())
    }

    /// Old versions of the portal answer `false` and go on (`protocol` section 2): nothing is bound then.
    fn decode(result: &Value) -> Result<(), WrongShape> {
        if result.as_bool() == Some(true) {
            return Ok(());
        }
        let found = excerpt(result.to_string().as_bytes(), &Scrubber::default());
        Err(WrongShape::new(METHOD, format!("expected true, found {found}")))
    }
}
