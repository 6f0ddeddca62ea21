//! The data that a command works on: a known data set, a person's own pictures, or arrays.
//!
//! What `arguments` takes from the command line is recorded in the description of the data set ([`DatasetInfo::source`]), so that whoever
//! measures the model later finds the same images without being told again.

mod again;
mod arguments;

use std::path::Path;

use anyhow::{anyhow, ensure};
use clap::ValueEnum;
use datasets::{DatasetError, DatasetInfo, KnownDataset};
use runs::{ImageSource, ImagesError};

use crate::command_line::quoted;

pub use again::{AgainArgs, load_for};
pub use arguments::{OwnDataArgs, cache};

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

/// The images of `source` in `dir`, as the options have them.
///
/// # Errors
///
/// If an option is for other data.
pub fn images(source: Source, dir: &Path, options: &OwnDataArgs) -> anyhow::Result<ImageSource> {
    options.refuse_others(source)?;
    let known = |dataset| ImageSource::Known {
        dataset,
        folder: dir.to_owned(),
    };
    Ok(match source {
        Source::Mnist => known(KnownDataset::Mnist),
        Source::FashionMnist => known(KnownDataset::FashionMnist),
        Source::Avatars => known(KnownDataset::Avatars),
        Source::Folder | Source::Celeba | Source::Arrays => {
            ImageSource::Own(options.images(source, dir))
        }
    })
}

/// An error with the options that its remedy takes here: the library knows no command line.
pub fn advised(error: ImagesError, images: &ImageSource) -> anyhow::Error {
    let limit = match images {
        ImageSource::Own(own) => own.source.limit,
        ImageSource::Known { .. } => None,
    };
    if let Some(limit) = limit.filter(|_| error.is_of_too_few()) {
        return anyhow!("{error}, or raise --limit above {limit}");
    }
    let (error, images) = match (error, images) {
        (ImagesError::Dataset(error), ImageSource::Known { dataset, folder })
            if is_fetched_again(&error) =>
        {
            return with_fetch(error, *dataset, folder);
        }
        others => others,
    };
    let way_out = match (&error, images) {
        (ImagesError::Dataset(DatasetError::BrokenPictures { .. }), _) => {
            "broken pictures: --skip-broken trains on the others".to_owned()
        }
        (ImagesError::Dataset(DatasetError::Unmatched { .. }), _) => {
            "labels and pictures that do not belong together: --skip-unmatched leaves them out and trains on the others".to_owned()
        }
        _ => return error.into(),
    };
    anyhow::Error::from(error).context(way_out)
}

/// Whether the files of a data set have to be fetched, or fetched again.
fn is_fetched_again(error: &DatasetError) -> bool {
    matches!(
        error,
        DatasetError::Missing { .. }
            | DatasetError::Checksum { .. }
            | DatasetError::TooLarge { .. }
            | DatasetError::Idx { .. }
    )
}

/// An error about files of a data set, with the command that puts the right ones where they are looked for.
fn with_fetch(error: DatasetError, dataset: KnownDataset, folder: &Path) -> anyhow::Error {
    if !is_fetched_again(&error) {
        return error.into();
    }
    let (slug, folder) = (dataset.slug(), quoted(folder));
    let from = match dataset.files() {
        [file] if dataset.mirrors().is_empty() => format!(" --from {}", file.name),
        _ => String::new(),
    };
    let other = if matches!(error, DatasetError::Checksum { .. }) {
        let title = dataset.title();
        format!(
            "\nthese are not the files of {title}: read other images in this format with --dataset arrays"
        )
    } else {
        String::new()
    };
    anyhow!(
        "{error}{other}\nto fetch the right ones:\n  latent-lens fetch --dataset {slug}{from} --into {folder}"
    )
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
