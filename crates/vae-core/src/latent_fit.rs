use burn::tensor::{Tensor, TensorData};
use datasets::{ClassId, LabelledImages, Seed, image_tensor};
use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};

use crate::mixture::fit_mixture;
use crate::{ClassRegions, LatentStats, Vae, VaeError};

/// Images encoded at a time.
const CHUNK: usize = 500;

/// What a trained VAE's latent space looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentFit {
    /// The aggregate posterior.
    pub stats: LatentStats,
    /// The class regions.
    pub regions: ClassRegions,
    /// Root mean squared error of a pixel when posterior samples are decoded: the standard deviation of the Gaussian
    /// likelihood at its optimum.
    pub pixel_sigma: f32,
}

/// Describes the latent space by encoding `images` (the training split) and drawing one sample of each posterior.
///
/// `classes` regions of up to `components` Gaussians each are fitted; `vae` lives on the plain device.
///
/// # Errors
/// [`VaeError::LatentFit`] if a class has fewer than two images or the network's output is not finite.
pub fn fit_latent(
    vae: &Vae,
    images: &LabelledImages,
    classes: usize,
    components: usize,
    seed: Seed,
) -> Result<LatentFit, VaeError> {
    let encoded = Encoded::of(vae, images, seed);
    let stats = encoded.stats(images.len());
    if !stats.is_sound(vae.latent_dim()) {
        return Err(VaeError::LatentFit(
            "the encoder's output is not finite".to_owned(),
        ));
    }
    if !encoded.squared_error.is_finite() {
        return Err(VaeError::LatentFit(
            "the decoder's output is not finite".to_owned(),
        ));
    }
    let dims = vae.latent_dim();
    let region = |class: usize| {
        let members: Vec<usize> = (0..images.len())
            .filter(|&i| images.label(i) == ClassId(class as u8))
            .collect();
        let points = DMatrix::from_fn(members.len(), dims, |row, dim| {
            f64::from(encoded.samples[members[row] * dims + dim])
        });
        fit_mixture(&points, components, seed.derive(class as u64 + 1))
    };
    Ok(LatentFit {
        stats,
        regions: ClassRegions((0..classes).map(region).collect::<Result<_, _>>()?),
        pixel_sigma: (encoded.squared_error / (images.len() * datasets::PIXELS) as f64).sqrt()
            as f32,
    })
}

/// Posteriors and samples of all images, row-major `[n, dims]`.
struct Encoded {
    dims: usize,
    means: Vec<f32>,
    log_vars: Vec<f32>,
    samples: Vec<f32>,
    squared_error: f64,
}

impl Encoded {
    fn of(vae: &Vae, images: &LabelledImages, seed: Seed) -> Self {
        let dims = vae.latent_dim();
        let device = vae.encoder.mean.weight.device();
        let mut rng = seed.rng();
        let mut out = Self {
            dims,
            means: Vec::new(),
            log_vars: Vec::new(),
            samples: Vec::new(),
            squared_error: 0.0,
        };
        let all: Vec<usize> = (0..images.len()).collect();
        for chunk in all.chunks(CHUNK) {
            let batch = image_tensor(images, chunk, &device);
            let posterior = vae.encode(batch.clone());
            let noise: Vec<f32> = (0..chunk.len() * dims)
                .map(|_| StandardNormal.sample(&mut rng))
                .collect();
            let noise =
                Tensor::<2>::from_data(TensorData::new(noise, [chunk.len(), dims]), &device);
            let sample = posterior.sample(noise);
            let error = crate::elbo::squared_error(vae.decode(sample.clone()), batch);
            out.squared_error += floats(error).iter().copied().map(f64::from).sum::<f64>();
            out.means.extend(floats(posterior.mean));
            out.log_vars.extend(floats(posterior.log_var));
            out.samples.extend(floats(sample));
        }
        out
    }

    fn stats(&self, n: usize) -> LatentStats {
        let column = |values: &[f32], dim: usize, f: &dyn Fn(f64) -> f64| {
            let sum: f64 = values
                .iter()
                .skip(dim)
                .step_by(self.dims)
                .map(|&v| f(f64::from(v)))
                .sum();
            sum / n as f64
        };
        let mut stats = LatentStats {
            mean: Vec::new(),
            std: Vec::new(),
            mean_variance: Vec::new(),
            kl_nats: Vec::new(),
            n,
        };
        for dim in 0..self.dims {
            let mean = column(&self.means, dim, &|v| v);
            let square = column(&self.means, dim, &|v| v * v);
            let spread = column(&self.log_vars, dim, &f64::exp);
            let log_var = column(&self.log_vars, dim, &|v| v);
            let variance = square - mean * mean;
            stats.mean.push(mean as f32);
            stats.mean_variance.push(variance as f32);
            stats.std.push((variance + spread).sqrt() as f32);
            let kl = 0.5 * ((variance + spread).ln() - log_var);
            stats.kl_nats.push(kl as f32);
        }
        stats
    }
}

/// The values of a tensor on the host.
pub fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
