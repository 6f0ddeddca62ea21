//! The classes that the values of a table make.
//!
//! A single column makes a class of each of its values. Several columns are attributes that a picture has or has not (0 and 1, or -1 and 1), and each
//! combination that occurs is a class; so is a single column of -1 and 1, which nobody numbers classes by.

use std::{collections::BTreeSet, path::Path};

use super::{rows::Row, shown, wrong};
use crate::{DatasetError, MAX_CLASSES, folder::natural, info::MAX_NAME};

/// The names of the classes, and the class of each row; `None` for a row without a value in one of the columns.
pub(super) fn of_rows(
    table: &Path,
    columns: &[String],
    rows: &[Row],
) -> Result<(Vec<String>, Vec<Option<u16>>), DatasetError> {
    let is_attribute = |row: &Row| {
        let value = row.values[0].as_deref();
        value.is_none_or(|value| matches!(number(value), Some(-1 | 1)))
    };
    let is_minus = |row: &Row| row.values[0].as_deref().and_then(number) == Some(-1);
    if let [column] = columns
        && !(rows.iter().all(is_attribute) && rows.iter().any(is_minus))
    {
        return of_values(table, column, rows);
    }
    let mut found = vec![None; columns.len()];
    let mut combined = Vec::with_capacity(rows.len());
    for row in rows {
        let mut bits = Some(0_u16);
        for (at, column) in columns.iter().enumerate() {
            let Some(value) = row.values[at].as_deref() else {
                bits = None;
                continue;
            };
            let has = attribute(table, column, row.line, value, &mut found[at])?;
            bits = bits.map(|bits| bits << 1 | u16::from(has));
        }
        combined.push(bits);
    }
    Ok(of_bits(columns, &combined))
}

/// The classes that combinations of attributes make: those that occur, the first attribute counting most, and without it first.
pub(super) fn of_bits(
    attributes: &[String],
    combined: &[Option<u16>],
) -> (Vec<String>, Vec<Option<u16>>) {
    let occurring: BTreeSet<u16> = combined.iter().flatten().copied().collect();
    let occurring: Vec<u16> = occurring.into_iter().collect();
    let name = |bits: &u16| {
        let parts = attributes.iter().enumerate().map(|(at, attribute)| {
            let has = bits >> (attributes.len() - 1 - at) & 1 == 1;
            if has {
                attribute.clone()
            } else {
                format!("not {attribute}")
            }
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    let class = |bits: u16| {
        occurring
            .binary_search(&bits)
            .ok()
            .map(|class| class as u16)
    };
    (
        occurring.iter().map(name).collect(),
        combined.iter().map(|bits| bits.and_then(class)).collect(),
    )
}

/// Whether a picture has an attribute. `no` is what stands in its column where a picture has it not, with the line of the first.
fn attribute(
    table: &Path,
    column: &str,
    line: u64,
    value: &str,
    no: &mut Option<(i8, u64)>,
) -> Result<bool, DatasetError> {
    let remedy = "write 0 and 1, or -1 and 1; a column of other values makes the classes alone";
    match number(value) {
        Some(1) => Ok(true),
        Some(found) => {
            let (first, first_line) = *no.get_or_insert((found, line));
            if first == found {
                return Ok(false);
            }
            let problem = format!(
                "{found} stands in the column {}, and {first} in line {first_line}",
                shown(column)
            );
            Err(wrong(table, line, problem, remedy))
        }
        None => {
            let (value, column) = (shown(value), shown(column));
            let problem = format!("{value} in the column {column} is neither 0 and 1 nor -1 and 1");
            Err(wrong(table, line, problem, remedy))
        }
    }
}

/// -1, 0 or 1, also where a program wrote it with decimals.
fn number(value: &str) -> Option<i8> {
    let value: f64 = value.parse().ok()?;
    [-1_i8, 0, 1]
        .into_iter()
        .find(|&number| f64::from(number).total_cmp(&(value + 0.0)).is_eq())
}

/// A class of each value, in natural order.
fn of_values(
    table: &Path,
    column: &str,
    rows: &[Row],
) -> Result<(Vec<String>, Vec<Option<u16>>), DatasetError> {
    let mut values: BTreeSet<&String> = BTreeSet::new();
    for row in rows {
        let Some(value) = &row.values[0] else {
            continue;
        };
        if value.chars().take(MAX_NAME + 1).count() > MAX_NAME {
            let problem = format!(
                "{} in the column {} is no name of a class: it has more than {MAX_NAME} characters",
                shown(value),
                shown(column)
            );
            return Err(wrong(
                table,
                row.line,
                problem,
                "choose another column, or shorten it",
            ));
        }
        if value.chars().any(char::is_control) {
            let problem = format!(
                "{} in the column {} is no name of a class: there is a line break or another control character in it",
                shown(value),
                shown(column)
            );
            return Err(wrong(
                table,
                row.line,
                problem,
                "choose another column, or take it out",
            ));
        }
        values.insert(value);
        if values.len() > MAX_CLASSES {
            let problem = format!(
                "the column {} has more than {MAX_CLASSES} different values up to here, which are too many classes",
                shown(column)
            );
            return Err(wrong(table, row.line, problem, "choose another column"));
        }
    }
    let mut names: Vec<String> = values.into_iter().cloned().collect();
    names.sort_by(|a, b| natural(a, b));
    let class_of = |row: &Row| {
        let value = row.values[0].as_ref()?;
        let class = names.binary_search_by(|name| natural(name, value)).ok()?;
        Some(class as u16)
    };
    let classes = rows.iter().map(class_of).collect();
    Ok((names, classes))
}
