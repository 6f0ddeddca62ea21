//! What figures and terms are called and what they mean, in plain words: the one home of explanations.

/// What a figure is called on the screen.
pub struct Words {
    /// The report's name for it.
    pub figure: &'static str,
    /// On the screen.
    pub title: &'static str,
    /// What it means, in a sentence.
    pub sentence: &'static str,
    /// Whether it is a share, written as a percentage.
    pub share: bool,
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
pub const WORDS: [Words; 33] = [
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
        "Walking along one dimension, the largest steps (99th percentile) against the usual one of the same walk, as the \
         classifier sees them at all four stages. 1 is even.",
    ),
    number_of(
        "traversal_jump_ratio_pooled",
        "Smoothness, pooled",
        "The ratio of earlier reports: the steps of all walks together, so slow and fast dimensions mix.",
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
        "The same divergence for samples from N(0, I): how far the latents are from a standard normal cloud.",
    ),
    share(
        "prior_confidence",
        "Prior confidence",
        "The classifier's mean confidence on samples from the prior. There is no label, so there is no accuracy.",
    ),
    number_of(
        "classifier_fd",
        "Distance to real images",
        "Frechet distance in the classifier's features between samples from the learned prior and test images.",
    ),
    number_of(
        "classifier_fd_floor",
        "Distance floor",
        "The same between real training images and test images: what no generator can go below.",
    ),
    share(
        "linear_probe",
        "Linear probe",
        "How often the simplest reader, a linear one, finds the class from the posterior mean alone.",
    ),
    share(
        "knn_probe",
        "Neighbour probe",
        "How often the five nearest training images in latent space vote for the right class.",
    ),
    number_of(
        "cam_insertion_deletion",
        "Heatmap faithfulness",
        "How much earlier the probability rises and falls when pixels come and go in the heatmap's order.",
    ),
    number_of(
        "cam_insertion_deletion_grad_cam",
        "Faithfulness, Grad-CAM",
        "The same for Grad-CAM at the last layer, which Explain shows first.",
    ),
    number_of(
        "cam_insertion_deletion_grad_cam_plus_plus",
        "Faithfulness, Grad-CAM++",
        "The same for Grad-CAM++ at the last layer.",
    ),
    number_of(
        "cam_insertion_deletion_layer_cam",
        "Faithfulness, LayerCAM",
        "The same for LayerCAM at the 7 × 7 layer.",
    ),
    number_of(
        "cam_insertion_deletion_fused",
        "Faithfulness, fused LayerCAM",
        "The same for LayerCAM of the last three layers together.",
    ),
    number_of(
        "cam_random",
        "Faithfulness, at random",
        "The same for a random order. A heatmap has to beat it.",
    ),
    number_of(
        "cam_gaussian",
        "Faithfulness, centred blob",
        "The same for a blob in the middle, which knows nothing of the classifier.",
    ),
    number_of(
        "cam_intensity",
        "Faithfulness, intensity",
        "The same for the brightest pixels first, which needs no heatmap at all.",
    ),
    number_of(
        "cam_randomised_spearman",
        "Heatmap with random weights",
        "How alike the maps stay when the classifier's weights are replaced by random ones, what speaks against the class \
         included. Above 0.3 the map would show the image more than the network.",
    ),
    number_of(
        "cam_randomised_spearman_positive",
        "The same, what is painted",
        "The same for what speaks for the class alone. Pixels that are black stay without evidence, whatever the weights.",
    ),
    number_of(
        "cam_randomised_spearman_grad_cam",
        "The same, Grad-CAM",
        "The same for Grad-CAM at the last layer.",
    ),
    share(
        "cas_generated",
        "Learned from generated images",
        "Test accuracy of a small classifier that has seen generated images only.",
    ),
    share(
        "cas_real",
        "Learned from real images",
        "Test accuracy of the same small classifier trained on the real images.",
    ),
    share(
        "cas_gap",
        "Lost by generated images",
        "The second less the first: what the generated images do not teach.",
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
#[must_use]
pub fn known(name: &str) -> Option<&'static Words> {
    WORDS.iter().find(|words| words.figure == name)
}

/// The title of a figure: its own name if it is not known here.
#[must_use]
pub fn title(name: &str) -> &str {
    known(name).map_or(name, |words| words.title)
}

/// What a figure means: nothing if it is not known here.
#[must_use]
pub fn sentence(name: &str) -> &'static str {
    known(name).map_or("", |words| words.sentence)
}

/// A term that is more than a figure of the report, and the question that it answers.
pub struct Term {
    /// What a person may ask.
    pub question: &'static str,
    /// The answer, in a sentence or two.
    pub sentence: &'static str,
}

/// What one dimension tells.
pub const KL: Term = Term {
    question: "What is KL?",
    sentence: "The Kullback-Leibler divergence says how much an image pins a dimension down, in nats: how far what the \
               encoder says of it is from what it says of all images together. At 0 the dimension tells nothing.",
};
/// The unit of the sliders.
pub const SIGMA: Term = Term {
    question: "What is sigma?",
    sentence: "A standard deviation of one latent dimension over the training images: most of them lie within 2 sigma of \
               the mean.",
};
/// The limits of Grad-CAM.
pub const GRAD_CAM: Term = Term {
    question: "What does Grad-CAM not tell me?",
    sentence: "Grad-CAM shows which parts of the picture, as this layer sees them, push the classifier's score for one \
               class up. It does not show what pushes the score down, whether the classifier is right, or why the VAE \
               drew the picture so.",
};
/// Confidence held against accuracy.
pub const ECE: Term = Term {
    question: "What is ECE, the calibration error?",
    sentence: "The expected calibration error: how far the classifier's confidence is from how often it is right, on \
               average. At 0 a confidence of 90 % is right nine times in ten.",
};
/// The bound that a VAE maximises.
pub const ELBO: Term = Term {
    question: "What is the ELBO?",
    sentence: "The evidence lower bound: how well the VAE redraws an image, less what it takes to say which latent drew \
               it. Training raises it; compare it only between models with the same likelihood.",
};
/// Where a class key leads.
pub const ANCHOR: Term = Term {
    question: "What is an anchor?",
    sentence: "The middle of the most frequent style of a class: the centre of the largest group of its training images in \
               latent space.",
};
/// Where latents come from.
pub const PRIOR: Term = Term {
    question: "What is the prior?",
    sentence: "The distribution that latents are drawn from to invent images. The plain one is N(0, I); the learned one \
               follows where the training images lie.",
};
/// What moves when an image is encoded again.
pub const DRIFT: Term = Term {
    question: "What is drift?",
    sentence: "How far the latent moves when its image is encoded again. Where images look real it hardly moves; far from \
               them the image no longer says which latent drew it.",
};
/// How sure a share is.
pub const INTERVAL: Term = Term {
    question: "What is a 95 % interval?",
    sentence: "The range that holds the true share in 95 of 100 such measurements. Fewer images make it wider.",
};

/// What a map by t-SNE shows.
pub const T_SNE: Term = Term {
    question: "What is t-SNE?",
    sentence: "t-SNE lays points out so that neighbours stay together, and keeps nothing else: distances between clusters, \
               their sizes and the axes mean nothing.",
};
/// What a map by principal directions shows.
pub const PRINCIPAL: Term = Term {
    question: "What are principal directions?",
    sentence: "Principal directions are those in which the class regions spread most. On a map along two of them, points that \
               lie together may be far apart in all others.",
};

/// Every term, for whoever looks for an explanation.
pub const TERMS: [Term; 11] = [
    KL, ECE, GRAD_CAM, SIGMA, ELBO, ANCHOR, PRIOR, DRIFT, INTERVAL, T_SNE, PRINCIPAL,
];
