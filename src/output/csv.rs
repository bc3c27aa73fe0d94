//! CSV with a header line.

use csv::WriterBuilder;

use super::row::{Cell, Column, Field, Row};
use crate::error::Error;

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

pub(super) fn encode<'a>(values: impl Iterator<Item = &'a str>) -> Result<String, Error> {
    let mut writer = WriterBuilder::new().buffer_capacity(512).from_writer(Vec::new());
    writer.write_record(values).map_err(anyhow::Error::from)?;
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_needs_quotes() {
        let text = encode(["a,\"b\"", "7", ""].into_iter()).expect("CSV");
        assert_eq!(text, "\"a,\"\"b\"\"\",7,\n");
    }
}
