//! The gradients of a convolution's weights and bias.

use crate::geometry::Phase;
use crate::loops::{DirectGradient, WeightGradient, WinogradGradient, vectorized};
use crate::maps::{Aligned, LANES, zeros};
use crate::pack::WeightOrder;
use crate::tiles::{ELEMENTS, PLACES, Tiles};
use crate::{Geometry, Maps, Path};

/// How the gradient of a convolution's weights and bias is summed up, group of images after group.
pub(crate) struct WeightSums {
    out_channels: usize,
    order: WeightOrder,
    phases: Vec<Phase>,
    /// If the sums over tiles are the faster ones.
    tiles: Option<Tiles>,
    /// Whether input and gradient change places: each product of an input value and a gradient belongs to the same weight in
    /// the adjoint convolution, whose many output channels fill the vectors if the convolution itself has few.
    swapped: bool,
}

/// The sums of some images.
pub(crate) struct Sums {
    /// For each phase the gradient of the packed weights, transformed if there are tiles.
    weights: Vec<Aligned>,
    bias: Vec<f32>,
}

impl WeightSums {
    /// For maps of `images` images at a time.
    pub fn new(geometry: Geometry, channels: [usize; 2], images: usize) -> Self {
        let [in_channels, out_channels] = channels;
        let path = Path::of(geometry, in_channels, out_channels);
        let swapped = path == Some(Path::FewOutputs);
        let order = if swapped {
            WeightOrder::new(geometry.adjoint(), out_channels, in_channels)
        } else {
            WeightOrder::new(geometry, in_channels, out_channels)
        };
        let tiles = path == Some(Path::Winograd);
        Self {
            out_channels,
            order,
            phases: order.geometry.phases(order.in_channels, images),
            tiles: tiles.then(|| Tiles::new(geometry, in_channels, images)),
            swapped,
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
            bias: vec![0.0; self.out_channels],
        }
    }

    /// Adds what a group of images contributes: its input, and the gradient of its output.
    pub fn add(&self, input: &Maps, gradient: &Maps, sums: &mut Sums) {
        for (sum, of_image) in sums.bias.iter_mut().zip(gradient.sums()) {
            *sum += of_image;
        }
        let [from, to] = if self.swapped {
            [gradient, input]
        } else {
            [input, gradient]
        };
        // The loops read whole vectors of output channels.
        let wide = (to.pitch() < LANES).then(|| to.widened());
        for (phase, sums) in self.phases.iter().zip(&mut sums.weights) {
            let of = WeightGradient {
                in_channels: self.order.in_channels,
                input: &from.values,
                in_pitch: from.pitch(),
                output: wide.as_ref().unwrap_or(&to.values),
                out_pitch: to.pitch().next_multiple_of(LANES),
                sums,
            };
            match &self.tiles {
                None => vectorized(DirectGradient { phase, of }),
                Some(tiles) => {
                    tiles.with_gradient_scratch(of.in_pitch, of.out_pitch, |scratch| {
                        vectorized(WinogradGradient { tiles, of, scratch });
                    });
                }
            }
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
