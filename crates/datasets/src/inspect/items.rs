//! The images of a folder, each as what it takes to compare it with others.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
};

use image::{DynamicImage, GrayImage, RgbImage, imageops};

use super::Part;
use crate::{
    ArrayDataset, DataFormat, DatasetError, Image, LabelledImages,
    folder::scan::Scan,
    format::{Found, found},
    user_image::{is_coloured, planes, read_picture},
};

/// The side of what images are compared at, in pixels.
pub(super) const SMALL: u32 = 16;

/// Levels apart at which an image is one level all over.
const CONSTANT: u8 = 3;

/// Thumbnails a class, and in all.
const A_CLASS: usize = 10;
const MOST_THUMBNAILS: usize = 400;

/// The side of a thumbnail, in pixels.
const THUMBNAIL: u32 = 64;

/// An image, without its pixels.
pub(super) struct Item {
    /// The file below the folder, or the array and the number of the image in it.
    pub name: String,
    pub class: Option<u16>,
    pub part: Part,
    pub size: [u32; 2],
    pub is_coloured: bool,
    pub is_constant: bool,
    /// A hash of every pixel and the size.
    pub exact: u64,
    /// The image in grey at 16x16 pixels.
    pub small: Vec<u8>,
}

/// All images of a folder, and what else is in it.
pub(super) struct Items {
    pub format: DataFormat,
    pub notes: Vec<String>,
    pub class_names: Vec<String>,
    pub images: Vec<Item>,
    pub broken: Vec<(String, String)>,
    pub passed_over: usize,
    pub thumbnails: Vec<(Option<u16>, RgbImage)>,
}

pub(super) fn in_folder(dir: &Path) -> Result<Items, DatasetError> {
    match found(dir)? {
        Found::Arrays(arrays) => Ok(of_arrays(arrays)),
        Found::Pictures(scanned) => Ok(of_pictures(dir, scanned)),
    }
}

fn of_pictures(dir: &Path, scanned: Scan) -> Items {
    let mut items = Items {
        format: DataFormat::Pictures,
        notes: scanned.notes,
        class_names: scanned.class_names,
        images: Vec::new(),
        broken: Vec::new(),
        passed_over: scanned.passed_over,
        thumbnails: Vec::new(),
    };
    for file in scanned.files {
        let below = file.path.strip_prefix(dir).unwrap_or(&file.path);
        let name = below.to_string_lossy().into_owned();
        match read_picture(&file.path) {
            Ok(picture) => items.add(name, file.class, file.part, &picture),
            Err(error) => items.broken.push((name, error.to_string())),
        }
    }
    items
}

fn of_arrays(arrays: ArrayDataset) -> Items {
    let mut items = Items {
        format: DataFormat::Arrays,
        notes: arrays.notes,
        class_names: arrays.class_names,
        images: Vec::new(),
        broken: Vec::new(),
        passed_over: 0,
        thumbnails: Vec::new(),
    };
    items.add_all(&arrays.train, Part::Train, "image");
    if let Some(test) = &arrays.test {
        items.add_all(test, Part::Test, "test image");
    }
    items
}

impl Items {
    fn add_all(&mut self, images: &LabelledImages, part: Part, what: &str) {
        for index in 0..images.len() {
            let class = images.label(index).map(|class| class.0);
            if let Some(picture) = picture(&images.image(index)) {
                self.add(format!("{what} {index}"), class, part, &picture);
            }
        }
    }

    fn add(&mut self, name: String, class: Option<u16>, part: Part, picture: &DynamicImage) {
        let mut exact = DefaultHasher::new();
        (picture.width(), picture.height(), picture.color()).hash(&mut exact);
        picture.as_bytes().hash(&mut exact);
        let small = picture.thumbnail_exact(SMALL, SMALL).to_luma8();
        let item = Item {
            name,
            class,
            part,
            size: [picture.width(), picture.height()],
            is_coloured: is_coloured(picture),
            is_constant: is_constant(&planes(picture, 1)),
            exact: exact.finish(),
            small: small.into_raw(),
        };
        self.images.push(item);
        let mut of_class: BTreeMap<Option<u16>, usize> = BTreeMap::new();
        for (class, _) in &self.thumbnails {
            *of_class.entry(*class).or_default() += 1;
        }
        let shown = of_class.get(&class).copied().unwrap_or(0);
        if shown < A_CLASS && self.thumbnails.len() < MOST_THUMBNAILS {
            self.thumbnails.push((class, thumbnail(picture)));
        }
    }
}

/// Whether an image is one level all over, in front of white.
fn is_constant(levels: &[u8]) -> bool {
    let values = levels.iter().copied();
    let (darkest, lightest) = values.fold((255, 0), |(low, high), level| {
        (level.min(low), level.max(high))
    });
    lightest.saturating_sub(darkest) < CONSTANT
}

/// The whole picture in a square, with whole pixels where it is smaller.
fn thumbnail(picture: &DynamicImage) -> RgbImage {
    let longer = picture.width().max(picture.height()).max(1);
    let small = if longer > THUMBNAIL {
        picture.thumbnail(THUMBNAIL, THUMBNAIL).to_rgb8()
    } else {
        let times = THUMBNAIL / longer;
        let (width, height) = (picture.width() * times, picture.height() * times);
        imageops::resize(
            &picture.to_rgb8(),
            width,
            height,
            imageops::FilterType::Nearest,
        )
    };
    let mut square = RgbImage::new(THUMBNAIL, THUMBNAIL);
    let left = i64::from((THUMBNAIL - small.width()) / 2);
    let top = i64::from((THUMBNAIL - small.height()) / 2);
    imageops::replace(&mut square, &small, left, top);
    square
}

fn picture(image: &Image) -> Option<DynamicImage> {
    let (width, height) = (image.shape().width() as u32, image.shape().height() as u32);
    if image.shape().is_colour() {
        return RgbImage::from_raw(width, height, image.to_rgb().concat()).map(Into::into);
    }
    GrayImage::from_raw(width, height, image.to_bytes()).map(Into::into)
}
