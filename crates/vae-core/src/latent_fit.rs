//! Describing the latent space of a trained VAE: its images are encoded here, and `latent-space` does the rest.

use burn::tensor::{Tensor, TensorData};
use datasets::{DatasetError, LabelledImages, Seed, image_tensor};
use latent_space::{ClassRegions, Encodings, LatentSpace, RegionConfig, Typical};
use rand_distr::{Distribution, StandardNormal};

use crate::{Vae, VaeError};

/// Digits encoded at a time, see [`datasets::ImageShape::at_a_time`].
const DIGITS_AT_A_TIME: usize = 500;

/// What a trained VAE's latent space looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentFit {
    /// Statistics, regions, and what usual latents look like.
    pub space: LatentSpace,
    /// Root mean squared error of a value when posterior samples are decoded: the standard deviation of the Gaussian
    /// likelihood at its optimum.
    pub pixel_sigma: f32,
}

/// Describes the latent space by encoding `images` (the training split) and drawing one sample of each posterior, see
/// [`LatentSpace::fit`].
///
/// A region is fitted for each of `classes` classes; one over all images, whose labels are not looked at, if there are 0.
/// So is one over all images for a conditional VAE, whose latents do not hold the class: each image is encoded and decoded with
/// its own. `held_out` images, which the network did not learn, are encoded only if typical images are chosen on them
/// ([`Typical::Chosen`]). `vae` lives on the plain device.
///
/// # Errors
/// [`VaeError::LatentSpace`] if a class has fewer than two images, the encoder's output is not finite, or images are to be held out
/// and there are none, [`VaeError::NotFinite`] if the decoder's output is not finite, and [`VaeError::Dataset`] if images cannot be read.
pub fn fit_latent(
    vae: &Vae,
    [images, held_out]: [&LabelledImages; 2],
    classes: usize,
    config: RegionConfig,
    seed: Seed,
) -> Result<LatentFit, VaeError> {
    let (encodings, squared_error) = encoded(vae, images, classes, seed)?;
    let again = |chosen: &[usize], means: &[f32]| encoded_again(vae, images, chosen, means);
    let held_out = match config.typical {
        Typical::AtLeast(_) => Encodings::default(),
        Typical::Chosen(_) => encoded(vae, held_out, classes, seed)?.0,
    };
    let space = LatentSpace::fit([&encodings, &held_out], config, seed, again)?;
    if !squared_error.is_finite() {
        return Err(VaeError::NotFinite("decoder"));
    }
    let values = (images.len() * vae.shape.values()) as f64;
    Ok(LatentFit {
        space,
        pixel_sigma: (squared_error / values).sqrt() as f32,
    })
}

/// How well regions describe images that they were not fitted on: the mean of `ln p(z | class)` in nats, with one posterior
/// sample `z` an image; see [`Encodings::log_likelihood`]. What counts as a good number of Gaussians is found with it.
///
/// # Errors
/// As [`LabelledImages::read`].
///
/// # Panics
/// If the regions have fewer dimensions or classes than the images.
pub fn region_log_likelihood(
    vae: &Vae,
    images: &LabelledImages,
    regions: &ClassRegions,
    classes: usize,
    seed: Seed,
) -> Result<f64, DatasetError> {
    let (encodings, _) = encoded(vae, images, classes, seed)?;
    Ok(encodings.log_likelihood(regions))
}

/// Posteriors and samples of all images, and the squared error of the samples' images, summed over all.
fn encoded(
    vae: &Vae,
    images: &LabelledImages,
    classes: usize,
    seed: Seed,
) -> Result<(Encodings, f64), DatasetError> {
    let dims = vae.latent_dim();
    let device = vae.encoder.mean.weight.device();
    let mut rng = seed.rng();
    let mut squared_error = 0.0;
    let all: Vec<usize> = (0..images.len()).collect();
    let is_conditional = vae.conditional_classes().is_some();
    let mut encodings = Encodings {
        dims,
        labels: all.iter().filter_map(|&i| images.label(i)).collect(),
        classes: if is_conditional { 0 } else { classes },
        ..Encodings::default()
    };
    for chunk in all.chunks(vae.shape.at_a_time(DIGITS_AT_A_TIME)) {
        let batch = image_tensor(images, chunk, &device)?;
        let condition = vae.classes_of(images, chunk);
        let posterior = vae.encode_as(batch.clone(), condition.clone());
        let noise: Vec<f32> = (0..chunk.len() * dims)
            .map(|_| StandardNormal.sample(&mut rng))
            .collect();
        let noise = TensorData::new(noise, [chunk.len(), dims]);
        let sample = posterior.sample(Tensor::from_data(noise, &device));
        let errors = floats(crate::elbo::squared_error(
            vae.decode_as(sample.clone(), condition),
            batch,
        ));
        squared_error += errors.iter().copied().map(f64::from).sum::<f64>();
        encodings.means.extend(floats(posterior.mean));
        encodings.log_vars.extend(floats(posterior.log_var));
        encodings.samples.extend(floats(sample));
    }
    Ok((encodings, squared_error))
}

/// The posterior means of what the latents of some images decode to, row after row.
fn encoded_again(
    vae: &Vae,
    images: &LabelledImages,
    chosen: &[usize],
    latents: &[f32],
) -> Vec<f32> {
    let dims = vae.latent_dim();
    let device = vae.encoder.mean.weight.device();
    let mut again = Vec::with_capacity(latents.len());
    let at_a_time = vae.shape.at_a_time(DIGITS_AT_A_TIME);
    let parts = latents.chunks(at_a_time * dims);
    for (latents, chosen) in parts.zip(chosen.chunks(at_a_time)) {
        let data = TensorData::new(latents.to_vec(), [chosen.len(), dims]);
        let condition = vae.classes_of(images, chosen);
        let decoded = vae.decode_as(Tensor::from_data(data, &device), condition.clone());
        again.extend(floats(vae.encode_as(decoded, condition).mean));
    }
    again
}

/// The values of a tensor on the host.
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
