use rayon::prelude::*;

use crate::geometry::Phase;
use crate::loops::{DirectGradient, WeightGradient, WinogradGradient, vectorized};
use crate::maps::{Aligned, zeros};
use crate::pack::WeightOrder;
use crate::tiles::{ELEMENTS, PLACES, Tiles};
use crate::{Finish, Geometry, Layer, Maps};

/// Images that one task works through. A fixed number, so that sums are taken in the same order on any number of threads.
const CHUNK: usize = 16;

/// The gradients of a convolution.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// `[n, in_channels, in_side, in_side]`, if it was asked for.
    pub input: Option<Vec<f32>>,
    /// In the order of the weights.
    pub weights: Vec<f32>,
}

/// A convolution of a batch.
///
/// # Shapes
/// - `input`: `[n, in_channels, in_side, in_side]`
/// - `weights`: as for [`Layer::new`]
/// - `bias`: `[out_channels]`
/// - output: `[n, out_channels, out_side, out_side]`
///
/// # Panics
/// If the geometry is not supported, or the counts do not fit together.
#[must_use]
pub fn convolve(
    geometry: Geometry,
    in_channels: usize,
    input: &[f32],
    weights: &[f32],
    bias: &[f32],
) -> Vec<f32> {
    let layer = Layer::new(geometry, in_channels, weights, bias);
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = bias.len() * geometry.out_side * geometry.out_side;
    let images = input.len() / in_values.max(1);
    let mut output = vec![0.0; images * out_values];
    output
        .par_chunks_mut(CHUNK * out_values)
        .zip(input.par_chunks(CHUNK * in_values))
        .for_each(|(output, input)| {
            let (mut from, mut to) = (layer.input(), layer.output());
            let pairs = output.chunks_exact_mut(out_values);
            for (output, input) in pairs.zip(input.chunks_exact(in_values)) {
                from.load(input);
                layer.run(&from, &mut to, Finish::Plain);
                to.store(output);
            }
        });
    output
}

/// The gradients of [`convolve`] with respect to its input and its weights, from the gradient of its output.
///
/// # Shapes
/// - `output_gradient`: `[n, out_channels, out_side, out_side]`; the rest as for [`convolve`]
///
/// # Panics
/// If the geometry is not supported, or the counts do not fit together.
#[must_use]
pub fn gradients(
    geometry: Geometry,
    [in_channels, out_channels]: [usize; 2],
    input: &[f32],
    weights: &[f32],
    output_gradient: &[f32],
    wants_input: bool,
) -> Gradients {
    let backward = Backward {
        geometry,
        order: WeightOrder::new(geometry, in_channels, out_channels),
        phases: geometry.phases(),
        tiles: Tiles::new(geometry, in_channels),
        to_input: wants_input.then(|| {
            let no_bias = vec![0.0; in_channels];
            Layer::new(geometry.adjoint(), out_channels, weights, &no_bias)
        }),
    };
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = out_channels * geometry.out_side * geometry.out_side;
    let parts: Vec<Part> = input
        .par_chunks(CHUNK * in_values)
        .zip(output_gradient.par_chunks(CHUNK * out_values))
        .map(|(input, gradient)| backward.chunk(input, gradient))
        .collect();
    let input_gradient = || parts.iter().flat_map(|part| part.input.iter().copied());
    Gradients {
        weights: backward.weights(&parts),
        input: wants_input.then(|| input_gradient().collect()),
    }
}

struct Backward {
    geometry: Geometry,
    order: WeightOrder,
    phases: Vec<Phase>,
    /// If the sums over tiles are the faster ones.
    tiles: Option<Tiles>,
    to_input: Option<Layer>,
}

/// What one task found.
struct Part {
    /// Empty if it was not asked for.
    input: Vec<f32>,
    /// For each phase the gradient of the packed weights, transformed if there are tiles.
    sums: Vec<Aligned>,
}

impl Backward {
    fn chunk(&self, input: &[f32], gradient: &[f32]) -> Part {
        let (geometry, order) = (self.geometry, self.order);
        let mut from = Maps::zeros(order.in_channels, geometry.in_side);
        let mut to = Maps::zeros(order.out_channels, geometry.out_side);
        let mut back = from.clone();
        let mut part = Part {
            input: vec![0.0; self.to_input.as_ref().map_or(0, |_| input.len())],
            sums: self.empty_sums(),
        };
        let in_values = order.in_channels * geometry.in_side * geometry.in_side;
        let out_values = order.out_channels * geometry.out_side * geometry.out_side;
        let images = input
            .chunks_exact(in_values)
            .zip(gradient.chunks_exact(out_values));
        for (i, (input, gradient)) in images.enumerate() {
            from.load(input);
            to.load(gradient);
            for (phase, sums) in self.phases.iter().zip(&mut part.sums) {
                let of = WeightGradient {
                    in_channels: order.in_channels,
                    input: &from.values,
                    in_pitch: from.pitch(),
                    output: &to.values,
                    out_pitch: to.pitch(),
                    sums,
                };
                self.add(phase, of);
            }
            if let Some(layer) = &self.to_input {
                layer.run(&to, &mut back, Finish::Plain);
                back.store(&mut part.input[i * in_values..(i + 1) * in_values]);
            }
        }
        part
    }

    fn add(&self, phase: &Phase, of: WeightGradient<'_>) {
        match &self.tiles {
            None => vectorized(DirectGradient { phase, of }),
            Some(tiles) => tiles.with_gradient_room(of.in_pitch, of.out_pitch, |room| {
                vectorized(WinogradGradient { tiles, of, room });
            }),
        }
    }

    fn empty_sums(&self) -> Vec<Aligned> {
        let length = |phase| {
            let direct = self.order.packed_len(phase);
            match &self.tiles {
                None => direct,
                Some(_) => direct / ELEMENTS * PLACES,
            }
        };
        self.phases
            .iter()
            .map(|phase| zeros(length(phase)))
            .collect()
    }

    /// The sum over all tasks, in the order of the weights.
    fn weights(&self, parts: &[Part]) -> Vec<f32> {
        let mut weights = vec![0.0; self.order.len()];
        let phases = self.phases.iter().zip(self.empty_sums()).enumerate();
        for (p, (phase, mut total)) in phases {
            for part in parts {
                for (total, sum) in total.iter_mut().zip(part.sums[p].iter()) {
                    *total += sum;
                }
            }
            if let Some(tiles) = &self.tiles {
                total = tiles.transform_back(phase, &total);
            }
            self.order
                .each(phase, |index, place| weights[index] = total[place]);
        }
        weights
    }
}
