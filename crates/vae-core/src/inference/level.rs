//! What happens to the maps of one size.

use burn::nn::conv::Conv2d;
use kernels::{Epilogue, Layer, Maps};

use super::{Row, convolution};
use crate::Film;
use crate::convolution::ResidualBlock;
use crate::latent_fit::floats;

/// Perhaps a convolution that leads to a size, then residual blocks, then a `ReLU`.
#[derive(Debug, Clone)]
pub struct Level {
    enter: Option<Layer>,
    blocks: Vec<Block>,
    pub maps: Maps,
}

#[derive(Debug, Clone)]
struct Block {
    film: Option<FilmRows>,
    convs: [Layer; 2],
}

/// What each row of a [`Film`] multiplies maps by and adds to them, `[classes + 1, channels]` both.
#[derive(Debug, Clone)]
struct FilmRows {
    factors: Vec<f32>,
    shifts: Vec<f32>,
}

impl FilmRows {
    fn new(film: &Film) -> Self {
        let [_, twice] = film.embedding.dims();
        let (mut factors, mut shifts) = (Vec::new(), Vec::new());
        for row in floats(film.embedding.val()).chunks_exact(twice) {
            let (scales, rest) = row.split_at(twice / 2);
            factors.extend(scales.iter().map(|scale| 1.0 + scale));
            shifts.extend_from_slice(rest);
        }
        Self { factors, shifts }
    }

    fn apply(&self, maps: &mut Maps, Row(row): Row) {
        let own = row * maps.channels()..(row + 1) * maps.channels();
        maps.scale_and_shift(&self.factors[own.clone()], &self.shifts[own]);
    }
}

impl Level {
    /// A level that a convolution leads to.
    pub fn entered(enter: Layer, blocks: &[ResidualBlock]) -> Self {
        let maps = enter.output();
        Self::new(Some(enter), blocks, maps)
    }

    pub fn new(enter: Option<Layer>, blocks: &[ResidualBlock], maps: Maps) -> Self {
        let layer = |conv: &Conv2d| convolution(conv, maps.side());
        let block = |block: &ResidualBlock| Block {
            film: block.film.as_ref().map(FilmRows::new),
            convs: [layer(&block.conv1), layer(&block.conv2)],
        };
        Self {
            enter,
            blocks: blocks.iter().map(block).collect(),
            maps,
        }
    }

    /// Leaves the result in the first of the three maps. The class acts by its row.
    pub fn run(&self, input: &Maps, class: Row, [x, positive, inner]: &mut [Maps; 3]) {
        match &self.enter {
            Some(layer) => layer.run(input, x, Epilogue::Plain),
            None => x.clone_from(input),
        }
        for (b, block) in self.blocks.iter().enumerate() {
            if let Some(film) = &block.film {
                film.apply(x, class);
            }
            let [conv1, conv2] = &block.convs;
            positive.load_relu(x);
            conv1.run(positive, inner, Epilogue::Relu);
            let epilogue = if b + 1 == self.blocks.len() {
                Epilogue::AddRelu(x)
            } else {
                Epilogue::Add(x)
            };
            conv2.run(inner, positive, epilogue);
            std::mem::swap(x, positive);
        }
        if self.blocks.is_empty() {
            positive.load_relu(x);
            std::mem::swap(x, positive);
        }
    }
}
