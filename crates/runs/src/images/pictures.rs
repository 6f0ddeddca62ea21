//! Pictures with their classes, from a folder or from `CelebA`.

use std::path::Path;

use datasets::{FolderDataset, FolderOptions, LabelSource, load_folder};

use super::{
    ImagesError, Loaded, describe,
    parts::{self, Parts},
};

/// Reads the pictures in a folder.
///
/// # Errors
///
/// If they cannot be read, or are too few to train on.
pub fn load(dir: &Path, options: &FolderOptions) -> Result<Loaded, ImagesError> {
    let folder = load_folder(dir, options)?;
    let mut notes = left_out(&folder);
    let shape = folder.images.shape();
    let source = describe::recorded(&options.source, dir)?;
    let mut info = describe::own(dir, shape, &folder.class_names, options.preparation, source)?;
    if matches!(options.source.labels, LabelSource::CelebA { .. }) {
        describe::as_celeba(&mut info);
        notes.push(describe::CELEBA_NOTE.to_owned());
    }
    info.check()?;
    let splits = parts::splits(parts_of(folder), &info.class_names, dir)?;
    Ok(Loaded {
        info,
        splits,
        notes,
    })
}

/// Reads the pictures that a model was trained on: what their classes are called, their parts, and what was left out, in words.
///
/// # Errors
///
/// As [`load`].
pub fn load_again(
    dir: &Path,
    options: &FolderOptions,
) -> Result<(Vec<String>, Parts, Vec<String>), ImagesError> {
    let mut folder = load_folder(dir, options)?;
    let notes = left_out(&folder);
    let class_names = std::mem::take(&mut folder.class_names);
    Ok((class_names, parts_of(folder), notes))
}

fn parts_of(folder: FolderDataset) -> Parts {
    Parts {
        images: folder.images,
        held_out: folder.held_out,
        test: folder.test,
    }
}

/// What of a folder was not read.
fn left_out(folder: &FolderDataset) -> Vec<String> {
    let mut notes = Vec::new();
    if folder.passed_over > 0 {
        let files = folder.passed_over;
        notes.push(format!(
            "{files} files that are no pictures were passed over"
        ));
    }
    notes.extend(folder.notes.iter().map(ToString::to_string));
    let broken = folder.broken.iter();
    notes.extend(broken.map(|broken| format!("left out: {}", broken.reason)));
    notes
}
