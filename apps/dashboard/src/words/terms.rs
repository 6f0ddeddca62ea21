//! What the words of the field mean, each in a sentence or two, with a page that says more.

/// A word, and the question that it answers.
pub struct Term {
    /// What a person may ask.
    pub question: &'static str,
    /// The answer, in a sentence or two.
    pub sentence: &'static str,
    /// Other words that a person may look for.
    pub also: &'static str,
    /// The address of a page that says more; `None` where the word is this program's own.
    pub page: Option<&'static str>,
}

/// What one dimension tells.
pub const KL: Term = Term {
    question: "What is KL?",
    sentence: "The Kullback-Leibler divergence says how much an image pins a dimension down, in nats: how far what the \
               encoder says of it is from what it says of all images together. At 0 the dimension tells nothing.",
    also: "divergence nats information",
    page: Some("https://en.wikipedia.org/wiki/Kullback%E2%80%93Leibler_divergence"),
};
/// The unit of the sliders.
pub const SIGMA: Term = Term {
    question: "What is sigma?",
    sentence: "A standard deviation of one latent dimension over the training images: most of them lie within 2 sigma of \
               the mean.",
    also: "standard deviation spread unit",
    page: Some("https://en.wikipedia.org/wiki/Standard_deviation"),
};
/// The limits of Grad-CAM.
pub const GRAD_CAM: Term = Term {
    question: "What does Grad-CAM not tell me?",
    sentence: "Grad-CAM shows which parts of the picture, as this layer sees them, push the classifier's score for one \
               class up. It does not show what pushes the score down, whether the classifier is right, or why the VAE \
               drew the picture so.",
    also: "heatmap evidence saliency explanation",
    page: Some("https://arxiv.org/abs/1610.02391"),
};
/// Confidence held against accuracy.
pub const ECE: Term = Term {
    question: "What is ECE, the calibration error?",
    sentence: "The expected calibration error: how far the classifier's confidence is from how often it is right, on \
               average. At 0 a confidence of 90 % is right nine times in ten.",
    also: "confidence temperature",
    page: Some("https://arxiv.org/abs/1706.04599"),
};
/// The bound that a VAE maximises.
pub const ELBO: Term = Term {
    question: "What is the ELBO?",
    sentence: "The evidence lower bound: how well the VAE redraws an image, less what it takes to say which latent drew \
               it. Training raises it; compare it only between models with the same likelihood.",
    also: "evidence lower bound loss objective",
    page: Some("https://en.wikipedia.org/wiki/Evidence_lower_bound"),
};
/// Where a class key leads.
pub const ANCHOR: Term = Term {
    question: "What is an anchor?",
    sentence: "The middle of the most frequent style of a class: the centre of the largest group of its training images in \
               latent space.",
    also: "class centre start",
    page: None,
};
/// Where latents come from.
pub const PRIOR: Term = Term {
    question: "What is the prior?",
    sentence: "The distribution that latents are drawn from to invent images. The plain one is N(0, I); the learned one \
               follows where the training images lie.",
    also: "distribution normal Gaussian random",
    page: Some("https://en.wikipedia.org/wiki/Prior_probability"),
};
/// What moves when an image is encoded again.
pub const DRIFT: Term = Term {
    question: "What is drift?",
    sentence: "How far the latent moves when its image is encoded again. Where images look real it hardly moves; far from \
               them the image no longer says which latent drew it.",
    also: "round trip gauge realism",
    page: None,
};
/// How sure a share is.
pub const INTERVAL: Term = Term {
    question: "What is a 95 % interval?",
    sentence: "The range that holds the true share in 95 of 100 such measurements. Fewer images make it wider.",
    also: "confidence Wilson error bar",
    page: Some("https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval"),
};
/// What a map by t-SNE shows.
pub const T_SNE: Term = Term {
    question: "What is t-SNE?",
    sentence: "t-SNE lays points out so that neighbours stay together, and keeps nothing else: distances between clusters, \
               their sizes and the axes mean nothing.",
    also: "map layout embedding clusters",
    page: Some("https://en.wikipedia.org/wiki/T-distributed_stochastic_neighbor_embedding"),
};
/// What a map by principal directions shows.
pub const PRINCIPAL: Term = Term {
    question: "What are principal directions?",
    sentence: "Principal directions are those in which the class regions spread most. On a map along two of them, points that \
               lie together may be far apart in all others.",
    also: "PCA principal components",
    page: Some("https://en.wikipedia.org/wiki/Principal_component_analysis"),
};
/// What the sliders are.
pub const LATENT: Term = Term {
    question: "What is a latent?",
    sentence: "The few numbers that a model draws an image from, one a slider. All latents together are its latent space: \
               neighbours in it are images that look alike.",
    also: "latent space code z dimension slider",
    page: Some("https://en.wikipedia.org/wiki/Latent_space"),
};
/// The family that the program began with.
pub const VAE: Term = Term {
    question: "What is a VAE?",
    sentence: "A variational autoencoder: an encoder that says which latents an image may have come from, and a decoder that \
               draws an image from a latent, trained together.",
    also: "variational autoencoder model",
    page: Some("https://arxiv.org/abs/1312.6114"),
};
/// From image to latent.
pub const ENCODER: Term = Term {
    question: "What is an encoder?",
    sentence: "The half of a VAE that looks at an image and says which latents it may have come from: a mean and a spread for \
               each dimension.",
    also: "autoencoder encode image to latent",
    page: Some("https://en.wikipedia.org/wiki/Autoencoder"),
};
/// From latent to image.
pub const DECODER: Term = Term {
    question: "What is a decoder?",
    sentence: "The half of a VAE that draws an image from a latent. It draws the mean of all images that the latent may stand \
               for, so the image is a little blurred.",
    also: "autoencoder decode draw blur generator",
    page: Some("https://en.wikipedia.org/wiki/Autoencoder"),
};
/// What the encoder says of an image.
pub const POSTERIOR: Term = Term {
    question: "What is the posterior?",
    sentence: "What the encoder believes about the latent of one image: a Gaussian, whose mean is where the sliders go when an \
               image is opened.",
    also: "encoder distribution mean Gaussian aggregate",
    page: Some("https://en.wikipedia.org/wiki/Posterior_probability"),
};
/// What a classifier adds up.
pub const LOGIT: Term = Term {
    question: "What is a logit?",
    sentence: "The score that a classifier gives to a class before scores become probabilities: one more of it multiplies the \
               odds by 2.7. Evidence maps are in logits.",
    also: "score softmax log odds evidence",
    page: Some("https://en.wikipedia.org/wiki/Logit"),
};
/// Who says what an image shows.
pub const JUDGE: Term = Term {
    question: "Who predicts the class?",
    sentence: "A classifier that was trained on real images and has never seen a model that draws. It says what it takes the \
               drawn image for, and how sure it is.",
    also: "judge classifier prediction confidence ResNet",
    page: Some("https://en.wikipedia.org/wiki/Statistical_classification"),
};
/// How far samples are from real images.
pub const FRECHET: Term = Term {
    question: "What is a Frechet distance?",
    sentence: "How far the samples of a model are from real images, as a classifier sees both: it compares their means and how \
               they vary. 0 is alike; the floor is what other real images reach.",
    also: "FID FD Fréchet distance quality",
    page: Some("https://arxiv.org/abs/1706.08500"),
};
/// The family that draws against a critic.
pub const GAN: Term = Term {
    question: "What is a GAN?",
    sentence: "A generative adversarial network: a generator draws, and a discriminator tries to tell its images from real \
               ones. Neither can say which latent an image came from.",
    also: "generative adversarial network discriminator",
    page: Some("https://arxiv.org/abs/1406.2661"),
};
/// The family that goes from noise to an image in steps.
pub const DIFFUSION: Term = Term {
    question: "What is a diffusion?",
    sentence: "A model that begins with noise and goes to an image step by step. This one is a rectified flow, which was taught \
               to go straight.",
    also: "rectified flow noise steps guidance",
    page: Some("https://arxiv.org/abs/2209.03003"),
};

/// Every term, for whoever looks for an explanation.
pub const TERMS: [Term; 21] = [
    KL, ECE, GRAD_CAM, SIGMA, ELBO, ANCHOR, PRIOR, DRIFT, INTERVAL, T_SNE, PRINCIPAL, LATENT, VAE,
    ENCODER, DECODER, POSTERIOR, LOGIT, JUDGE, FRECHET, GAN, DIFFUSION,
];
