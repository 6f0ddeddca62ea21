//! Seeded batches, and the tensors that the models take.

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::Rng;

use crate::{LabelledImages, PIXELS, SIDE, Seed};

/// The numbers `0..len` in an order that only `seed` decides (Fisher-Yates).
#[must_use]
pub fn permutation(len: usize, seed: Seed) -> Vec<usize> {
    let mut rng = seed.rng();
    let mut order: Vec<usize> = (0..len).collect();
    for last in (1..len).rev() {
        order.swap(last, below(&mut rng, last + 1));
    }
    order
}

/// Cuts a seeded permutation of `0..len` into batches of `batch_size` positions.
///
/// The same arguments give the same batches; each epoch has an order of its own. Each position occurs once an epoch:
/// the last batch is shorter where `batch_size` does not divide `len`, and is kept.
///
/// # Panics
///
/// If `batch_size` is 0.
#[must_use]
pub fn shuffled_batches(
    len: usize,
    batch_size: usize,
    seed: Seed,
    epoch: usize,
) -> Vec<Vec<usize>> {
    assert!(batch_size > 0, "a batch holds at least one image");
    let order = permutation(len, seed.derive(epoch as u64));
    order.chunks(batch_size).map(<[usize]>::to_vec).collect()
}

/// The images at `indices` as a tensor of values in [0, 1].
///
/// # Shapes
///
/// - output: `[indices.len(), 1, 28, 28]`
///
/// # Panics
///
/// If an index is not below the number of images.
#[must_use]
pub fn image_tensor(images: &LabelledImages, indices: &[usize], device: &Device) -> Tensor<4> {
    let mut values = Vec::with_capacity(indices.len() * PIXELS);
    for &index in indices {
        values.extend(
            images
                .image(index)
                .iter()
                .map(|&pixel| f32::from(pixel) / 255.0),
        );
    }
    Tensor::from_data(
        TensorData::new(values, [indices.len(), 1, SIDE, SIDE]),
        device,
    )
}

/// The classes of the images at `indices`.
///
/// # Shapes
///
/// - output: `[indices.len()]`
///
/// # Panics
///
/// If an index is not below the number of images.
#[must_use]
pub fn label_tensor(images: &LabelledImages, indices: &[usize], device: &Device) -> Tensor<1, Int> {
    let values: Vec<i32> = indices
        .iter()
        .map(|&index| i32::from(images.label(index).0))
        .collect();
    Tensor::from_data(TensorData::new(values, [indices.len()]), device)
}

/// A number from `0..bound`, each equally likely.
///
/// Written out, and not taken from the generator's crate, because such helpers change their stream between versions,
/// and the split into training and held-out images must not.
fn below(rng: &mut impl Rng, bound: usize) -> usize {
    let bound = bound as u64;
    // The top `2^64 mod bound` values would make the small remainders more likely: draw again.
    let excess = (u64::MAX % bound + 1) % bound;
    loop {
        let value = rng.next_u64();
        if value <= u64::MAX - excess {
            return (value % bound) as usize;
        }
    }
}
