//! What is measured after an epoch, without any judge.

use std::collections::BTreeMap;

use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{DatasetError, LabelledImages, Seed, image_tensor, label_tensor};
use latent_space::sample_prior;

use crate::{Gan, loss};

/// Images of MNIST that are measured at a time, see [`datasets::ImageShape::at_a_time`]. Those measured together share a seed of their
/// latents.
const BLOCK: usize = 250;

/// Both losses of the averaged networks on held-out images, each beside an image that is drawn of its class, and how much better
/// as many training images score; `[images, held_out]`.
pub fn measure(
    gan: &Gan,
    [images, held_out]: [&LabelledImages; 2],
    seed: Seed,
) -> Result<BTreeMap<String, f64>, DatasetError> {
    let (mut own, mut generators) = (0.0, 0.0);
    let [mut of_train, mut of_held_out, mut of_drawn] = [0.0; 3];
    let all: Vec<usize> = (0..held_out.len()).collect();
    for (block, indices) in all.chunks(held_out.shape().at_a_time(BLOCK)).enumerate() {
        let share = indices.len() as f64 / all.len() as f64;
        let drawn = drawn(gan, held_out, indices, seed.derive(block as u64));
        let held = scores(gan, held_out, indices)?;
        let known: Vec<usize> = indices.iter().map(|index| index % images.len()).collect();
        own += share * value(loss::discriminator(held.clone(), drawn.clone()));
        generators += share * value(loss::generator(held.clone(), drawn.clone()));
        of_train += share * value(scores(gan, images, &known)?.mean());
        of_held_out += share * value(held.mean());
        of_drawn += share * value(drawn.mean());
    }
    let overfitting = (of_train - of_held_out) / (of_train - of_drawn);
    let mut measured = BTreeMap::from([
        ("held_out_discriminator_loss".to_owned(), own),
        ("held_out_generator_loss".to_owned(), generators),
    ]);
    // Scores that are all alike say nothing.
    if overfitting.is_finite() {
        measured.insert("held_out_overfitting".to_owned(), overfitting);
    }
    Ok(measured)
}

/// The scores of some images, `[indices.len()]`.
fn scores(
    gan: &Gan,
    images: &LabelledImages,
    indices: &[usize],
) -> Result<Tensor<1>, DatasetError> {
    let device = device(gan);
    let batch = image_tensor(images, indices, &device)?;
    Ok(gan
        .discriminator
        .forward(batch, classes(gan, images, indices, &device)))
}

/// The scores of images that are drawn of the classes of some images, `[indices.len()]`.
fn drawn(gan: &Gan, images: &LabelledImages, indices: &[usize], seed: Seed) -> Tensor<1> {
    let (device, dims) = (device(gan), gan.generator.latent_dim());
    let latents = sample_prior(dims, indices.len(), seed).concat();
    let latents = Tensor::from_data(TensorData::new(latents, [indices.len(), dims]), &device);
    let classes = || classes(gan, images, indices, &device);
    gan.discriminator
        .forward(gan.generator.decode(latents, classes()), classes())
}

fn classes(
    gan: &Gan,
    images: &LabelledImages,
    indices: &[usize],
    device: &Device,
) -> Option<Tensor<1, Int>> {
    (gan.generator.classes() > 0).then(|| label_tensor(images, indices, device))
}

fn device(gan: &Gan) -> Device {
    gan.generator.project.weight.device()
}

fn value(scalar: Tensor<1>) -> f64 {
    f64::from(scalar.into_scalar::<f32>())
}
