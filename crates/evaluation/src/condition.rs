//! What the figures of a conditional model mean where a class is given to it.

use studio::Figure;

use crate::measures as m;

/// Adds to the protocol of each figure which class was given to the model.
pub(crate) fn tell_classes_given(figures: &mut [Figure]) {
    for figure in figures {
        if let Some(given) = classes_given(&figure.name) {
            figure.protocol = format!("{}; {given}", figure.protocol);
        }
    }
}

/// Which class a conditional model is given for a figure; `None` if it is not asked for anything, or the figure itself says so.
fn classes_given(name: &str) -> Option<&'static str> {
    let is = |measures: &[crate::Measure]| measures.iter().any(|measure| measure.name == name);
    if is(&[
        m::RECONSTRUCTION_MSE,
        m::ELBO_NATS,
        m::KL_PER_DIMENSION,
        m::ACTIVE_UNITS,
        m::RECONSTRUCTION_ACCURACY,
        m::LINEAR_PROBE,
        m::KNN_PROBE,
        m::TRAVERSAL_JUMP_RATIO,
        m::TRAVERSAL_JUMP_RATIO_POOLED,
        m::NLL_NATS,
    ]) {
        Some("the model is given each image's class")
    } else if is(&[
        m::ANCHORED_AGREEMENT,
        m::SECOND_ANCHORED_AGREEMENT,
        m::NEAREST_TRAINING,
        m::ANCHORED_VARIANCE_RATIO,
        m::NOISE_SWEEP,
        m::CAS_GAP,
        m::CAS_GENERATED,
    ]) {
        Some(
            "latents of every class are drawn from the one region over all images, and the model is given the class",
        )
    } else if is(&[
        m::PRIOR_HISTOGRAM_KL,
        m::PRIOR_CONFIDENCE,
        m::CLASSIFIER_FD,
        m::SECOND_FD,
        m::PRECISION,
        m::RECALL,
        m::DENSITY,
        m::COVERAGE,
    ]) {
        Some("the model is given all classes in turn")
    } else if is(&[m::NORMAL_HISTOGRAM_KL]) {
        Some("the model is given no class")
    } else {
        None
    }
}
