//! JSON: one document, or one object per line.

use serde::Serialize;
use serde_json::Value;

use super::row::Row;
use crate::error::Error;
use crate::redact::scrub_value;

/// An indented document.
pub(super) fn document(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    Ok(format!("{:#}\n", clean(value)?))
}

/// A value on a line of its own.
pub(super) fn line(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    Ok(format!("{}\n", clean(value)?))
}

/// One row per line.
pub(super) fn lines<R: Row>(rows: &[R]) -> Result<String, Error> {
    rows.iter().map(line).collect()
}

/// Without known secrets.
fn clean(value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    let mut value = serde_json::to_value(value).map_err(anyhow::Error::from)?;
    scrub_value(&mut value);
    Ok(value)
}
