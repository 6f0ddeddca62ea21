//! A second opinion: the same questions to a judge of another architecture, trained from another seed.
//!
//! An agreement that only one classifier sees says more about that classifier than about the images. Neither judge takes
//! part in training, choosing or rejecting anything that the other is asked about.

use studio::Figure;

use crate::judge::generated_images;
use crate::run::Run;
use crate::{EvaluationError, anchored, measures};

/// The second judge on real test images.
pub(crate) fn accuracy(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (judge, sha256) = run.second_judge()?;
    let classes = judge.classes();
    let accuracy = run
        .second_real()?
        .agreement(measures::SECOND_JUDGE_ACCURACY, classes);
    Ok(vec![given_by(sha256, accuracy)])
}

/// What it takes class-anchored samples for: the same samples that the first judge sees.
pub(crate) fn agreement(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (judge, sha256) = run.second_judge()?;
    let classes = judge.classes();
    let a_class = anchored::samples_a_class(classes);
    let drawn = anchored::samples(run, 1.0, a_class);
    let judged = generated_images(run, judge, &drawn)?;
    let measure = measures::SECOND_ANCHORED_AGREEMENT;
    let agreement = anchored::agreement_of(measure, &judged, a_class, classes);
    Ok(vec![given_by(sha256, agreement)])
}

/// A figure that names the judge who gave it.
pub(crate) fn given_by(sha256: String, figure: Figure) -> Figure {
    Figure {
        second_judge: Some(sha256),
        ..figure
    }
}
