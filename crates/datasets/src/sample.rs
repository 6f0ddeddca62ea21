//! The small labelled sample that travels inside the program.

use crate::{KnownDataset, LabelledImages, PIXELS, idx};

const MNIST_IMAGES: &[u8] = include_bytes!("../../../assets/samples/mnist-images.idx3-ubyte.gz");
const MNIST_LABELS: &[u8] = include_bytes!("../../../assets/samples/mnist-labels.idx1-ubyte.gz");
const FASHION_IMAGES: &[u8] =
    include_bytes!("../../../assets/samples/fashion-mnist-images.idx3-ubyte.gz");
const FASHION_LABELS: &[u8] =
    include_bytes!("../../../assets/samples/fashion-mnist-labels.idx1-ubyte.gz");

/// The shipped sample: the first 100 test images of each class, ordered by class, 1,000 in all.
///
/// It unpacks at each call (a few milliseconds), so keep the result.
///
/// # Panics
///
/// Never: the files are part of the program, and this crate's tests unpack them.
#[must_use]
pub fn sample(dataset: KnownDataset) -> LabelledImages {
    let (images, labels) = match dataset {
        KnownDataset::Mnist => (MNIST_IMAGES, MNIST_LABELS),
        KnownDataset::FashionMnist => (FASHION_IMAGES, FASHION_LABELS),
    };
    let unpack = |bytes: &[u8]| {
        let idx = idx::parse_idx_gz(bytes, 1_000 * PIXELS);
        idx.expect("the embedded sample is tested").into_data()
    };
    LabelledImages::new(unpack(images), unpack(labels), KnownDataset::CLASSES)
        .expect("the embedded sample is tested")
}
