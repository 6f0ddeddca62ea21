//! Seeded batches, and the tensors that the models take.

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::{Rng, RngExt as _};

use crate::{DatasetError, LabelledImages, Seed};

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

/// Labels of which some are replaced by `no_class`, each with the probability `share`, drawn anew with each seed: so that a model
/// that is given the class also learns what images look like without one (Ho and Salimans 2021, "Classifier-Free Diffusion
/// Guidance", section 3.2).
///
/// # Shapes
///
/// - `labels`: `[batch]`, as [`label_data`] makes them
/// - output: `[batch]`
///
/// # Panics
///
/// If `labels` does not hold `i32` values.
#[must_use]
pub fn drop_labels(labels: TensorData, no_class: usize, share: f32, seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let shape = labels.shape().clone();
    let labels = labels.try_into_vec::<i32>().expect("labels as i32");
    let kept = labels.into_iter().map(|label| {
        if rng.random::<f32>() < share {
            no_class as i32
        } else {
            label
        }
    });
    TensorData::new(kept.collect(), shape)
}

/// The images at `indices` as values in [0, 1], ready to become a tensor: what a batch is before it reaches a device.
///
/// # Shapes
///
/// - output: `[indices.len(), channels, height, width]`
///
/// # Errors
///
/// As [`LabelledImages::read`].
///
/// # Panics
///
/// If an index is not below the number of images.
pub fn image_data(images: &LabelledImages, indices: &[usize]) -> Result<TensorData, DatasetError> {
    let mut values = Vec::with_capacity(indices.len() * images.shape().values());
    for &index in indices {
        let bytes = images.read(index)?;
        values.extend(bytes.iter().map(|&byte| f32::from(byte) / 255.0));
    }
    Ok(TensorData::new(values, images.shape().batch(indices.len())))
}

/// Each pixel 1 with its grey level as the probability and 0 otherwise, drawn anew with each seed (Salakhutdinov and Murray
/// 2008, "On the Quantitative Analysis of Deep Belief Networks"): the form of MNIST whose likelihoods are compared.
///
/// # Panics
///
/// If `images` does not hold `f32` values, as [`image_data`] makes them.
#[must_use]
pub fn binarised(images: TensorData, seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let shape = images.shape().clone();
    let values = images.try_into_vec::<f32>().expect("pixels as f32");
    let binary = values
        .into_iter()
        .map(|level| f32::from(u8::from(rng.random::<f32>() < level)));
    TensorData::new(binary.collect(), shape)
}

/// The classes of the images at `indices`, as [`image_data`] gives their pixels; 0 for images without labels.
///
/// # Shapes
///
/// - output: `[indices.len()]`
///
/// # Panics
///
/// If an index is not below the number of images.
#[must_use]
pub fn label_data(images: &LabelledImages, indices: &[usize]) -> TensorData {
    let labels = indices.iter().map(|&index| images.label(index));
    let values: Vec<i32> = labels
        .map(|label| label.map_or(0, |label| i32::from(label.0)))
        .collect();
    TensorData::new(values, [indices.len()])
}

/// [`image_data`] on a device.
///
/// # Shapes
///
/// - output: `[indices.len(), channels, height, width]`
///
/// # Errors
///
/// As [`LabelledImages::read`].
///
/// # Panics
///
/// If an index is not below the number of images.
pub fn image_tensor(
    images: &LabelledImages,
    indices: &[usize],
    device: &Device,
) -> Result<Tensor<4>, DatasetError> {
    Ok(Tensor::from_data(image_data(images, indices)?, device))
}

/// [`label_data`] on a device.
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
    Tensor::from_data(label_data(images, indices), device)
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
