//! A help text as blocks.

/// One block of a help text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// `Examples:` or `# Title`, without the mark.
    Heading(String),
    /// Filled to the width.
    Paragraph(String),
    /// An entry of a list.
    Item(String),
    /// Commands, each with an optional note.
    Examples(Vec<Line>),
    /// Lines whose layout is kept.
    Verbatim(Vec<String>),
    /// A term and what it means.
    Definitions(Vec<Line>),
}

/// Something typed, or a term, and a note about it that may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) term: String,
    pub(crate) note: String,
}

/// What an indented line is indented by in the source.
const INDENT: &str = "  ";

/// An example's note may stand on the next line, indented further than any command.
const NOTE_INDENT: usize = 8;

/// Reads a text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut after_blank = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            after_blank = true;
            continue;
        }
        let added = if after_blank { continues_kept(&mut blocks, line) } else { continues(&mut blocks, line) };
        if !added {
            let block = begin(&blocks, line);
            blocks.push(block);
        }
        after_blank = false;
    }
    blocks
}

/// The widest line of a text that is not filled: typed as it is, or in a layout of its own.
#[must_use]
pub fn widest_kept_line(text: &str) -> usize {
    let width = |line: &str| line.chars().count() + INDENT.len();
    let widths = blocks(text).into_iter().flat_map(|block| match block {
        Block::Verbatim(lines) => lines.iter().map(|line| width(line)).collect::<Vec<_>>(),
        Block::Examples(lines) => lines.iter().map(|line| width(&line.term)).collect(),
        _ => Vec::new(),
    });
    widths.max().unwrap_or_default()
}

/// Kept lines that a blank one divides are one block.
fn continues_kept(blocks: &mut [Block], line: &str) -> bool {
    let Some(Block::Verbatim(lines)) = blocks.last_mut() else { return false };
    let Some(line) = line.strip_prefix(INDENT) else { return false };
    lines.extend([String::new(), line.to_owned()]);
    true
}

/// Adds a line to the block before it, where it belongs there.
fn continues(blocks: &mut [Block], line: &str) -> bool {
    match blocks.last_mut() {
        Some(Block::Paragraph(text)) if !is_special(line) => join(text, line),
        Some(Block::Item(text)) if line.starts_with(INDENT) => join(text, line),
        Some(Block::Examples(lines)) if line.starts_with(INDENT) => add_example(lines, line),
        Some(Block::Verbatim(lines)) if line.starts_with(INDENT) => lines.push(line[INDENT.len()..].to_owned()),
        // The line below the header: terminals and manual pages show no header.
        Some(Block::Definitions(rows)) if line.starts_with("|--") => rows.clear(),
        Some(Block::Definitions(rows)) if line.starts_with('|') => rows.extend(row(line)),
        _ => return false,
    }
    true
}

/// The block that a line begins.
fn begin(before: &[Block], line: &str) -> Block {
    if let Some(title) = line.strip_prefix("# ") {
        return Block::Heading(title.to_owned());
    }
    if let Some(item) = line.strip_prefix("- ") {
        return Block::Item(item.trim().to_owned());
    }
    if line.starts_with('|') {
        return Block::Definitions(row(line).into_iter().collect());
    }
    if let Some(kept) = line.strip_prefix(INDENT) {
        if matches!(before.last(), Some(Block::Heading(title)) if title == "Examples" || title == "First steps") {
            let mut lines = Vec::new();
            add_example(&mut lines, line);
            return Block::Examples(lines);
        }
        return Block::Verbatim(vec![kept.to_owned()]);
    }
    match heading(line) {
        Some(title) => Block::Heading(title.to_owned()),
        None => Block::Paragraph(line.trim().to_owned()),
    }
}

/// Whether a line cannot be a part of the paragraph before it.
fn is_special(line: &str) -> bool {
    line.starts_with(INDENT) || line.starts_with("- ") || line.starts_with('|') || line.starts_with("# ")
}

/// A few words with a colon at the end: `Examples:`.
fn heading(line: &str) -> Option<&str> {
    let title = line.strip_suffix(':')?;
    let plain = title.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
    (plain && title.len() < 30 && title.starts_with(|c: char| c.is_ascii_uppercase())).then_some(title)
}

fn join(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line.trim());
}

/// An example is a command and, behind two spaces or on the next line, a note.
fn add_example(lines: &mut Vec<Line>, line: &str) {
    let indent = line.len() - line.trim_start().len();
    if let Some(last) = lines.last_mut().filter(|_| indent > NOTE_INDENT) {
        if !last.note.is_empty() {
            last.note.push(' ');
        }
        last.note.push_str(line.trim());
        return;
    }
    let text = line.trim();
    let (term, note) = text.split_once(INDENT).unwrap_or((text, ""));
    lines.push(Line { term: term.to_owned(), note: note.trim().to_owned() });
}

/// A row of a table with two columns.
fn row(line: &str) -> Option<Line> {
    let (term, note) = line.trim().trim_matches('|').split_once(" | ")?;
    Some(Line { term: cell(term), note: cell(note) })
}

fn cell(text: &str) -> String {
    text.trim().replace("\\|", "|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(term: &str, note: &str) -> Line {
        Line { term: term.to_owned(), note: note.to_owned() }
    }

    #[test]
    fn paragraphs_are_joined_and_indented_lines_are_kept() {
        let text = "One\nparagraph.\n\nA table:\n  a   b\n    c\n\nEnd.";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph("One paragraph.".to_owned()),
                Block::Heading("A table".to_owned()),
                Block::Verbatim(vec!["a   b".to_owned(), "  c".to_owned()]),
                Block::Paragraph("End.".to_owned()),
            ]
        );
    }

    #[test]
    fn examples_have_notes_on_their_line_or_on_the_next() {
        let text =
            "Examples:\n  imconn list   all of it\n  imconn undo\n              the last\n              change\n";
        let expected = vec![line("imconn list", "all of it"), line("imconn undo", "the last change")];
        assert_eq!(blocks(text), [Block::Heading("Examples".to_owned()), Block::Examples(expected)]);
    }

    #[test]
    fn a_table_is_a_list_of_definitions() {
        let text = "| code | meaning |\n|---|---|\n| 0 | a \\| b |\n";
        assert_eq!(blocks(text), [Block::Definitions(vec![line("0", "a | b")])]);
    }
}
