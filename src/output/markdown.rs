//! Markdown tables.

use super::row::{Cell, Column, Field};
use crate::wire::excerpt::printable;

pub(super) fn record(fields: &[Field]) -> String {
    let rows = fields.iter().map(|field| line([field.title, &field.cell.text].into_iter()));
    heading(["", ""].into_iter()) + &rows.collect::<String>()
}

pub(super) fn header(columns: &[Column]) -> String {
    heading(columns.iter().filter_map(|column| column.title))
}

pub(super) fn row(columns: &[Column], cells: &[Cell]) -> String {
    let titled = columns.iter().zip(cells).filter(|(column, _)| column.title.is_some());
    line(titled.map(|(_, cell)| cell.text.as_str()))
}

/// A header line and the rule below it. Titles are ours and need no escapes.
pub(super) fn heading<'a>(titles: impl Iterator<Item = &'a str>) -> String {
    let titles: Vec<&str> = titles.collect();
    let rule = vec!["---"; titles.len()];
    format!("| {} |\n| {} |\n", titles.join(" | "), rule.join(" | "))
}

pub(super) fn line<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = texts.map(escape).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Text that neither ends its cell nor is rendered as anything but text.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if "\\|`*_[]<>#&~@".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        assert_eq!(line(["a|b\nc", "<i>"].into_iter()), "| a\\|b c | \\<i\\> |\n");
    }
}
