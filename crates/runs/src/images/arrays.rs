//! Data that is stored as arrays: what it is and how it is split.

use std::path::Path;

use datasets::{
    ArrayDataset, ArrayOptions, DataSource, DatasetInfo, Fit, LabelledImages, Preparation,
    load_arrays,
};

use super::{
    ImagesError, Loaded, describe,
    parts::{self, Parts},
};

/// Levels of 255 that count as black along the edges of images.
const BLACK: u8 = 25;

/// Images that are looked at to find how they were prepared.
const LOOKED_AT: usize = 200;

/// The longer side of what is drawn, in parts of the image's: MNIST's digits take 20 of 28, and Fashion-MNIST's clothes all.
const FILLED: f32 = 0.85;

/// Reads the arrays in a folder.
///
/// # Errors
///
/// If they cannot be read, or are too few to train on.
pub fn load(
    dir: &Path,
    side: Option<usize>,
    prepared: Option<Preparation>,
    source: DataSource,
) -> Result<Loaded, ImagesError> {
    let read = load_arrays(dir, ArrayOptions { side })?;
    let notes = read.notes.clone();
    let preparation = prepared.unwrap_or_else(|| preparation(&read.train));
    let limit = source.limit;
    let shape = read.train.shape();
    let info = describe::own(dir, shape, &read.class_names, preparation, source)?;
    info.check()?;
    let splits = parts::splits(parts_of(read, limit), &info.class_names, dir)?;
    Ok(Loaded {
        info,
        splits,
        notes,
    })
}

/// Reads the arrays that a model was trained on.
///
/// # Errors
///
/// As [`load`].
pub fn load_again(
    info: &DatasetInfo,
    dir: &Path,
    limit: Option<usize>,
) -> Result<(Vec<String>, Parts), ImagesError> {
    let mut read = load_arrays(dir, ArrayOptions::default())?;
    if read.train.shape() != info.shape {
        let side = Some(info.shape.height());
        read = load_arrays(dir, ArrayOptions { side })?;
    }
    let class_names = std::mem::take(&mut read.class_names);
    Ok((class_names, parts_of(read, limit)))
}

fn parts_of(read: ArrayDataset, limit: Option<usize>) -> Parts {
    let ArrayDataset { train, test, .. } = read.limited(limit);
    Parts {
        images: train,
        held_out: None,
        test,
    }
}

/// How pictures become such images: light on black as MNIST's digits or Fashion-MNIST's clothes, or as they are.
fn preparation(images: &LabelledImages) -> Preparation {
    let as_they_are = Preparation::Picture {
        fit: Fit::default(),
    };
    let shape = images.shape();
    if shape.is_colour() || images.is_empty() {
        return as_they_are;
    }
    let (width, height) = (shape.width(), shape.height());
    let looked_at = images.len().min(LOOKED_AT);
    let mut shares = Vec::new();
    let mut black = 0;
    for index in 0..looked_at {
        let values = images.values(index * images.len() / looked_at);
        let inked = || (0..values.len()).filter(|&at| values[at] > BLACK);
        let is_edge = |at: usize| {
            let (x, y) = (at % width, at / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        };
        black += usize::from(2 * inked().filter(|&at| is_edge(at)).count() < 2 * (width + height));
        let extent = |position: fn(usize, usize) -> usize, side: usize| {
            let first = inked().map(|at| position(at, width)).min().unwrap_or(0);
            let last = inked().map(|at| position(at, width)).max().unwrap_or(0);
            (last + 1 - first) as f32 / side as f32
        };
        let across = extent(|at, width| at % width, width);
        shares.push(across.max(extent(|at, width| at / width, height)));
    }
    if 10 * black < 9 * looked_at {
        return as_they_are;
    }
    shares.sort_by(f32::total_cmp);
    if shares[shares.len() / 2] < FILLED {
        Preparation::Digit
    } else {
        Preparation::Object
    }
}
