//! Small labelled samples: those inside the program, and how a model gets one.

use crate::{ClassId, DatasetError, KnownDataset, LabelledImages, idx};

const MNIST_IMAGES: &[u8] = include_bytes!("../samples/mnist-images.idx3-ubyte.gz");
const MNIST_LABELS: &[u8] = include_bytes!("../samples/mnist-labels.idx1-ubyte.gz");
const FASHION_IMAGES: &[u8] = include_bytes!("../samples/fashion-mnist-images.idx3-ubyte.gz");
const FASHION_LABELS: &[u8] = include_bytes!("../samples/fashion-mnist-labels.idx1-ubyte.gz");
const AVATARS_IMAGES: &[u8] = include_bytes!("../samples/avatars-images.idx4-ubyte.gz");
const AVATARS_LABELS: &[u8] = include_bytes!("../samples/avatars-labels.idx1-ubyte.gz");

/// Images of each sample.
const IMAGES: usize = 1_000;

/// The shipped sample: the first 100 test images of each class, ordered by class, 1,000 in all.
///
/// It unpacks at each call (a few milliseconds for grey images), so keep the result.
///
/// # Panics
///
/// Never: the files are part of the program, and this crate's tests unpack them.
#[must_use]
pub fn sample(dataset: KnownDataset) -> LabelledImages {
    let (images, labels) = match dataset {
        KnownDataset::Mnist => (MNIST_IMAGES, MNIST_LABELS),
        KnownDataset::FashionMnist => (FASHION_IMAGES, FASHION_LABELS),
        KnownDataset::Avatars => (AVATARS_IMAGES, AVATARS_LABELS),
    };
    let (shape, classes) = (dataset.shape(), dataset.class_names().len());
    let unpack = |bytes: &[u8]| {
        let idx = idx::parse_idx_gz(bytes, IMAGES * shape.values());
        idx.expect("the embedded sample is tested").into_data()
    };
    let labels = unpack(labels).into_iter().map(u16::from).collect();
    LabelledImages::new(shape, unpack(images), labels, classes)
        .expect("the embedded sample is tested")
}

/// The most images of a class in the small sample that a model carries.
const MOST_A_CLASS: usize = 100;

/// The first images of each class, ordered by class, at most 100 of each and 1,000 in all: what a model carries to be
/// looked at and tried out without its data set. Without labels, the first 1,000 images. They lie in memory.
///
/// # Errors
///
/// As [`LabelledImages::read`].
pub fn small_sample(images: &LabelledImages) -> Result<LabelledImages, DatasetError> {
    if !images.is_labelled() {
        let first: Vec<usize> = (0..images.len().min(IMAGES)).collect();
        return images.subset(&first).in_memory();
    }
    let a_class = (IMAGES / images.classes()).clamp(1, MOST_A_CLASS);
    let classes = (0..images.classes()).map(|class| ClassId(class as u16));
    let chosen = classes.flat_map(|class| {
        let members = images.indices_of(class);
        members.into_iter().take(a_class)
    });
    images
        .subset(&chosen.take(IMAGES).collect::<Vec<_>>())
        .in_memory()
}
