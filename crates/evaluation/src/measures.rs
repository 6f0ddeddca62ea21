//! What can be measured: each figure is declared here and nowhere else.
//!
//! Reports, tables, the window and the command line take a figure's name, unit and meaning from its declaration, so that
//! one name cannot come to mean two things. The order here is that of [`all`], in which figures are measured and printed.
//! The declarations are constants, so that a `match` on a name can use them.

use crate::measure::{
    Better::{Higher, Lower, Near, Neither},
    Measure, Needs,
    Subject::{ClassSamples, Encoded, LearnedPrior, NormalPrior, Swaps},
    Unit::{Dimensions, Nats, Number, PerPixel, Share},
};

/// The declared figure of this name.
#[must_use]
pub fn find(name: &str) -> Option<Measure> {
    all().into_iter().find(|measure| measure.name == name)
}

/// All figures, in the order in which they are measured.
#[must_use]
pub fn all() -> Vec<Measure> {
    let groups = crate::tasks::TASKS.iter().map(|task| task.measures);
    groups.flatten().copied().collect()
}

/// It looks at generated images alone.
const NONE: usize = 0;
/// Walks begin at real images; each has many steps.
const ONE: usize = 1;
/// A variance from so many images is wrong by a third on average: the root of two over their number.
const FOR_A_VARIANCE: usize = 20;
/// Two for each of fifteen bins.
const FOR_BINS: usize = 30;
/// A covariance of some tens of features; from fewer images than features it is flat in some directions, and the distance is mostly that.
const FOR_A_COVARIANCE: usize = 100;
/// Four times the neighbours that are asked.
const FOR_NEIGHBOURS: usize = 20;

macro_rules! insertion_deletion {
    ($order:literal) => {
        concat!(
            "area under the insertion curve minus that under the deletion curve, pixels taken in the order of ",
            $order,
            ", softmax probability of the predicted class"
        )
    };
}

macro_rules! frechet {
    ($images:literal) => {
        frechet!("classifier", $images)
    };
    ($judge:literal, $images:literal) => {
        concat!(
            "Frechet distance between Gaussians fitted to the ",
            $judge,
            "'s pooled features of ",
            $images,
            " and of the test images; not an FID, whose features come from another network"
        )
    };
}

macro_rules! overlap {
    ($images:literal) => {
        concat!(
            "share of ",
            $images,
            "; the radius of an image is the distance to its k-th nearest neighbour in the second judge's pooled features \
             (Kynkaanniemi et al. 2019)"
        )
    };
}

macro_rules! head_error {
    ($labels:literal) => {
        concat!(
            "share of real test images that the head of a small joint model takes for another class, where only ",
            $labels,
            " training images kept their label; mean of several draws of those, each in the series"
        )
    };
}

macro_rules! probe {
    ($reader:literal) => {
        concat!(
            "accuracy of ",
            $reader,
            " of the test images' posterior means, standardised, fitted on those of the training images"
        )
    };
}

macro_rules! randomised {
    ($maps:literal) => {
        concat!(
            "rank correlation of ",
            $maps,
            " for the predicted class with those of networks with random weights"
        )
    };
}

/// The judge on real images.
pub const CLASSIFIER_ACCURACY: Measure = Measure::new(
    "classifier_accuracy",
    Share,
    Higher,
    "share of real test images whose predicted class is their label; averaged weights of the last epoch",
);
/// The same, where it is a ceiling.
pub const REAL_ACCURACY: Measure = Measure::new(
    "real_accuracy",
    Share,
    Higher,
    "the same share, as the ceiling of every agreement on generated images",
);
/// Confidence held against accuracy.
pub const ECE: Measure = Measure::new(
    "ece",
    Share,
    Lower,
    "expected calibration error in bins of equal width, after the temperature fitted on held-out images",
)
.of_at_least(FOR_BINS);
/// What encoding and decoding loses.
pub const RECONSTRUCTION_MSE: Measure = Measure::new(
    "reconstruction_mse",
    PerPixel,
    Lower,
    "mean squared error of a pixel in 0..1, image against the decoded mean of its posterior",
)
.needing(Needs::Images)
.about(Encoded);
/// The bound that training raises.
pub const ELBO_NATS: Measure = Measure::new(
    "elbo_nats",
    Nats,
    Higher,
    "evidence lower bound with one posterior sample an image",
)
.needing(Needs::Images)
.about(Encoded);
/// What each dimension tells.
pub const KL_PER_DIMENSION: Measure = Measure::new(
    studio::KL_PER_DIMENSION,
    Nats,
    Neither,
    "divergence of the posterior from the aggregate posterior's Gaussian in each dimension, mean over images: the sum, \
     and each dimension in the series",
)
.needing(Needs::Images)
.about(Encoded)
.of_at_least(FOR_A_VARIANCE);
/// How many dimensions tell anything.
pub const ACTIVE_UNITS: Measure = Measure::new(
    studio::ACTIVE_UNITS,
    Dimensions,
    Neither,
    "latent dimensions whose posterior mean has a variance over images above 0.01 (the series holds it)",
)
.needing(Needs::Images)
.about(Encoded)
.of_at_least(FOR_A_VARIANCE);
/// Whether reconstructions keep their class.
pub const RECONSTRUCTION_ACCURACY: Measure = Measure::new(
    "reconstruction_accuracy",
    Share,
    Higher,
    "share of test images whose decoded posterior mean is still classified as their label",
)
.about(Encoded);
/// Whether the learned prior draws all classes alike.
pub const PRIOR_HISTOGRAM_KL: Measure = Measure::new(
    "prior_histogram_kl",
    Nats,
    Lower,
    "KL divergence to uniform of the predicted classes of images decoded from the learned prior: the class regions, \
     Gaussian mixtures fitted to the aggregate posterior, mixed in equal parts",
)
.about(LearnedPrior)
.of_at_least(NONE);
/// How sure the judge is of them.
pub const PRIOR_CONFIDENCE: Measure = Measure::new(
    "prior_confidence",
    Share,
    Higher,
    "mean calibrated confidence on the same images",
)
.about(LearnedPrior)
.of_at_least(NONE);
/// The same evenness of a standard normal cloud.
pub const NORMAL_HISTOGRAM_KL: Measure = Measure::new(
    "normal_histogram_kl",
    Nats,
    Neither,
    "KL divergence to uniform of the predicted classes of images decoded from z ~ N(0, I)",
)
.about(NormalPrior)
.of_at_least(NONE);
/// Whether samples of a class region show that class.
pub const ANCHORED_AGREEMENT: Measure = Measure::new(
    "anchored_agreement",
    Share,
    Higher,
    "share of samples at noise 1.0 (the class region's own covariance) that the classifier takes for the anchor class; \
     Wilson 95 % interval; no sample is rejected",
)
.about(ClassSamples)
.of_at_least(NONE);
/// Whether they are as varied as real ones.
pub const ANCHORED_VARIANCE_RATIO: Measure = Measure::new(
    "anchored_variance_ratio",
    Number,
    Near(1.0),
    "within-class variance of the classifier's pooled features on the same samples, over that of the real test images",
)
.about(ClassSamples);
/// Both as the noise grows.
pub const NOISE_SWEEP: Measure = Measure::new(
    "noise_sweep",
    Share,
    Neither,
    "agreement and variance ratio at each noise scale, protocols as for anchored_agreement and anchored_variance_ratio",
)
.about(ClassSamples);
/// Whether the class decides what a conditional model draws, whatever the latent came from.
pub const SWAP_AGREEMENT: Measure = Measure::new(
    "swap_agreement",
    Share,
    Higher,
    "posterior means of test images, each encoded with its own class, decoded as each of the other classes: share that the \
     classifier takes for that class; Wilson 95 % interval",
)
.needing(Needs::JudgeAndCondition)
.about(Swaps);
/// Whether a joint model's own head is right about real images.
pub const HEAD_ACCURACY: Measure = Measure::new(
    "head_accuracy",
    Share,
    Higher,
    "share of real test images that the model's own head takes for their label, by the mean of each one's posterior",
)
.needing(Needs::Head)
.about(Encoded);
/// How much better a joint model's own head finds what the model draws than those who took no part in its training.
pub const SELF_FLATTERY: Measure = Measure::new(
    "self_flattery",
    Share,
    Near(0.0),
    "share of the samples of anchored_agreement that the model's own head takes for the anchor class, less the share by that of \
     the two judges who agrees more often; paired over the samples",
)
.needing(Needs::HeadAndJudges)
.about(ClassSamples)
.of_at_least(NONE);
/// What a joint model's head learns from a hundred labels.
pub const HEAD_ERROR_100: Measure =
    Measure::new("head_error_100", Share, Lower, head_error!("100")).needing(Needs::Head);
/// What it learns from a thousand.
pub const HEAD_ERROR_1000: Measure =
    Measure::new("head_error_1000", Share, Lower, head_error!("1,000")).needing(Needs::Head);
/// How far generated images are from real ones.
pub const CLASSIFIER_FD: Measure = Measure::new(
    "classifier_fd",
    Number,
    Lower,
    frechet!("images decoded from the learned prior"),
)
.about(LearnedPrior)
.of_at_least(FOR_A_COVARIANCE);
/// What no generator can go below.
pub const CLASSIFIER_FD_FLOOR: Measure = Measure::new(
    "classifier_fd_floor",
    Number,
    Neither,
    frechet!("real training images"),
)
.of_at_least(FOR_A_COVARIANCE);
/// The second judge on real images.
pub const SECOND_JUDGE_ACCURACY: Measure = Measure::new(
    "second_judge_accuracy",
    Share,
    Higher,
    "share of real test images whose class the second judge predicts; averaged weights of the last epoch",
)
.needing(Needs::SecondJudge);
/// Whether another network sees the same class in samples.
pub const SECOND_ANCHORED_AGREEMENT: Measure = Measure::new(
    "second_anchored_agreement",
    Share,
    Higher,
    "share of the samples of anchored_agreement that the second judge takes for the anchor class; Wilson 95 % interval; no \
     sample is rejected",
)
.needing(Needs::SecondJudge)
.about(ClassSamples)
.of_at_least(NONE);
/// How far generated images are from real ones to another network.
pub const SECOND_FD: Measure = Measure::new(
    "second_fd",
    Number,
    Lower,
    frechet!("second judge", "images decoded from the learned prior"),
)
.needing(Needs::SecondJudge)
.about(LearnedPrior)
.of_at_least(FOR_A_COVARIANCE);
/// What no generator can go below there.
pub const SECOND_FD_FLOOR: Measure = Measure::new(
    "second_fd_floor",
    Number,
    Neither,
    frechet!("second judge", "real training images"),
)
.needing(Needs::SecondJudge)
.of_at_least(FOR_A_COVARIANCE);
/// Whether generated images are plausible.
pub const PRECISION: Measure = Measure::new(
    "precision",
    Share,
    Higher,
    overlap!("images from the learned prior that lie within the radius of a real test image"),
)
.needing(Needs::SecondJudge)
.about(LearnedPrior)
.of_at_least(FOR_NEIGHBOURS);
/// Whether real images could have been generated.
pub const RECALL: Measure = Measure::new(
    "recall",
    Share,
    Higher,
    overlap!("real test images that lie within the radius of an image from the learned prior"),
)
.needing(Needs::SecondJudge)
.about(LearnedPrior)
.of_at_least(FOR_NEIGHBOURS);
/// How densely they lie among real ones.
pub const DENSITY: Measure = Measure::new(
    "density",
    Number,
    Near(1.0),
    "real test images whose radius reaches an image from the learned prior, mean over those images, over k; the radius of an \
     image is the distance to its k-th nearest neighbour in the second judge's pooled features (Naeem et al. 2020)",
)
.needing(Needs::SecondJudge)
.about(LearnedPrior)
.of_at_least(FOR_NEIGHBOURS);
/// How much of what there is they cover.
pub const COVERAGE: Measure = Measure::new(
    "coverage",
    Share,
    Higher,
    "share of real test images with an image from the learned prior within their radius; the radius of an image is the \
     distance to its k-th nearest neighbour in the second judge's pooled features (Naeem et al. 2020)",
)
.needing(Needs::SecondJudge)
.about(LearnedPrior)
.of_at_least(FOR_NEIGHBOURS);
/// Whether samples are copies of training images.
pub const NEAREST_TRAINING: Measure = Measure::new(
    "nearest_training",
    Number,
    Near(1.0),
    "distance of samples to the nearest training image in the second judge's pooled features, over the same distance of \
     real test images, medians; a model that copies is near 0",
)
.needing(Needs::SecondJudge)
.about(ClassSamples)
.of_at_least(FOR_NEIGHBOURS);
/// What the simplest reader finds in the posterior means.
pub const LINEAR_PROBE: Measure = Measure::new(
    "linear_probe",
    Share,
    Higher,
    probe!("a softmax regression"),
)
.needing(Needs::Labels)
.about(Encoded);
/// What neighbours find in them.
pub const KNN_PROBE: Measure = Measure::new(
    "knn_probe",
    Share,
    Higher,
    probe!("a vote of the nearest neighbours"),
)
.needing(Needs::Labels)
.about(Encoded);
/// Whether walks along a dimension are even.
pub const TRAVERSAL_JUMP_RATIO: Measure = Measure::new(
    "traversal_jump_ratio",
    Number,
    Lower,
    "largest steps of a traversal (99th percentile of the distances between neighbouring frames) over its own median \
     step; distance as in LPIPS without learned weights: root of the squared differences of the classifier's channels, \
     scaled to unit length in each cell, mean over cells, summed over the four stages; median over the traversals, each \
     in the series",
)
.about(Encoded)
.of_at_least(ONE);
/// The same of all walks together.
pub const TRAVERSAL_JUMP_RATIO_POOLED: Measure = Measure::new(
    "traversal_jump_ratio_pooled",
    Number,
    Lower,
    "99th percentile over median of the distances of the classifier's pooled features between neighbouring frames, the \
     steps of all traversals together, which mixes dimensions that change little with those that change much",
)
.about(Encoded)
.of_at_least(ONE);
/// Whether the recommended map names what the prediction depends on.
pub const CAM_INSERTION_DELETION: Measure = Measure::new(
    "cam_insertion_deletion",
    Number,
    Higher,
    insertion_deletion!("the recommended map"),
);
/// The same of Grad-CAM.
pub const CAM_INSERTION_DELETION_GRAD_CAM: Measure = Measure::new(
    "cam_insertion_deletion_grad_cam",
    Number,
    Higher,
    insertion_deletion!("the map of Grad-CAM"),
);
/// The same of Grad-CAM++.
pub const CAM_INSERTION_DELETION_GRAD_CAM_PLUS_PLUS: Measure = Measure::new(
    "cam_insertion_deletion_grad_cam_plus_plus",
    Number,
    Higher,
    insertion_deletion!("the map of Grad-CAM++"),
);
/// The same of `LayerCAM`.
pub const CAM_INSERTION_DELETION_LAYER_CAM: Measure = Measure::new(
    "cam_insertion_deletion_layer_cam",
    Number,
    Higher,
    insertion_deletion!("the map of LayerCAM"),
);
/// The same of several layers of `LayerCAM`.
pub const CAM_INSERTION_DELETION_FUSED: Measure = Measure::new(
    "cam_insertion_deletion_fused",
    Number,
    Higher,
    insertion_deletion!("the maps of LayerCAM fused over layers"),
);
/// The same of no map at all.
pub const CAM_RANDOM: Measure = Measure::new(
    "cam_random",
    Number,
    Neither,
    insertion_deletion!("a random ranking"),
);
/// The same of a map that knows no network.
pub const CAM_GAUSSIAN: Measure = Measure::new(
    "cam_gaussian",
    Number,
    Neither,
    insertion_deletion!("a centred Gaussian"),
);
/// The same of the image itself.
pub const CAM_INTENSITY: Measure = Measure::new(
    "cam_intensity",
    Number,
    Neither,
    insertion_deletion!("the image's own intensities"),
);
/// What the recommended maps keep without the network's weights.
pub const CAM_RANDOMISED_SPEARMAN: Measure = Measure::new(
    "cam_randomised_spearman",
    Number,
    Lower,
    randomised!("the recommended maps before the ReLU"),
);
/// The same of what is painted.
pub const CAM_RANDOMISED_SPEARMAN_POSITIVE: Measure = Measure::new(
    "cam_randomised_spearman_positive",
    Number,
    Lower,
    randomised!(
        "the recommended maps after the ReLU (0 wherever the image is black, whatever the weights are)"
    ),
);
/// The same of Grad-CAM.
pub const CAM_RANDOMISED_SPEARMAN_GRAD_CAM: Measure = Measure::new(
    "cam_randomised_spearman_grad_cam",
    Number,
    Lower,
    randomised!("the maps of Grad-CAM before the ReLU"),
);
/// How probable test images are.
pub const NLL_NATS: Measure = Measure::new(
    "nll_nats",
    Nats,
    Lower,
    "negative log-likelihood of binary images, estimated with importance samples from each posterior (Burda et al. 2016, \
     equation 8); each pixel 1 with its grey level as the probability, drawn once",
)
.needing(Needs::Images)
.about(Encoded);
/// What generated images do not teach.
pub const CAS_GAP: Measure = Measure::new(
    "cas_gap",
    Share,
    Lower,
    "cas_real minus cas_generated, paired over the test images",
)
.needing(Needs::Labels)
.about(ClassSamples);
/// What they teach.
pub const CAS_GENERATED: Measure = Measure::new(
    "cas_generated",
    Share,
    Higher,
    "accuracy on the real test images of a small classifier trained on generated images alone, none rejected \
     (classification accuracy score)",
)
.needing(Needs::Labels)
.about(ClassSamples);
/// What real ones teach.
pub const CAS_REAL: Measure = Measure::new(
    "cas_real",
    Share,
    Higher,
    "the same of the same classifier trained on the real training images",
)
.needing(Needs::Labels);
