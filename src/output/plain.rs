//! Tab-separated values without a header: one record per line.

use super::row::{Cell, Column, Field, Row};

pub(super) fn list<R: Row>(rows: &[R]) -> String {
    rows.iter().map(|row| line(R::COLUMNS, &row.cells())).collect()
}

/// One field per line: its name, then its value.
pub(super) fn record(fields: &[Field]) -> String {
    fields.iter().map(|field| format!("{}\t{}\n", field.name, one_line(&field.cell.raw))).collect()
}

pub(super) fn line(columns: &[Column], cells: &[Cell]) -> String {
    let named = columns.iter().zip(cells).filter(|(column, _)| column.name.is_some());
    let values: Vec<String> = named.map(|(_, cell)| one_line(&cell.raw)).collect();
    values.join("\t") + "\n"
}

/// Control characters would break "one record per line": they are written as escapes.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stays_on_one_line_whatever_it_holds() {
        let columns = [Column::raw("handler"), Column::titled("Shown"), Column::new("user", "User")];
        let cells = [Cell::new("a\tb\nc\u{1b}[2J"), Cell::new("-"), Cell::new("-").with_raw("")];
        assert_eq!(line(&columns, &cells), "a\\tb\\nc\\u{1b}[2J\t\n");
    }
}
