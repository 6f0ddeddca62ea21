use burn::tensor::{Tensor, TensorData};
use datasets::{ClassId, LabelledImages, Seed, image_tensor};
use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::mixture::fit_mixture;
use crate::{ClassRegion, ClassRegions, LatentStats, Realism, Vae, VaeError, drift};

/// Images encoded at a time.
const CHUNK: usize = 500;
/// Images whose latents are held against the learned prior and encoded again, from the first on.
const REALISM_IMAGES: usize = 5000;

/// How class regions are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegionConfig {
    /// The most Gaussians in the region of a class.
    pub components: usize,
    /// The least probability of its own class, in 0..1, at which an image counts as typical for it. The higher, the surer a
    /// sample shows its class, and the less it varies; 0 takes all images.
    pub typical: f64,
}

impl Default for RegionConfig {
    fn default() -> Self {
        Self {
            components: 8,
            typical: 0.9,
        }
    }
}

/// What a trained VAE's latent space looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentFit {
    /// The aggregate posterior.
    pub stats: LatentStats,
    /// The class regions.
    pub regions: ClassRegions,
    /// What usual latents look like.
    pub realism: Realism,
    /// Root mean squared error of a pixel when posterior samples are decoded: the standard deviation of the Gaussian
    /// likelihood at its optimum.
    pub pixel_sigma: f32,
}

/// Describes the latent space by encoding `images` (the training split) and drawing one sample of each posterior.
///
/// `classes` regions are fitted; `vae` lives on the plain device. They are fitted twice: first on all images of each class,
/// then on those that are typical for it by the first regions themselves, see [`RegionConfig::typical`]. Images that are
/// mislabelled or could be of either of two classes would otherwise put samples of one class where another lives (after
/// Wilson 1972, "Asymptotic Properties of Nearest Neighbor Rules Using Edited Data", with regions for neighbours). No
/// classifier has a say in it.
///
/// # Errors
/// [`VaeError::LatentFit`] if a class has fewer than two images or the network's output is not finite.
pub fn fit_latent(
    vae: &Vae,
    images: &LabelledImages,
    classes: usize,
    config: RegionConfig,
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
    let regions = encoded.regions(images, classes, config, seed)?;
    Ok(LatentFit {
        realism: encoded.realism(vae, &regions, &stats),
        stats,
        regions,
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

    fn sample(&self, image: usize) -> &[f32] {
        &self.samples[image * self.dims..(image + 1) * self.dims]
    }

    fn regions(
        &self,
        images: &LabelledImages,
        classes: usize,
        config: RegionConfig,
        seed: Seed,
    ) -> Result<ClassRegions, VaeError> {
        let fit = |class: usize, among: Option<(&ClassRegions, f64)>| {
            let members = self.members(images, class, among);
            self.region(&members, config.components, class, seed)
        };
        let classes = (0..classes).into_par_iter();
        let all = classes.clone().map(|class| fit(class, None));
        let all = ClassRegions(all.collect::<Result<_, _>>()?);
        let typical = classes.map(|class| {
            // A class that the others cover stays as it is.
            fit(class, Some((&all, config.typical))).unwrap_or_else(|_| all.0[class].clone())
        });
        Ok(ClassRegions(typical.collect()))
    }

    /// The images of a class; only those that some regions give to it with a probability, if there are any.
    fn members(
        &self,
        images: &LabelledImages,
        class: usize,
        among: Option<(&ClassRegions, f64)>,
    ) -> Vec<usize> {
        let class = ClassId(class as u8);
        let is_typical = |i: usize| {
            among.is_none_or(|(regions, typical)| {
                regions.class_probabilities(self.sample(i))[class.index()] >= typical
            })
        };
        (0..images.len())
            .into_par_iter()
            .filter(|&i| images.label(i) == class && is_typical(i))
            .collect()
    }

    fn region(
        &self,
        members: &[usize],
        components: usize,
        class: usize,
        seed: Seed,
    ) -> Result<ClassRegion, VaeError> {
        let points = DMatrix::from_fn(members.len(), self.dims, |row, dim| {
            f64::from(self.sample(members[row])[dim])
        });
        fit_mixture(&points, components, seed.derive(class as u64 + 1))
    }

    fn realism(&self, vae: &Vae, regions: &ClassRegions, stats: &LatentStats) -> Realism {
        let device = vae.encoder.mean.weight.device();
        let n = (self.means.len() / self.dims).min(REALISM_IMAGES);
        let densities = (0..n)
            .into_par_iter()
            .map(|i| regions.log_density(self.sample(i)) as f32)
            .collect();
        let mut drifts = Vec::with_capacity(n);
        for means in self.means[..n * self.dims].chunks(CHUNK * self.dims) {
            let data = TensorData::new(means.to_vec(), [means.len() / self.dims, self.dims]);
            let again = vae
                .encode(vae.decode(Tensor::from_data(data, &device)))
                .mean;
            let again = floats(again);
            let pairs = means.chunks(self.dims).zip(again.chunks(self.dims));
            drifts.extend(pairs.map(|(from, to)| drift(from, to, stats)));
        }
        Realism::of(densities, drifts)
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
