//! A help text in a manual page.

use super::text::{Block, Line, blocks};

/// Writes a text as roff. Headings become sections, kept lines and examples are not filled.
pub(crate) fn to_roff(text: &str) -> String {
    blocks(text).iter().map(block).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(title) => format!(".SH \"{}\"\n", escape(&title.to_uppercase())),
        Block::Paragraph(text) => format!(".PP\n{}\n", inline(text)),
        Block::Item(text) => format!(".IP \\(bu 2\n{}\n", inline(text)),
        Block::Verbatim(lines) => kept(lines.iter().map(String::as_str)),
        Block::Examples(lines) => lines.iter().map(example).collect(),
        Block::Definitions(lines) => {
            lines.iter().map(|line| format!(".TP\n\\fB{}\\fR\n{}\n", escape(&line.term), inline(&line.note))).collect()
        }
    }
}

/// A command, with its note above it as in a script.
fn example(line: &Line) -> String {
    let command = kept(std::iter::once(line.term.as_str()));
    if line.note.is_empty() { command } else { format!(".PP\n{}:\n{command}", inline(&line.note)) }
}

fn kept<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: String = lines.map(|line| format!("{}\n", escape(line))).collect();
    format!(".PP\n.RS 4\n.nf\n{lines}.fi\n.RE\n")
}

/// Text of a paragraph: what stands in backticks is bold.
fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let styled: String = parts
        .map(|(i, part)| if i % 2 == 1 { format!("\\fB{}\\fR", escape_inside(part)) } else { escape_inside(part) })
        .collect();
    guard(&styled)
}

/// A whole line.
pub(crate) fn escape(text: &str) -> String {
    guard(&escape_inside(text))
}

/// A hyphen that is copied has to stay one, and a quote has to stay straight.
fn escape_inside(text: &str) -> String {
    text.replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq")
        .replace('`', "\\(ga")
        .replace('^', "\\(ha")
        .replace('~', "\\(ti")
}

/// A line that begins with a dot would be a request to the formatter.
fn guard(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_not_filled_and_keep_hyphens_and_quotes() {
        let page = to_roff("Examples:\n  imconn call x 'a-b'   with `-q`\n");
        assert_eq!(
            page,
            ".SH \"EXAMPLES\"\n.PP\nwith \\fB\\-q\\fR:\n.PP\n.RS 4\n.nf\nimconn call x \\(aqa\\-b\\(aq\n.fi\n.RE\n"
        );
    }

    #[test]
    fn a_leading_dot_is_text() {
        assert_eq!(to_roff(".toml files"), ".PP\n\\&.toml files\n");
    }
}
