//! The data that a command works on: a known data set, a person's own pictures, or arrays.
//!
//! What `arguments` takes from the command line is recorded in the description of the data set ([`DatasetInfo::source`]), so that whoever
//! measures the model later finds the same images without being told again.

mod again;
mod arguments;
mod arrays;
mod describe;
mod parts;
mod pictures;

use std::path::Path;

use anyhow::ensure;
use clap::ValueEnum;
use datasets::{DatasetError, DatasetInfo, KnownDataset, Splits};

pub use again::{AgainArgs, load_for};
pub use arguments::{OwnDataArgs, cache};
pub use parts::MIN_FOLDER_IMAGES;

/// Where images come from, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// MNIST: four IDX files, plain or gzipped
    Mnist,
    /// Fashion-MNIST: four IDX files, plain or gzipped
    FashionMnist,
    /// Avatars: the tar file, as `fetch` leaves it
    Avatars,
    /// Your own pictures: one sub-folder a class, pictures with a table of --labels, or pictures alone, which have no classes
    Folder,
    /// `CelebA` as it is handed out: `img_align_celeba/`, `list_attr_celeba.txt` and `list_eval_partition.txt`, with --attributes
    Celeba,
    /// Arrays: IDX files of any name, .npy, .npz and CIFAR's .bin; what they hold is recognised
    Arrays,
}

/// A data set that was read.
pub struct Loaded {
    /// What it is.
    pub info: DatasetInfo,
    /// The three parts.
    pub splits: Splits,
}

/// Reads the data of `source` from `dir`.
///
/// # Errors
///
/// If a file is missing, damaged or not what it should be, or an option is for other data.
pub fn load(source: Source, dir: &Path, options: &OwnDataArgs) -> anyhow::Result<Loaded> {
    options.refuse_others(source)?;
    match source {
        Source::Mnist => known(KnownDataset::Mnist, dir),
        Source::FashionMnist => known(KnownDataset::FashionMnist, dir),
        Source::Avatars => known(KnownDataset::Avatars, dir),
        Source::Folder | Source::Celeba => pictures::load(source, dir, options),
        Source::Arrays => arrays::load(dir, options),
    }
}

fn known(dataset: KnownDataset, dir: &Path) -> anyhow::Result<Loaded> {
    let splits = datasets::load(dataset, dir).map_err(|error| {
        let is_other = matches!(error, DatasetError::Checksum { .. });
        let error = anyhow::Error::from(error);
        if is_other {
            let title = dataset.title();
            return error.context(format!(
                "these are not the files of {title}: read other images in this format with --dataset arrays"
            ));
        }
        error
    })?;
    Ok(Loaded {
        info: dataset.info(),
        splits,
    })
}

fn ensure_classes(found: &[String], info: &DatasetInfo, dir: &Path) -> anyhow::Result<()> {
    ensure!(
        *found == info.class_names,
        "{} holds {}, but the model was made for {}: pass the folder that it was trained on with --data",
        dir.display(),
        classes_text(found),
        classes_text(&info.class_names)
    );
    Ok(())
}

/// At most so many class names are listed.
const LISTED: usize = 12;

fn classes_text(names: &[String]) -> String {
    match names.len() {
        0 => "pictures without classes".to_owned(),
        1..=LISTED => format!("the classes {}", names.join(", ")),
        count => format!("{count} classes, {} and so on", names[..LISTED].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::classes_text;

    #[test]
    fn a_thousand_classes_are_not_listed_in_full() {
        let names: Vec<String> = (0..1_000).map(|i| format!("c{i}")).collect();
        assert_eq!(classes_text(&names[..2]), "the classes c0, c1");
        assert!(classes_text(&names).starts_with("1000 classes, c0, c1"));
        assert_eq!(classes_text(&[]), "pictures without classes");
    }
}
