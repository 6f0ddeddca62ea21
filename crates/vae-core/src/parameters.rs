//! How large a network is, counted without making it: a damaged file may describe one that takes more memory than there is.

use datasets::{ImageShape, map_sides};

use crate::convolution::halving_kernel;
use crate::{Prior, VaeConfig, VaeError};

impl VaeConfig {
    /// How many numbers the network that [`init`](Self::init) builds has, of images of a shape and of `classes` classes. A
    /// file of weights that is too short for them belongs to another network.
    ///
    /// # Errors
    /// [`VaeError::Config`] names the first field that is out of range, or what needs labels if there are none.
    pub fn parameters(&self, shape: ImageShape, classes: usize) -> Result<usize, VaeError> {
        self.validate(shape)?;
        self.check_classes(classes)?;
        let channels = self.resolved(shape).channels;
        let sides = map_sides(shape.square_side());
        let blocks = |channels: usize| {
            let film = if self.conditional {
                film(classes, channels)
            } else {
                0
            };
            self.blocks * (2 * convolution([channels, channels], 3) + film)
        };
        // What the decoder ends with, at the size of the image.
        let last = (channels[0] / 2).max(1);
        let mut count = blocks(last) + convolution([last, shape.channels()], 3);
        // A level of the encoder and one of the decoder for each halving.
        let (mut encoder_from, mut decoder_to) = (shape.channels(), last);
        for (&below, &side) in channels.iter().zip(&sides) {
            let kernel = halving_kernel(side);
            count += convolution([encoder_from, below], kernel);
            count += convolution([below, decoder_to], kernel);
            count += 2 * blocks(below);
            (encoder_from, decoder_to) = (below, below);
        }
        let smallest = sides[channels.len()];
        let flat = encoder_from * smallest * smallest;
        // Mean and log-variance, and the way back.
        count += 2 * linear(flat, self.latent_dim) + linear(self.latent_dim, flat);
        if self.prior == Prior::ClassCentres {
            count += classes * self.latent_dim;
        }
        if let Some(head) = self.head {
            count += head.parameters(classes);
        }
        if self.conditional {
            // What is added behind the mean and the way back, for each class and for no class.
            count += (classes + 1) * (self.latent_dim + flat);
        }
        Ok(count)
    }
}

/// The numbers of a convolution, transposed or not, with its bias.
fn convolution([from, to]: [usize; 2], kernel: usize) -> usize {
    from * to * kernel * kernel + to
}

/// A scale and a shift for each channel, of each class and of no class.
fn film(classes: usize, channels: usize) -> usize {
    (classes + 1) * 2 * channels
}

fn linear(from: usize, to: usize) -> usize {
    from * to + to
}
