//! Group normalisation of the maps of one image (Wu and He 2018, "Group Normalization"), with the `SiLU` behind it.

use crate::Maps;
use crate::exp::sigmoid;
use crate::loops::vectorized;

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

impl GroupNorm {
    /// Writes the normalised maps, `(x - mean) / sqrt(variance + epsilon) * scale + shift` with a scale and a shift for each
    /// channel, to maps of the same shape.
    ///
    /// # Panics
    /// If the shapes differ, there is not a scale and a shift for each channel, or the groups do not divide the channels.
    pub fn run(&self, from: &Maps, scales: &[f32], shifts: &[f32], to: &mut Maps) {
        let channels = from.channels();
        assert_eq!(from.shape(), to.shape(), "shape of the maps");
        assert_eq!([scales.len(), shifts.len()], [channels; 2], "scales");
        let whole = self.groups > 0 && channels.is_multiple_of(self.groups);
        assert!(whole, "{} groups of {channels} channels", self.groups);
        let lines = self.lines(from, scales, shifts);
        let rows = from.rows().zip(to.rows_mut());
        if self.silu {
            rows.for_each(|(from, to)| line(from, &lines, to, |y| y * sigmoid(y)));
        } else {
            rows.for_each(|(from, to)| line(from, &lines, to, |y| y));
        }
    }

    /// Each channel's mean, factor and summand, 0 for those that are there for whole vectors only.
    fn lines(&self, from: &Maps, scales: &[f32], shifts: &[f32]) -> [Vec<f32>; 3] {
        let (channels, pitch) = (from.channels(), from.pitch());
        let in_group = channels / self.groups;
        let count = (in_group * from.side() * from.side()) as f64;
        let mean_of = |sums: Vec<f32>| -> Vec<f32> {
            let groups = sums[..channels].chunks_exact(in_group);
            let sum = |group: &[f32]| group.iter().map(|sum| f64::from(*sum)).sum::<f64>();
            groups.map(|group| (sum(group) / count) as f32).collect()
        };
        let means = mean_of(sums(from, &vec![0.0; pitch], |x| x));
        let [mut centres, mut factors, mut summands] = [(); 3].map(|()| vec![0.0; pitch]);
        for (c, centre) in centres[..channels].iter_mut().enumerate() {
            *centre = means[c / in_group];
        }
        let variances = mean_of(sums(from, &centres, |x| x * x));
        for c in 0..channels {
            factors[c] = scales[c] / (variances[c / in_group] + self.epsilon).sqrt();
        }
        summands[..channels].copy_from_slice(shifts);
        [centres, factors, summands]
    }
}

/// The sum of `term(x - centre)` over the pixels of each channel.
fn sums(maps: &Maps, centres: &[f32], term: impl Fn(f32) -> f32) -> Vec<f32> {
    let pitch = maps.pitch();
    let mut sums = vec![0.0; pitch];
    for row in maps.rows() {
        vectorized(
            #[inline(always)]
            || {
                for pixel in row.chunks_exact(pitch) {
                    for ((sum, x), centre) in sums.iter_mut().zip(pixel).zip(centres) {
                        *sum += term(x - centre);
                    }
                }
            },
        );
    }
    sums
}

/// `then((x - centre) * factor + summand)` for each pixel of a row.
fn line(from: &[f32], lines: &[Vec<f32>; 3], to: &mut [f32], then: impl Fn(f32) -> f32) {
    let [centres, factors, summands] = lines;
    let pitch = centres.len();
    vectorized(
        #[inline(always)]
        || {
            let pixels = from.chunks_exact(pitch).zip(to.chunks_exact_mut(pitch));
            for (from, to) in pixels {
                for (c, (to, x)) in to.iter_mut().zip(from).enumerate() {
                    *to = then((x - centres[c]) * factors[c] + summands[c]);
                }
            }
        },
    );
}
