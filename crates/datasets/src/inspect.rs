//! What is in a folder of data, before anything is trained on it: classes, sizes, and what would spoil figures.

mod alike;
mod items;

use std::{collections::BTreeMap, path::Path};

use image::RgbImage;

pub use crate::folder::scan::Part;
use crate::{DataFormat, DatasetError, ImageShape};
use alike::groups;
use items::Item;

/// What was found in a folder of pictures or of arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What kind of files hold the images.
    pub format: DataFormat,
    /// How the files were understood, a sentence each.
    pub notes: Vec<String>,
    /// Width and height of the images, with how many have them, the most frequent first.
    pub sizes: Vec<([u32; 2], usize)>,
    /// How many images show colour.
    pub coloured: usize,
    /// The classes in class order, each with how many images there are for training and for testing; none without labels.
    pub classes: Vec<(String, [usize; 2])>,
    /// How many images there are for training and for testing.
    pub images: [usize; 2],
    /// Images that are the same in every pixel, a group each.
    pub duplicates: Vec<Vec<String>>,
    /// Images that are nearly the same: they look alike at 16x16 pixels.
    pub near_duplicates: Vec<Vec<String>>,
    /// Pairs of an image for training and one for testing that are the same, or nearly.
    pub leaks: Vec<[String; 2]>,
    /// Images of one level.
    pub constant: Vec<String>,
    /// Files that should be pictures and cannot be read, with the reason.
    pub broken: Vec<(String, String)>,
    /// Files that are no pictures.
    pub passed_over: usize,
    /// Thumbnails of the first images of each class, with the number of the class.
    pub thumbnails: Vec<(Option<u16>, RgbImage)>,
}

impl Inspection {
    /// The shape of the images, if all have the same and a model can be trained on it as it is.
    #[must_use]
    pub fn shape(&self) -> Option<ImageShape> {
        let &[([width, height], _)] = self.sizes.as_slice() else {
            return None;
        };
        let channels = if self.coloured > 0 { 3 } else { 1 };
        ImageShape::new(channels, height as usize, width as usize).ok()
    }

    /// How many images there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.images[0] + self.images[1]
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What there is, in one line: format, number, size and colour of the images.
    #[must_use]
    pub fn heading(&self) -> String {
        let [train, test] = self.images;
        let format = match self.format {
            DataFormat::Pictures => "pictures",
            DataFormat::Arrays => "arrays",
        };
        let sizes = match self.sizes.as_slice() {
            [([width, height], _)] => format!("{width}x{height} pixels"),
            [([width, height], count), others @ ..] => {
                let sizes = others.len() + 1;
                format!("{sizes} sizes, {width}x{height} pixels in {count} of them")
            }
            [] => "no size".to_owned(),
        };
        let colour = match self.coloured {
            0 => "grey".to_owned(),
            count if count == self.len() => "in colour".to_owned(),
            count => format!("{count} of them in colour"),
        };
        let parts = if test > 0 {
            format!("{train} images for training and {test} for testing")
        } else {
            format!("{train} images")
        };
        format!("{format}: {parts}, {sizes}, {colour}")
    }

    /// What would spoil training or figures: what it is, and each place where it is.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, Vec<String>)> {
        let groups = |groups: &[Vec<String>]| -> Vec<String> {
            groups.iter().map(|group| group.join(" = ")).collect()
        };
        let leaks = self.leaks.iter().map(|pair| pair.join(" = "));
        let broken = self.broken.iter();
        let broken = broken.map(|(file, reason)| format!("{file}: {reason}"));
        let problems = [
            ("groups of the same image", groups(&self.duplicates)),
            (
                "groups of nearly the same image",
                groups(&self.near_duplicates),
            ),
            (
                "images for testing that are among those for training",
                leaks.collect(),
            ),
            ("images of one level all over", self.constant.clone()),
            ("broken files", broken.collect()),
        ];
        let found = problems.into_iter();
        found.filter(|(_, places)| !places.is_empty()).collect()
    }
}

/// Looks at every image in a folder. Pictures are decoded one at a time.
///
/// # Errors
///
/// As [`crate::load_arrays`] where there are arrays alone, and [`DatasetError::Folder`] or [`DatasetError::Read`] if there is no picture, or a
/// folder cannot be listed. Pictures that cannot be read are part of what is found.
pub fn inspect(dir: &Path) -> Result<Inspection, DatasetError> {
    let items::Items {
        format,
        notes,
        class_names,
        images: items,
        broken,
        passed_over,
        thumbnails,
    } = items::in_folder(dir)?;
    let mut classes: Vec<(String, [usize; 2])> =
        class_names.into_iter().map(|name| (name, [0; 2])).collect();
    let mut images = [0; 2];
    let mut sizes: BTreeMap<[u32; 2], usize> = BTreeMap::new();
    for item in &items {
        images[column(item.part)] += 1;
        *sizes.entry(item.size).or_default() += 1;
        let class = item
            .class
            .and_then(|class| classes.get_mut(usize::from(class)));
        if let Some((_, counts)) = class {
            counts[column(item.part)] += 1;
        }
    }
    let mut sizes: Vec<([u32; 2], usize)> = sizes.into_iter().collect();
    sizes.sort_by_key(|&(size, count)| (std::cmp::Reverse(count), size));
    let (same, near) = groups(&items);
    let named = |groups: &[Vec<usize>]| -> Vec<Vec<String>> {
        let names = |group: &Vec<usize>| group.iter().map(|&at| items[at].name.clone()).collect();
        groups.iter().map(names).collect()
    };
    let constant = items.iter().filter(|item| item.is_constant);
    Ok(Inspection {
        format,
        notes,
        sizes,
        coloured: items.iter().filter(|item| item.is_coloured).count(),
        classes,
        images,
        duplicates: named(&same),
        near_duplicates: named(&near),
        leaks: same
            .iter()
            .chain(&near)
            .flat_map(|group| leaks(&items, group))
            .collect(),
        constant: constant.map(|item| item.name.clone()).collect(),
        broken,
        passed_over,
        thumbnails,
    })
}

/// Where a part is counted: what is not for testing is for training.
fn column(part: Part) -> usize {
    usize::from(part == Part::Test)
}

/// Each image for testing of a group, with the first one for training.
fn leaks(items: &[Item], group: &[usize]) -> Vec<[String; 2]> {
    let of = |test: bool| {
        let group = group.iter();
        group.filter(move |&&at| (items[at].part == Part::Test) == test)
    };
    let Some(&train) = of(false).next() else {
        return Vec::new();
    };
    of(true)
        .map(|&test| [items[train].name.clone(), items[test].name.clone()])
        .collect()
}
