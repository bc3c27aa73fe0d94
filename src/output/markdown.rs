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
    let cells: Vec<String> = texts.map(cell).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Text that neither ends its cell nor is rendered as anything but itself: words as they are, any other value as code.
fn cell(text: &str) -> String {
    let text = printable(text);
    if is_words(&text) { text } else { code(&text) }
}

/// Whether no renderer reads text as markup, a link, a mention or an emoji.
fn is_words(text: &str) -> bool {
    let mut next = text.chars().skip(1);
    let is_word = |c: char| c.is_alphanumeric() || " ,;'()+-=%/→…".contains(c);
    text.chars().all(|c| {
        let is_last_or_before_space = next.next().is_none_or(|next| next == ' ');
        is_word(c) || ".:".contains(c) && is_last_or_before_space
    })
}

/// A code span. Only `|` has a meaning in one, because a table is divided before its cells are read.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`') + 1);
    let touches_fence = text.starts_with('`') || text.ends_with('`');
    // One space at both ends is not part of the text.
    let pad = if touches_fence || text.starts_with(' ') && text.ends_with(' ') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

/// The length of the longest run of a character.
pub(crate) fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, TagEnd};

    use super::*;

    /// The cells of one row, as a renderer shows them.
    fn rendered(texts: &[&str]) -> Vec<String> {
        let source = heading(texts.iter().map(|_| "x")) + &line(texts.iter().copied());
        let mut cells = vec![String::new()];
        for event in Parser::new_ext(&source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(text) | Event::Code(text) => cells.last_mut().expect("a cell").push_str(&text),
                Event::End(TagEnd::TableCell) => cells.push(String::new()),
                Event::Start(_) | Event::End(_) => {}
                other => panic!("{other:?} in {source}"),
            }
        }
        cells.pop();
        cells.split_off(texts.len())
    }

    #[test]
    fn a_url_is_copied_unchanged() {
        let url = "https://my_bot.example.com/a_b?x=*1*&y=~z~|~";
        assert_eq!(rendered(&[url, "event's user"]), [url, "event's user"]);
        assert_eq!(cell("event's user"), "event's user");
        assert_eq!(cell("www.example.com"), "`www.example.com`");
    }

    #[test]
    fn a_cell_cannot_break_out_of_its_table() {
        assert_eq!(line(["a|b\nc", "<i>"].into_iter()), "| `a\\|b c` | `<i>` |\n");
    }

    proptest! {
        #[test]
        fn every_value_is_rendered_as_itself(value in "[ab`|\\\\*_ <:.&é]{1,12}") {
            // Blanks around a cell belong to the table.
            prop_assume!(value.trim() == value);
            prop_assert_eq!(rendered(&[&value, "x"]), [value.as_str(), "x"]);
        }
    }
}
