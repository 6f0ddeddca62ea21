//! What figures and terms are called and what they mean, in plain words: the one home of explanations.

pub mod families;
mod terms;
pub mod training;

pub use terms::*;

use evaluation::{Measure, measures};

/// What a figure is called on the screen.
pub struct Words {
    /// The figure.
    pub measure: Measure,
    /// On the screen.
    pub title: &'static str,
    /// What it means, in a sentence.
    pub sentence: &'static str,
}

const fn words(measure: Measure, title: &'static str, sentence: &'static str) -> Words {
    Words {
        measure,
        title,
        sentence,
    }
}

/// What the evaluation can measure, in the order of the table.
pub const WORDS: [Words; 47] = [
    words(
        measures::ANCHORED_AGREEMENT,
        "Class-anchored agreement",
        "How often the classifier takes a sample of a class region for that class.",
    ),
    words(
        measures::SECOND_ANCHORED_AGREEMENT,
        "Agreement, second judge",
        "The same samples shown to a second judge of another architecture. Where the two judges differ, the agreement says \
         something about the judge.",
    ),
    words(
        measures::SELF_FLATTERY,
        "Self-flattery",
        "How much more often the model's own head takes a sample for its class than the better of the two judges does: the \
         two learned together.",
    ),
    words(
        measures::HEAD_ACCURACY,
        "Own head, real images",
        "How often the model's own head is right about real test images.",
    ),
    words(
        measures::HEAD_ERROR_100,
        "Own head's error, 100 labels",
        "How often the head of a small model of this kind is wrong about test images if it was told the class of 100 images.",
    ),
    words(
        measures::HEAD_ERROR_1000,
        "Own head's error, 1,000 labels",
        "The same if it was told the class of 1,000 images.",
    ),
    words(
        measures::SWAP_AGREEMENT,
        "Swapped classes",
        "How often a test image that is redrawn as another class is taken for that class: the same hand writes a 7.",
    ),
    words(
        measures::RECONSTRUCTION_ACCURACY,
        "Reconstruction accuracy",
        "How often it still finds the right class after the VAE redrew a test image.",
    ),
    words(
        measures::REAL_ACCURACY,
        "Real-image accuracy",
        "The ceiling for the classifier's agreements: real test images.",
    ),
    words(
        measures::SECOND_JUDGE_ACCURACY,
        "Second judge, real images",
        "How often the second judge is right about real test images: the ceiling of its agreement.",
    ),
    words(
        measures::ANCHORED_VARIANCE_RATIO,
        "Within-class variety",
        "Variance of samples within a class, in the classifier's features, against real images. 1 is as \
         varied; agreement alone could be won by drawing class means.",
    ),
    words(
        measures::RECONSTRUCTION_MSE,
        "Reconstruction error",
        "Mean squared error a pixel, pixels in 0..1, decoding the posterior's mean.",
    ),
    words(
        measures::ELBO_NATS,
        "ELBO",
        "The evidence lower bound, per image. Compare it only between models with the same likelihood.",
    ),
    words(
        measures::ACTIVE_UNITS,
        "Active dimensions",
        "Latent dimensions whose posterior mean varies by more than 0.01 over the images.",
    ),
    words(
        measures::TRAVERSAL_JUMP_RATIO,
        "Traversal smoothness",
        "Walking along one dimension, the largest steps (99th percentile) against the usual one of the same walk, as the \
         classifier sees them at all four stages. 1 is even.",
    ),
    words(
        measures::TRAVERSAL_JUMP_RATIO_POOLED,
        "Smoothness, pooled",
        "The ratio of earlier reports: the steps of all walks together, so slow and fast dimensions mix.",
    ),
    words(
        measures::PRIOR_HISTOGRAM_KL,
        "Prior evenness",
        "Divergence of the classes of samples from the learned prior (all class regions mixed) from an even spread. \
         0 is even.",
    ),
    words(
        measures::NORMAL_HISTOGRAM_KL,
        "N(0, I) evenness",
        "The same divergence for samples from N(0, I): how far the latents are from a standard normal cloud.",
    ),
    words(
        measures::PRIOR_CONFIDENCE,
        "Prior confidence",
        "The classifier's mean confidence on samples from the prior. There is no label, so there is no accuracy.",
    ),
    words(
        measures::CLASSIFIER_FD,
        "Distance to real images",
        "Frechet distance in the classifier's features between samples from the learned prior and test images.",
    ),
    words(
        measures::CLASSIFIER_FD_FLOOR,
        "Distance floor",
        "The same between real training images and test images: what no generator can go below.",
    ),
    words(
        measures::SECOND_FD,
        "Distance, second judge",
        "The distance to real images in the second judge's features.",
    ),
    words(
        measures::SECOND_FD_FLOOR,
        "Its floor",
        "The same between real training images and test images.",
    ),
    words(
        measures::PRECISION,
        "Precision",
        "How many samples lie among real images: whether what is drawn is plausible. Neighbours in the second judge's \
         features.",
    ),
    words(
        measures::RECALL,
        "Recall",
        "How many real images lie among samples: whether what there is can be drawn.",
    ),
    words(
        measures::DENSITY,
        "Density",
        "How crowded with real images the places are where samples lie, on average. 1 is as crowded as among real images.",
    ),
    words(
        measures::COVERAGE,
        "Coverage",
        "How many real images have a sample among their nearest neighbours.",
    ),
    words(
        measures::NEAREST_TRAINING,
        "Distance to training images",
        "How far samples are from their nearest training image, against real test images. 1 is as far; a model that copies \
         is near 0.",
    ),
    words(
        measures::LINEAR_PROBE,
        "Linear probe",
        "How often the simplest reader, a linear one, finds the class from the posterior mean alone.",
    ),
    words(
        measures::KNN_PROBE,
        "Neighbour probe",
        "How often the five nearest training images in latent space vote for the right class.",
    ),
    words(
        measures::CAM_INSERTION_DELETION,
        "Heatmap faithfulness",
        "How much earlier the probability rises and falls when pixels come and go in the heatmap's order.",
    ),
    words(
        measures::CAM_INSERTION_DELETION_GRAD_CAM,
        "Faithfulness, Grad-CAM",
        "The same for Grad-CAM at the last layer, which Explain shows first.",
    ),
    words(
        measures::CAM_INSERTION_DELETION_GRAD_CAM_PLUS_PLUS,
        "Faithfulness, Grad-CAM++",
        "The same for Grad-CAM++ at the last layer.",
    ),
    words(
        measures::CAM_INSERTION_DELETION_LAYER_CAM,
        "Faithfulness, LayerCAM",
        "The same for LayerCAM at the last layer but one.",
    ),
    words(
        measures::CAM_INSERTION_DELETION_FUSED,
        "Faithfulness, fused LayerCAM",
        "The same for LayerCAM of the last three layers together.",
    ),
    words(
        measures::CAM_RANDOM,
        "Faithfulness, at random",
        "The same for a random order. A heatmap has to beat it.",
    ),
    words(
        measures::CAM_GAUSSIAN,
        "Faithfulness, centred blob",
        "The same for a blob in the middle, which knows nothing of the classifier.",
    ),
    words(
        measures::CAM_INTENSITY,
        "Faithfulness, intensity",
        "The same for the brightest pixels first, which needs no heatmap at all.",
    ),
    words(
        measures::CAM_RANDOMISED_SPEARMAN,
        "Heatmap with random weights",
        "How alike the maps stay when the classifier's weights are replaced by random ones, what speaks against the class \
         included. Above 0.3 the map would show the image more than the network.",
    ),
    words(
        measures::CAM_RANDOMISED_SPEARMAN_POSITIVE,
        "The same, what is painted",
        "The same for what speaks for the class alone. Pixels that are black stay without evidence, whatever the weights.",
    ),
    words(
        measures::CAM_RANDOMISED_SPEARMAN_GRAD_CAM,
        "The same, Grad-CAM",
        "The same for Grad-CAM at the last layer.",
    ),
    words(
        measures::CAS_GENERATED,
        "Learned from generated images",
        "Test accuracy of a small classifier that has seen generated images only.",
    ),
    words(
        measures::CAS_REAL,
        "Learned from real images",
        "Test accuracy of the same small classifier trained on the real images.",
    ),
    words(
        measures::CAS_GAP,
        "Lost by generated images",
        "The second minus the first: what the generated images do not teach.",
    ),
    words(
        measures::CLASSIFIER_ACCURACY,
        "Classifier accuracy",
        "On the test split.",
    ),
    words(
        measures::ECE,
        "Calibration error",
        "Expected calibration error: how far confidence is from accuracy, 15 bins, after temperature scaling.",
    ),
    words(
        measures::NOISE_SWEEP,
        "Noise sweep",
        "Agreement and variety as the noise grows.",
    ),
];

/// The words for a figure, if there are any.
#[must_use]
pub fn known(name: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.measure.name == name)
}

/// The title of a figure: its own name if it is not known here.
#[must_use]
pub fn title(name: &str) -> &str {
    known(name).map_or(name, |words| words.title)
}

/// Why a person cannot start from a class.
pub const NO_CLASSES: &str =
    "This model was trained on pictures without labels, so there are no classes to start from.";
/// What a conditional model is told, and what its latents need not tell.
pub const CLASS_IS_GIVEN: &str =
    "You choose the class; the sliders hold the rest, such as how it is drawn.";
/// What a refiner does.
pub const SHARP: &str = "A decoder draws the mean of all images that a latent may stand for, so it is blurred. A refiner turns it into \
                         one sharp image, in a few steps.";
/// What the sharp image is not.
pub const DETAIL_IS_INVENTED: &str =
    "The added detail is invented: it follows from chance, not from the latent.";
/// What other chance does.
pub const OTHER_DETAIL: &str = "Invent other detail for the same latent";
/// What the steps of a diffusion are.
pub const STEPS: &str = "A diffusion begins with noise and goes to the image in so many steps. More steps are more exact, and take longer.";
/// What guidance does.
pub const GUIDANCE: &str = "How far the class is exaggerated. At 1 not at all; higher, images show their class more clearly and differ less from \
     each other.";
/// What the sliders of a diffusion are.
pub const COARSE_NOISE: &str = "The sliders are the coarse waves of the noise that the image begins as. The fine rest is chance.";
/// What other chance does to a diffusion.
pub const OTHER_NOISE: &str = "Draw the same latent from other fine noise";
/// What the dimensions of a GAN are.
pub const PRINCIPAL_AXES: &str = "The sliders of a GAN are the principal axes of what its first layers make of latents; this is the axis' share of \
     their variance.";
/// What it means to search for a latent.
pub const SEARCHES: &str = "This model has no encoder, so it searches for a latent that draws the image, for some seconds. It may not find one.";
/// Why a diffusion is given no image.
pub const CANNOT_FIND: &str = "A diffusion has no encoder: it cannot say which latent an image comes from, so there is no image to start from.";
/// What two sides of Compare have in common where only the class differs.
pub const ONE_LATENT: &str = "Both are one latent, drawn as two classes.";
/// What another class does to the same latent.
pub const SAME_LATENT: &str = "The latent stays, so the same hand draws another class.";
/// Why a joint model's own head is no judge.
pub const LEARNED_TOGETHER: &str = "This model and its head learned together, so both may make the same mistakes. The judge above took no part in \
     that: believe the judge where the two differ.";
/// Why there is no verdict.
pub const NO_JUDGE: &str = "No classifier came with this model; choose a judge.";
/// Why nothing is right or wrong.
pub const NO_AGREEMENT: &str = "The judge does not know the classes that samples are drawn from, so it cannot be right or \
                                wrong about them.";
/// Why there is no way from class to class, of a conditional model or of any other.
#[must_use]
pub fn no_morph(conditional: bool) -> &'static str {
    if conditional {
        "Nothing lies between two classes that are given: the picture would jump. Classes in Explore shows them side by side."
    } else {
        "A morph goes from one class to another, and this model has no two of them."
    }
}

/// Why there is no direction from class to class, of a conditional model or of any other.
#[must_use]
pub fn no_direction(conditional: bool) -> &'static str {
    if conditional {
        "No direction leads from class to class: the class is given to this model. Choose it under Drawn as."
    } else {
        "A direction from class to class needs two of them, and this model has not."
    }
}

/// Why there is no walk to another class, of a conditional model or of any other.
#[must_use]
pub fn no_what_if(conditional: bool) -> &'static str {
    if conditional {
        "“What if” walks through latent space to another class. Here no way leads to one: the class is given to this model. \
         Choose it under Drawn as in Explore."
    } else {
        "“What if” walks towards a class until the judge says it. For that the judge has to know the classes of this model's \
         latents, and it does not."
    }
}

/// Why there is no map.
pub const NO_MAP: &str = "A map needs at least two latent dimensions, and this model has one.";
/// What is seen while a person draws on the picture, and after it.
pub const DRAWS_ON_PICTURE: &str =
    "While you draw you see your stroke; when you let go, what the model makes of it.";
/// The same of a model that has to search.
pub const DRAWS_AFTER_SEARCH: &str = "While you draw you see your stroke; when you let go, the model searches some seconds for a latent that draws it.";
/// Why there is no pad.
pub const NO_PAD: &str = "A pad needs at least two latent dimensions, and this model has one.";
/// Why nothing can be moved on the pad.
pub const STILL_PAD: &str = "Nothing moves here: both go the same way, or all that a direction moves is locked. Choose another one.";
/// What the sheet is where a model's images are pictures as they are.
pub const BLACK_ON_WHITE: &str =
    "The pen is black and the paper white: see what the model makes of it.";
