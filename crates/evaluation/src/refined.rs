//! What the figures of a model with a refiner are about: the images that it sharpens, or those of its VAE.

use studio::Figure;

use crate::measures as m;

/// The figures about the VAE alone, whose encoder and latent space stay what they were: what is encoded and decoded again is held
/// against the image itself, which invented detail would only move it away from.
const OF_THE_VAE: [crate::Measure; 10] = [
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
];

/// The figures about samples, which are sharpened.
const OF_SAMPLES: [crate::Measure; 17] = [
    m::ANCHORED_AGREEMENT,
    m::SECOND_ANCHORED_AGREEMENT,
    m::ANCHORED_VARIANCE_RATIO,
    m::NOISE_SWEEP,
    m::SWAP_AGREEMENT,
    m::NORMAL_HISTOGRAM_KL,
    m::PRIOR_HISTOGRAM_KL,
    m::PRIOR_CONFIDENCE,
    m::CLASSIFIER_FD,
    m::SECOND_FD,
    m::PRECISION,
    m::RECALL,
    m::DENSITY,
    m::COVERAGE,
    m::NEAREST_TRAINING,
    m::CAS_GAP,
    m::CAS_GENERATED,
];

/// Adds to the protocol of each figure about images that the model makes whether the refiner had a part in them.
pub(crate) fn tell_steps(figures: &mut [Figure], steps: usize) {
    for figure in figures {
        let is_among = |measures: &[crate::Measure]| measures.iter().any(|m| m.name == figure.name);
        if is_among(&OF_SAMPLES) {
            figure.protocol = format!(
                "{}; sharpened by the refiner in {steps} steps",
                figure.protocol
            );
        } else if is_among(&OF_THE_VAE) {
            figure.protocol = format!("{}; of the VAE alone, not sharpened", figure.protocol);
        }
    }
}
