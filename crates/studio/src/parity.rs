//! How far two devices are apart on the same model, and how long each takes.

use std::time::Duration;

use datasets::{ClassId, Seed};
use latent_space::sample_prior;

use crate::studio::finite;
use crate::{Anchoring, FrameRequest, Studio, StudioError, Timings};

/// Frames drawn before the clock starts.
const WARM_UP: usize = 3;

/// How far two devices are apart on the same latents: the largest difference of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Parity {
    /// Of a pixel in `[0, 1]`.
    pub image: f32,
    /// Of a logit, relative to the largest logit of its image.
    pub logits: f32,
    /// Of a cell of the predicted class's heatmap in `[0, 1]`.
    pub heatmap: f32,
}

impl Parity {
    /// The most that different orders of summation explain; beyond it a device computes something else.
    pub const TOLERANCE: Self = Self {
        image: 1e-3,
        logits: 1e-2,
        heatmap: 1e-2,
    };

    /// Whether the devices agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.image <= Self::TOLERANCE.image
            && self.logits <= Self::TOLERANCE.logits
            && self.heatmap <= Self::TOLERANCE.heatmap
    }
}

/// Runs `count` latents from the prior through the same model on two devices; on the other one twice, with the pictures
/// on the host and with the pictures left there.
///
/// # Errors
/// [`StudioError`] if a frame fails on either.
pub fn compare(reference: &Studio, other: &Studio, count: usize) -> Result<Parity, StudioError> {
    let dims = reference.generator().latent_dim();
    let mut worst = Parity::default();
    let classes = reference.generator().conditional_classes();
    for (i, latent) in sample_prior(dims, count, Seed(0)).into_iter().enumerate() {
        let request = FrameRequest {
            // Of a conditional model, one class after the other.
            condition: classes.map(|classes| ClassId((i % classes) as u16)),
            sampler: reference.manifest().usual_sampler(),
            ..FrameRequest::new(latent)
        };
        let (a, b) = (reference.frame(&request)?, other.frame(&request)?);
        let live = other.live_frame(&request)?;
        for image in [&b.image, &live.to_image()?] {
            let difference = largest_difference(a.image.values(), image.values());
            worst.image = worst.image.max(difference);
        }
        let (Some(ours), Some(theirs), Some(left)) = (a.verdict, b.verdict, &live.verdict) else {
            continue;
        };
        for map in [&theirs.predicted_map, &live.heatmap(left.predicted_map)?] {
            let difference = largest_difference(&ours.predicted_map.values, &map.values);
            worst.heatmap = worst.heatmap.max(difference);
        }
        let (a, b) = (logits(reference, &request)?, logits(other, &request)?);
        let scale = a.iter().fold(f32::MIN_POSITIVE, |m, v| m.max(v.abs()));
        worst.logits = worst.logits.max(largest_difference(&a, &b) / scale);
    }
    Ok(worst)
}

/// The median of each stage over `count` frames, pictures on the host included.
///
/// # Errors
/// [`StudioError`] if a frame fails.
pub fn median_frame(studio: &Studio, count: usize) -> Result<Timings, StudioError> {
    let request = probe(studio);
    let mut timings = Vec::new();
    for _ in 0..WARM_UP + count.max(1) {
        timings.push(studio.frame(&request)?.timings);
    }
    let stage = |of: fn(&Timings) -> Duration| median(timings[WARM_UP..].iter().map(of));
    Ok(Timings {
        decode: stage(|timings| timings.decode),
        classify: stage(|timings| timings.classify),
        explain: stage(|timings| timings.explain),
    })
}

/// The median over `count` frames whose pictures stay on the device, as a window on that device draws them.
///
/// # Errors
/// [`StudioError`] if a frame fails.
pub fn median_live_frame(studio: &Studio, count: usize) -> Result<Duration, StudioError> {
    let request = probe(studio);
    let mut elapsed = Vec::new();
    for _ in 0..WARM_UP + count.max(1) {
        elapsed.push(studio.live_frame(&request)?.elapsed);
    }
    Ok(median(elapsed[WARM_UP..].iter().copied()))
}

/// A frame as a window asks for it: with a target class beside the predicted one, if there are classes.
fn probe(studio: &Studio) -> FrameRequest {
    let first = ClassId(0);
    let has_classes = studio.manifest().dataset.has_classes();
    let Anchoring { region, condition } = studio.generator_part().anchoring(first);
    FrameRequest {
        target: has_classes.then_some(first),
        condition,
        sampler: studio.manifest().usual_sampler(),
        ..FrameRequest::new(studio.generator_part().latent.regions.anchor(region))
    }
}

fn median(values: impl Iterator<Item = Duration>) -> Duration {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}

/// By the networks in Burn's own form.
fn logits(studio: &Studio, request: &FrameRequest) -> Result<Vec<f32>, StudioError> {
    let judge = studio.judge_for("a logit")?;
    let images = studio.images_of(request)?;
    finite(judge.network.forward(images), "logits")
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    a.iter()
        .zip(b)
        .fold(0.0, |worst, (a, b)| (a - b).abs().max(worst))
}
