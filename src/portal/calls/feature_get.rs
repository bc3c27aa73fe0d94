//! `feature.get`: what the portal's plan includes.

use serde_json::Value;

use super::{Call, WrongShape};
use crate::wire::batch::Command;

const METHOD: &str = "feature.get";

/// A feature, by its code.
pub(crate) struct FeatureGet(pub(crate) &'static str);

impl Call for FeatureGet {
    /// Whether the plan includes the feature.
    type Answer = bool;

    fn command(self) -> Command {
        Command::new(METHOD).with("CODE", self.0)
    }

    fn decode(result: &Value) -> Result<bool, WrongShape> {
        match result.get("value").and_then(Value::as_str) {
            Some("Y") => Ok(true),
            Some("N") => Ok(false),
            _ => Err(WrongShape::new(METHOD, "`value` is neither Y nor N")),
        }
    }
}
