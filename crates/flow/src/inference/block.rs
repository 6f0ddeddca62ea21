//! A block on packed weights.

use kernels::{Dense, Epilogue, Layer, Maps};

use super::{NormForm, convolution, dense};
use crate::Block;

/// A [`Block`] on packed weights.
#[derive(Debug, Clone)]
pub struct BlockForm {
    norm1: NormForm,
    conv1: Layer,
    norm2: NormForm,
    conv2: Layer,
    film: Dense,
    skip: Option<Layer>,
}

impl BlockForm {
    /// For maps of a side.
    pub fn new(block: &Block, side: usize) -> Self {
        Self {
            norm1: NormForm::new(&block.norm1, true),
            conv1: convolution(&block.conv1, side),
            norm2: NormForm::new(&block.norm2, true),
            conv2: convolution(&block.conv2, side),
            film: dense(&block.film),
            skip: block.skip.as_ref().map(|skip| convolution(skip, side)),
        }
    }

    /// Maps with the shape of the output.
    pub fn output(&self) -> Maps {
        self.conv2.output()
    }

    /// Maps with the shape of the input.
    pub fn input(&self) -> Maps {
        self.conv1.input()
    }

    /// From `x` to `to`. `normed` has the shape of `x`, and `inner` are two maps with the shape of the output.
    pub fn run(
        &self,
        embedding: &[f32],
        x: &Maps,
        normed: &mut Maps,
        [hidden, positive]: &mut [Maps; 2],
        to: &mut Maps,
    ) {
        self.norm1.run(x, normed);
        self.conv1.run(normed, hidden, Epilogue::Plain);
        let film = self.film.run(embedding);
        self.norm2.run_with_film(hidden, &film, positive);
        let skip = match &self.skip {
            Some(skip) => {
                skip.run(x, hidden, Epilogue::Plain);
                &*hidden
            }
            None => x,
        };
        self.conv2.run(positive, to, Epilogue::Add(skip));
    }
}
