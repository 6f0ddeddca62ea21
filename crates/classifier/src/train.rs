//! Training and calibration on labelled images.

use std::collections::BTreeMap;

use burn::nn::loss::CrossEntropyLossConfig;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{
    Augmentation, ClassId, DatasetError, LabelledImages, Seed, image_data, image_tensor, label_data,
};
use serde::{Deserialize, Serialize};
use training::{AdamW, EpochRecord, Fit, Outcome, Plan, RunIdentity, Step, fit, seeded};

use crate::{Classifier, ClassifierConfig, ClassifierError, Prediction, fit_temperature};

/// Digits classified at a time, see [`datasets::ImageShape::at_a_time`].
const DIGITS_AT_A_TIME: usize = 250;

/// How to train a classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Peak of the one-cycle schedule.
    pub learning_rate: f64,
    /// Decoupled weight decay of `AdamW`.
    pub weight_decay: f32,
    /// Share of the target probability spread over all classes (Szegedy et al. 2015).
    pub label_smoothing: f32,
    /// Decay per step of the averaged weights, which are the ones that are kept.
    pub average_decay: f64,
    /// Random changes to the training images.
    pub augmentation: Augmentation,
    /// Seed of the weights, the batches and the augmentation.
    pub seed: Seed,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 10,
            batch_size: 128,
            learning_rate: 4e-3,
            weight_decay: 0.02,
            label_smoothing: 0.05,
            average_decay: 0.998,
            augmentation: Augmentation::none(),
            seed: Seed(0),
        }
    }
}

/// A trained and calibrated classifier.
#[derive(Debug)]
pub struct TrainedClassifier<N> {
    /// The averaged weights, on the plain device.
    pub classifier: N,
    /// Its architecture, with the normalisation of the training pixels.
    pub config: ClassifierConfig,
    /// Divide the logits by this before the softmax.
    pub temperature: f32,
    /// One record an epoch: `train_loss`, `held_out_loss`, `held_out_accuracy`.
    pub history: Vec<EpochRecord>,
}

/// Trains a classifier and fits its temperature on the held-out images; `None` if the run was cancelled (its checkpoint
/// remains).
///
/// `device` is the plain device; gradients are switched on here. The normalisation in `config` is replaced by that of
/// `images`.
///
/// # Errors
/// [`ClassifierError`] for settings that cannot work, images without labels or of another shape, a loss that is not finite, and checkpoints that cannot be used.
pub fn train<N: Classifier>(
    config: &ClassifierConfig,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
    device: &Device,
    run: Fit<'_, N>,
) -> Result<Option<TrainedClassifier<N>>, ClassifierError> {
    check(config, settings, images, held_out)?;
    let training_device = device.clone().autodiff();
    let config = normalised(config, images)?;
    let network: N = seeded(&training_device, settings.seed, || {
        config.init(&training_device)
    })?;
    let optimizer = AdamW {
        weight_decay: settings.weight_decay,
        ..AdamW::default()
    };
    let cross_entropy = CrossEntropyLossConfig::new()
        .with_smoothing(Some(settings.label_smoothing))
        .init(&training_device);
    let plan = Plan {
        images: images.len(),
        batch_size: settings.batch_size,
        epochs: settings.epochs,
        peak_learning_rate: settings.learning_rate,
        average_decay: settings.average_decay,
        seed: settings.seed,
        identity: RunIdentity::of(&config, settings, [images, held_out], config.classes)?,
    };
    let fitted = fit(
        network,
        optimizer.into(),
        &plan,
        run,
        |step| {
            let pixels = augmented(images, step, &settings.augmentation)?;
            Ok((pixels, label_data(images, step.indices)))
        },
        |network: &N, (images, labels), _: &Step<'_>| {
            let images = Tensor::from_data(images, &training_device);
            let labels = Tensor::from_data(labels, &training_device);
            cross_entropy.forward(network.judge(images).1, labels)
        },
        |network| measure(network, held_out),
    )?;
    if fitted.outcome == Outcome::Cancelled {
        return Ok(None);
    }
    let logits = classify(&fitted.model, held_out)?;
    Ok(Some(TrainedClassifier {
        temperature: fit_temperature(&logits, &class_ids(held_out)),
        classifier: fitted.model,
        config,
        history: fitted.history,
    }))
}

/// Checks what the architecture alone cannot tell.
fn check(
    config: &ClassifierConfig,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
) -> Result<(), ClassifierError> {
    for (part, images) in [("training", images), ("held-out", held_out)] {
        if !images.is_labelled() {
            return Err(ClassifierError::Unlabelled { part });
        }
        if images.shape() != config.shape {
            return Err(ClassifierError::Shape {
                part,
                images: images.shape(),
                network: config.shape,
            });
        }
    }
    let labels = images.labels().iter().chain(held_out.labels());
    let needed = labels.max().map_or(0, |label| usize::from(*label) + 1);
    let fail = |field, value: String, rule: &str| {
        let rule = rule.to_owned();
        Err(ClassifierError::Config { field, value, rule })
    };
    if config.classes < needed {
        let rule = "the labels of the images reach beyond that";
        return fail("classes", config.classes.to_string(), rule);
    }
    if !(settings.weight_decay.is_finite() && settings.weight_decay >= 0.0) {
        let value = settings.weight_decay.to_string();
        return fail("weight_decay", value, "it must be 0 or a positive number");
    }
    if !(0.0..=1.0).contains(&settings.label_smoothing) {
        let value = settings.label_smoothing.to_string();
        return fail("label_smoothing", value, "it must be from 0 to 1");
    }
    Ok(settings.augmentation.check()?)
}

/// The logits of every image, a row each, in their order.
///
/// # Errors
/// As [`LabelledImages::read`].
///
/// # Panics
/// If the images have another shape than the network's.
pub fn classify<N: Classifier>(
    network: &N,
    images: &LabelledImages,
) -> Result<Vec<Vec<f32>>, DatasetError> {
    let device = network.device();
    let all: Vec<usize> = (0..images.len()).collect();
    let mut rows = Vec::with_capacity(images.len());
    for chunk in all.chunks(network.shape().at_a_time(DIGITS_AT_A_TIME)) {
        let (_, logits) = network.judge(image_tensor(images, chunk, &device)?);
        let values: Vec<f32> = logits.into_data().iter::<f32>().collect();
        rows.extend(values.chunks(network.classes()).map(<[f32]>::to_vec));
    }
    Ok(rows)
}

/// The settings with the mean and the standard deviation of each channel of the images.
fn normalised(
    config: &ClassifierConfig,
    images: &LabelledImages,
) -> Result<ClassifierConfig, DatasetError> {
    let shape = images.shape();
    let [mut sums, mut squares] = [(); 2].map(|()| vec![0.0; shape.channels()]);
    for i in 0..images.len() {
        let values = images.read(i)?;
        let planes = values.chunks_exact(shape.pixels());
        for (plane, (sum, squares)) in planes.zip(sums.iter_mut().zip(&mut squares)) {
            for &pixel in plane {
                let value = f64::from(pixel) / 255.0;
                *sum += value;
                *squares += value * value;
            }
        }
    }
    let n = (images.len() * shape.pixels()).max(1) as f64;
    let std = |(sum, squares): (&f64, &f64)| {
        let mean = sum / n;
        // A channel that is the same everywhere has no deviation to divide by.
        (squares / n - mean * mean).max(1e-6).sqrt() as f32
    };
    Ok(ClassifierConfig {
        pixel_mean: sums.iter().map(|sum| (sum / n) as f32).collect(),
        pixel_std: sums.iter().zip(&squares).map(std).collect(),
        ..config.clone()
    })
}

/// The images of a step, changed at random, `[n, channels, height, width]`.
fn augmented(
    images: &LabelledImages,
    step: &Step<'_>,
    augmentation: &Augmentation,
) -> Result<TensorData, DatasetError> {
    let mut batch = image_data(images, step.indices)?;
    if let Ok(values) = batch.as_mut_slice::<f32>() {
        augmentation.apply(values, images.shape(), step.seed);
    }
    Ok(batch)
}

fn measure<N: Classifier>(
    network: &N,
    held_out: &LabelledImages,
) -> Result<BTreeMap<String, f64>, DatasetError> {
    let logits = classify(network, held_out)?;
    let n = logits.len().max(1) as f64;
    let (mut right, mut loss) = (0.0, 0.0);
    for (row, label) in logits.iter().zip(class_ids(held_out)) {
        let prediction = Prediction::from_logits(row, 1.0);
        right += f64::from(u8::from(prediction.class == label));
        loss -= f64::from(prediction.probabilities[label.index()].max(f32::MIN_POSITIVE)).ln();
    }
    Ok(BTreeMap::from([
        ("held_out_accuracy".to_owned(), right / n),
        ("held_out_loss".to_owned(), loss / n),
    ]))
}

fn class_ids(images: &LabelledImages) -> Vec<ClassId> {
    images
        .labels()
        .iter()
        .map(|&label| ClassId(label))
        .collect()
}
