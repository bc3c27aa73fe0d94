//! `profile`: the user behind the token.

use serde_json::Value;

use super::{Call, WrongShape};
use crate::wire::batch::Command;
use crate::wire::profile::{Caller, UserProfile};

const METHOD: &str = "profile";

pub(crate) struct Profile;

impl Call for Profile {
    type Answer = UserProfile;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    fn decode(result: &Value) -> Result<UserProfile, WrongShape> {
        let id = result.get("ID").and_then(id).ok_or_else(|| WrongShape::member(METHOD, "ID"))?;
        let admin = result.get("ADMIN").and_then(Value::as_bool);
        let admin = admin.ok_or_else(|| WrongShape::member(METHOD, "ADMIN"))?;
        Ok(UserProfile { caller: Caller { id, admin }, name: full_name(result) })
    }
}

/// Comes as a string or a number.
fn id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn full_name(result: &Value) -> String {
    let names = ["NAME", "LAST_NAME"].into_iter().filter_map(|member| result.get(member)?.as_str());
    names.map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}
