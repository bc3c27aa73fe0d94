//! Tables for people.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table as Grid, presets};

use crate::wire::excerpt::printable;

/// Columns below which a wrapped cell is harder to read than a record of its own.
const NARROWEST_CELL: usize = 16;
/// Spaces between two columns.
const GAP: usize = 2;

/// Headers and rows, every cell a text.
#[derive(Debug, Default)]
pub struct Table {
    /// Column headers.
    pub headers: Vec<&'static str>,
    /// The column that wraps when the terminal is too narrow; the others keep their width.
    pub elastic: usize,
    /// Rows; each as long as the headers.
    pub rows: Vec<Vec<String>>,
    /// The colour of a line that begins with this word.
    pub tint: Option<fn(&str) -> Option<AnsiColor>>,
}

impl Table {
    /// Draws the table within `width` columns, or as wide as it is; too narrow for a table, one record below the other.
    /// Nothing is left out.
    #[must_use]
    pub fn draw(&self, width: Option<u16>, color: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let rows: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(|cell| printable(cell)).collect()).collect();
        let mut lines = match width {
            Some(width) if self.rigid_width(&rows) + NARROWEST_CELL > usize::from(width) => {
                return self.stack(&rows, width);
            }
            _ => self.grid(&rows, width),
        };
        if color {
            self.paint(&mut lines);
        }
        lines.join("\n") + "\n"
    }

    /// The table in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let header = line(self.headers.iter().map(|&header| header.to_owned()).collect());
        let rule = line(self.headers.iter().map(|_| "---".to_owned()).collect());
        let row = |row: &Vec<String>| line(row.iter().map(|cell| markdown_cell(cell)).collect());
        header + &rule + &self.rows.iter().map(row).collect::<String>()
    }

    fn paint(&self, lines: &mut [String]) {
        let bold = Style::new().bold();
        let Some((header, rest)) = lines.split_first_mut() else { return };
        *header = format!("{bold}{header}{bold:#}");
        for line in rest {
            let word = line.split(' ').next().unwrap_or_default();
            if let Some(color) = self.tint.and_then(|tint| tint(word)) {
                let style = Style::new().fg_color(Some(color.into()));
                *line = format!("{style}{word}{style:#}{}", &line[word.len()..]);
            }
        }
    }

    /// What the columns that do not wrap take.
    fn rigid_width(&self, rows: &[Vec<String>]) -> usize {
        let column = |i: usize| {
            let cells = rows.iter().map(|row| row[i].chars().count());
            cells.chain([self.headers[i].len()]).max().unwrap_or(0) + GAP
        };
        (0..self.headers.len()).filter(|&i| i != self.elastic).map(column).sum()
    }

    fn grid(&self, rows: &[Vec<String>], width: Option<u16>) -> Vec<String> {
        let mut grid = plain_grid(width);
        grid.set_header(&self.headers);
        for row in rows {
            grid.add_row(row);
        }
        for (i, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if i != self.elastic {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        grid.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// The first cell of a record as its title, the others below it with their headers before them.
    fn stack(&self, rows: &[Vec<String>], width: u16) -> String {
        let mut out = String::new();
        for row in rows {
            let mut title = plain_grid(Some(width));
            title.add_row(vec![Cell::new(&row[0])]);
            let labels: Vec<String> = self.headers.iter().map(|header| format!("  {header}")).collect();
            let facts = labels.iter().zip(row).skip(1).filter(|(_, cell)| !cell.is_empty());
            let facts: Vec<(&str, &str)> = facts.map(|(label, cell)| (label.as_str(), cell.as_str())).collect();
            if !row[0].is_empty() {
                out.push_str(&draw(&mut title, 0));
            }
            out.push_str(&pairs(&facts, Some(width)));
        }
        out
    }
}

/// A cell that neither ends early nor is taken for anything but text.
fn markdown_cell(cell: &str) -> String {
    printable(cell).chars().fold(String::new(), |mut out, c| {
        if "\\|`*_[]<>#&~@".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// Labels and values, one pair a line, within `width` columns.
#[must_use]
pub fn pairs(pairs: &[(&str, &str)], width: Option<u16>) -> String {
    let mut grid = plain_grid(width);
    for (label, value) in pairs {
        grid.add_row(vec![(*label).to_owned(), printable(value)]);
    }
    draw(&mut grid, 2)
}

/// The lines of a grid, with this many spaces between its columns.
fn draw(grid: &mut Grid, gap: u16) -> String {
    grid.column_iter_mut().for_each(|column| {
        column.set_padding((0, gap));
    });
    grid.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn plain_grid(width: Option<u16>) -> Grid {
    let mut grid = Grid::new();
    grid.load_style(presets::NOTHING);
    grid.set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = width {
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_width(width);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |event: &str| {
            vec![event.to_owned(), "online".to_owned(), "https://bot.example.com/b24/a/long/path".to_owned()]
        };
        Table {
            headers: vec!["Event", "Type", "Handler"],
            elastic: 2,
            rows: vec![row("OnImConnectorMessageAdd"), row("OnX")],
            tint: None,
        }
    }

    #[test]
    fn only_the_elastic_column_wraps() {
        let drawn = table().draw(Some(60), false);
        assert!(drawn.lines().all(|line| line.len() <= 60), "{drawn}");
        assert!(drawn.contains("OnImConnectorMessageAdd  online  https://"), "{drawn}");
    }

    #[test]
    fn a_narrow_terminal_gets_one_record_below_the_other() {
        let drawn = table().draw(Some(40), false);
        assert!(drawn.lines().all(|line| line.len() <= 40), "{drawn}");
        assert!(drawn.starts_with("OnImConnectorMessageAdd\n  Type     online\n  Handler  https://"), "{drawn}");
        let letters: String = drawn.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(letters.contains("https://bot.example.com/b24/a/long/path"), "{drawn}");
    }

    #[test]
    fn without_a_width_nothing_wraps() {
        assert_eq!(table().draw(None, false).lines().count(), 3);
    }
}
