use crate::Geometry;
use crate::geometry::Phase;
use crate::maps::{Aligned, LANES, zeros};

/// A phase with its weights in the order in which the kernel reads them: `[out_channels / 16][taps][in_channels][16]`.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    pub phase: Phase,
    pub weights: Aligned,
}

/// Which number in Burn's weights belongs to an input channel, an output channel and an element of the kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightOrder {
    geometry: Geometry,
    pub in_channels: usize,
    pub out_channels: usize,
}

impl WeightOrder {
    /// Burn keeps `[out, in, kernel, kernel]` for a convolution and `[in, out, kernel, kernel]` for a transposed one.
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

    pub fn pack(self, weights: &[f32]) -> Vec<Packed> {
        let pack = |phase: Phase| {
            let mut packed = zeros(self.packed_len(&phase));
            self.each(&phase, |index, place| packed[place] = weights[index]);
            Packed {
                phase,
                weights: packed,
            }
        };
        self.geometry.phases().into_iter().map(pack).collect()
    }
}
