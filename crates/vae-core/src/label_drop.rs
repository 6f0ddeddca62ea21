//! Leaving classes out in training, so that a conditional network also learns what images look like without one.

use burn::tensor::TensorData;
use datasets::Seed;
use rand::RngExt as _;

/// The share of the images of a training step whose class is left out.
pub const LABEL_DROP: f32 = 0.1;

/// The classes of a batch as a training step gives them to a conditional [`Vae`](crate::Vae): each is replaced by `no_class` with
/// the probability [`LABEL_DROP`], drawn anew with each seed (as Ho and Salimans 2021, "Classifier-Free Diffusion Guidance",
/// section 3.2, train one network with and without a class).
///
/// # Shapes
/// - `labels`: `[batch]`, as [`datasets::label_data`] makes them
/// - output: `[batch]`
///
/// # Panics
/// If `labels` does not hold `i32` values.
#[must_use]
pub fn drop_labels(labels: TensorData, no_class: usize, seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let shape = labels.shape().clone();
    let labels = labels.try_into_vec::<i32>().expect("labels as i32");
    let kept = labels.into_iter().map(|label| {
        if rng.random::<f32>() < LABEL_DROP {
            no_class as i32
        } else {
            label
        }
    });
    TensorData::new(kept.collect(), shape)
}
