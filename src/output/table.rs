//! Tables for people.

use comfy_table::{Cell, ContentArrangement, Table as Grid, presets};

use crate::wire::excerpt::printable;

/// Headers and rows, every cell a text.
#[derive(Debug, Default)]
pub struct Table {
    /// Column headers.
    pub headers: Vec<&'static str>,
    /// Rows; each as long as the headers.
    pub rows: Vec<Vec<String>>,
    /// What to say instead when there is no row.
    pub empty: String,
}

impl Table {
    /// Draws the table within `width` columns, or as wide as it is. Long cells wrap; nothing is left out.
    #[must_use]
    pub fn draw(&self, width: Option<u16>, color: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut grid = Grid::new();
        grid.load_style(presets::NOTHING);
        grid.set_content_arrangement(ContentArrangement::Disabled);
        if let Some(width) = width {
            grid.set_content_arrangement(ContentArrangement::Dynamic);
            grid.set_width(width);
        }
        grid.set_header(&self.headers);
        for row in &self.rows {
            grid.add_row(row.iter().map(|cell| Cell::new(printable(cell))));
        }
        for column in grid.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let mut lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
        if color && let Some(header) = lines.first_mut() {
            let bold = anstyle::Style::new().bold();
            *header = format!("{bold}{header}{bold:#}");
        }
        lines.join("\n") + "\n"
    }
}
