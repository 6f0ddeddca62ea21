//! The small labelled samples that travel inside the program.

use crate::{KnownDataset, LabelledImages, idx};

const MNIST_IMAGES: &[u8] = include_bytes!("../../../assets/samples/mnist-images.idx3-ubyte.gz");
const MNIST_LABELS: &[u8] = include_bytes!("../../../assets/samples/mnist-labels.idx1-ubyte.gz");
const FASHION_IMAGES: &[u8] =
    include_bytes!("../../../assets/samples/fashion-mnist-images.idx3-ubyte.gz");
const FASHION_LABELS: &[u8] =
    include_bytes!("../../../assets/samples/fashion-mnist-labels.idx1-ubyte.gz");
const AVATARS_IMAGES: &[u8] =
    include_bytes!("../../../assets/samples/avatars-images.idx4-ubyte.gz");
const AVATARS_LABELS: &[u8] =
    include_bytes!("../../../assets/samples/avatars-labels.idx1-ubyte.gz");

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
