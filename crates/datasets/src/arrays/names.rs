//! What the classes of arrays are called, and which file is which.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{Labels, Part};

/// The longest list of names that is read, in bytes.
const MAX_LIST: u64 = 1 << 20;

/// Every label that occurs, ascending.
pub(super) fn numbers(parts: &[Part]) -> Vec<u32> {
    let mut numbers = BTreeSet::new();
    for part in parts {
        if let Labels::Each(values, _) = &part.labels {
            numbers.extend(values.iter().copied());
        }
    }
    numbers.into_iter().collect()
}

/// What the classes are called, in class order: by a list of names beside the files, by their number, or by their file.
pub(super) fn of_classes(parts: &[Part], files: &[PathBuf]) -> Vec<String> {
    let files_as_classes = parts.iter().filter_map(|part| match &part.labels {
        Labels::One(class) => Some(class.clone()),
        Labels::None | Labels::Each(..) => None,
    });
    let files_as_classes: BTreeSet<String> = files_as_classes.collect();
    if !files_as_classes.is_empty() {
        return files_as_classes.into_iter().collect();
    }
    let numbers = numbers(parts);
    let listed = files
        .first()
        .and_then(|path| listed(path.parent()?, &numbers));
    listed.unwrap_or_else(|| numbers.iter().map(ToString::to_string).collect())
}

/// A file's name without its endings.
pub(super) fn of_file(path: &Path) -> String {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty());
    stem.unwrap_or("images").to_owned()
}

/// Whether a file is one of EMNIST's.
pub(super) fn is_emnist(path: &Path) -> bool {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().to_lowercase().starts_with("emnist")
}

/// The names that a list in the folder gives to these labels, if it gives one to each.
fn listed(dir: &Path, numbers: &[u32]) -> Option<Vec<String>> {
    let entries = fs::read_dir(dir).ok()?.filter_map(Result::ok);
    let paths = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file());
    let mut lists: Vec<PathBuf> = paths
        .filter(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .to_lowercase();
            name == "batches.meta.txt"
                || name == "fine_label_names.txt"
                || (name.starts_with("emnist") && name.ends_with("mapping.txt"))
        })
        .collect();
    lists.sort();
    let names = lists.iter().find_map(|path| names(path, numbers))?;
    let distinct: BTreeSet<&String> = names.iter().collect();
    (distinct.len() == names.len()).then_some(names)
}

fn names(path: &Path, numbers: &[u32]) -> Option<Vec<String>> {
    let text = files::read_text(path, MAX_LIST).ok()?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if !path
        .to_string_lossy()
        .to_lowercase()
        .ends_with("mapping.txt")
    {
        let name = |number: &u32| lines.get(*number as usize).map(|&name| name.to_owned());
        return numbers.iter().map(name).collect();
    }
    // EMNIST: a label and the codes of its characters.
    let character = |number: &u32| {
        let mut fields = lines.iter().map(|line| line.split_whitespace());
        fields.find_map(|mut fields| {
            let is_it = fields.next()?.parse() == Ok(*number);
            let code: u32 = fields.next()?.parse().ok()?;
            let character = char::from_u32(code).filter(|character| !character.is_control());
            character.filter(|_| is_it).map(String::from)
        })
    };
    numbers.iter().map(character).collect()
}
