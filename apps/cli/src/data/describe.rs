//! The description of a person's own data, which the model carries.

use std::path::Path;

use anyhow::Context as _;
use datasets::{Augmentation, DataSource, DatasetInfo, ImageShape, Outside, Preparation};

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
) -> anyhow::Result<DatasetInfo> {
    let path = dir.canonicalize().context("the folder has gone")?;
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
    tell!(
        "note: CelebA's terms forbid passing its pictures on, and the model's folder will hold a few of them: keep it to yourself"
    );
}
