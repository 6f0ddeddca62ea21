//! What the blocks are told: how far a point is on its way, and the class.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::silu;
use burn::tensor::{Device, Int, Tensor};

/// Sines and cosines of a time.
pub(crate) const TIMES: usize = 64;

/// The fastest of them, in radians for the whole way; the slowest has 1.
const FASTEST: f32 = 1000.0;

/// Time and class as one vector: sines and cosines of the time (Vaswani et al. 2017, section 3.5) through two linear layers, and
/// a vector for each class, added.
#[derive(Module, Debug)]
pub struct Embedding {
    /// `[64] -> [embedding]`
    pub time1: Linear,
    /// `[embedding] -> [embedding]`
    pub time2: Linear,
    /// A row a class, and the last one for no class, `[classes + 1, embedding]`; in a conditional network.
    pub classes: Option<Param<Tensor<2>>>,
}

impl Embedding {
    /// `classes` are those that condition the network, if it is conditional.
    pub(crate) fn new(width: usize, classes: Option<usize>, device: &Device) -> Self {
        let normal = Initializer::Normal {
            mean: 0.0,
            std: 1.0,
        };
        Self {
            time1: LinearConfig::new(TIMES, width).init(device),
            time2: LinearConfig::new(width, width).init(device),
            classes: classes.map(|classes| normal.init([classes + 1, width], device)),
        }
    }

    /// # Shapes
    /// - `times`: `[batch]` in `[0, 1]`
    /// - `classes`: `[batch]`, each a row of the embedding; `None` for no class
    /// - output: `[batch, embedding]`
    pub(crate) fn forward(&self, times: Tensor<1>, classes: Option<&Tensor<1, Int>>) -> Tensor<2> {
        let frequencies = Tensor::<1>::from_floats(frequencies().as_slice(), &times.device());
        let angles = times.unsqueeze_dim::<2>(1) * frequencies.unsqueeze_dim::<2>(0);
        let waves = Tensor::cat(vec![angles.clone().sin(), angles.cos()], 1);
        let time = self.time2.forward(silu(self.time1.forward(waves)));
        let Some(rows) = &self.classes else {
            return silu(time);
        };
        let rows = rows.val();
        let class = match classes {
            Some(classes) => rows.select(0, classes.clone()),
            None => rows.clone().narrow(0, rows.dims()[0] - 1, 1),
        };
        silu(time + class)
    }
}

/// Radians for the whole way, evenly on a logarithmic scale.
pub(crate) fn frequencies() -> Vec<f32> {
    let count = TIMES / 2;
    let share = |i: usize| i as f32 / (count - 1) as f32;
    (0..count)
        .map(|i| (share(i) * FASTEST.ln()).exp())
        .collect()
}
