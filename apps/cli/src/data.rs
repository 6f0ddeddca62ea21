//! The data that a command works on: a known data set, a folder of pictures with a sub-folder a class or without classes, or arrays.

mod arrays;

use std::path::Path;

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use datasets::{
    Augmentation, DatasetError, DatasetInfo, Fit, FolderDataset, FolderOptions, HELD_OUT,
    ImageShape, KnownDataset, LabelledImages, Outside, Preparation, SPLIT_SEED, Splits,
    split_indices,
};

/// The smallest folder that can be split: below this the test part would hold next to nothing.
pub const MIN_FOLDER_IMAGES: usize = 20;

/// Where images come from, as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// MNIST: four IDX files, plain or gzipped
    Mnist,
    /// Fashion-MNIST: four IDX files, plain or gzipped
    FashionMnist,
    /// Avatars: the tar file, as `fetch` leaves it
    Avatars,
    /// Your own pictures: one sub-folder a class, or pictures alone, which have no classes
    Folder,
    /// Arrays: IDX files of any name, .npy, .npz and CIFAR's .bin; what they hold is recognised
    Arrays,
}

/// How the pictures of a folder become images.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct FolderArgs {
    /// For --dataset folder or arrays: sides of the images in pixels, 8 to 128 [default: the size of the pictures if all have the
    /// same and it is in that range, else 64]
    #[arg(long, value_name = "PIXELS", value_parser = sides())]
    size: Option<u64>,

    /// For --dataset folder: make the images grey
    #[arg(long, conflicts_with = "colour")]
    grey: bool,

    /// For --dataset folder: keep colours even if no picture shows any
    #[arg(long)]
    colour: bool,

    /// For --dataset folder: leave out pictures that cannot be read, and name them
    #[arg(long)]
    skip_broken: bool,

    /// For --dataset folder: what happens to pictures of other proportions
    #[arg(long, value_enum, default_value_t)]
    fit: FitChoice,

    /// For --dataset folder: take the pictures as they are, or prepare each as MNIST's digits or Fashion-MNIST's clothes
    /// were: light on black, and digits in the middle; for --dataset arrays, how a person's own picture is prepared [default: picture,
    /// and for arrays what the images look like]
    #[arg(long, value_enum)]
    prepare: Option<PrepareChoice>,
}

/// `--fit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FitChoice {
    /// Cut off what reaches over
    #[default]
    Crop,
    /// Stretch
    Stretch,
    /// Add bars in the colour of the edge
    Pad,
}

/// `--prepare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PrepareChoice {
    /// As they are
    Picture,
    /// As MNIST's digits
    Digit,
    /// As Fashion-MNIST's clothes
    Object,
}

/// The sides that images may have.
fn sides() -> clap::builder::RangedU64ValueParser {
    let sides = ImageShape::MIN_SIDE as u64..=ImageShape::MAX_SIDE as u64;
    clap::value_parser!(u64).range(sides)
}

impl FolderArgs {
    fn fit(self) -> Fit {
        match self.fit {
            FitChoice::Crop => Fit::Crop,
            FitChoice::Stretch => Fit::Stretch,
            FitChoice::Pad => Fit::Pad,
        }
    }

    /// The sides that were asked for.
    fn side(self) -> Option<usize> {
        self.size.map(|size| size as usize)
    }

    /// The preparation that was asked for.
    fn preparation(self) -> Option<Preparation> {
        self.prepare.map(|prepare| match prepare {
            PrepareChoice::Picture => Preparation::Picture { fit: self.fit() },
            PrepareChoice::Digit => Preparation::Digit,
            PrepareChoice::Object => Preparation::Object,
        })
    }

    fn options(self) -> FolderOptions {
        let as_they_are = Preparation::Picture { fit: self.fit() };
        FolderOptions {
            side: self.side(),
            colour: (self.grey || self.colour).then_some(self.colour),
            preparation: self.preparation().unwrap_or(as_they_are),
            skip_broken: self.skip_broken,
        }
    }
}

/// A data set in memory.
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
/// If a file is missing, damaged or not what it should be.
pub fn load(source: Source, dir: &Path, pictures: FolderArgs) -> anyhow::Result<Loaded> {
    match source {
        Source::Mnist => known(KnownDataset::Mnist, dir),
        Source::FashionMnist => known(KnownDataset::FashionMnist, dir),
        Source::Avatars => known(KnownDataset::Avatars, dir),
        Source::Folder => {
            let folder = datasets::load_folder(dir, pictures.options()).map_err(with_way_out)?;
            tell_what_was_left_out(&folder);
            let shape = folder.images.shape();
            let info = own_info(dir, shape, &folder.class_names, folder.preparation)?;
            info.check()?;
            let splits = splits(&folder.images, folder.test, &info.class_names, dir)?;
            Ok(Loaded { info, splits })
        }
        Source::Arrays => arrays::load(dir, pictures),
    }
}

/// Reads the data that a model was made for from `dir`.
///
/// # Errors
///
/// As [`load`], and if a folder of pictures has other classes than the model.
pub fn load_for(info: &DatasetInfo, dir: &Path) -> anyhow::Result<Splits> {
    if let Some(dataset) = info.known {
        return Ok(datasets::load(dataset, dir)?);
    }
    if datasets::holds_arrays(dir) {
        return arrays::load_for(info, dir);
    }
    let folder = datasets::load_folder_as(dir, info.shape, info.preparation)?;
    tell_what_was_left_out(&folder);
    ensure_classes(&folder.class_names, info, dir)?;
    splits(&folder.images, folder.test, &info.class_names, dir)
}

/// Says what of a folder was not read.
fn tell_what_was_left_out(folder: &FolderDataset) {
    if folder.passed_over > 0 {
        let files = folder.passed_over;
        tell!("note: {files} files that are no pictures were passed over");
    }
    for broken in &folder.broken {
        tell!("note: left out: {}", broken.reason);
    }
}

/// An error about broken pictures with the option that leaves them out.
fn with_way_out(error: DatasetError) -> anyhow::Error {
    let is_broken = matches!(error, DatasetError::BrokenPictures { .. });
    let error = anyhow::Error::from(error);
    if is_broken {
        return error.context("broken pictures: --skip-broken trains on the others");
    }
    error
}

/// The three parts of data. Images for testing stay what they are; else a fifth is drawn for it.
fn splits(
    images: &LabelledImages,
    test: Option<LabelledImages>,
    class_names: &[String],
    dir: &Path,
) -> anyhow::Result<Splits> {
    ensure_enough(images, class_names, dir)?;
    let Some(test) = test else {
        return split(images, dir);
    };
    let total = images.len();
    ensure!(
        total >= MIN_FOLDER_IMAGES && !test.is_empty(),
        "{} holds {total} images for training and {} for testing, too few: put at least {MIN_FOLDER_IMAGES} and 1 there",
        dir.display(),
        test.len()
    );
    let (train, held_out) = split_indices(total, (total / 10).min(HELD_OUT), SPLIT_SEED);
    Ok(Splits {
        train: images.subset(&train).by_turns(),
        held_out: images.subset(&held_out).by_turns(),
        test: test.by_turns(),
    })
}

/// The fewest images of a class: one for each part.
const MIN_CLASS_IMAGES: usize = 3;

/// Refuses classes that cannot be split, by name, before anything is trained.
fn ensure_enough(
    images: &LabelledImages,
    class_names: &[String],
    dir: &Path,
) -> anyhow::Result<()> {
    let mut counts = vec![0_usize; class_names.len()];
    for &label in images.labels() {
        counts[usize::from(label)] += 1;
    }
    let few = class_names
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count < MIN_CLASS_IMAGES);
    let few: Vec<String> = few
        .map(|(name, count)| format!("'{name}' has {count}"))
        .collect();
    ensure!(
        few.is_empty(),
        "{} has classes with fewer than {MIN_CLASS_IMAGES} images, too few to train and test on: {}; add images to them, or take them out",
        dir.display(),
        few[..few.len().min(LISTED)].join(", ")
    );
    Ok(())
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

/// The description of a person's own data: called like its folder.
fn own_info(
    dir: &Path,
    shape: ImageShape,
    class_names: &[String],
    preparation: Preparation,
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
    })
}

/// A fifth of the pictures for testing and a tenth held out, drawn by the same fixed seed as for the known data sets. Classes
/// come by turns in each part, and not one after the other as in the folder.
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
        train: rest.subset(&train).by_turns(),
        held_out: rest.subset(&held_out).by_turns(),
        test: images.subset(&test).by_turns(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use datasets::{ImageShape, LabelledImages};

    use super::{classes_text, split};

    /// `count` images of 8x8 pixels, no two alike.
    fn images(count: usize) -> LabelledImages {
        let shape = ImageShape::new(1, 8, 8).expect("small images");
        let pixels =
            (0..count).flat_map(|i| [[(i % 256) as u8; 32], [(i / 256) as u8; 32]].concat());
        LabelledImages::unlabelled(shape, pixels.collect()).expect("whole images")
    }

    #[test]
    fn a_folder_is_split_without_overlap() {
        let images = images(1_000);
        let splits = split(&images, Path::new("x")).expect("1,000 images");
        let parts = [&splits.train, &splits.held_out, &splits.test];
        assert_eq!(parts.map(LabelledImages::len), [700, 100, 200]);
        let sorted = |parts: &[&LabelledImages]| {
            let mut rows: Vec<_> = parts
                .iter()
                .flat_map(|part| (0..part.len()).map(|i| part.values(i).to_vec()))
                .collect();
            rows.sort_unstable();
            rows
        };
        assert!(
            sorted(&parts) == sorted(&[&images]),
            "an image is lost or doubled"
        );
    }

    #[test]
    fn few_pictures_are_refused() {
        let error = split(&images(3), Path::new("x")).expect_err("three images");
        assert!(error.to_string().contains("at least 20"), "{error}");
    }

    #[test]
    fn a_thousand_classes_are_not_listed_in_full() {
        let names: Vec<String> = (0..1_000).map(|i| format!("c{i}")).collect();
        assert_eq!(classes_text(&names[..2]), "the classes c0, c1");
        assert!(classes_text(&names).starts_with("1000 classes, c0, c1"));
        assert_eq!(classes_text(&[]), "pictures without classes");
    }
}
