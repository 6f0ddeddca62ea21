//! Weights in the order in which the loops read them, and gradients of weights back in Burn's order.

use crate::Geometry;
use crate::geometry::Phase;
use crate::maps::{Aligned, LANES, pitch, zeros};

/// A phase with its weights in the order in which the loop reads them: `[out_channels / 16][taps][in_channels][16]`.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    pub phase: Phase,
    pub weights: Aligned,
}

/// Which number in Burn's weights belongs to an input channel, an output channel and an element of the kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightOrder {
    pub geometry: Geometry,
    pub in_channels: usize,
    pub out_channels: usize,
}

impl WeightOrder {
    /// Burn keeps `[out_channels, in_channels, kernel, kernel]` for a convolution and
    /// `[in_channels, out_channels, kernel, kernel]` for a transposed one.
    pub fn new(geometry: Geometry, in_channels: usize, out_channels: usize) -> Self {
        Self {
            geometry,
            in_channels,
            out_channels,
        }
    }

    pub fn len(self) -> usize {
        self.in_channels * self.out_channels * self.elements()
    }

    fn elements(self) -> usize {
        self.geometry.kernel * self.geometry.kernel
    }

    fn index(self, from: usize, to: usize, element: usize) -> usize {
        let pair = if self.geometry.transposed {
            from * self.out_channels + to
        } else {
            to * self.in_channels + from
        };
        pair * self.elements() + element
    }

    /// Visits every weight of a phase: its index in Burn's order and in the packed order.
    pub fn each(self, phase: &Phase, mut visit: impl FnMut(usize, usize)) {
        for to in 0..self.out_channels {
            for (t, tap) in phase.taps.iter().enumerate() {
                let row = (to / LANES * phase.taps.len() + t) * self.in_channels;
                for from in 0..self.in_channels {
                    let packed = (row + from) * LANES + to % LANES;
                    visit(self.index(from, to, tap.element), packed);
                }
            }
        }
    }

    pub fn packed_len(self, phase: &Phase) -> usize {
        self.out_channels.next_multiple_of(LANES) * phase.taps.len() * self.in_channels
    }

    /// The phases of a convolution of `images` maps, with their weights.
    pub fn pack(self, weights: &[f32], images: usize) -> Vec<Packed> {
        let pack = |phase: Phase| {
            let mut packed = zeros(self.packed_len(&phase));
            self.each(&phase, |index, place| packed[place] = weights[index]);
            Packed {
                phase,
                weights: packed,
            }
        };
        let phases = self.geometry.phases(self.in_channels, images);
        phases.into_iter().map(pack).collect()
    }

    /// The same for few output channels: `[runs][out_channels][values of the run]`, with the input channels rounded up as in
    /// the maps.
    pub fn pack_for_few_outputs(self, weights: &[f32], images: usize) -> Vec<Packed> {
        let in_pitch = pitch(self.in_channels);
        let pack = |phase: Phase| {
            let mut packed = zeros(phase.taps.len() * self.out_channels * in_pitch);
            for run in &phase.runs {
                let taps = &phase.taps[run.first / in_pitch..][..run.length / in_pitch];
                for (t, tap) in taps.iter().enumerate() {
                    for to in 0..self.out_channels {
                        let place = self.out_channels * run.first + to * run.length + t * in_pitch;
                        for from in 0..self.in_channels {
                            packed[place + from] = weights[self.index(from, to, tap.element)];
                        }
                    }
                }
            }
            Packed {
                phase,
                weights: packed,
            }
        };
        let phases = self.geometry.phases(in_pitch, images);
        phases.into_iter().map(pack).collect()
    }
}
