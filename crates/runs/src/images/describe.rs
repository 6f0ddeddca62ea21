//! The description of a person's own data, which the model carries.

use std::path::Path;

use datasets::{
    Augmentation, DataSource, DatasetInfo, ImageShape, LabelSource, Outside, Preparation,
};

use super::ImagesError;

/// What has to be said of `CelebA`.
const CELEBA_ORIGIN: &str = "CelebA (Liu et al. 2015, MMLAB, The Chinese University of Hong Kong), for non-commercial research; its terms \
                             forbid passing its pictures on";

/// The description of data that is called like its folder.
///
/// # Errors
///
/// If the folder is not there any more.
pub fn own(
    dir: &Path,
    shape: ImageShape,
    class_names: &[String],
    preparation: Preparation,
    source: DataSource,
) -> Result<DatasetInfo, ImagesError> {
    let path = dir.canonicalize().map_err(ImagesError::Gone)?;
    let name = path
        .file_name()
        .map_or_else(|| "folder".into(), |name| name.to_string_lossy());
    let is_picture = matches!(preparation, Preparation::Picture { .. });
    Ok(DatasetInfo {
        name: name.clone().into_owned(),
        title: name.into_owned(),
        shape,
        class_names: class_names.to_vec(),
        preparation,
        // Nothing is known about the pictures: only what leaves any class alone.
        augmentation: Augmentation {
            shift_px: 1.0,
            outside: if is_picture {
                Outside::Edge
            } else {
                Outside::Black
            },
            ..Augmentation::none()
        },
        origin: None,
        known: None,
        source: Some(source),
    })
}

/// Calls data by the name of `CelebA`, whatever its folder is called, and says whose it is.
pub fn as_celeba(info: &mut DatasetInfo) {
    "celeba".clone_into(&mut info.name);
    "CelebA".clone_into(&mut info.title);
    info.origin = Some(CELEBA_ORIGIN.to_owned());
}

/// What has to be said where a model of `CelebA` is made.
pub const CELEBA_NOTE: &str = "CelebA's terms forbid passing its pictures on, and the model's folder will hold a few of them: keep it to yourself";

/// What the description of a data set keeps of its source: a table is named by its place below the folder, or else by its name alone, so that
/// a model that is passed on names no folder of its maker.
///
/// # Errors
///
/// If the table or the folder is not there any more.
pub fn recorded(source: &DataSource, dir: &Path) -> Result<DataSource, ImagesError> {
    let mut recorded = source.clone();
    if let LabelSource::Table(table) = &mut recorded.labels {
        let file = table.file.canonicalize().map_err(ImagesError::Gone)?;
        let dir = dir.canonicalize().map_err(ImagesError::Gone)?;
        let below = file.strip_prefix(dir).ok();
        let name = file.file_name().map(Path::new);
        below.or(name).unwrap_or(&file).clone_into(&mut table.file);
    }
    Ok(recorded)
}
