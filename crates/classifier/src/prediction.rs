//! From logits to calibrated probabilities.

use datasets::ClassId;
use serde::{Deserialize, Serialize};

/// The classifier's opinion of one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Calibrated probability of each class; they sum to 1.
    pub probabilities: Vec<f32>,
    /// The most probable class.
    pub class: ClassId,
    /// Its probability.
    pub confidence: f32,
}

impl Prediction {
    /// Softmax of `logits / temperature` (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2).
    ///
    /// The first of equal logits wins; without logits the prediction is class 0 with confidence 0.
    #[must_use]
    pub fn from_logits(logits: &[f32], temperature: f32) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let exponentials: Vec<f32> = logits
            .iter()
            .map(|logit| ((logit - largest) / temperature).exp())
            .collect();
        let sum: f32 = exponentials.iter().sum();
        let probabilities: Vec<f32> = exponentials.iter().map(|e| e / sum).collect();
        // Decided by the logits: two that differ by little have the same probability after rounding.
        let mut class = 0;
        for (i, logit) in logits.iter().enumerate() {
            if *logit > logits[class] {
                class = i;
            }
        }
        Self {
            confidence: probabilities.get(class).copied().unwrap_or(0.0),
            class: ClassId(class as u16),
            probabilities,
        }
    }

    /// The class that is likeliest after the predicted one: the last of equals. `None` where there is no other class.
    #[must_use]
    pub fn runner_up(&self) -> Option<ClassId> {
        let others = self.probabilities.iter().enumerate();
        let others = others.filter(|(class, _)| *class != self.class.index());
        let (class, _) = others.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        Some(ClassId(class as u16))
    }
}
