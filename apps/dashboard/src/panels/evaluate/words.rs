//! What the report's figures are called and what they mean, in plain words.

/// What a figure is called on the screen.
pub(super) struct Words {
    /// The report's name for it.
    pub(super) figure: &'static str,
    /// On the screen.
    pub(super) title: &'static str,
    /// What it means, in a sentence.
    pub(super) sentence: &'static str,
    /// Whether it is a share, written as a percentage.
    pub(super) share: bool,
}

const fn share(figure: &'static str, title: &'static str, sentence: &'static str) -> Words {
    Words {
        figure,
        title,
        sentence,
        share: true,
    }
}

const fn number_of(figure: &'static str, title: &'static str, sentence: &'static str) -> Words {
    Words {
        figure,
        title,
        sentence,
        share: false,
    }
}

/// What the evaluation can measure, in the order of the table.
pub(super) const WORDS: [Words; 14] = [
    share(
        "anchored_agreement",
        "Class-anchored agreement",
        "How often the classifier takes a sample of a class region for that class.",
    ),
    share(
        "reconstruction_accuracy",
        "Reconstruction accuracy",
        "How often it still finds the right class after the VAE redrew a test image.",
    ),
    share(
        "real_accuracy",
        "Real-image accuracy",
        "The ceiling for the two above: real test images.",
    ),
    number_of(
        "anchored_variance_ratio",
        "Within-class variety",
        "Variance of samples within a class, in the classifier's features, against real images. 1 is as \
         varied; agreement alone could be won by drawing class means.",
    ),
    number_of(
        "reconstruction_mse",
        "Reconstruction error",
        "Mean squared error a pixel, pixels in 0..1, decoding the posterior's mean.",
    ),
    number_of(
        "elbo_nats",
        "ELBO",
        "The evidence lower bound, per image. Compare it only between models with the same likelihood.",
    ),
    number_of(
        "active_units",
        "Active dimensions",
        "Latent dimensions whose posterior mean varies by more than 0.01 over the images.",
    ),
    number_of(
        "traversal_jump_ratio",
        "Traversal smoothness",
        "Walking along one dimension, the largest steps (99th percentile) in the classifier's features \
         against the usual one. 1 is even.",
    ),
    number_of(
        "prior_histogram_kl",
        "Prior evenness",
        "Divergence of the classes of samples from the learned prior (all class regions mixed) from an even spread. \
         0 is even.",
    ),
    number_of(
        "normal_histogram_kl",
        "N(0, I) evenness",
        "The same divergence for samples from N(0, I), which the VAE was trained against.",
    ),
    share(
        "prior_confidence",
        "Prior confidence",
        "The classifier's mean confidence on samples from the prior. There is no label, so there is no accuracy.",
    ),
    share(
        "classifier_accuracy",
        "Classifier accuracy",
        "On the test split.",
    ),
    share(
        "ece",
        "Calibration error",
        "Expected calibration error: how far confidence is from accuracy, 15 bins, after temperature scaling.",
    ),
    number_of(
        "noise_sweep",
        "Noise sweep",
        "Agreement and variety as the noise grows.",
    ),
];

/// The words for a figure, if there are any.
pub(super) fn known(name: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.figure == name)
}

/// The title of a figure: its own name if it is not known here.
pub(super) fn title(name: &str) -> &str {
    known(name).map_or(name, |words| words.title)
}
