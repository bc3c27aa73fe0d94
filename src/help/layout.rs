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

    /// Lays a text out. Headings are styled with ANSI sequences, which the writer strips where the output takes none.
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
        let text = unbroken(text);
        let mut line = head;
        let mut empty = true;
        for word in text.split_ascii_whitespace() {
            let gap = usize::from(!empty);
            if !empty && line.chars().count() + gap + word.chars().count() > self.width {
                let _ = writeln!(out, "{line}");
                line = " ".repeat(indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(&word.replace(GLUE, " "));
            empty = false;
        }
        let _ = writeln!(out, "{line}");
    }
}

/// A space that no line is broken at: neither this layout nor clap's breaks at U+00A0.
pub(crate) const GLUE: char = '\u{a0}';

/// Longest text that is kept on one line.
const UNBROKEN: usize = 36;

/// Keeps what stands in short brackets on one line, and the last word with the one before it: a line with a single word
/// looks like an accident.
pub(crate) fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((open, close)) = bracket(rest) {
        out.push_str(&rest[..open]);
        let inner = &rest[open..close];
        let is_short = inner.chars().count() <= UNBROKEN;
        out.push_str(&if is_short { inner.replace(' ', &GLUE.to_string()) } else { inner.to_owned() });
        rest = &rest[close..];
    }
    out.push_str(rest);
    let Some((start, last)) = out.trim_end().rsplit_once(' ') else { return out };
    let before = start.rsplit(' ').next().unwrap_or_default();
    let is_short = before.chars().count() + last.chars().count() < UNBROKEN;
    if is_short && start.contains(' ') { format!("{start}{GLUE}{last}") } else { out }
}

/// Where the first brackets open and end.
fn bracket(text: &str) -> Option<(usize, usize)> {
    let open = text.find('[')?;
    Some((open, open + text[open..].find(']')? + 1))
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
        let expected = "Show what is bound to\nwhich handler\n\nExamples:\n  imconn list\n      all of it\n  imconn list --all\n      the seven";
        assert_eq!(plain(27), expected);
    }

    #[test]
    fn the_last_line_has_more_than_one_word() {
        assert_eq!(Layout::new(Some(20)).render("one two three four five"), "one two three\nfour five");
    }

    #[test]
    fn short_brackets_stay_on_one_line() {
        let text = unbroken("Timeout for one request [default: 30] [possible values: a, b]");
        assert_eq!(text, "Timeout for one request [default:\u{a0}30] [possible\u{a0}values:\u{a0}a,\u{a0}b]");
    }
}
