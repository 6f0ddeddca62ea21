//! The architecture as data: what is written down, checked and built.

use burn::tensor::Device;
use datasets::{ImageShape, MAX_CLASSES, map_sides};
use serde::{Deserialize, Serialize};

use crate::{Discriminator, Gan, GanError, Generator};

/// Channels after each halving in multiples of those after the first: enough of them for the largest images.
const GROWTH: [usize; 5] = [1, 2, 4, 6, 8];

/// Channels after the first halving, if nobody asks for others.
const WIDTH: usize = 32;

/// The architecture of a [`Gan`], but for the shape and the classes of its images: those belong to the data set and are given to
/// [`init`](Self::init). The discriminator mirrors the generator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GanConfig {
    /// Dimensions of the latent space.
    pub latent_dim: usize,
    /// Channels of the feature maps after each halving of the image, the same in both networks: one count for each side of
    /// [`map_sides`] behind the first.
    pub channels: Vec<usize>,
    /// Residual blocks at each size.
    pub blocks: usize,
}

impl GanConfig {
    /// Largest latent size and channel count that [`validate`](Self::validate) lets through: far beyond what images of 128
    /// pixels a side need, and small enough that a damaged file cannot ask for all memory.
    pub const LARGEST: usize = 1024;
    /// Most residual blocks that [`validate`](Self::validate) lets through.
    pub const MOST_BLOCKS: usize = 16;

    /// The architecture for images of a shape if nobody asks for another: 64 latents; 32, 64, 128, 192 and 256 channels, as far
    /// as the image is halved; and two blocks at each size. Its generator is about as large as the usual VAE, encoder and
    /// decoder together.
    #[must_use]
    pub fn usual(shape: ImageShape) -> Self {
        let growth = GROWTH.into_iter().take(halvings(shape));
        Self {
            latent_dim: 64,
            channels: growth.map(|factor| factor * WIDTH).collect(),
            blocks: 2,
        }
    }

    /// Checks that networks for images of a shape and of `classes` classes, 0 for images without labels, can be built.
    ///
    /// # Errors
    /// [`GanError::Config`] names the first field that is out of range.
    pub fn validate(&self, shape: ImageShape, classes: usize) -> Result<(), GanError> {
        let channels = self.channels.iter().map(|count| ("channels", *count));
        for (field, value) in std::iter::once(("latent_dim", self.latent_dim)).chain(channels) {
            if !(1..=Self::LARGEST).contains(&value) {
                let rule = format!("it must be from 1 to {}", Self::LARGEST);
                return Err(GanError::config(field, &value, rule));
            }
        }
        let halvings = halvings(shape);
        if self.channels.len() != halvings {
            let rule =
                format!("images of {shape} are halved {halvings} times: give a count for each");
            let value = format!("{:?}", self.channels);
            return Err(GanError::config("channels", &value, rule));
        }
        if self.blocks > Self::MOST_BLOCKS {
            let rule = format!("it must be from 0 to {}", Self::MOST_BLOCKS);
            return Err(GanError::config("blocks", &self.blocks, rule));
        }
        if classes > MAX_CLASSES {
            let rule = format!("it must be from 0 to {MAX_CLASSES}");
            return Err(GanError::config("classes", &classes, rule));
        }
        Ok(())
    }

    /// Builds both networks for images of a shape and of `classes` classes, 0 for images without labels. The weights are fresh
    /// (seed the device first to make them repeatable).
    ///
    /// # Errors
    /// [`GanError::Config`] if a field is out of range.
    pub fn init(
        &self,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Result<Gan, GanError> {
        Ok(Gan {
            generator: self.init_generator(shape, classes, device)?,
            discriminator: Discriminator::new(self, shape, classes, device),
        })
    }

    /// Builds the generator alone, which is all that drawing images takes.
    ///
    /// # Errors
    /// As [`init`](Self::init).
    pub fn init_generator(
        &self,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Result<Generator, GanError> {
        self.validate(shape, classes)?;
        Ok(Generator::new(self, shape, classes, device))
    }

    /// Channels at each size, from that of the image down. At the size of the image there are half as many as below it.
    pub(crate) fn channels_by_size(&self) -> Vec<usize> {
        let first = self.channels.first().map_or(1, |first| first / 2).max(1);
        std::iter::once(first)
            .chain(self.channels.iter().copied())
            .collect()
    }
}

/// How often an image is halved on its way to the smallest maps.
fn halvings(shape: ImageShape) -> usize {
    map_sides(shape.square_side()).len() - 1
}
