//! `app.info`: the application.

use serde_json::Value;

use super::{Call, WrongShape};
use crate::wire::batch::Command;

const METHOD: &str = "app.info";

pub(crate) struct AppInfo;

/// The application as its portal knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Application {
    /// `CODE`: the client id of a local application, `VENDOR.NAME` of one from the market.
    pub(crate) code: String,
    /// `VERSION`.
    pub(crate) version: Option<u64>,
    /// `STATUS`: L local, F free, D demo, T trial, P paid, S subscription.
    pub(crate) status: String,
    /// `INSTALLED`: nothing is delivered before that.
    pub(crate) installed: bool,
    /// `PAYMENT_EXPIRED`.
    pub(crate) payment_expired: bool,
    /// `DAYS`: paid days left; negative during the grace period, `None` if there is nothing to pay.
    pub(crate) days: Option<i64>,
    /// `LICENSE`: the portal's plan.
    pub(crate) license: Option<String>,
}

impl Application {
    /// The meaning of the status letter.
    pub(crate) fn status_word(&self) -> &str {
        match self.status.as_str() {
            "L" => "local",
            "F" => "free",
            "D" => "demo",
            "T" => "trial",
            "P" => "paid",
            "S" => "subscription",
            other => other,
        }
    }
}

impl Call for AppInfo {
    type Answer = Application;

    fn command(self) -> Command {
        Command::new(METHOD)
    }

    fn decode(result: &Value) -> Result<Application, WrongShape> {
        let installed = result.get("INSTALLED").and_then(Value::as_bool);
        Ok(Application {
            code: text(result, "CODE").ok_or_else(|| WrongShape::member(METHOD, "CODE"))?,
            version: number(result, "VERSION").and_then(|version| u64::try_from(version).ok()),
            status: text(result, "STATUS").unwrap_or_default(),
            installed: installed.ok_or_else(|| WrongShape::member(METHOD, "INSTALLED"))?,
            payment_expired: text(result, "PAYMENT_EXPIRED").as_deref() == Some("Y"),
            days: number(result, "DAYS"),
            license: text(result, "LICENSE"),
        })
    }
}

fn text(result: &Value, name: &str) -> Option<String> {
    result.get(name)?.as_str().map(str::to_owned)
}

/// Comes as a string or a number.
fn number(result: &Value, name: &str) -> Option<i64> {
    let value = result.get(name)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
