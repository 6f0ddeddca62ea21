//! Which images of a class its region is fitted on, and how that is chosen on images that were held out.
//!
//! A region that is fitted on all images of a class reaches to where other classes live: some images are mislabelled, others
//! could be of either of two classes. Leaving them out (after Wilson 1972, "Asymptotic Properties of Nearest Neighbor Rules Using
//! Edited Data", with regions for neighbours) trades variety for surety. Neither test images nor a classifier that judges the samples
//! afterwards may choose how much, so it is chosen here, from the latents and the labels of held-out images.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The thresholds that [`TypicalRule`] tries, from the least on: below one half, an image may lie where another class is likelier.
/// The odds against the class fall by a factor of 2 to 4 from one to the next.
pub const TYPICAL_THRESHOLDS: [f32; 12] = [
    0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999,
];

/// Which images count as typical for their class, so that its region is fitted on them.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Typical {
    /// Those that the first regions, which are fitted on all images, give to it with at least this probability, in 0..1. The
    /// higher, the surer a sample shows its class, and the less it varies; 0 takes all images.
    AtLeast(f64),
    /// The same with a threshold for each class, which is chosen on held-out images.
    Chosen(TypicalRule),
}

/// A threshold is written as the number alone, as it was before there was a choice: checkpoints and records hold settings in this
/// form, and a checkpoint is resumed only if its settings are the same text.
impl fmt::Debug for Typical {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(threshold) => fmt::Debug::fmt(threshold, out),
            Self::Chosen(rule) => fmt::Debug::fmt(rule, out),
        }
    }
}

/// How the threshold of a class is chosen: the least at which enough of the held-out images that the first regions give to the class
/// are of it. At least half of the class's training images have to be left, for others could hardly be called typical.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TypicalRule {
    /// The share that is enough, in 0..1.
    pub share: f64,
}

impl Default for TypicalRule {
    fn default() -> Self {
        Self { share: 0.99 }
    }
}

/// A held-out image that the first regions take for a class, which is the likeliest one by them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given {
    /// The probability of the class by the first regions, in 0..1.
    pub probability: f64,
    /// Whether the image is of the class.
    pub is_right: bool,
}

/// What was chosen for a class, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypicalChoice {
    /// The threshold, in 0..1. 0 takes all images.
    pub threshold: f32,
    /// Held-out images that the first regions give to the class with at least this probability.
    pub held_out: usize,
    /// Those of them that are of the class.
    pub right: usize,
}

impl TypicalChoice {
    /// The share of the held-out images that are of the class, in 0..1; 0 if there are none.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.right as f64 / self.held_out.max(1) as f64
    }

    /// Whether the numbers can be what they are called.
    pub(crate) fn is_sound(&self) -> bool {
        (0.0..=1.0).contains(&self.threshold) && self.right <= self.held_out
    }
}

impl TypicalRule {
    /// Chooses the threshold of a class.
    ///
    /// `training` holds the probability of the class for each training image of the class, `held_out` the held-out images that the
    /// first regions take for it, of whatever class they are. Where no threshold reaches [`share`](Self::share), the choice is the
    /// least of those with the best share; where not even the first one leaves enough images, or none is held out, it is 0.
    #[must_use]
    pub fn choose(self, training: &[f64], held_out: &[Given]) -> TypicalChoice {
        let leaves_enough = |threshold: f32| {
            let is_left = |p: &&f64| **p >= f64::from(threshold);
            let left = training.iter().filter(is_left).count();
            2 * left >= training.len()
        };
        let mut best: Option<TypicalChoice> = None;
        for threshold in TYPICAL_THRESHOLDS {
            let next = at(threshold, held_out);
            if next.held_out == 0 || !leaves_enough(threshold) {
                break;
            }
            if best.is_none_or(|best| next.share() > best.share()) {
                best = Some(next);
            }
            if next.share() >= self.share {
                break;
            }
        }
        best.unwrap_or_else(|| at(0.0, held_out))
    }
}

/// What held-out images say about a threshold.
fn at(threshold: f32, held_out: &[Given]) -> TypicalChoice {
    let is_typical = |image: &&Given| image.probability >= f64::from(threshold);
    TypicalChoice {
        threshold,
        held_out: held_out.iter().filter(is_typical).count(),
        right: held_out
            .iter()
            .filter(is_typical)
            .filter(|image| image.is_right)
            .count(),
    }
}
