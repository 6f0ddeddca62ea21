//! The classifier on real images: the ceiling for all that it says about generated ones.

use super::judge::Judged;
use super::run::Run;
use crate::{Detail, Figure, ReliabilityBin, StudioError};

/// Intervals of confidence, of equal width (Guo et al. 2017).
const BINS: usize = 15;

pub(super) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let classes = run.studio.classifier().classes();
    let real = run.real()?;
    let accuracy = Figure {
        protocol: "share of real test images whose predicted class is their label; averaged weights of the last epoch"
            .to_owned(),
        ..real.agreement("classifier_accuracy", classes)
    };
    let ceiling = Figure {
        name: "real_accuracy".to_owned(),
        protocol: "the same share, as the ceiling of every agreement on generated images"
            .to_owned(),
        ..accuracy.clone()
    };
    Ok(vec![accuracy, ceiling, calibration(real)])
}

/// Expected calibration error: the mean distance of confidence from accuracy, over images.
fn calibration(real: &Judged) -> Figure {
    let mut bins = [(0.0, 0.0, 0); BINS];
    for (class, prediction) in real.classes.iter().zip(&real.predictions) {
        let index = ((prediction.confidence * BINS as f32) as usize).min(BINS - 1);
        let (confidence, right, count) = &mut bins[index];
        *confidence += f64::from(prediction.confidence);
        *right += f64::from(u8::from(prediction.class == *class));
        *count += 1;
    }
    let n = real.len();
    let error: f64 = bins.iter().map(|(c, r, _)| (c - r).abs()).sum::<f64>() / n.max(1) as f64;
    let used = bins.iter().filter(|(_, _, count)| *count > 0);
    Figure {
        name: "ece".to_owned(),
        value: error,
        unit: String::new(),
        low: None,
        high: None,
        n,
        seed: None,
        split: "test".to_owned(),
        protocol: format!(
            "expected calibration error in {BINS} bins of equal width, after the temperature fitted on held-out images"
        ),
        detail: Detail::Reliability(
            used.map(|&(confidence, right, count)| ReliabilityBin {
                confidence: confidence / f64::from(count),
                accuracy: right / f64::from(count),
                count: count as usize,
            })
            .collect(),
        ),
    }
}
