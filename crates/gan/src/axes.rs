//! The directions in latent space that change images most.
//!
//! The latents of a GAN are noise: no dimension of them means more than another, so sliders along them would all do a bit of
//! everything. Haerkoenen et al. 2020, "`GANSpace`: Discovering Interpretable GAN Controls", find better directions without a label
//! or a training: the principal components of an early layer's outputs, carried back to latents by linear regression.

use burn::tensor::{Int, Tensor, TensorData};
use datasets::Seed;
use latent_space::{Direction, sample_prior};
use nalgebra::{DMatrix, SymmetricEigen};
use rand::RngExt as _;

use crate::{GanError, Generator};

/// Latents whose maps are looked at, for each dimension of the latent space.
const LATENTS_A_DIMENSION: usize = 64;

/// Latents that go through the network at a time.
const BLOCK: usize = 256;

/// An orthonormal basis of a latent space, the direction with the largest effect first.
#[derive(Debug, Clone, PartialEq)]
pub struct PrincipalAxes {
    /// Directions of length 1, `[latent_dim, latent_dim]`. Each points to where its largest coordinate grows.
    pub directions: Vec<Vec<f32>>,
    /// The share that each direction has in what latents, linearly, do to the smallest maps; they fall and add up to 1.
    pub shares: Vec<f32>,
}

impl PrincipalAxes {
    /// Dimensions of the latent space.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.directions.len()
    }

    /// Axis `index` as a line through the origin: the latents N(0, I) have a standard deviation of 1 along it. `None` if there is
    /// no such axis.
    #[must_use]
    pub fn direction(&self, index: usize) -> Option<Direction> {
        let step = self.directions.get(index)?.clone();
        let origin = vec![0.0; step.len()];
        Some(Direction { origin, step })
    }

    /// The directions as rows.
    pub(crate) fn data(&self) -> TensorData {
        TensorData::new(self.directions.concat(), [self.dims(), self.dims()])
    }
}

/// The principal axes of a generator's latent space, from [smallest maps](Generator::smallest_maps) of latents and classes that
/// `seed` draws.
///
/// `GANSpace` finds principal components first and the latents that go with them second. Here it is the other way round: maps are
/// regressed on latents, `maps = C z + rest`, and the axes are the principal components of `C z`, the right singular vectors of `C`.
/// For maps that are linear in the latents both are the same, and here the result is a basis: latents stay N(0, I) along its axes.
///
/// # Errors
/// [`GanError::NotFinite`] if the maps are not finite.
pub fn principal_axes(generator: &Generator, seed: Seed) -> Result<PrincipalAxes, GanError> {
    let dims = generator.latent_dim();
    let sums = covariance(generator, seed);
    let [_, maps] = sums.dims();
    let values: Vec<f64> = sums.into_data().iter::<f32>().map(f64::from).collect();
    if !values.iter().all(|value| value.is_finite()) {
        return Err(GanError::NotFinite(
            "output of the generator's first layers",
        ));
    }
    let coefficients = DMatrix::from_row_slice(dims, maps, &values);
    let eigen = SymmetricEigen::new(&coefficients * coefficients.transpose());
    let mut order: Vec<usize> = (0..dims).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let total: f64 = eigen.eigenvalues.iter().map(|value| value.max(0.0)).sum();
    let direction = |&index: &usize| {
        let unit = eigen.eigenvectors.column(index);
        let sign = unit[unit.icamax()].signum();
        unit.iter().map(|value| (value * sign) as f32).collect()
    };
    let share =
        |&index: &usize| (eigen.eigenvalues[index].max(0.0) / total.max(f64::MIN_POSITIVE)) as f32;
    Ok(PrincipalAxes {
        directions: order.iter().map(direction).collect(),
        shares: order.iter().map(share).collect(),
    })
}

/// `n E[z maps']`, which is `n` times the coefficients of the regression, since latents have the covariance I:
/// `[latent_dim, channels * side * side]`.
fn covariance(generator: &Generator, seed: Seed) -> Tensor<2> {
    let (dims, classes) = (generator.latent_dim(), generator.classes());
    let device = generator.project.weight.device();
    let blocks = (LATENTS_A_DIMENSION * dims).div_ceil(BLOCK);
    let sum_of = |block: usize| {
        let seed = seed.derive(block as u64);
        let latents = sample_prior(dims, BLOCK, seed).concat();
        let latents = Tensor::<2>::from_data(TensorData::new(latents, [BLOCK, dims]), &device);
        let classes = (classes > 0).then(|| {
            let mut rng = seed.derive(0).rng();
            let drawn = (0..BLOCK).map(|_| rng.random_range(0..classes as i32));
            Tensor::<1, Int>::from_data(TensorData::new(drawn.collect(), [BLOCK]), &device)
        });
        let maps: Tensor<2> = generator
            .smallest_maps(latents.clone(), classes)
            .flatten(1, 3);
        let mean = maps.clone().mean_dim(0);
        latents.transpose().matmul(maps - mean)
    };
    let first = sum_of(0);
    (1..blocks).fold(first, |sum, block| sum + sum_of(block))
}
