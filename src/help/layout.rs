//! A help text on a terminal.

use std::fmt::Write as _;

use anstyle::Style;

use super::text::{Block, Line, blocks};

/// Longest line; longer ones are hard to read.
pub(crate) const MAX_WIDTH: usize = 100;

/// What stands to the left of examples, terms and kept lines.
const INDENT: usize = 2;

/// The indentation of a note that does not fit next to its term.
const NOTE_INDENT: usize = 6;

/// Fewest columns for notes next to their terms.
const NOTE_WIDTH: usize = 36;

/// How texts are written: a width, and the style of headings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    width: usize,
}

impl Layout {
    /// For a terminal of this width; outside a terminal, lines are as long as they may be.
    pub(crate) fn new(width: Option<u16>) -> Self {
        Self { width: width.map_or(MAX_WIDTH, |width| usize::from(width).clamp(20, MAX_WIDTH)) }
    }

    pub(crate) fn width(self) -> usize {
        self.width
    }

    /// Lays a text out. Headings are styled with ANSI sequences, which the writer strips where they are not wanted.
    pub(crate) fn render(self, text: &str) -> String {
        let mut out = String::new();
        let mut before: Option<&Block> = None;
        let all = blocks(text);
        for block in &all {
            if before.is_some_and(|before| is_divided(before, block)) {
                out.push('\n');
            }
            self.block(&mut out, block);
            before = Some(block);
        }
        out.truncate(out.trim_end().len());
        out
    }

    fn block(self, out: &mut String, block: &Block) {
        match block {
            Block::Heading(title) => {
                let style = heading_style();
                let _ = writeln!(out, "{style}{title}:{style:#}");
            }
            Block::Paragraph(text) => self.fill(out, text, 0, 0),
            Block::Item(text) => self.fill(out, &format!("- {text}"), 0, 2),
            Block::Verbatim(lines) => {
                for line in lines {
                    let _ = writeln!(out, "{}", format!("{:INDENT$}{line}", "").trim_end());
                }
            }
            Block::Examples(lines) | Block::Definitions(lines) => self.lines(out, lines),
        }
    }

    /// Terms to the left and notes to the right, or below where the terminal is narrow.
    fn lines(self, out: &mut String, lines: &[Line]) {
        let with_note = lines.iter().filter(|line| !line.note.is_empty());
        let longest = with_note.map(|line| line.term.chars().count()).max().unwrap_or(0);
        let column = INDENT + longest + 2;
        let widest = lines.iter().map(|line| line.note.chars().count()).max().unwrap_or(0);
        let below = column + widest.min(NOTE_WIDTH) > self.width;
        for Line { term, note } in lines {
            if note.is_empty() {
                let _ = writeln!(out, "{:INDENT$}{term}", "");
            } else if below {
                let _ = writeln!(out, "{:INDENT$}{term}", "");
                self.fill(out, note, NOTE_INDENT, NOTE_INDENT);
            } else {
                let head = format!("{:INDENT$}{term:longest$}  ", "");
                self.fill_after(out, head, note, column);
            }
        }
    }

    fn fill(self, out: &mut String, text: &str, first: usize, rest: usize) {
        self.fill_after(out, " ".repeat(first), text, rest);
    }

    /// Fills lines with words: the first behind `head`, the others behind `indent` spaces.
    fn fill_after(self, out: &mut String, head: String, text: &str, indent: usize) {
        let mut line = head;
        let mut empty = true;
        for word in text.split_whitespace() {
            let gap = usize::from(!empty);
            if !empty && line.chars().count() + gap + word.chars().count() > self.width {
                let _ = writeln!(out, "{line}");
                line = " ".repeat(indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        let _ = writeln!(out, "{line}");
    }
}

/// The style of clap's `Usage:`.
pub(crate) fn heading_style() -> Style {
    Style::new().bold().underline()
}

/// Whether a blank line stands between two blocks.
fn is_divided(before: &Block, block: &Block) -> bool {
    !matches!((before, block), (Block::Heading(_), _) | (Block::Item(_), Block::Item(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Show what is bound to\nwhich handler\n\nExamples:\n  imconn list          all of it\n  imconn list --all  the seven\n";

    fn plain(width: u16) -> String {
        anstream::adapter::strip_str(&Layout::new(Some(width)).render(TEXT)).to_string()
    }

    #[test]
    fn notes_stand_next_to_their_commands() {
        let expected = "Show what is bound to which handler\n\nExamples:\n  imconn list        all of it\n  imconn list --all  the seven";
        assert_eq!(plain(80), expected);
    }

    #[test]
    fn notes_stand_below_on_a_narrow_terminal() {
        let expected = "Show what is bound to which\nhandler\n\nExamples:\n  imconn list\n      all of it\n  imconn list --all\n      the seven";
        assert_eq!(plain(27), expected);
    }
}
