//! The pieces of work behind the figures: what each gives, and how much it is.

use datasets::Splits;
use studio::{Figure, Studio};

use crate::run::Run;
use crate::{
    EvaluationError, Measure, anchored, faithfulness, few_labels, frechet, head, latent,
    likelihood, measures, neighbours, prior, probes, real, score, second, swap, traversal,
};

/// A piece of work that gives one or more figures.
pub(crate) struct Task {
    /// The figures it gives, in this order.
    pub measures: &'static [Measure],
    /// How many images it passes through the networks.
    pub images: fn(&Studio, &Splits) -> usize,
    pub measure: fn(&mut Run<'_>) -> Result<Vec<Figure>, EvaluationError>,
    /// Measured only when it is asked for by name, because it takes long.
    pub slow: bool,
}

pub(crate) const TASKS: [Task; 22] = [
    Task {
        measures: &[
            measures::CLASSIFIER_ACCURACY,
            measures::REAL_ACCURACY,
            measures::ECE,
        ],
        images: |_, data| data.test.len(),
        measure: real::measure,
        slow: false,
    },
    Task {
        measures: &[
            measures::RECONSTRUCTION_MSE,
            measures::ELBO_NATS,
            measures::KL_PER_DIMENSION,
            measures::ACTIVE_UNITS,
            measures::RECONSTRUCTION_ACCURACY,
        ],
        images: |_, data| data.test.len(),
        measure: latent::reconstruction,
        slow: false,
    },
    Task {
        measures: &[measures::PRIOR_HISTOGRAM_KL, measures::PRIOR_CONFIDENCE],
        images: |_, _| prior::SAMPLES,
        measure: prior::learned,
        slow: false,
    },
    Task {
        measures: &[measures::NORMAL_HISTOGRAM_KL],
        images: |_, _| prior::SAMPLES,
        measure: prior::normal,
        slow: false,
    },
    Task {
        measures: &[
            measures::ANCHORED_AGREEMENT,
            measures::ANCHORED_VARIANCE_RATIO,
        ],
        images: |studio, _| anchored::samples_a_class(classes(studio)) * classes(studio),
        measure: anchored::agreement,
        slow: false,
    },
    Task {
        measures: &[measures::NOISE_SWEEP],
        images: |studio, _| anchored::sweep_images(classes(studio)),
        measure: anchored::sweep,
        slow: false,
    },
    Task {
        measures: &[measures::SWAP_AGREEMENT],
        images: |studio, data| swap::images(classes(studio), data),
        measure: swap::measure,
        slow: false,
    },
    Task {
        measures: &[measures::HEAD_ACCURACY],
        images: |_, data| data.test.len(),
        measure: head::accuracy,
        slow: false,
    },
    Task {
        measures: &[measures::SELF_FLATTERY],
        images: |studio, _| anchored::samples_a_class(classes(studio)) * classes(studio),
        measure: head::self_flattery,
        slow: false,
    },
    Task {
        measures: &[measures::CLASSIFIER_FD, measures::CLASSIFIER_FD_FLOOR],
        images: |_, data| prior::SAMPLES + data.train.len().min(frechet::REAL),
        measure: frechet::measure,
        slow: false,
    },
    Task {
        measures: &[measures::SECOND_JUDGE_ACCURACY],
        images: |_, data| data.test.len(),
        measure: second::accuracy,
        slow: false,
    },
    Task {
        measures: &[measures::SECOND_ANCHORED_AGREEMENT],
        images: |studio, _| anchored::samples_a_class(classes(studio)) * classes(studio),
        measure: second::agreement,
        slow: false,
    },
    Task {
        measures: &[measures::SECOND_FD, measures::SECOND_FD_FLOOR],
        images: |_, data| prior::SAMPLES + data.train.len().min(frechet::REAL),
        measure: frechet::second,
        slow: false,
    },
    Task {
        measures: &[
            measures::PRECISION,
            measures::RECALL,
            measures::DENSITY,
            measures::COVERAGE,
        ],
        images: |_, data| neighbours::images(&data.test),
        measure: neighbours::overlap,
        slow: false,
    },
    Task {
        measures: &[measures::NEAREST_TRAINING],
        images: |_, data| data.train.len(),
        measure: neighbours::nearest_training,
        slow: false,
    },
    Task {
        measures: &[measures::LINEAR_PROBE, measures::KNN_PROBE],
        images: |_, data| probes::images(data),
        measure: probes::measure,
        slow: false,
    },
    Task {
        measures: &[
            measures::TRAVERSAL_JUMP_RATIO,
            measures::TRAVERSAL_JUMP_RATIO_POOLED,
        ],
        images: traversal::images,
        measure: traversal::measure,
        slow: false,
    },
    Task {
        measures: &[
            measures::CAM_INSERTION_DELETION,
            measures::CAM_INSERTION_DELETION_GRAD_CAM,
            measures::CAM_INSERTION_DELETION_GRAD_CAM_PLUS_PLUS,
            measures::CAM_INSERTION_DELETION_LAYER_CAM,
            measures::CAM_INSERTION_DELETION_FUSED,
            measures::CAM_RANDOM,
            measures::CAM_GAUSSIAN,
            measures::CAM_INTENSITY,
            measures::CAM_RANDOMISED_SPEARMAN,
            measures::CAM_RANDOMISED_SPEARMAN_POSITIVE,
            measures::CAM_RANDOMISED_SPEARMAN_GRAD_CAM,
        ],
        images: |_, data| faithfulness::images(data),
        measure: faithfulness::measure,
        slow: false,
    },
    Task {
        measures: &[measures::NLL_NATS],
        images: |_, data| likelihood::images(data),
        measure: likelihood::measure,
        slow: true,
    },
    Task {
        measures: &[
            measures::CAS_GAP,
            measures::CAS_GENERATED,
            measures::CAS_REAL,
        ],
        images: |_, data| score::images(data),
        measure: score::measure,
        slow: true,
    },
    Task {
        measures: &[measures::HEAD_ERROR_100],
        images: |_, data| few_labels::images(data),
        measure: |run| few_labels::measure(run, measures::HEAD_ERROR_100, 100),
        slow: true,
    },
    Task {
        measures: &[measures::HEAD_ERROR_1000],
        images: |_, data| few_labels::images(data),
        measure: |run| few_labels::measure(run, measures::HEAD_ERROR_1000, 1000),
        slow: true,
    },
];

fn classes(studio: &Studio) -> usize {
    studio.manifest().dataset.classes()
}
