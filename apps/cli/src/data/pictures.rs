//! Pictures with their classes, from a folder or from `CelebA`.

use std::path::Path;

use datasets::{DatasetError, FolderDataset, FolderOptions, load_folder};

use super::{
    Loaded, OwnDataArgs, Source,
    arguments::recorded,
    describe,
    parts::{self, Parts},
};

/// Reads the pictures in a folder, and tells on standard error what was left out.
///
/// # Errors
///
/// If they cannot be read, or are too few to train on.
pub fn load(source: Source, dir: &Path, arguments: &OwnDataArgs) -> anyhow::Result<Loaded> {
    let options = arguments.options(source);
    let folder = load_folder(dir, &options).map_err(with_way_out)?;
    tell_what_was_left_out(&folder);
    let shape = folder.images.shape();
    let recorded = recorded(&options.source, dir)?;
    let mut info = describe::own(
        dir,
        shape,
        &folder.class_names,
        options.preparation,
        recorded,
    )?;
    if source == Source::Celeba {
        describe::as_celeba(&mut info);
    }
    info.check()?;
    let splits = parts::splits(
        parts_of(folder),
        &info.class_names,
        dir,
        options.source.limit,
    )?;
    Ok(Loaded { info, splits })
}

/// Reads the pictures that a model was trained on.
///
/// # Errors
///
/// As [`load`].
pub fn load_again(dir: &Path, options: &FolderOptions) -> anyhow::Result<(Vec<String>, Parts)> {
    let mut folder = load_folder(dir, options).map_err(|error| {
        let is_other = matches!(
            error,
            DatasetError::BrokenPictures { .. } | DatasetError::Unmatched { .. }
        );
        let error = anyhow::Error::from(error);
        if is_other {
            return error.context(
                "the model was trained on all pictures, so what was kept from it for testing is not told without them: put the folder \
                 back as it was",
            );
        }
        error
    })?;
    tell_what_was_left_out(&folder);
    let class_names = std::mem::take(&mut folder.class_names);
    Ok((class_names, parts_of(folder)))
}

fn parts_of(folder: FolderDataset) -> Parts {
    Parts {
        images: folder.images,
        held_out: folder.held_out,
        test: folder.test,
    }
}

/// Says what of a folder was not read.
fn tell_what_was_left_out(folder: &FolderDataset) {
    if folder.passed_over > 0 {
        let files = folder.passed_over;
        tell!("note: {files} files that are no pictures were passed over");
    }
    for note in &folder.notes {
        tell!("note: {note}");
    }
    for broken in &folder.broken {
        tell!("note: left out: {}", broken.reason);
    }
}

/// An error with the option that leaves out what it is about.
fn with_way_out(error: DatasetError) -> anyhow::Error {
    let way_out = match error {
        DatasetError::BrokenPictures { .. } => {
            "broken pictures: --skip-broken trains on the others"
        }
        DatasetError::Unmatched { .. } => {
            "labels and pictures that do not belong together: --skip-unmatched leaves them out and trains on the others"
        }
        other => return other.into(),
    };
    anyhow::Error::from(error).context(way_out)
}
