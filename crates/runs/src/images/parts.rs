//! The parts of a person's own data: to learn from, held out, and for testing.

use std::path::Path;

use datasets::{HELD_OUT, LabelledImages, SPLIT_SEED, Splits, split_indices};

use super::ImagesError;

/// The smallest folder that can be split: below this the test part would hold next to nothing.
pub const MIN_FOLDER_IMAGES: usize = 20;

/// The fewest images of a class: one for each part.
pub const MIN_CLASS_IMAGES: usize = 3;

/// At most so many classes are named.
const LISTED: usize = 12;

/// Images as the data itself divides them.
pub struct Parts {
    /// What nothing else is said of.
    pub images: LabelledImages,
    /// What is held out of training, if the data says so.
    pub held_out: Option<LabelledImages>,
    /// What is for testing, if the data says so.
    pub test: Option<LabelledImages>,
}

/// The three parts of data. Images for testing stay what they are, and so do held-out ones; else a fifth and a tenth are drawn for it.
///
/// # Errors
///
/// If there are too few images, of all or of a class.
pub fn splits(parts: Parts, class_names: &[String], dir: &Path) -> Result<Splits, ImagesError> {
    let Parts {
        images,
        held_out,
        test,
    } = parts;
    ensure_enough(&images, class_names, dir)?;
    let Some(test) = test else {
        let whole = match held_out {
            None => images,
            Some(held) => images.concat(&held)?,
        };
        return split(&whole, dir);
    };
    let total = images.len();
    if total < MIN_FOLDER_IMAGES || test.is_empty() {
        return Err(ImagesError::TooFewInParts {
            folder: dir.to_owned(),
            training: total,
            testing: test.len(),
        });
    }
    let (images, held_out) = if let Some(held_out) = held_out {
        (images, held_out)
    } else {
        let (train, held) = split_indices(total, (total / 10).min(HELD_OUT), SPLIT_SEED);
        (images.subset(&train), images.subset(&held))
    };
    Ok(Splits {
        train: images.by_turns(),
        held_out: held_out.by_turns(),
        test: test.by_turns(),
    })
}

/// Refuses classes that cannot be split, by name, before anything is trained.
fn ensure_enough(
    images: &LabelledImages,
    class_names: &[String],
    dir: &Path,
) -> Result<(), ImagesError> {
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
    if few.is_empty() {
        return Ok(());
    }
    Err(ImagesError::SmallClasses {
        folder: dir.to_owned(),
        classes: few[..few.len().min(LISTED)].join(", "),
    })
}

/// A fifth of the pictures for testing and a tenth held out, drawn by the same fixed seed as for the known data sets. Classes
/// come by turns in each part, and not one after the other as in the folder.
fn split(images: &LabelledImages, dir: &Path) -> Result<Splits, ImagesError> {
    let total = images.len();
    if total < MIN_FOLDER_IMAGES {
        return Err(ImagesError::TooFew {
            folder: dir.to_owned(),
            pictures: total,
        });
    }
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

    use super::split;

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
}
