//! JSON: one document, or one object per line.

use serde::Serialize;

use super::row::Row;
use crate::error::Error;

/// An indented document.
pub(super) fn document(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    let text = serde_json::to_string_pretty(value).map_err(anyhow::Error::from)?;
    Ok(text + "\n")
}

/// A value on a line of its own.
pub(super) fn line(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    let text = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    Ok(text + "\n")
}

/// One row per line.
pub(super) fn lines<R: Row>(rows: &[R]) -> Result<String, Error> {
    rows.iter().map(line).collect()
}
