//! The noise of an image as a latent of few dimensions.
//!
//! Diffusion begins with as much noise as an image has values: far too many sliders. But what an image looks like from afar follows
//! from the coarse part of its noise, so that part is the latent, and the rest follows from a seed.

use std::f64::consts::PI;

use datasets::{ImageShape, Seed};
use rand_distr::{Distribution, StandardNormal};

/// Noise whose coarsest waves are given: the coefficients of a discrete cosine transform (DCT-II, Ahmed et al. 1974, "Discrete
/// Cosine Transform") over channels, rows and columns with the lowest spatial frequencies.
///
/// The transform is orthonormal, so a latent from N(0, I) makes noise from N(0, I).
#[derive(Debug, Clone)]
pub struct CoarseNoise {
    shape: ImageShape,
    /// A wave for each latent dimension: `[dims, channels * height * width]`, each of length 1 and at right angles to all others.
    waves: Vec<f32>,
}

impl CoarseNoise {
    /// Latent dimensions, if nobody asks for others: with as many coarse waves a person sees what an image will be.
    pub const DIMS: usize = 64;

    /// For images of a shape, with so many latent dimensions; no more than an image has values.
    #[must_use]
    pub fn new(shape: ImageShape, dims: usize) -> Self {
        let [channels, height, width] = [shape.channels(), shape.height(), shape.width()];
        let mut frequencies: Vec<[usize; 3]> = (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| (0..channels).map(move |c| [c, y, x])))
            .collect();
        // Stable: those of a length stay in the order of their rows, and the channels of one beside each other.
        frequencies.sort_by(|a, b| fineness(shape, *a).total_cmp(&fineness(shape, *b)));
        let waves = frequencies.into_iter().take(dims);
        Self {
            shape,
            waves: waves.flat_map(|frequency| wave(shape, frequency)).collect(),
        }
    }

    /// Latent dimensions.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.waves.len() / self.shape.values()
    }

    /// The noise of an image, `[channels, height, width]`: its coarse part is `latent`, `[dims]`, and the rest follows from a seed.
    ///
    /// # Panics
    /// If the latent has another length.
    #[must_use]
    pub fn noise(&self, latent: &[f32], rest: Seed) -> Vec<f32> {
        assert_eq!(latent.len(), self.dims(), "coordinates of the latent");
        let mut rng = rest.rng();
        let drawn = (0..self.shape.values()).map(|_| StandardNormal.sample(&mut rng));
        let mut noise: Vec<f32> = drawn.collect();
        let found = self.latent_of(&noise);
        let waves = self.waves.chunks_exact(self.shape.values());
        for (wave, (wanted, found)) in waves.zip(latent.iter().zip(found)) {
            for (value, wave) in noise.iter_mut().zip(wave) {
                *value += (wanted - found) * wave;
            }
        }
        noise
    }

    /// The noise of many images, `[seeds.len(), channels, height, width]`: of each latent, `[seeds.len(), dims]`, with the rest from
    /// the seed beside it.
    ///
    /// # Panics
    /// If there is not a latent for each seed.
    #[must_use]
    pub fn noise_of_each(&self, latents: &[f32], seeds: &[Seed]) -> Vec<f32> {
        assert_eq!(latents.len(), self.dims() * seeds.len(), "coordinates");
        let pairs = latents.chunks_exact(self.dims()).zip(seeds);
        pairs
            .flat_map(|(latent, seed)| self.noise(latent, *seed))
            .collect()
    }

    /// The latent of some noise, `[channels, height, width]`: how much of each wave is in it.
    ///
    /// # Panics
    /// If there is not the noise of one image.
    #[must_use]
    pub fn latent_of(&self, noise: &[f32]) -> Vec<f32> {
        assert_eq!(noise.len(), self.shape.values(), "values of the noise");
        let waves = self.waves.chunks_exact(noise.len());
        waves
            .map(|wave| wave.iter().zip(noise).map(|(a, b)| a * b).sum())
            .collect()
    }
}

/// The square of the length of a spatial frequency, in waves over the image.
fn fineness(shape: ImageShape, [_, y, x]: [usize; 3]) -> f64 {
    let over = |frequency: usize, length: usize| (frequency as f64 / length as f64).powi(2);
    over(y, shape.height()) + over(x, shape.width())
}

/// The product of a cosine over channels, one over rows and one over columns.
fn wave(shape: ImageShape, frequency: [usize; 3]) -> Vec<f32> {
    let lengths = [shape.channels(), shape.height(), shape.width()];
    let [channels, rows, columns] =
        std::array::from_fn(|axis| cosine(lengths[axis], frequency[axis]));
    let mut wave = Vec::with_capacity(shape.values());
    for channel in &channels {
        for row in &rows {
            wave.extend(columns.iter().map(|column| (channel * row * column) as f32));
        }
    }
    wave
}

/// A cosine of length 1 with so many half waves over `length` values.
fn cosine(length: usize, half_waves: usize) -> Vec<f64> {
    let square = if half_waves == 0 { 1.0 } else { 2.0 };
    let height = (square / length as f64).sqrt();
    let value = |i: usize| {
        let angle = PI * (i as f64 + 0.5) * half_waves as f64 / length as f64;
        height * angle.cos()
    };
    (0..length).map(value).collect()
}
