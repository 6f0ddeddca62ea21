//! How large the networks are, counted without making them: a damaged file may describe ones that take more memory than there
//! is.

use datasets::{ImageShape, map_sides};

use crate::blocks::halving_kernel;
use crate::discriminator::features;
use crate::{GanConfig, GanError};

/// How many numbers each network has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// Of the generator.
    pub generator: usize,
    /// Of the discriminator, which is needed for training alone.
    pub discriminator: usize,
}

impl GanConfig {
    /// How many numbers the networks have that [`init`](Self::init) builds, of images of a shape and of `classes` classes.
    ///
    /// # Errors
    /// [`GanError::Config`] names the first field that is out of range.
    pub fn parameters(&self, shape: ImageShape, classes: usize) -> Result<Parameters, GanError> {
        self.validate(shape, classes)?;
        let (sides, channels) = (map_sides(shape.square_side()), self.channels_by_size());
        let blocks = |channels: usize| self.blocks * 2 * convolution([channels, channels], 3);
        let rows = if classes > 0 { classes + 1 } else { 0 };

        let mut generator = blocks(channels[0]) + convolution([channels[0], shape.channels()], 3);
        let mut discriminator = 0;
        let mut from = shape.channels();
        for (size, &below) in self.channels.iter().enumerate() {
            let kernel = halving_kernel(sides[size]);
            generator += convolution([below, channels[size]], kernel) + blocks(below);
            discriminator += convolution([from, below], kernel) + blocks(below);
            from = below;
        }
        let smallest = sides[self.channels.len()];
        let flat = from * smallest * smallest;
        let inputs = self.latent_dim * if classes > 0 { 2 } else { 1 };
        generator += linear(inputs, flat) + rows * self.latent_dim;
        let features = features(self.latent_dim);
        discriminator += linear(flat, features) + linear(features, 1) + rows * features;
        Ok(Parameters {
            generator,
            discriminator,
        })
    }
}

/// The numbers of a convolution, transposed or not, with its bias.
fn convolution([from, to]: [usize; 2], kernel: usize) -> usize {
    from * to * kernel * kernel + to
}

fn linear(from: usize, to: usize) -> usize {
    from * to + to
}
