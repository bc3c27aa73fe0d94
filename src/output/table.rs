//! Tables for people.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell as GridCell, ColumnConstraint, ContentArrangement, Table as Grid, presets};

use super::markdown;
use super::row::{Cell, Column, Field, Row, Tone};
use crate::wire::excerpt::printable;

/// Columns below which a wrapped cell is harder to read than a record of its own.
const NARROWEST_CELL: usize = 16;
/// Spaces between two columns.
const GAP: usize = 2;

/// Titles and rows of the same length.
#[derive(Debug, Default)]
pub(crate) struct Table {
    titles: Vec<&'static str>,
    /// The column that wraps when the terminal is too narrow; the others keep their width.
    elastic: usize,
    rows: Vec<TableRow>,
}

#[derive(Debug)]
struct TableRow {
    cells: Vec<Cell>,
    /// A line of its own below the row. It is never wrapped: it may hold a command to paste.
    note: Option<String>,
}

/// Begins the first cell of a grid row that stands for a note.
const NOTE_MARK: char = '\u{e000}';

/// Where to paint: the column, the text of a cell in it, its style.
type Paint<'a> = (usize, &'a str, Style);

impl Table {
    /// The table of these rows.
    pub(crate) fn of<R: Row>(rows: &[R]) -> Self {
        Self::new(R::COLUMNS, rows.iter().map(Row::cells).collect())
    }

    /// A table of `rows`, of which each has a cell per column. Columns without a title are left out.
    pub(crate) fn new(columns: &[Column], rows: Vec<Vec<Cell>>) -> Self {
        Self::with_notes(columns, rows.into_iter().map(|cells| (cells, None)).collect())
    }

    /// The same, with notes below some rows. A note takes the whole width.
    pub(crate) fn with_notes(columns: &[Column], rows: Vec<(Vec<Cell>, Option<String>)>) -> Self {
        let shown: Vec<bool> = (0..columns.len()).map(|i| is_shown(&columns[i], i, &rows)).collect();
        Self {
            titles: select(columns.to_vec(), &shown).iter().filter_map(|column| column.title).collect(),
            elastic: select(columns.to_vec(), &shown).iter().position(|column| column.elastic).unwrap_or_default(),
            rows: rows.into_iter().map(|(cells, note)| TableRow::new(select(cells, &shown), note)).collect(),
        }
    }

    /// Draws the table within `width` columns, or as wide as it is; too narrow for a table, one record below the other.
    /// Nothing is left out.
    pub(crate) fn draw(&self, width: Option<u16>, color: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut lines = match width {
            Some(width) if self.rigid_width() + NARROWEST_CELL > usize::from(width) => return self.stack(width),
            _ => self.grid(width),
        };
        if color {
            self.paint(&mut lines);
        }
        lines.join("\n") + "\n"
    }

    /// The table in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let rows = self.rows.iter().map(|row| self.markdown_row(row));
        markdown::heading(self.titles.iter().copied()) + &rows.collect::<String>()
    }

    /// A note becomes a row of its own.
    fn markdown_row(&self, row: &TableRow) -> String {
        let mut text = markdown::line(row.cells.iter().map(|cell| cell.text.as_str()));
        if let Some(note) = &row.note {
            let in_last = (1..self.titles.len()).map(|_| "").chain([note.as_str()]);
            text += &markdown::line(in_last);
        }
        text
    }

    /// Colours the header and, in columns that do not wrap, the cells with a tone.
    fn paint(&self, lines: &mut [String]) {
        let Some((header, rest)) = lines.split_first_mut() else { return };
        let starts = self.starts(header);
        let bold = Style::new().bold();
        *header = format!("{bold}{header}{bold:#}");
        let paints = self.paints();
        for line in rest {
            // From the right, so that what is inserted does not move what is still to be painted.
            for (column, start) in starts.iter().enumerate().rev() {
                paint_cell(line, *start, paints.iter().filter(|(at, ..)| *at == column));
            }
        }
    }

    /// Where the columns start, as the header shows it.
    fn starts(&self, header: &str) -> Vec<usize> {
        let mut from = 0;
        let mut starts = Vec::with_capacity(self.titles.len());
        for title in &self.titles {
            let start = header[from..].find(title).map_or(from, |at| from + at);
            starts.push(start);
            from = start + title.len();
        }
        starts
    }

    fn paints(&self) -> Vec<Paint<'_>> {
        let mut paints: Vec<Paint<'_>> = Vec::new();
        for row in &self.rows {
            for (column, cell) in row.cells.iter().enumerate().filter(|(column, _)| *column != self.elastic) {
                let paint =
                    color_of(cell.tone).map(|color| (column, &*cell.text, Style::new().fg_color(Some(color.into()))));
                paints.extend(paint.filter(|paint| !paints.contains(paint)));
            }
        }
        // "failed" must not hide "failed: CODE".
        paints.sort_by_key(|(_, text, _)| std::cmp::Reverse(text.len()));
        paints
    }

    /// What the columns that do not wrap take.
    fn rigid_width(&self) -> usize {
        (0..self.titles.len()).filter(|column| *column != self.elastic).map(|column| self.width_of(column) + GAP).sum()
    }

    fn width_of(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row.cells[column].text.chars().count());
        cells.chain([self.titles[column].len()]).max().unwrap_or(0)
    }

    fn grid(&self, width: Option<u16>) -> Vec<String> {
        let mut grid = plain_grid(width);
        grid.set_header(&self.titles);
        for (i, row) in self.rows.iter().enumerate() {
            grid.add_row(row.cells.iter().map(|cell| &cell.text));
            if row.note.is_some() {
                grid.add_row([format!("{NOTE_MARK}{i}")]);
            }
        }
        for (i, column) in grid.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if i != self.elastic {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        grid.lines().map(|line| self.note_at(&line).unwrap_or_else(|| line.trim_end().to_owned())).collect()
    }

    /// The note that a line of the grid stands for.
    fn note_at(&self, line: &str) -> Option<String> {
        let row: usize = line.strip_prefix(NOTE_MARK)?.trim_end().parse().ok()?;
        self.rows.get(row)?.note.as_deref().map(indented)
    }

    /// The first cell of a record as its title, the others below it with their titles before them.
    fn stack(&self, width: u16) -> String {
        let mut out = String::new();
        for row in &self.rows {
            let cells = &row.cells;
            if !cells[0].text.is_empty() {
                let mut title = plain_grid(Some(width));
                title.add_row(vec![GridCell::new(&cells[0].text)]);
                out += &draw(&mut title, 0);
            }
            let fields = self.titles.iter().zip(cells).skip(1).filter(|(_, cell)| !cell.text.is_empty());
            out += &pairs(fields.map(|(title, cell)| (format!("  {title}"), cell.text.clone())), Some(width));
            out.extend(row.note.as_deref().map(|note| indented(note) + "\n"));
        }
        out
    }
}

/// A record, one field per line, within `width` columns.
pub(super) fn record(fields: &[Field], width: Option<u16>) -> String {
    pairs(fields.iter().map(|field| (field.title.to_owned(), printable(&field.cell.text))), width)
}

/// A row on a line of its own, as far as a table can be drawn before its other rows are known.
pub(super) fn line(columns: &[Column], cells: &[Cell]) -> String {
    let titled = columns.iter().zip(cells).filter(|(column, _)| column.title.is_some());
    let texts: Vec<String> = titled.map(|(_, cell)| printable(&cell.text)).collect();
    texts.join("  ").trim_end().to_owned() + "\n"
}

fn is_shown(column: &Column, index: usize, rows: &[(Vec<Cell>, Option<String>)]) -> bool {
    column.title.is_some() && (!column.optional || rows.iter().any(|(cells, _)| !cells[index].text.is_empty()))
}

fn select<T>(items: Vec<T>, shown: &[bool]) -> Vec<T> {
    items.into_iter().zip(shown).filter(|(_, is_shown)| **is_shown).map(|(item, _)| item).collect()
}

impl TableRow {
    fn new(cells: Vec<Cell>, note: Option<String>) -> Self {
        Self { cells: cells.into_iter().map(printable_cell).collect(), note: note.map(|note| printable(&note)) }
    }
}

fn printable_cell(cell: Cell) -> Cell {
    Cell { text: printable(&cell.text), ..cell }
}

fn indented(note: &str) -> String {
    format!("  {note}")
}

fn color_of(tone: Tone) -> Option<AnsiColor> {
    match tone {
        Tone::Neutral => None,
        Tone::Good => Some(AnsiColor::Green),
        Tone::Warning => Some(AnsiColor::Yellow),
        Tone::Bad => Some(AnsiColor::Red),
    }
}

/// Colours the text that begins at `start`, if it is one of these.
fn paint_cell<'a>(line: &mut String, start: usize, mut paints: impl Iterator<Item = &'a Paint<'a>>) {
    let Some(rest) = line.get(start..) else { return };
    let found = paints.find(|(_, text, _)| !text.is_empty() && rest.starts_with(text));
    if let Some((_, text, style)) = found {
        let painted = format!("{style}{text}{style:#}");
        line.replace_range(start..start + text.len(), &painted);
    }
}

/// Labels and values, one pair per line, within `width` columns.
fn pairs(pairs: impl Iterator<Item = (String, String)>, width: Option<u16>) -> String {
    let mut grid = plain_grid(width);
    for (label, value) in pairs {
        grid.add_row([label, value]);
    }
    draw(&mut grid, 2)
}

/// The lines of a grid, with this many spaces between its columns.
fn draw(grid: &mut Grid, gap: u16) -> String {
    for column in grid.column_iter_mut() {
        column.set_padding((0, gap));
    }
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

    const COLUMNS: [Column; 5] = [
        Column::new("event", "Event"),
        Column::raw("scope"),
        Column::new("type", "Type"),
        Column::new("available", "Available").optional(),
        Column::new("handler", "Handler").elastic(),
    ];

    fn row(event: &str) -> Vec<Cell> {
        let handler = "https://bot.example.com/b24/a/long/path";
        vec![
            Cell::new(event).toned(Tone::Good),
            Cell::new("x"),
            Cell::new("online"),
            Cell::default(),
            Cell::new(handler),
        ]
    }

    fn table() -> Table {
        Table::new(&COLUMNS, vec![row("OnImConnectorMessageAdd"), row("OnX")])
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
    fn a_note_is_never_wrapped() {
        let note = "-> run `imconn -p acme unbind --all --handler=https://bot.example.com/b24/a/long/path`";
        let table = Table::with_notes(&COLUMNS, vec![(row("OnX"), Some(note.to_owned())), (row("OnY"), None)]);
        for width in [30, 60, 200] {
            let drawn = table.draw(Some(width), false);
            assert!(drawn.contains(&format!("\n  {note}\n")), "{drawn}");
        }
        assert_eq!(table.markdown().lines().count(), 5);
    }

    #[test]
    fn without_a_width_nothing_wraps() {
        assert_eq!(table().draw(None, false).lines().count(), 3);
    }

    #[test]
    fn a_tone_colours_its_cell_and_nothing_else() {
        let table = Table::new(&COLUMNS, vec![row("OnX")]);
        let drawn = table.draw(None, true);
        assert!(
            drawn.ends_with("\n\u{1b}[32mOnX\u{1b}[0m    online  https://bot.example.com/b24/a/long/path\n"),
            "{drawn:?}"
        );
    }
}
