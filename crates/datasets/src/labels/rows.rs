//! A table as text: its rows, with the name of the picture and the values that make the class.
//!
//! Fields are divided by what divides the headings most often: commas, semicolons or tabs. Any line end will do, and so does the mark that some
//! programs put before UTF-8. A field may hold several attributes of its own, `name=value` with semicolons between them.

use std::path::Path;

use super::{
    records::{Record, records},
    shown, wrong,
};
use crate::{DatasetError, MAX_LABEL_COLUMNS, TableLabels};

/// The largest table that is read, in bytes: ten times that of `CelebA`'s forty attributes.
const MAX_TABLE: u64 = 256 << 20;

/// What the column of the pictures' names is called, in small letters; else it is the first.
const FILE_COLUMNS: [&str; 8] = [
    "file",
    "filename",
    "file_name",
    "path",
    "image",
    "image_id",
    "image_path",
    "picture",
];

/// The most columns that are listed.
const LISTED: usize = 50;

/// A row of a table.
pub(super) struct Row {
    /// The line that it begins in, from 1.
    pub line: u64,
    /// What it calls its picture.
    pub name: String,
    /// The value of each column that was asked for; `None` where there is none.
    pub values: Vec<Option<String>>,
}

/// Reads a table.
pub(super) fn read(table: &TableLabels) -> Result<Vec<Row>, DatasetError> {
    let path = &table.file;
    if !(1..=MAX_LABEL_COLUMNS).contains(&table.columns.len()) {
        let problem = format!("{} columns were asked for", table.columns.len());
        let remedy = format!("choose 1 to {MAX_LABEL_COLUMNS} columns");
        return Err(wrong(path, 1, problem, &remedy));
    }
    let text = text(path)?;
    let records = records(&text, delimiter(&text)).map_err(|line| {
        let problem = "a quotation mark is opened in it that nothing closes";
        wrong(
            path,
            line,
            problem,
            "close it, or write two of them for one",
        )
    })?;
    let mut records = records.into_iter();
    let headings = records.next().ok_or_else(|| empty(path))?.fields;
    refuse_twins(path, &headings)?;
    let records: Vec<Record> = records.collect();
    let name = name_column(table, &headings)?;
    let columns = columns(table, &headings, &records)?;
    let mut rows = Vec::with_capacity(records.len());
    for Record { line, fields } in records {
        if fields.len() != headings.len() {
            let (there, wanted) = (fields.len(), headings.len());
            let problem = format!("it has {there} fields, and the headings are {wanted}");
            let remedy =
                "make them as many, or put a field with a delimiter in it into quotation marks";
            return Err(wrong(path, line, problem, remedy));
        }
        rows.push(Row {
            line,
            values: columns.iter().map(|column| column.of(&fields)).collect(),
            name: fields[name].clone(),
        });
    }
    if rows.is_empty() {
        return Err(empty(path));
    }
    Ok(rows)
}

/// A column, or an attribute in a column that holds several.
enum Column {
    Whole(usize),
    Attribute(usize, String),
}

impl Column {
    fn of(&self, fields: &[String]) -> Option<String> {
        let value = match self {
            Self::Whole(column) => fields[*column].as_str(),
            Self::Attribute(column, key) => {
                let mut attributes = attributes(&fields[*column])?.into_iter();
                attributes.find(|(name, _)| name == key)?.1
            }
        };
        (!value.is_empty()).then(|| value.to_owned())
    }
}

/// The attributes in a field such as `eyes=round;glasses=none`; `None` if it is no such field.
fn attributes(field: &str) -> Option<Vec<(&str, &str)>> {
    let pairs = field.split(';').filter(|part| !part.trim().is_empty());
    let pairs: Option<Vec<_>> = pairs
        .map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim(), value.trim()))
        })
        .collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

fn columns(
    table: &TableLabels,
    headings: &[String],
    records: &[Record],
) -> Result<Vec<Column>, DatasetError> {
    // Which columns hold attributes shows in their first field.
    let first = |at: usize| attributes(records.first()?.fields.get(at)?);
    let packed: Vec<usize> = (0..headings.len())
        .filter(|&at| first(at).is_some())
        .collect();
    let find = |wanted: &String| {
        if let Some(column) = position(headings, wanted) {
            return Ok(Column::Whole(column));
        }
        let has_it = |&at: &usize| {
            let fields = records.iter().filter_map(|record| record.fields.get(at));
            let mut fields = fields.filter_map(|field| attributes(field));
            fields.any(|pairs| pairs.iter().any(|(name, _)| name == wanted))
        };
        let column = packed.iter().copied().find(has_it);
        let column = column.map(|column| Column::Attribute(column, wanted.clone()));
        column.ok_or_else(|| {
            let mut there: Vec<&str> = headings.iter().map(String::as_str).collect();
            let pairs = packed.iter().filter_map(|&at| first(at)).flatten();
            there.extend(pairs.map(|(name, _)| name));
            no_column(table, wanted, &there)
        })
    };
    table.columns.iter().map(find).collect()
}

/// The column that names the picture.
fn name_column(table: &TableLabels, headings: &[String]) -> Result<usize, DatasetError> {
    if let Some(wanted) = &table.file_column {
        let there: Vec<&str> = headings.iter().map(String::as_str).collect();
        return position(headings, wanted).ok_or_else(|| no_column(table, wanted, &there));
    }
    let usual = headings
        .iter()
        .position(|name| FILE_COLUMNS.contains(&name.to_lowercase().as_str()));
    Ok(usual.unwrap_or(0))
}

fn position(headings: &[String], wanted: &str) -> Option<usize> {
    headings.iter().position(|name| name == wanted)
}

fn no_column(table: &TableLabels, wanted: &str, there: &[&str]) -> DatasetError {
    let list: Vec<String> = there.iter().take(LISTED).map(|name| shown(name)).collect();
    let problem = format!("there is no column {} in it", shown(wanted));
    let remedy = format!("choose from {}", list.join(", "));
    wrong(&table.file, 1, problem, &remedy)
}

fn refuse_twins(path: &Path, headings: &[String]) -> Result<(), DatasetError> {
    let twin = headings
        .iter()
        .enumerate()
        .find(|(at, name)| headings[..*at].contains(name));
    match twin {
        Some((_, name)) => {
            let problem = format!("two columns are called {}", shown(name));
            Err(wrong(path, 1, problem, "give one of them another name"))
        }
        None => Ok(()),
    }
}

/// What divides fields: what stands in the line of headings most often, outside of quotation marks.
fn delimiter(text: &str) -> char {
    let headings = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    let outside: String = headings.split('"').step_by(2).collect();
    let count = |delimiter: char| outside.matches(delimiter).count();
    // Of equally many, `max_by_key` takes the last: the comma.
    let candidates = ['\t', ';', ','].into_iter();
    candidates
        .max_by_key(|&delimiter| count(delimiter))
        .unwrap_or(',')
}

/// A table's text with `\n` at the end of each line.
fn text(path: &Path) -> Result<String, DatasetError> {
    let bytes = files::read(path, MAX_TABLE).map_err(|source| DatasetError::Read {
        path: path.to_owned(),
        source,
    })?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let problem = "it is text in UTF-16";
        return Err(wrong(path, 1, problem, "save it as CSV in UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count() as u64;
        wrong(
            path,
            line,
            "a letter in it is no UTF-8",
            "save the table as CSV in UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn empty(path: &Path) -> DatasetError {
    wrong(
        path,
        1,
        "there is no row in it",
        "it needs a line of headings and a row for each picture",
    )
}
