//! The data that a command works on: a known data set, or a folder with one sub-folder of pictures a class.

use std::path::Path;

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use datasets::{Fit, KnownDataset, LabelledImages, SPLIT_SEED, Splits, split_indices};
use studio::Manifest;

/// The smallest folder that can be split: below this the test part would hold next to nothing.
const MIN_FOLDER_IMAGES: usize = 20;

/// Where images come from, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// MNIST: four IDX files, plain or gzipped
    Mnist,
    /// Fashion-MNIST: four IDX files, plain or gzipped
    FashionMnist,
    /// Your own pictures: one sub-folder a class
    Folder,
}

/// A data set in memory.
pub struct Loaded {
    /// The known data set's slug, or the folder's name.
    pub name: String,
    /// What the classes are called, by class number.
    pub class_names: Vec<String>,
    /// The three parts.
    pub splits: Splits,
}

/// Reads the data of `source` from `dir`.
///
/// # Errors
///
/// If a file is missing, damaged or not what it should be.
pub fn load(source: Source, dir: &Path) -> anyhow::Result<Loaded> {
    match source {
        Source::Mnist => known(KnownDataset::Mnist, dir),
        Source::FashionMnist => known(KnownDataset::FashionMnist, dir),
        Source::Folder => folder(dir),
    }
}

/// Reads the data that a model was made for from `dir`.
///
/// # Errors
///
/// As [`load`], and if a folder of pictures has other classes than the model.
pub fn load_for(manifest: &Manifest, dir: &Path) -> anyhow::Result<Splits> {
    if let Some(dataset) = manifest.known_dataset() {
        return Ok(datasets::load(dataset, dir)?);
    }
    let loaded = folder(dir)?;
    ensure!(
        loaded.class_names == manifest.class_names,
        "{} holds the classes {}, but the model was made for {}: pass the folder that it was trained on with --data",
        dir.display(),
        loaded.class_names.join(", "),
        manifest.class_names.join(", ")
    );
    Ok(loaded.splits)
}

fn known(dataset: KnownDataset, dir: &Path) -> anyhow::Result<Loaded> {
    Ok(Loaded {
        name: dataset.slug().to_owned(),
        class_names: dataset.class_names().map(str::to_owned).into(),
        splits: datasets::load(dataset, dir)?,
    })
}

fn folder(dir: &Path) -> anyhow::Result<Loaded> {
    let folder = datasets::load_folder(dir, Fit::Whole)?;
    let path = dir
        .canonicalize()
        .context("the folder of pictures has gone")?;
    let name = path
        .file_name()
        .map_or_else(|| "folder".into(), |name| name.to_string_lossy());
    Ok(Loaded {
        name: name.into_owned(),
        class_names: folder.class_names,
        splits: split(&folder.images, dir)?,
    })
}

/// A fifth of the pictures for testing and a tenth held out, drawn by the same fixed seed as for the known data sets.
fn split(images: &LabelledImages, dir: &Path) -> anyhow::Result<Splits> {
    let total = images.len();
    ensure!(
        total >= MIN_FOLDER_IMAGES,
        "{} holds {total} pictures, too few to train and test on: put at least {MIN_FOLDER_IMAGES} there",
        dir.display()
    );
    let (rest, test) = split_indices(total, total / 5, SPLIT_SEED);
    let rest = images.subset(&rest);
    let (train, held_out) = split_indices(rest.len(), total / 10, SPLIT_SEED.derive(1));
    Ok(Splits {
        train: rest.subset(&train),
        held_out: rest.subset(&held_out),
        test: images.subset(&test),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use datasets::{KnownDataset, sample};

    use super::split;

    #[test]
    fn a_folder_is_split_without_overlap() {
        let images = sample(KnownDataset::Mnist);
        let splits = split(&images, Path::new("x")).expect("1,000 images");
        let sizes =
            [&splits.train, &splits.held_out, &splits.test].map(datasets::LabelledImages::len);
        assert_eq!(sizes, [700, 100, 200]);
        let whole = splits.train.concat(&splits.held_out).concat(&splits.test);
        let sorted = |images: &datasets::LabelledImages| {
            let mut rows: Vec<_> = (0..images.len())
                .map(|i| images.image(i).to_vec())
                .collect();
            rows.sort_unstable();
            rows
        };
        assert!(
            sorted(&whole) == sorted(&images),
            "an image is lost or doubled"
        );
        let few = images.subset(&[0, 1, 2]);
        let error = split(&few, Path::new("x")).expect_err("three images");
        assert!(error.to_string().contains("at least 20"), "{error}");
    }
}
