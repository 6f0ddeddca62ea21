//! The images of a model's sample that are most like an image: is it a copy of one of them?
//!
//! Two measures, because each has its blind spot. In pixels a shift by one pixel is a large change; in the features of the judge
//! it is none, but what the judge does not look at does not count. A distance alone says little, so each comes with the usual one:
//! how far the images of the sample are from their own nearest.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use datasets::{ClassId, Image, LabelledImages};

use crate::{Conditions, Sampler, Studio, StudioError};

/// Images whose features are computed in a step: one for each core of a small machine, so that a frame waits for one of them at most.
const FEATURES_A_STEP: usize = 2;
/// Values of the sample that are compared in a step: few, so that a frame hardly waits.
const VALUES_A_STEP: usize = 2_000_000;
/// Images of the sample whose distance to their nearest is looked for, to know what is usual.
const PROBES: usize = 100;

/// Whose nearest images are looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum NearestTo {
    /// An image.
    Image(Image),
    /// What the model draws.
    Drawn {
        /// The latent.
        latent: Vec<f32>,
        /// The class that a conditional model draws it with.
        condition: Option<ClassId>,
        /// How a model with a flow draws it.
        sampler: Sampler,
    },
}

/// An image to hold against those of the model's sample.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestRequest {
    /// The image.
    pub to: NearestTo,
    /// How many of the nearest.
    pub count: usize,
}

/// An image of the sample, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its number in the sample, from 0.
    pub index: usize,
    /// How far it is.
    pub distance: f32,
}

/// The nearest images by one measure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Neighbours {
    /// The nearest first.
    pub nearest: Vec<Neighbour>,
    /// The median distance of images of the sample to their nearest other one, once that is known.
    pub usual: Option<f32>,
}

/// The images of the sample that are most like an image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearest {
    /// Images in the sample.
    pub among: usize,
    /// By the root mean square difference of their values, in 0..1.
    pub in_pixels: Neighbours,
    /// By the Euclidean distance of the judge's pooled features; `None` without a judge, and until they are known.
    pub in_features: Option<Neighbours>,
    /// Whether a better answer follows: what is needed of the sample is still being computed, once a model.
    pub goes_on: bool,
}

/// An image, and how far the first images of the sample are from it in pixels.
#[derive(Debug)]
pub(crate) struct Comparison {
    pixels: Vec<f32>,
    distances: Vec<f32>,
}

/// What is known of the sample. It is computed bit by bit when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct SampleDistances(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The judge's pooled features of the first images.
    features: Vec<Vec<f32>>,
    /// The distances of the first probes to their nearest: in pixels and in features.
    probes: [Vec<f32>; 2],
}

impl SampleDistances {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Studio {
    /// The nearest images of the sample, once all that is needed of the sample is computed: that takes a while the first time.
    ///
    /// # Errors
    /// [`StudioError::Request`] if the image has another shape than the model's, or latent, class or way of drawing do not fit it, and
    /// [`StudioError::NotFinite`] if the networks overflow.
    pub fn nearest(&self, request: &NearestRequest) -> Result<Nearest, StudioError> {
        while self.prepare_nearest()? {}
        let mut comparison = self.begin_nearest(request)?;
        while self.compare_more(&mut comparison) {}
        self.nearest_so_far(request, &comparison)
    }

    /// The pixels whose nearest are looked for.
    pub(crate) fn begin_nearest(
        &self,
        request: &NearestRequest,
    ) -> Result<Comparison, StudioError> {
        let pixels = match &request.to {
            NearestTo::Image(image) => {
                self.check_image(image)?;
                image.values().to_vec()
            }
            NearestTo::Drawn {
                latent,
                condition,
                sampler,
            } => {
                let latents = std::slice::from_ref(latent);
                let conditions = Conditions::Same(*condition);
                self.draw(latents, &conditions, *sampler, &[sampler.seed])?
            }
        };
        Ok(Comparison {
            pixels,
            distances: Vec::new(),
        })
    }

    /// Compares the pixels with those of a few more images of the sample; false if all were compared.
    pub(crate) fn compare_more(&self, comparison: &mut Comparison) -> bool {
        let Some(sample) = self.sample() else {
            return false;
        };
        let Comparison { pixels, distances } = comparison;
        let at_once = (VALUES_A_STEP / pixels.len().max(1)).max(1);
        let part = distances.len()..sample.len().min(distances.len() + at_once);
        distances.extend(distances_in_pixels(sample, part.clone(), pixels));
        !part.is_empty()
    }

    /// The nearest images as far as the sample is known, to an image that was compared with all of them.
    pub(crate) fn nearest_so_far(
        &self,
        request: &NearestRequest,
        comparison: &Comparison,
    ) -> Result<Nearest, StudioError> {
        let Some(sample) = self.sample() else {
            return Ok(Nearest::default());
        };
        let known = self.sample_distances.lock();
        let in_pixels = Neighbours {
            nearest: nearest_of(comparison.distances.clone(), request.count),
            usual: median(&known.probes[0], sample),
        };
        let in_features = if self.judge().is_some() && known.features.len() == sample.len() {
            let own = self.networks.pooled_of_one(&comparison.pixels)?;
            let distances = known.features.iter().map(|other| apart(&own, other));
            Some(Neighbours {
                nearest: nearest_of(distances.collect(), request.count),
                usual: median(&known.probes[1], sample),
            })
        } else {
            None
        };
        Ok(Nearest {
            among: sample.len(),
            in_pixels,
            in_features,
            goes_on: known.probes[0].len() < probes(sample),
        })
    }

    /// Computes a little more of what is needed of the sample; false if it was all there.
    pub(crate) fn prepare_nearest(&self) -> Result<bool, StudioError> {
        let Some(sample) = self.sample() else {
            return Ok(false);
        };
        let mut known = self.sample_distances.lock();
        let done = known.features.len();
        if self.judge().is_some() && done < sample.len() {
            let part = done..sample.len().min(done + FEATURES_A_STEP);
            let images: Vec<f32> = part
                .flat_map(|at| sample.image(at).values().to_vec())
                .collect();
            let features = self.networks.pooled(&images)?;
            known.features.extend(features);
            return Ok(true);
        }
        let probe = known.probes[0].len();
        if probe == probes(sample) {
            return Ok(false);
        }
        // Spread evenly, because a sample may lie class by class.
        let at = probe * sample.len() / probes(sample);
        let all = 0..sample.len();
        let in_pixels = distances_in_pixels(sample, all, sample.image(at).values());
        known.probes[0].push(nearest_other(&in_pixels, at));
        if let Some(own) = known.features.get(at) {
            let distances: Vec<f32> = known
                .features
                .iter()
                .map(|other| apart(own, other))
                .collect();
            known.probes[1].push(nearest_other(&distances, at));
        }
        Ok(true)
    }
}

fn probes(sample: &LabelledImages) -> usize {
    if sample.len() < 2 {
        0
    } else {
        sample.len().min(PROBES)
    }
}

/// The root mean square difference of the values in 0..1, of each of some images of the sample.
fn distances_in_pixels(sample: &LabelledImages, part: Range<usize>, pixels: &[f32]) -> Vec<f32> {
    /// The sample lies in bytes.
    const BYTE: f32 = 255.0;
    let pixels: Vec<f32> = pixels.iter().map(|value| value * BYTE).collect();
    let scale = 1.0 / (BYTE * (pixels.len().max(1) as f32).sqrt());
    let distance = |at| scale * apart(&pixels, &sample.values(at));
    part.map(distance).collect()
}

/// The Euclidean distance. Several sums at once, so that the processor adds vectors.
fn apart<T: Copy + Into<f32>>(a: &[f32], b: &[T]) -> f32 {
    let square = |x: f32, y: T| (x - y.into()) * (x - y.into());
    let mut sums = [0.0_f32; 16];
    let (a, b) = (a.chunks_exact(sums.len()), b.chunks_exact(sums.len()));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f32 = rest.map(|(x, y)| square(*x, *y)).sum();
    for (a, b) in a.zip(b) {
        for ((sum, x), y) in sums.iter_mut().zip(a).zip(b) {
            *sum += square(*x, *y);
        }
    }
    (sums.iter().sum::<f32>() + rest).sqrt()
}

fn nearest_of(distances: Vec<f32>, count: usize) -> Vec<Neighbour> {
    let all = distances.into_iter().enumerate();
    let mut all: Vec<Neighbour> = all
        .map(|(index, distance)| Neighbour { index, distance })
        .collect();
    // Of equals the first.
    all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    all.truncate(count);
    all
}

fn nearest_other(distances: &[f32], at: usize) -> f32 {
    let others = distances
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at);
    others
        .map(|(_, distance)| *distance)
        .fold(f32::INFINITY, f32::min)
}

/// The median over the probes, once all are there.
fn median(probed: &[f32], sample: &LabelledImages) -> Option<f32> {
    if probed.len() < probes(sample) || probed.is_empty() {
        return None;
    }
    let mut sorted = probed.to_vec();
    sorted.sort_by(f32::total_cmp);
    Some(sorted[sorted.len() / 2])
}
