//! `CelebA` as it is handed out: `img_align_celeba/` with the pictures, `list_attr_celeba.txt` with forty attributes of each, and
//! `list_eval_partition.txt`, which says what each is for (Liu et al. 2015, "Deep Learning Face Attributes in the Wild").

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{
    classes::of_bits,
    matching::{Labelled, matched},
    shown, wrong,
};
use crate::{
    DatasetError, MAX_LABEL_COLUMNS,
    folder::scan::{Part, Scan, all_pictures},
};

const PICTURES: &str = "img_align_celeba";
const ATTRIBUTES: &str = "list_attr_celeba.txt";
const PARTITION: &str = "list_eval_partition.txt";

/// The folder below the one that is named, in which some programs keep all of it.
const BELOW: &str = "celeba";

/// The largest list that is read, in bytes: ten times that of the attributes.
const MAX_LIST: u64 = 256 << 20;

/// What to do about a list that is not as it should be.
const AGAIN: &str = "unpack or download the list again";

/// The pictures, with a class for each combination of the attributes, and no classes without attributes.
pub(super) fn pictures(
    dir: &Path,
    attributes: &[String],
    skip_unmatched: bool,
) -> Result<Scan, DatasetError> {
    let home = home(dir)?;
    let list = home.join(ATTRIBUTES);
    let text = read(&list)?;
    let mut rows = rows(&list, &text, attributes)?;
    let partition = home.join(PARTITION);
    let parts = read(&partition)?;
    let parts = parts_of(&partition, &parts)?;
    for row in &mut rows {
        let Some(part) = parts.get(row.name.as_str()) else {
            let problem = format!("{} of {ATTRIBUTES} is not in it", shown(&row.name));
            return Err(wrong(&partition, 1, problem, AGAIN));
        };
        row.part = Some(*part);
    }
    let bits: Vec<Option<u16>> = rows.iter().map(|row| row.class).collect();
    let (names, classes) = of_bits(attributes, &bits);
    for (row, class) in rows.iter_mut().zip(classes) {
        row.class = class.filter(|_| !attributes.is_empty());
    }
    let names = if attributes.is_empty() {
        Vec::new()
    } else {
        names
    };
    let folder = home.join(PICTURES);
    let pictures = all_pictures(&folder)?;
    matched((&list, &folder), pictures, names, &rows, skip_unmatched)
}

/// The folder with the three of them.
fn home(dir: &Path) -> Result<PathBuf, DatasetError> {
    let homes = [dir.to_owned(), dir.join(BELOW)];
    let lacking = |home: &PathBuf| {
        let has = |name: &str| home.join(name).exists();
        [PICTURES, ATTRIBUTES, PARTITION]
            .into_iter()
            .find(|name| !has(name))
    };
    if let Some(home) = homes.iter().find(|home| lacking(home).is_none()) {
        return Ok(home.clone());
    }
    let nearest = homes.iter().find(|home| home.join(PICTURES).exists());
    let nearest = nearest.unwrap_or(&homes[0]);
    Err(DatasetError::CelebA {
        path: nearest.clone(),
        missing: lacking(nearest).unwrap_or(PICTURES),
    })
}

fn read(path: &Path) -> Result<String, DatasetError> {
    files::read_text(path, MAX_LIST).map_err(|source| DatasetError::Read {
        path: path.to_owned(),
        source,
    })
}

/// The lines of a list with their numbers, without empty ones.
fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let numbered = text.lines().enumerate();
    let numbered = numbered.map(|(at, line)| (at as u64 + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty())
}

/// The rows of the list of attributes; in the place of the class stand the bits of the attributes that were asked for, the first counting most.
fn rows(list: &Path, text: &str, attributes: &[String]) -> Result<Vec<Labelled>, DatasetError> {
    let mut lines = lines(text);
    let counted = lines
        .next()
        .and_then(|(_, line)| line.trim().parse::<usize>().ok());
    let Some(counted) = counted else {
        return Err(wrong(list, 1, "the number of pictures is not there", AGAIN));
    };
    let names: Vec<&str> = lines
        .next()
        .map_or("", |(_, line)| line)
        .split_whitespace()
        .collect();
    let columns = columns(list, &names, attributes)?;
    let mut rows = Vec::with_capacity(counted.min(text.len()));
    for (line, row) in lines {
        let fields: Vec<&str> = row.split_whitespace().collect();
        let [name, values @ ..] = fields.as_slice() else {
            continue;
        };
        if values.len() != names.len() {
            let problem = format!(
                "there are {} values for {} attributes",
                values.len(),
                names.len()
            );
            return Err(wrong(list, line, problem, AGAIN));
        }
        let mut bits = 0;
        for &column in &columns {
            let has = match values[column] {
                "1" => 1,
                "-1" => 0,
                other => {
                    let (value, attribute) = (shown(other), names[column]);
                    let problem =
                        format!("{value} stands for '{attribute}', which is neither -1 nor 1");
                    return Err(wrong(list, line, problem, AGAIN));
                }
            };
            bits = bits << 1 | has;
        }
        rows.push(Labelled {
            line,
            name: (*name).to_owned(),
            class: Some(bits),
            part: None,
        });
    }
    if rows.len() != counted {
        let problem = format!("it counts {counted} pictures, and {} follow", rows.len());
        return Err(wrong(list, 1, problem, AGAIN));
    }
    Ok(rows)
}

/// Where the attributes that were asked for stand.
fn columns(list: &Path, names: &[&str], attributes: &[String]) -> Result<Vec<usize>, DatasetError> {
    if attributes.len() > MAX_LABEL_COLUMNS {
        let problem = format!("{} attributes were asked for", attributes.len());
        let remedy = format!("choose {MAX_LABEL_COLUMNS} of them at most");
        return Err(wrong(list, 2, problem, &remedy));
    }
    let column = |attribute: &String| {
        let found = names.iter().position(|name| name == attribute);
        found.ok_or_else(|| {
            let problem = format!("there is no attribute {}", shown(attribute));
            wrong(
                list,
                2,
                problem,
                &format!("choose from {}", names.join(", ")),
            )
        })
    };
    attributes.iter().map(column).collect()
}

/// What each picture is for.
fn parts_of<'a>(list: &Path, text: &'a str) -> Result<HashMap<&'a str, Part>, DatasetError> {
    let mut parts = HashMap::new();
    for (line, row) in lines(text) {
        let fields: Vec<&str> = row.split_whitespace().collect();
        let part = match fields.as_slice() {
            [name, "0"] => (*name, Part::Train),
            [name, "1"] => (*name, Part::HeldOut),
            [name, "2"] => (*name, Part::Test),
            _ => {
                let problem = format!("{} is not a picture and 0, 1 or 2", shown(row));
                return Err(wrong(list, line, problem, AGAIN));
            }
        };
        parts.insert(part.0, part.1);
    }
    Ok(parts)
}
