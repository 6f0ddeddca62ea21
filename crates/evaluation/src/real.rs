//! The classifier on real images: the ceiling for all that it says about generated ones.

use studio::{Detail, Figure, ReliabilityBin};

use crate::judge::Judged;
use crate::run::Run;
use crate::{EvaluationError, measures};

/// Intervals of confidence, of equal width (Guo et al. 2017).
const BINS: usize = 15;

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let classes = run.judge()?.classes();
    let real = run.real()?;
    let accuracy = |measure| real.agreement(measure, classes);
    Ok(vec![
        accuracy(measures::CLASSIFIER_ACCURACY),
        accuracy(measures::REAL_ACCURACY),
        calibration(real),
    ])
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
    let used = used.map(|&(confidence, right, count)| ReliabilityBin {
        confidence: confidence / f64::from(count),
        accuracy: right / f64::from(count),
        count: count as usize,
    });
    Figure {
        protocol: measures::ECE.protocol_with(&format!("{BINS} bins")),
        detail: Detail::Reliability(used.collect()),
        ..measures::ECE.figure(error, n)
    }
}
