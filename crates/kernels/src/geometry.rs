//! Which output pixel of a convolution reads which input pixels, and through which element of the kernel. All loops, and
//! those of all gradients, follow from these lists, so that a convolution, a transposed one and their gradients are one code.

use crate::maps::{BORDER, FEW, pitch};

/// The sizes of a convolution of square maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Whether this is a transposed convolution: each input pixel adds to several output pixels.
    pub transposed: bool,
    /// Side of the kernel, in pixels.
    pub kernel: usize,
    /// Pixels from one position of the kernel to the next.
    pub stride: usize,
    /// Pixels of zeros around the input (convolution), or cut off around the output (transposed convolution).
    pub padding: usize,
    /// Side of the input maps, in pixels.
    pub in_side: usize,
    /// Side of the output maps, in pixels.
    pub out_side: usize,
}

/// Output pixels that read the input in the same pattern. A convolution has one phase, and a transposed convolution
/// `stride * stride`, since neighbouring output pixels meet different weights there.
#[derive(Debug, Clone)]
pub(crate) struct Phase {
    /// Index of the first input pixel of each output pixel, in a map with its border.
    pub inputs: Vec<usize>,
    /// Index of each output pixel, in a map with its border.
    pub outputs: Vec<usize>,
    /// The kernel's elements that meet these pixels.
    pub taps: Vec<Tap>,
    /// The same, with those joined that follow each other in memory.
    pub runs: Vec<Run>,
}

/// One element of the kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tap {
    /// How far its input pixel lies behind the first one, in pixels of a map with its border.
    pub offset: usize,
    /// Its index in the kernel, `row * kernel + column`.
    pub element: usize,
}

/// Input values of one output pixel that lie one after the other: the channels of one tap, or of several taps of one row of
/// the kernel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// As that of its first [`Tap`].
    pub offset: usize,
    /// Values before it: the sum of the lengths of the runs before.
    pub first: usize,
    /// Values in it.
    pub length: usize,
}

/// One dimension of a phase: output pixel `out_step * j + out_start` reads input pixels `in_step * j + shift`.
struct Line {
    in_step: usize,
    out_step: usize,
    out_start: usize,
    /// `(element of the kernel, shift)`
    taps: Vec<(usize, isize)>,
}

impl Geometry {
    /// A convolution.
    #[must_use]
    pub fn convolution(in_side: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        Self {
            transposed: false,
            kernel,
            stride,
            padding,
            in_side,
            out_side: (in_side + 2 * padding).saturating_sub(kernel) / stride.max(1) + 1,
        }
    }

    /// A transposed convolution.
    #[must_use]
    pub fn transposed(in_side: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        Self {
            transposed: true,
            kernel,
            stride,
            padding,
            in_side,
            out_side: (in_side.saturating_sub(1) * stride + kernel).saturating_sub(2 * padding),
        }
    }

    /// The map from a gradient of the output to the gradient of the input; it uses the same weights.
    #[must_use]
    pub fn adjoint(self) -> Self {
        Self {
            transposed: !self.transposed,
            in_side: self.out_side,
            out_side: self.in_side,
            ..self
        }
    }

    /// Whether the kernels here can do it, and its adjoint: nothing may be read beyond the border of zeros.
    #[must_use]
    pub fn is_supported(self) -> bool {
        let sizes = [self.kernel, self.stride, self.in_side, self.out_side];
        sizes.iter().all(|size| (1..=4096).contains(size))
            && self.padding <= self.kernel
            && self.stays_inside()
            && self.adjoint().stays_inside()
    }

    fn stays_inside(self) -> bool {
        let border = BORDER as isize;
        self.lines().iter().all(|line| {
            let last = line.positions(self.out_side).saturating_sub(1) * line.in_step;
            line.taps.iter().all(|&(_, shift)| {
                shift >= -border && last as isize + shift < self.in_side as isize + border
            })
        })
    }

    /// One line a phase in each dimension.
    fn lines(self) -> Vec<Line> {
        let (stride, padding) = (self.stride as isize, self.padding as isize);
        if !self.transposed {
            let taps = (0..self.kernel).map(|k| (k, k as isize - padding));
            return vec![Line {
                in_step: self.stride,
                out_step: 1,
                out_start: 0,
                taps: taps.collect(),
            }];
        }
        // output = stride * input - padding + k, solved for the input
        let line = |start: usize| Line {
            in_step: 1,
            out_step: self.stride,
            out_start: start,
            taps: (0..self.kernel)
                .map(|k| (k, start as isize + padding - k as isize))
                .filter(|(_, distance)| distance % stride == 0)
                .map(|(k, distance)| (k, distance / stride))
                .collect(),
        };
        (0..self.stride).map(line).collect()
    }

    /// The phases of a convolution of `images` maps that lie one behind the other.
    pub(crate) fn phases(self, in_channels: usize, images: usize) -> Vec<Phase> {
        let lines = self.lines();
        let pairs = lines.iter().flat_map(|y| lines.iter().map(move |x| (y, x)));
        pairs
            .map(|(y, x)| {
                let taps = self.taps(y, x, in_channels);
                let (inputs, outputs) = self.pixels(y, x, images);
                Phase {
                    inputs,
                    outputs,
                    runs: runs(&taps, in_channels),
                    taps,
                }
            })
            .collect()
    }

    /// Where the input and the output pixels of a phase lie.
    fn pixels(self, y: &Line, x: &Line, images: usize) -> (Vec<usize>, Vec<usize>) {
        let (in_row, out_row) = (self.in_side + 2 * BORDER, self.out_side + 2 * BORDER);
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for image in 0..images {
            for j in 0..y.positions(self.out_side) {
                let in_line = image * in_row + j * y.in_step;
                let out_line = image * out_row + j * y.out_step + y.out_start + BORDER;
                for i in 0..x.positions(self.out_side) {
                    inputs.push(in_line * in_row + i * x.in_step);
                    outputs.push(out_line * out_row + i * x.out_step + x.out_start + BORDER);
                }
            }
        }
        (inputs, outputs)
    }

    fn taps(self, y: &Line, x: &Line, in_channels: usize) -> Vec<Tap> {
        let in_row = self.in_side + 2 * BORDER;
        let from_border = |shift: isize| (shift + BORDER as isize) as usize;
        let mut taps = Vec::new();
        for &(ky, dy) in &y.taps {
            for &(kx, dx) in &x.taps {
                taps.push(Tap {
                    offset: from_border(dy) * in_row + from_border(dx),
                    element: ky * self.kernel + kx,
                });
            }
        }
        if in_channels <= FEW {
            // The elements of a transposed convolution come last pixel first; in order they make longer runs.
            taps.sort_by_key(|tap| tap.offset);
        }
        taps
    }
}

/// Joins taps whose pixels follow each other.
fn runs(taps: &[Tap], in_channels: usize) -> Vec<Run> {
    let joins = pitch(in_channels) == in_channels;
    let mut runs: Vec<Run> = Vec::new();
    for (t, tap) in taps.iter().enumerate() {
        let follows = t > 0 && taps[t - 1].offset + 1 == tap.offset;
        match runs.last_mut() {
            Some(run) if joins && follows => run.length += in_channels,
            _ => runs.push(Run {
                offset: tap.offset,
                first: t * in_channels,
                length: in_channels,
            }),
        }
    }
    runs
}

impl Line {
    /// How many output pixels lie on it.
    fn positions(&self, out_side: usize) -> usize {
        out_side
            .saturating_sub(self.out_start)
            .div_ceil(self.out_step)
    }
}
