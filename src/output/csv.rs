//! CSV with a header line.

use std::borrow::Cow;

use csv::WriterBuilder;

use super::row::{Cell, Column, Field, Row};
use crate::error::Error;
use crate::wire::excerpt::is_printable;

pub(super) fn list<R: Row>(rows: &[R]) -> Result<String, Error> {
    let mut text = header(R::COLUMNS)?;
    for row in rows {
        text += &line(R::COLUMNS, &row.cells())?;
    }
    Ok(text)
}

pub(super) fn record(fields: &[Field]) -> Result<String, Error> {
    let header = encode(fields.iter().map(|field| field.name))?;
    Ok(header + &encode(fields.iter().map(|field| field.cell.raw.as_str()))?)
}

pub(super) fn header(columns: &[Column]) -> Result<String, Error> {
    encode(columns.iter().filter_map(|column| column.name))
}

pub(super) fn line(columns: &[Column], cells: &[Cell]) -> Result<String, Error> {
    let named = columns.iter().zip(cells).filter(|(column, _)| column.name.is_some());
    encode(named.map(|(_, cell)| cell.raw.as_str()))
}

/// A value that a spreadsheet shows and does not run: what looks like a formula gets an apostrophe, as spreadsheets do it
/// themselves, and control characters are escaped.
pub(super) fn inert(value: &str) -> Cow<'_, str> {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err();
    if !is_formula && value.chars().all(is_printable) {
        return Cow::Borrowed(value);
    }
    let mut out = String::from(if is_formula { "'" } else { "" });
    for c in value.chars() {
        if is_printable(c) { out.push(c) } else { out.extend(c.escape_default()) }
    }
    Cow::Owned(out)
}

fn encode<'a>(values: impl Iterator<Item = &'a str>) -> Result<String, Error> {
    let mut writer = WriterBuilder::new().buffer_capacity(512).from_writer(Vec::new());
    writer.write_record(values.map(|value| inert(value).into_owned())).map_err(anyhow::Error::from)?;
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_shown_and_not_run() {
        for formula in ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)|x", "\t=1", "\r=1"] {
            assert!(inert(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(inert("a\u{1b}[31m\u{202e}b"), "a\\u{1b}[31m\\u{202e}b");
        for harmless in ["-7", "+1.5", "https://a.b/?x==1", "OnX", ""] {
            assert_eq!(inert(harmless), harmless);
        }
    }

    #[test]
    fn quotes_what_needs_quotes() {
        let text = encode(["a,\"b\"", "7", ""].into_iter()).expect("CSV");
        assert_eq!(text, "\"a,\"\"b\"\"\",7,\n");
    }
}
