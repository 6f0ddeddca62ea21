//! Pictures become images: decoded side by side, into memory or into a file of the cache.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    scan::PictureFile,
    survey::{Survey, kept_survey, survey},
};
use crate::{
    Cache, DatasetError, Fit, ImageShape, Preparation,
    cache::{Contents, ImageFile, Key, content},
    pixels::Pixels,
    user_image::{TrainingImage, training_image},
};

/// The side of images when their pictures have different sizes, or larger ones, and nobody says a size.
const USUAL_SIDE: usize = 64;

/// Pictures that are decoded before any of them is written.
const AT_A_TIME: usize = 128;

/// What is asked of the images.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub shape: Option<ImageShape>,
    pub side: Option<usize>,
    pub colour: Option<bool>,
    pub preparation: Preparation,
}

/// Images of some pictures, but for those that are broken.
pub(super) struct PreparedPictures {
    pub shape: ImageShape,
    /// The images of the pictures that are not broken, in the order of the pictures.
    pub pixels: Pixels,
    /// Why a picture is broken, by its number.
    pub broken: BTreeMap<usize, String>,
    /// How many pictures were taken whole, although objects were to be cut out.
    pub whole: usize,
    /// What the person should know, a sentence each.
    pub notes: Vec<String>,
}

/// Prepares pictures, or finds them prepared.
pub(super) fn prepared(
    files: &[PictureFile],
    wanted: Wanted,
    cache: Option<&Cache>,
) -> Result<PreparedPictures, DatasetError> {
    let Some(cache) = cache else {
        let paths: Vec<&Path> = files.iter().map(|file| file.path.as_path()).collect();
        let shape = shape_of(wanted, || survey(&paths))?;
        return Ok(in_memory(&paths, wanted.preparation, shape));
    };
    // In the order of their paths, so that another order of classes finds the same file.
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_unstable_by(|&a, &b| files[a].path.cmp(&files[b].path));
    let paths: Vec<&Path> = order.iter().map(|&at| files[at].path.as_path()).collect();
    let content = content(&paths);
    let shape = shape_of(wanted, || kept_survey(&paths, cache, &content))?;
    match in_file(&paths, wanted.preparation, shape, cache, &content) {
        Ok(file) => Ok(of_file(file, files, &order, wanted.preparation, shape)),
        Err(error) => {
            let paths: Vec<&Path> = files.iter().map(|file| file.path.as_path()).collect();
            let mut prepared = in_memory(&paths, wanted.preparation, shape);
            prepared.notes.push(format!(
                "the prepared pictures cannot be kept in {} ({error}), so they are prepared again each time, and take memory",
                cache.folder().display()
            ));
            Ok(prepared)
        }
    }
}

/// All pictures as images in memory.
fn in_memory(paths: &[&Path], preparation: Preparation, shape: ImageShape) -> PreparedPictures {
    let mut pixels = Vec::new();
    let mut broken = BTreeMap::new();
    let mut whole = 0;
    let mut at = 0;
    let take = |image: Result<TrainingImage, DatasetError>| {
        match image {
            Ok(image) => {
                pixels.extend(image.values);
                whole += usize::from(!image.is_cut);
            }
            Err(error) => {
                broken.insert(at, error.to_string());
            }
        }
        at += 1;
        Ok(())
    };
    // Nothing is written, so nothing can fail.
    let _ = each_image(paths, preparation, shape, take);
    PreparedPictures {
        shape,
        pixels: Pixels::Memory(pixels),
        broken,
        whole: whole_of(whole, preparation),
        notes: Vec::new(),
    }
}

/// All pictures as images in a file of the cache, which is written unless it is there.
fn in_file(
    paths: &[&Path],
    preparation: Preparation,
    shape: ImageShape,
    cache: &Cache,
    content: &str,
) -> io::Result<ImageFile> {
    let key = Key::of_images(content, preparation, shape);
    let contents = Contents {
        images: paths.len(),
        values: shape.values(),
    };
    if let Some(found) = cache.images(&key, contents) {
        return Ok(found);
    }
    cache.add_images(&key, contents, |file| {
        each_image(paths, preparation, shape, |image| match image {
            Ok(image) => file.image(&image.values, !image.is_cut),
            Err(_) => file.broken(),
        })
    })
}

/// What a file of the cache holds, in the order of the pictures again.
fn of_file(
    file: ImageFile,
    files: &[PictureFile],
    order: &[usize],
    preparation: Preparation,
    shape: ImageShape,
) -> PreparedPictures {
    let reason = |path: &PathBuf| {
        let again = training_image(path, preparation, shape).err();
        again.map_or_else(
            || {
                format!(
                    "{} could not be read when the pictures were prepared",
                    path.display()
                )
            },
            |error| error.to_string(),
        )
    };
    let broken = file.broken.iter().map(|&place| order[place]);
    let broken: BTreeMap<usize, String> = broken.map(|at| (at, reason(&files[at].path))).collect();
    let mut places = vec![0; files.len()];
    for (place, &at) in order.iter().enumerate() {
        places[at] = place as u32;
    }
    let sound = places
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !broken.contains_key(at));
    PreparedPictures {
        shape,
        pixels: Pixels::File {
            places: sound.map(|(_, place)| place).collect(),
            file: Arc::new(file.pixels),
        },
        broken,
        whole: whole_of(file.whole, preparation),
        notes: Vec::new(),
    }
}

/// Only where objects are to be cut out does it count that a picture was taken whole.
fn whole_of(whole: usize, preparation: Preparation) -> usize {
    let cuts = matches!(preparation, Preparation::Picture { fit: Fit::Object });
    if cuts { whole } else { 0 }
}

/// Decodes pictures side by side and hands their images on in order; never more than a few of them are there at once.
fn each_image(
    paths: &[&Path],
    preparation: Preparation,
    shape: ImageShape,
    mut take: impl FnMut(Result<TrainingImage, DatasetError>) -> io::Result<()>,
) -> io::Result<()> {
    for some in paths.chunks(AT_A_TIME) {
        let images: Vec<_> = some
            .par_iter()
            .map(|path| training_image(path, preparation, shape))
            .collect();
        images.into_iter().try_for_each(&mut take)?;
    }
    Ok(())
}

/// The shape of the images. Pictures are looked at only if a question is open.
fn shape_of(wanted: Wanted, survey: impl FnOnce() -> Survey) -> Result<ImageShape, DatasetError> {
    if let Some(shape) = wanted.shape {
        return Ok(shape);
    }
    let is_picture = matches!(wanted.preparation, Preparation::Picture { .. });
    let colour = if is_picture {
        wanted.colour
    } else {
        Some(false)
    };
    let channels = |colour: bool| if colour { 3 } else { 1 };
    if let (Some(side), Some(colour)) = (wanted.side, colour) {
        return ImageShape::new(channels(colour), side, side);
    }
    let found = survey();
    let channels = channels(colour.unwrap_or(found.is_coloured));
    let usual = || ImageShape::new(channels, USUAL_SIDE, USUAL_SIDE);
    match (wanted.side, found.size) {
        (Some(side), _) => ImageShape::new(channels, side, side),
        (None, Some((height, width))) => {
            ImageShape::new(channels, height, width).or_else(|_| usual())
        }
        (None, None) => usual(),
    }
}
