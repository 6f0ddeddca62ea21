//! Rows of a table and pictures of a folder brought together by the names of the pictures.

use std::{
    cell::OnceCell,
    collections::HashMap,
    ffi::OsStr,
    path::{Component, Path},
};

use super::{shown, wrong};
use crate::{
    DatasetError,
    folder::scan::{Part, PictureFile, Scan, in_order},
};

/// What a row says of a picture.
pub(super) struct Labelled {
    /// The line of the row, from 1.
    pub line: u64,
    /// What it calls the picture.
    pub name: String,
    /// The number of its class; `None` where the row has none.
    pub class: Option<u16>,
    /// What the picture is for, if the table says so and not its folder.
    pub part: Option<Part>,
}

/// The pictures with the classes of their rows, in order; of `(table, dir)`. Without class names a row is enough.
///
/// # Errors
///
/// [`DatasetError::Table`] for a picture with two rows or a name that several pictures have, and [`DatasetError::Unmatched`] for what has no
/// counterpart, unless it is to be left out.
pub(super) fn matched(
    (table, dir): (&Path, &Path),
    pictures: Scan,
    class_names: Vec<String>,
    rows: &[Labelled],
    skip_unmatched: bool,
) -> Result<Scan, DatasetError> {
    let names = Names::of(dir, &pictures.files);
    let mut row_of: Vec<Option<&Labelled>> = vec![None; pictures.files.len()];
    let mut absent = Vec::new();
    for row in rows {
        let Some(at) = names.find(table, row)? else {
            absent.push(format!("line {}: {}", row.line, shown(&row.name)));
            continue;
        };
        if let Some(first) = row_of[at].replace(row) {
            let problem = format!(
                "{} is there a second time, after line {}",
                shown(&row.name),
                first.line
            );
            return Err(wrong(
                table,
                row.line,
                problem,
                "take one of the two rows out",
            ));
        }
    }
    let mut files = Vec::with_capacity(pictures.files.len());
    let mut unlabelled = Vec::new();
    for (file, row) in pictures.files.into_iter().zip(row_of) {
        match row {
            Some(row) if row.class.is_some() || class_names.is_empty() => files.push(PictureFile {
                class: row.class,
                part: row.part.unwrap_or(file.part),
                ..file
            }),
            _ => unlabelled.push(key(dir, &file.path)),
        }
    }
    let mut notes = Vec::new();
    if !(absent.is_empty() && unlabelled.is_empty()) {
        if !skip_unmatched || files.is_empty() {
            return Err(DatasetError::Unmatched {
                table: table.to_owned(),
                dir: dir.to_owned(),
                rows: absent,
                pictures: unlabelled,
            });
        }
        notes.push(format!(
            "left out: {} rows of {} without a picture, and {} pictures without a label in it",
            absent.len(),
            table.display(),
            unlabelled.len()
        ));
    }
    let class_names = without_empty(class_names, &mut files);
    in_order(&mut files);
    Ok(Scan {
        has_test: files.iter().any(|file| file.part == Part::Test),
        class_names,
        files,
        passed_over: pictures.passed_over,
        notes,
    })
}

/// Takes out the classes of which no picture is there.
fn without_empty(class_names: Vec<String>, files: &mut [PictureFile]) -> Vec<String> {
    let mut used = vec![false; class_names.len()];
    for class in files.iter().filter_map(|file| file.class) {
        used[usize::from(class)] = true;
    }
    let before = |class: u16| {
        used[..usize::from(class)]
            .iter()
            .filter(|used| **used)
            .count() as u16
    };
    let numbers: Vec<u16> = (0..used.len() as u16).map(before).collect();
    for file in files {
        file.class = file.class.map(|class| numbers[usize::from(class)]);
    }
    let kept = class_names.into_iter().zip(used).filter(|(_, used)| *used);
    kept.map(|(name, _)| name).collect()
}

/// The positions of pictures by their names; `None` for a name that several have.
type Positions = HashMap<String, Option<usize>>;

/// The pictures of a folder by what a table may call them.
struct Names<'a> {
    dir: &'a Path,
    files: &'a [PictureFile],
    /// By the path below the folder.
    paths: Positions,
    /// By the file's name alone, and without its ending, for tables that leave out the rest. Most never ask.
    short: OnceCell<[Positions; 2]>,
}

impl<'a> Names<'a> {
    fn of(dir: &'a Path, files: &'a [PictureFile]) -> Self {
        Self {
            dir,
            files,
            paths: positions(files, |path| Some(key(dir, path))),
            short: OnceCell::new(),
        }
    }

    fn short(&self) -> &[Positions; 2] {
        let text = |part: Option<&OsStr>| Some(part?.to_string_lossy().into_owned());
        self.short.get_or_init(|| {
            [
                positions(self.files, |path| text(path.file_name())),
                positions(self.files, |path| text(path.file_stem())),
            ]
        })
    }

    /// The picture of a row; `None` if there is none.
    fn find(&self, table: &Path, row: &Labelled) -> Result<Option<usize>, DatasetError> {
        let wanted = row.name.replace('\\', "/");
        let wanted = wanted.trim_start_matches("./");
        let found = self.paths.get(wanted).or_else(|| {
            let mut short = self.short().iter();
            short.find_map(|positions| positions.get(wanted))
        });
        match found {
            Some(None) => {
                let problem = format!(
                    "several pictures in {} are called {}",
                    self.dir.display(),
                    shown(&row.name)
                );
                Err(wrong(
                    table,
                    row.line,
                    problem,
                    "name the folder before it, as in 'cats/1.png'",
                ))
            }
            found => Ok(found.copied().flatten()),
        }
    }
}

fn positions(files: &[PictureFile], name: impl Fn(&Path) -> Option<String>) -> Positions {
    let mut positions = Positions::with_capacity(files.len());
    for (at, file) in files.iter().enumerate() {
        if let Some(name) = name(&file.path) {
            positions
                .entry(name)
                .and_modify(|position| *position = None)
                .or_insert(Some(at));
        }
    }
    positions
}

/// A path below a folder with `/` between its parts.
fn key(dir: &Path, path: &Path) -> String {
    let below = path.strip_prefix(dir).unwrap_or(path);
    let parts = below.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}
