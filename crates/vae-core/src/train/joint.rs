//! What the head of a joint model learns, besides the bound that all VAEs raise.

use burn::module::Module as _;
use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{
    Augmentation, DatasetError, LabelledImages, Seed, binarised, image_data, label_data,
    pad_to_square, permutation,
};
use serde::{Deserialize, Serialize};
use training::Step;

use super::objective::standard_normal;
use crate::{Posterior, Vae};

/// The streams of a step's seed that only a joint model draws from: which labelled images, how images are changed, the noise of
/// their posteriors, and their binary form.
const LABELLED_STREAM: u64 = 3;
const CHANGE_STREAM: u64 = 4;
const NOISE_STREAM: u64 = 5;
const BINARY_STREAM: u64 = 6;

/// Labelled images in a step where only some are labelled, as a part of the step's images.
const LABELLED_PART: usize = 4;

/// How the head of a joint model is trained with the rest, in one objective.
///
/// Where all images are labelled, the head learns from a sample of each image's posterior. Where only some are, each step shows
/// it some of those, changed at random, and one changed copy of every other image of the step: the class that the head is sure of
/// for the image itself is taken for the copy's label (Sohn et al. 2020, "`FixMatch`").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JointConfig {
    /// Weight of the head's cross-entropy: how many nats of the bound one of its nats is worth.
    pub head_weight: f64,
    /// Weight of the feature term: how many nats of the bound it is worth if the encoder sees nothing of the image in the decoded
    /// one. 0 leaves it out.
    pub feature_weight: f64,
    /// How many of the training images keep their label, drawn by [`draw_labelled`](super::draw_labelled); all if `None`.
    pub labels: Option<usize>,
    /// Seed of that draw.
    pub labels_seed: Seed,
    /// The least probability of a class at which it is taken for the label of an image that has none.
    pub confidence: f64,
    /// How images are changed at random where only some are labelled.
    pub augmentation: Augmentation,
}

impl Default for JointConfig {
    fn default() -> Self {
        Self {
            head_weight: 100.0,
            feature_weight: 0.0,
            labels: None,
            labels_seed: Seed(0),
            confidence: 0.8,
            augmentation: Augmentation::none(),
        }
    }
}

/// What the head learns from in a step.
pub enum HeadBatch {
    /// The labels of the step's images, `[batch]`.
    All(TensorData),
    /// Few images are labelled.
    Few(Box<FewLabels>),
}

/// Images changed at random: first labelled ones, then the step's images, whose labels are not looked at.
pub struct FewLabels {
    /// `[labelled + batch, channels, height, width]`
    images: TensorData,
    /// `[labelled]`
    labels: TensorData,
    /// Standard normal, `[labelled + batch, latent_dim]`
    noise: TensorData,
}

impl HeadBatch {
    /// The batch of a step. `labelled` are the images that keep their label; all do if it is `None`.
    pub fn new(
        images: &LabelledImages,
        labelled: Option<&[usize]>,
        step: &Step<'_>,
        settings: &super::TrainConfig,
        latent_dim: usize,
    ) -> Result<Self, DatasetError> {
        let Some(labelled) = labelled else {
            return Ok(Self::All(label_data(images, step.indices)));
        };
        let count = step.indices.len().div_ceil(LABELLED_PART);
        let order = permutation(labelled.len(), step.seed.derive(LABELLED_STREAM));
        let shown = order.iter().cycle().take(count);
        let mut shown: Vec<usize> = shown.map(|&place| labelled[place]).collect();
        let labels = label_data(images, &shown);
        shown.extend_from_slice(step.indices);
        let mut changed = image_data(images, &shown)?;
        if let Ok(values) = changed.as_mut_slice::<f32>() {
            let seed = step.seed.derive(CHANGE_STREAM);
            settings
                .joint
                .augmentation
                .apply(values, images.shape(), seed);
        }
        if settings.binarise {
            changed = binarised(changed, step.seed.derive(BINARY_STREAM));
        }
        let shape = [shown.len(), latent_dim];
        Ok(Self::Few(Box::new(FewLabels {
            images: changed,
            labels,
            noise: standard_normal(shape, step.seed.derive(NOISE_STREAM)),
        })))
    }
}

/// The images of a step and what the VAE made of them.
pub struct Seen {
    /// `[batch, channels, height, width]`
    pub images: Tensor<4>,
    pub posterior: Posterior,
    /// Samples of the posteriors, `[batch, latent_dim]`
    pub latents: Tensor<2>,
    /// The logits of the samples' images, `[batch, channels, height, width]`
    pub decoded_logits: Tensor<4>,
}

/// The weighted terms of a joint model besides the bound, in nats an image; `None` if the network has no head.
pub fn loss(
    vae: &Vae,
    seen: &Seen,
    batch: HeadBatch,
    settings: &JointConfig,
    device: &Device,
) -> Option<Tensor<1>> {
    let cross_entropy = match batch {
        HeadBatch::All(labels) => {
            let logits = vae.class_logits(seen.latents.clone())?;
            cross_entropies(logits, Tensor::from_data(labels, device)).mean()
        }
        HeadBatch::Few(few) => few.loss(vae, &seen.posterior, settings.confidence, device)?,
    };
    let head = cross_entropy * settings.head_weight;
    if settings.feature_weight == 0.0 {
        return Some(head);
    }
    let decoded = sigmoid(seen.decoded_logits.clone());
    Some(head + feature_distance(vae, seen.images.clone(), decoded) * settings.feature_weight)
}

impl FewLabels {
    /// The mean cross-entropy of the labelled images, and that of the others' changed copies, where the class that the head is
    /// sure of for the image itself stands for the label; an image that it is not sure of counts 0.
    fn loss(
        self,
        vae: &Vae,
        posterior: &Posterior,
        confidence: f64,
        device: &Device,
    ) -> Option<Tensor<1>> {
        let labels = Tensor::<1, Int>::from_data(self.labels, device);
        let [labelled] = labels.dims();
        let [others, _] = posterior.mean.dims();
        let (probability, class) = softmax(
            vae.class_logits(posterior.mean.clone().detach())?.detach(),
            1,
        )
        .max_dim_with_indices(1); // [batch, 1] both
        let sure = probability.greater_equal_elem(confidence).float();
        let sure: Tensor<1> = sure.squeeze_dim(1);

        let changed = vae.encode(Tensor::from_data(self.images, device));
        let latents = changed.sample(Tensor::from_data(self.noise, device));
        let classes = Tensor::cat(vec![labels, class.squeeze_dim(1)], 0); // [labelled + batch]
        let each = cross_entropies(vae.class_logits(latents)?, classes);
        let of_labelled = each.clone().narrow(0, 0, labelled).mean();
        let of_others = (each.narrow(0, labelled, others) * sure).mean();
        Some(of_labelled + of_others)
    }
}

/// `-ln p(class)` of each row of logits, in nats.
///
/// # Shapes
/// - `logits`: `[batch, classes]`
/// - `classes`: `[batch]`
/// - output: `[batch]`
pub fn cross_entropies(logits: Tensor<2>, classes: Tensor<1, Int>) -> Tensor<1> {
    let log_probabilities = log_softmax(logits, 1);
    let of_class = log_probabilities.gather(1, classes.unsqueeze_dim::<2>(1)); // [batch, 1]
    of_class.squeeze_dim::<1>(1).neg()
}

/// How far the encoder's smallest maps of decoded images are from those of the images: the mean squared difference over the mean
/// square of the maps of the images, `[1]`. 0 if it sees no difference, 1 if it sees nothing in the decoded images.
///
/// The encoder's weights are held while this is differentiated: it would soon learn to see no differences.
fn feature_distance(vae: &Vae, images: Tensor<4>, decoded: Tensor<4>) -> Tensor<1> {
    let encoder = vae.encoder.clone().no_grad();
    let features = |images| encoder.features(pad_to_square(images), None); // [batch, channels * side * side]
    let of_images = features(images);
    let scale = of_images.clone().powi_scalar(2).mean();
    let difference = features(decoded) - of_images;
    difference.powi_scalar(2).mean() / (scale + SMALLEST_SCALE)
}

/// Keeps the distance finite where the maps of a batch are all black.
const SMALLEST_SCALE: f64 = 1e-12;
