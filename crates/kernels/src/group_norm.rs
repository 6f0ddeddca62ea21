//! Group normalisation of feature maps (Wu and He 2018, "Group Normalization"), with the `SiLU` behind it, and their gradient.
//!
//! Each image has statistics of its own, so all of it happens while an image's maps lie in the cache. 16 channels go through
//! all pixels at a time, with what belongs to a channel in registers.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into the function that `pulp` compiles for an instruction set can use it"
)]

use std::array::from_fn;

use crate::Maps;
use crate::exp::sigmoid;
use crate::loops::vectorized;
use crate::maps::{BORDER, LANES};

/// How maps are normalised: the channels of a group share a mean and a variance, taken over all their pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupNorm {
    /// Groups of neighbouring channels, all of one size.
    pub groups: usize,
    /// Added to the variance.
    pub epsilon: f32,
    /// Whether `x / (1 + exp(-x))` follows, which is also called swish (Elfwing et al. 2018, "Sigmoid-Weighted Linear Units").
    pub silu: bool,
}

/// The rows of one image's maps in memory.
#[derive(Clone, Copy)]
struct Frame {
    side: usize,
    pitch: usize,
}

/// What belongs to each channel, 0 for those that are there for whole vectors only: `(x - centre) * inverse_std` is normalised.
struct Statistics {
    centres: Vec<f32>,
    inverse_stds: Vec<f32>,
}

/// Runs a loop with as many channels at a time as there are in a vector, or in a pixel of few channels.
macro_rules! by_channels {
    ($pitch:expr, $W:ident => $call:expr) => {
        match $pitch {
            1 => {
                const $W: usize = 1;
                vectorized(
                    #[inline(always)]
                    || $call,
                )
            }
            2 => {
                const $W: usize = 2;
                vectorized(
                    #[inline(always)]
                    || $call,
                )
            }
            3 => {
                const $W: usize = 3;
                vectorized(
                    #[inline(always)]
                    || $call,
                )
            }
            4 => {
                const $W: usize = 4;
                vectorized(
                    #[inline(always)]
                    || $call,
                )
            }
            _ => {
                const $W: usize = LANES;
                vectorized(
                    #[inline(always)]
                    || $call,
                )
            }
        }
    };
}

impl GroupNorm {
    /// Writes the normalised maps, `(x - mean) / sqrt(variance + epsilon) * scale + shift` with a scale and a shift for each
    /// channel, to maps of the same shape.
    ///
    /// # Panics
    /// If the shapes differ, there is not a scale and a shift for each channel, or the groups do not divide the channels.
    pub fn run(&self, from: &Maps, scales: &[f32], shifts: &[f32], to: &mut Maps) {
        assert_eq!(from.shape(), to.shape(), "shape of the maps");
        self.forward(0, from, [scales, shifts], to);
    }

    /// The same for one image of some.
    pub(crate) fn forward(&self, image: usize, from: &Maps, rows: [&[f32]; 2], to: &mut Maps) {
        let frame = Frame::of(from);
        let values = from.image(image);
        let Statistics {
            centres,
            inverse_stds,
        } = self.statistics(from, image);
        let [scales, shifts] = frame.padded(from.channels(), rows);
        let factors: Vec<f32> = scales
            .iter()
            .zip(&inverse_stds)
            .map(|(a, b)| a * b)
            .collect();
        let lines = [&centres, &factors, &shifts].map(Vec::as_slice);
        let to = to.image_mut(image);
        if self.silu {
            by_channels!(frame.pitch, W => frame.line::<W>(values, lines, to, |y| y * sigmoid(y)));
        } else {
            by_channels!(frame.pitch, W => frame.line::<W>(values, lines, to, |y| y));
        }
    }

    /// The gradients of one image of some: turns that of the output into that of the input, and writes those of the scales and
    /// of the shifts.
    pub(crate) fn backward(
        &self,
        image: usize,
        from: &Maps,
        rows: [&[f32]; 2],
        gradient: &mut Maps,
        row_gradients: [&mut [f32]; 2],
    ) {
        let (frame, channels) = (Frame::of(from), from.channels());
        let values = from.image(image);
        let statistics = self.statistics(from, image);
        let [scales, shifts] = frame.padded(channels, rows);
        let mut sums = [vec![0.0; frame.pitch], vec![0.0; frame.pitch]];
        let gradient = gradient.image_mut(image);
        let of = [
            &statistics.centres,
            &statistics.inverse_stds,
            &scales,
            &shifts,
        ];
        let of = of.map(Vec::as_slice);
        if self.silu {
            by_channels!(frame.pitch, W => {
                frame.gradient_sums::<W>(values, of, gradient, &mut sums, silu_slope);
            });
        } else {
            by_channels!(frame.pitch, W => {
                frame.gradient_sums::<W>(values, of, gradient, &mut sums, |_| 1.0);
            });
        }
        let lines = self.gradient_lines(frame, channels, &statistics, &scales, &sums);
        let [first, second, third] = &lines;
        let lines = [&statistics.centres, first, second, third].map(Vec::as_slice);
        by_channels!(frame.pitch, W => frame.gradient_line::<W>(values, lines, gradient));
        for (to, sums) in row_gradients.into_iter().zip(sums) {
            to.copy_from_slice(&sums[..channels]);
        }
    }

    /// The gradient of the input as `a g + b (x - centre) + c` for each channel, with the gradient `g` behind the `SiLU`: of the
    /// normalised `n` it is `(s g - mean(s g) - n mean(s g n)) inverse_std`, the means taken over the group.
    fn gradient_lines(
        &self,
        frame: Frame,
        channels: usize,
        statistics: &Statistics,
        scales: &[f32],
        [scale_sums, shift_sums]: &[Vec<f32>; 2],
    ) -> [Vec<f32>; 3] {
        let in_group = channels / self.groups;
        let count = (in_group * frame.side * frame.side) as f32;
        let mut lines = [(); 3].map(|()| vec![0.0; frame.pitch]);
        for group in 0..self.groups {
            let own = group * in_group..(group + 1) * in_group;
            let mean = |sums: &[f32]| {
                let terms = own.clone().map(|c| scales[c] * sums[c]);
                terms.sum::<f32>() / count
            };
            let (level, slope) = (mean(shift_sums), mean(scale_sums));
            for c in own.clone() {
                let inverse_std = statistics.inverse_stds[c];
                lines[0][c] = scales[c] * inverse_std;
                lines[1][c] = -slope * inverse_std * inverse_std;
                lines[2][c] = -level * inverse_std;
            }
        }
        lines
    }

    /// Those of one image.
    fn statistics(&self, maps: &Maps, image: usize) -> Statistics {
        let (frame, channels) = (Frame::of(maps), maps.channels());
        let whole = self.groups > 0 && channels.is_multiple_of(self.groups);
        assert!(whole, "{} groups of {channels} channels", self.groups);
        let in_group = channels / self.groups;
        let count = (in_group * frame.side * frame.side) as f64;
        let values = maps.image(image);
        let mut sums = vec![0.0; frame.pitch];
        let mean_of = |sums: &[f32]| -> Vec<f32> {
            let groups = sums[..channels].chunks_exact(in_group);
            let sum = |group: &[f32]| group.iter().map(|sum| f64::from(*sum)).sum::<f64>();
            groups.map(|group| (sum(group) / count) as f32).collect()
        };
        let mut centres = vec![0.0; frame.pitch];
        by_channels!(frame.pitch, W => frame.sums::<W>(values, &centres, &mut sums, |x| x));
        let means = mean_of(&sums);
        for (c, centre) in centres[..channels].iter_mut().enumerate() {
            *centre = means[c / in_group];
        }
        by_channels!(frame.pitch, W => frame.sums::<W>(values, &centres, &mut sums, |x| x * x));
        let variances = mean_of(&sums);
        let mut inverse_stds = vec![0.0; frame.pitch];
        for (c, inverse_std) in inverse_stds[..channels].iter_mut().enumerate() {
            *inverse_std = 1.0 / (variances[c / in_group] + self.epsilon).sqrt();
        }
        Statistics {
            centres,
            inverse_stds,
        }
    }
}

/// The derivative of `y sigmoid(y)`.
#[inline(always)]
fn silu_slope(y: f32) -> f32 {
    let sigmoid = sigmoid(y);
    sigmoid * (1.0 + y * (1.0 - sigmoid))
}

impl Frame {
    fn of(maps: &Maps) -> Self {
        Self {
            side: maps.side(),
            pitch: maps.pitch(),
        }
    }

    /// Rows of one number a channel, rounded up with zeros.
    fn padded(self, channels: usize, rows: [&[f32]; 2]) -> [Vec<f32>; 2] {
        let lengths = rows.map(<[f32]>::len);
        assert_eq!(lengths, [channels; 2], "scales and shifts of the channels");
        rows.map(|row| {
            let mut row = row.to_vec();
            row.resize(self.pitch, 0.0);
            row
        })
    }

    /// Where the first pixel of a row begins.
    #[inline(always)]
    fn row(self, y: usize) -> usize {
        ((y + BORDER) * (self.side + 2 * BORDER) + BORDER) * self.pitch
    }

    /// The sums of `term(x - centre)` over the pixels of each channel. Those of a row are summed apart, so that what is added is
    /// never much smaller than what it is added to.
    #[inline(always)]
    fn sums<const W: usize>(
        self,
        values: &[f32],
        centres: &[f32],
        sums: &mut [f32],
        term: impl Fn(f32) -> f32,
    ) {
        for first in (0..self.pitch).step_by(W) {
            let centres: [f32; W] = from_fn(|c| centres[first + c]);
            let mut total = [0.0; W];
            for y in 0..self.side {
                let row = &values[self.row(y)..][..self.side * self.pitch];
                let mut of_row = [0.0; W];
                for pixel in row.chunks_exact(self.pitch) {
                    let pixel = &pixel[first..first + W];
                    for c in 0..W {
                        of_row[c] += term(pixel[c] - centres[c]);
                    }
                }
                for c in 0..W {
                    total[c] += of_row[c];
                }
            }
            sums[first..first + W].copy_from_slice(&total);
        }
    }

    /// `then((x - centre) * factor + summand)`
    #[inline(always)]
    fn line<const W: usize>(
        self,
        values: &[f32],
        lines: [&[f32]; 3],
        to: &mut [f32],
        then: impl Fn(f32) -> f32,
    ) {
        for first in (0..self.pitch).step_by(W) {
            let [centres, factors, summands]: [[f32; W]; 3] =
                lines.map(|line| from_fn(|c| line[first + c]));
            for y in 0..self.side {
                let (at, length) = (self.row(y), self.side * self.pitch);
                let to = to[at..at + length].chunks_exact_mut(self.pitch);
                let from = values[at..at + length].chunks_exact(self.pitch);
                for (to, from) in to.zip(from) {
                    let (to, from) = (&mut to[first..first + W], &from[first..first + W]);
                    for c in 0..W {
                        to[c] = then((from[c] - centres[c]) * factors[c] + summands[c]);
                    }
                }
            }
        }
    }

    /// Multiplies the gradient by the slope of what follows the normalisation, and sums it up with the normalised values, for the
    /// scales, and alone, for the shifts.
    #[inline(always)]
    fn gradient_sums<const W: usize>(
        self,
        values: &[f32],
        of: [&[f32]; 4],
        gradient: &mut [f32],
        sums: &mut [Vec<f32>; 2],
        slope: impl Fn(f32) -> f32,
    ) {
        for first in (0..self.pitch).step_by(W) {
            let [centres, inverse_stds, scales, shifts]: [[f32; W]; 4] =
                of.map(|line| from_fn(|c| line[first + c]));
            let (mut weighted, mut plain) = ([0.0; W], [0.0; W]);
            for y in 0..self.side {
                let (at, length) = (self.row(y), self.side * self.pitch);
                let gradients = gradient[at..at + length].chunks_exact_mut(self.pitch);
                let values = values[at..at + length].chunks_exact(self.pitch);
                for (gradient, x) in gradients.zip(values) {
                    let (gradient, x) = (&mut gradient[first..first + W], &x[first..first + W]);
                    for c in 0..W {
                        let normalised = (x[c] - centres[c]) * inverse_stds[c];
                        let g = gradient[c] * slope(normalised * scales[c] + shifts[c]);
                        gradient[c] = g;
                        weighted[c] += g * normalised;
                        plain[c] += g;
                    }
                }
            }
            sums[0][first..first + W].copy_from_slice(&weighted);
            sums[1][first..first + W].copy_from_slice(&plain);
        }
    }

    /// `a g + b (x - centre) + c`, in place of the gradient `g`.
    #[inline(always)]
    fn gradient_line<const W: usize>(
        self,
        values: &[f32],
        lines: [&[f32]; 4],
        gradient: &mut [f32],
    ) {
        for first in (0..self.pitch).step_by(W) {
            let [centres, a, b, c]: [[f32; W]; 4] = lines.map(|line| from_fn(|c| line[first + c]));
            for y in 0..self.side {
                let (at, length) = (self.row(y), self.side * self.pitch);
                let gradients = gradient[at..at + length].chunks_exact_mut(self.pitch);
                let values = values[at..at + length].chunks_exact(self.pitch);
                for (gradient, x) in gradients.zip(values) {
                    let (gradient, x) = (&mut gradient[first..first + W], &x[first..first + W]);
                    for i in 0..W {
                        gradient[i] = a[i] * gradient[i] + b[i] * (x[i] - centres[i]) + c[i];
                    }
                }
            }
        }
    }
}
