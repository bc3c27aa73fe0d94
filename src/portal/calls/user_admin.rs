//! `user.admin`: whether the token's user administers the portal.

use serde_json::Value;

use super::{Call, WrongShape};
use crate::wire::batch::Command;

const METHOD: &str = "user.admin";

pub(crate) struct UserAdmin;

impl Call for UserAdmin {
    type Answer = bool;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    fn decode(result: &Value) -> Result<bool, WrongShape> {
        result.as_bool().ok_or_else(|| WrongShape::new(METHOD, "expected true or false"))
    }
}
