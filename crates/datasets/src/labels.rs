//! Labels of pictures that stand in a table, and not in the names of folders.

mod celeba;
mod classes;
mod matching;
mod records;
mod rows;

use std::path::Path;

use crate::{
    DataSource, DatasetError, LabelSource, TableLabels,
    folder::scan::{Scan, all_pictures, scan},
};
use matching::Labelled;

/// Finds the pictures in `dir` with the classes that the source of labels gives them. No picture is decoded.
///
/// # Errors
///
/// As [`scan()`]; [`DatasetError::Table`] for a table that cannot be read or understood, and [`DatasetError::Unmatched`] for pictures
/// without a label and rows without a picture, unless they are to be left out.
pub(crate) fn labelled_pictures(dir: &Path, source: &DataSource) -> Result<Scan, DatasetError> {
    match &source.labels {
        LabelSource::Folders => scan(dir),
        LabelSource::Table(table) => of_table(dir, table, source.skip_unmatched),
        LabelSource::CelebA { attributes } => {
            celeba::pictures(dir, attributes, source.skip_unmatched)
        }
    }
}

fn of_table(dir: &Path, table: &TableLabels, skip_unmatched: bool) -> Result<Scan, DatasetError> {
    let rows = rows::read(table)?;
    let (class_names, classes) = classes::of_rows(&table.file, &table.columns, &rows)?;
    let labelled = rows.into_iter().zip(classes).map(|(row, class)| Labelled {
        line: row.line,
        name: row.name,
        class,
        part: None,
    });
    let labelled: Vec<Labelled> = labelled.collect();
    matching::matched(
        (&table.file, dir),
        all_pictures(dir)?,
        class_names,
        &labelled,
        skip_unmatched,
    )
}

/// What is wrong with a table, and where.
fn wrong(table: &Path, line: u64, problem: impl Into<String>, remedy: &str) -> DatasetError {
    DatasetError::Table {
        path: table.to_owned(),
        line,
        problem: problem.into(),
        remedy: remedy.to_owned(),
    }
}

/// The most characters of a value in a message.
const SHOWN: usize = 40;

/// A value as messages show it: its beginning, if it is long.
fn shown(value: &str) -> String {
    let plain = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let start: String = plain.take(SHOWN).collect();
    if start.len() < value.len() {
        format!("'{start}...'")
    } else {
        format!("'{start}'")
    }
}
