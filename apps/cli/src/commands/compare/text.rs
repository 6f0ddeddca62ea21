//! The comparison as a table: a row a figure, a column a model.

use evaluation::measures;
use studio::Figure;

use super::measured::Column;
use crate::table::{Align, Table, number};

/// The whole table.
pub fn table(columns: &[Column]) -> String {
    let headings = columns
        .iter()
        .map(|column| (column.name.as_str(), Align::Right));
    let mut table = Table::new(std::iter::once(("", Align::Left)).chain(headings));
    let mut row = |name: &str, cell: &dyn Fn(&Column) -> Option<String>| {
        let cells = columns
            .iter()
            .map(|column| cell(column).unwrap_or_default());
        table.row(std::iter::once(name.to_owned()).chain(cells));
    };
    row("family", &|column| {
        Some(column.manifest.family()?.to_string())
    });
    row("labels used", &|column| {
        let used = column.manifest.generator.as_ref()?.labels_used;
        Some(if used { "yes" } else { "no" }.to_owned())
    });
    row("parameters", &|column| {
        Some(column.manifest.generator_parameters().to_string())
    });
    row("images seen in training", &|column| {
        Some(column.images_seen().to_string())
    });
    row("hours of training", &|column| {
        Some(number(column.training_hours()))
    });
    row("milliseconds an image, here", &|column| {
        Some(number(column.sample_ms))
    });
    for measure in measures::all() {
        if columns
            .iter()
            .any(|column| column.figure(measure.name).is_some())
        {
            row(measure.name, &|column| {
                Some(cell(column.figure(measure.name)?))
            });
        }
    }
    table.render()
}

/// A value with its interval.
fn cell(figure: &Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => {
            format!(
                "{} ({} .. {})",
                number(figure.value),
                number(low),
                number(high)
            )
        }
        _ => number(figure.value),
    }
}
