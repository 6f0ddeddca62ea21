//! How large a network is, counted without making it: a damaged file may describe one that takes more memory than there is.

use datasets::ImageShape;

use crate::embedding::TIMES;
use crate::{FlowConfig, FlowError};

impl FlowConfig {
    /// How many numbers the network that [`init`](Self::init) builds has, of images of a shape and of `classes` classes. A
    /// file of weights that is too short for them belongs to another network.
    ///
    /// # Errors
    /// [`FlowError::Config`] names the first field that is out of range, or what needs classes if there are none.
    pub fn parameters(&self, shape: ImageShape, classes: usize) -> Result<usize, FlowError> {
        self.validate(shape, classes)?;
        let width = self.embedding;
        let (first, smallest) = (self.channels[0], self.channels[self.channels.len() - 1]);
        let mut count = linear(TIMES, width) + linear(width, width);
        if self.conditional {
            count += (classes + 1) * width;
        }
        count += convolution(self.channels_in(shape), first, 3);
        for pair in self.channels.windows(2) {
            let (here, below) = (pair[0], pair[1]);
            count += 3 * block(here, here, width) + block(2 * here, here, width);
            count += convolution(here, below, 3) + convolution(below, here, 3);
        }
        count += 2 * block(smallest, smallest, width);
        if self.attention {
            let projections =
                convolution(smallest, 3 * smallest, 1) + convolution(smallest, smallest, 1);
            count += norm(smallest) + projections;
        }
        Ok(count + norm(first) + convolution(first, self.channels_out(shape), 3))
    }
}

/// The numbers of a residual block.
fn block(from: usize, to: usize, embedding: usize) -> usize {
    let skip = if from == to {
        0
    } else {
        convolution(from, to, 1)
    };
    let convolutions = convolution(from, to, 3) + convolution(to, to, 3);
    norm(from) + norm(to) + convolutions + linear(embedding, 2 * to) + skip
}

/// A scale and a shift for each channel.
fn norm(channels: usize) -> usize {
    2 * channels
}

fn convolution(from: usize, to: usize, kernel: usize) -> usize {
    from * to * kernel * kernel + to
}

fn linear(from: usize, to: usize) -> usize {
    from * to + to
}
