//! Plain text tables: columns aligned with spaces, readable in any terminal and in a log.

/// How the cells of a column are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table that grows row by row.
pub struct Table {
    columns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with one heading a column.
    pub fn new<'a>(headings: impl IntoIterator<Item = (&'a str, Align)>) -> Self {
        let (headings, columns) = headings
            .into_iter()
            .map(|(heading, align)| (heading.to_owned(), align))
            .unzip();
        Self {
            columns,
            rows: vec![headings],
        }
    }

    /// Adds a row, one cell a column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.columns.len(), "one cell a column");
        self.rows.push(cells);
    }

    /// The rows as lines, headings first, two spaces between columns.
    pub fn render(&self) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = self.rows.iter().map(|row| row[column].chars().count());
                cells.max().unwrap_or(0)
            })
            .collect();
        let lines = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths).zip(&self.columns);
            let cells = cells.map(|((cell, &width), align)| match align {
                Align::Left => format!("{cell:<width$}"),
                Align::Right => format!("{cell:>width$}"),
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A number with four significant digits; with an exponent only where zeros would hide it.
pub fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let exponent = value.abs().log10().floor() as i32;
    match exponent {
        ..-4 => format!("{value:.2e}"),
        -4..4 => format!("{value:.*}", (3 - exponent) as usize),
        4.. => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Table, number};

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!(number(0.987_654), "0.9877");
        assert_eq!(number(-499.123), "-499.1");
        assert_eq!(number(0.000_217), "0.0002170");
        assert_eq!(number(0.000_018_36), "1.84e-5");
        assert_eq!(number(123_456.7), "123457");
        assert_eq!(number(0.0), "0");
    }

    #[test]
    fn columns_are_aligned_by_characters() {
        let mut table = Table::new([("name", Align::Left), ("value", Align::Right)]);
        table.row(["é".to_owned(), "12".to_owned()]);
        table.row(["longer".to_owned(), "7".to_owned()]);
        assert_eq!(
            table.render(),
            "name    value\né          12\nlonger      7"
        );
    }
}
