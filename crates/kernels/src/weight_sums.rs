use crate::geometry::Phase;
use crate::loops::{DirectGradient, WeightGradient, WinogradGradient, vectorized};
use crate::maps::{Aligned, zeros};
use crate::pack::WeightOrder;
use crate::tiles::{ELEMENTS, PLACES, Tiles};
use crate::{Geometry, Maps};

/// How the gradient of a convolution's weights and bias is summed up, image after image.
pub(crate) struct WeightSums {
    order: WeightOrder,
    phases: Vec<Phase>,
    /// If the sums over tiles are the faster ones.
    tiles: Option<Tiles>,
}

/// The sums of some images.
pub(crate) struct Sums {
    /// For each phase the gradient of the packed weights, transformed if there are tiles.
    weights: Vec<Aligned>,
    bias: Vec<f32>,
}

impl WeightSums {
    pub fn new(geometry: Geometry, [in_channels, out_channels]: [usize; 2]) -> Self {
        Self {
            order: WeightOrder::new(geometry, in_channels, out_channels),
            phases: geometry.phases(),
            tiles: Tiles::new(geometry, in_channels),
        }
    }

    /// Sums of no image.
    pub fn empty(&self) -> Sums {
        let length = |phase| {
            let direct = self.order.packed_len(phase);
            match &self.tiles {
                None => direct,
                Some(_) => direct / ELEMENTS * PLACES,
            }
        };
        let weights = self.phases.iter().map(|phase| zeros(length(phase)));
        Sums {
            weights: weights.collect(),
            bias: vec![0.0; self.order.out_channels],
        }
    }

    /// Adds what one image contributes: its input, and the gradient of its output.
    pub fn add(&self, input: &Maps, gradient: &Maps, sums: &mut Sums) {
        for (phase, sums) in self.phases.iter().zip(&mut sums.weights) {
            let of = WeightGradient {
                in_channels: self.order.in_channels,
                input: &input.values,
                in_pitch: input.pitch(),
                output: &gradient.values,
                out_pitch: gradient.pitch(),
                sums,
            };
            match &self.tiles {
                None => vectorized(DirectGradient { phase, of }),
                Some(tiles) => tiles.with_gradient_room(of.in_pitch, of.out_pitch, |room| {
                    vectorized(WinogradGradient { tiles, of, room });
                }),
            }
        }
        for (sum, of_image) in sums.bias.iter_mut().zip(gradient.sums()) {
            *sum += of_image;
        }
    }

    /// The gradients of the weights, in their order, and of the bias, summed over parts in the order that they are in.
    pub fn total(&self, parts: &[Sums]) -> (Vec<f32>, Vec<f32>) {
        let mut total = self.empty();
        for part in parts {
            for (total, sums) in total.weights.iter_mut().zip(&part.weights) {
                add(total, sums);
            }
            add(&mut total.bias, &part.bias);
        }
        let mut weights = vec![0.0; self.order.len()];
        for (phase, mut sums) in self.phases.iter().zip(total.weights) {
            if let Some(tiles) = &self.tiles {
                sums = tiles.transform_back(phase, &sums);
            }
            self.order
                .each(phase, |index, place| weights[index] = sums[place]);
        }
        (weights, total.bias)
    }
}

fn add(to: &mut [f32], values: &[f32]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += value;
    }
}
