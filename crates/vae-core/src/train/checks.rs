//! What a run is refused for before it begins, and what identifies it when it is resumed.

use datasets::{ImageShape, LabelledImages};
use latent_space::LatentSpaceError;
use training::{RunIdentity, TrainingError};

use super::{Beginning, JointConfig, TrainConfig};
use crate::{Likelihood, RegionConfig, VaeConfig, VaeError};

/// Images of a class without which it has no region.
const FEWEST_OF_A_CLASS: usize = 2;

/// Checks that settings, network and images fit each other; `[images, held_out]`.
pub fn check(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    [images, held_out]: [&LabelledImages; 2],
    classes: usize,
) -> Result<(), VaeError> {
    check_binarise(beginning.config, settings)?;
    check_joint(&settings.joint)?;
    for (field, weight) in [
        ("kl_start", settings.kl_start),
        ("kl_weight", settings.kl_weight),
        ("kl_warmup_epochs", settings.kl_warmup_epochs),
        ("class_weight", settings.class_weight),
        ("swap_weight", settings.swap_weight),
    ] {
        check_weight(field, weight)?;
    }
    let shape = images.shape();
    check_shape("the shape of the held-out images", held_out.shape(), shape)?;
    if let Some(weights) = beginning.weights {
        let field = "the shape of the network to go on from";
        check_shape(field, weights.shape, shape)?;
    }
    check_labels(images, classes)?;
    check_labels(held_out, classes)
}

/// Checks that regions can be fitted when the weights are there: each class gets one, which takes images with a variance.
pub fn check_regions(
    config: &VaeConfig,
    settings: &TrainConfig,
    images: &LabelledImages,
    classes: usize,
) -> Result<(), VaeError> {
    settings.regions.check()?;
    let mut counts = vec![0; config.classes_in_latents(classes)];
    for label in images.labels() {
        if let Some(count) = counts.get_mut(usize::from(*label)) {
            *count += 1;
        }
    }
    let few = counts.iter().position(|count| *count < FEWEST_OF_A_CLASS);
    match few {
        Some(class) => Err(LatentSpaceError::TooFewImages {
            region: format!("class {class}"),
            images: counts[class],
        }
        .into()),
        None => Ok(()),
    }
}

fn check_binarise(config: &VaeConfig, settings: &TrainConfig) -> Result<(), VaeError> {
    if !settings.binarise || config.likelihood == Likelihood::Bernoulli {
        return Ok(());
    }
    Err(VaeError::Config {
        field: "likelihood",
        value: config.likelihood.to_string(),
        rule: format!("binary images need {}", Likelihood::Bernoulli),
    })
}

fn check_joint(joint: &JointConfig) -> Result<(), VaeError> {
    check_weight("head_weight", joint.head_weight)?;
    check_weight("feature_weight", joint.feature_weight)?;
    if !(0.0..=1.0).contains(&joint.confidence) {
        return refuse("confidence", joint.confidence, "it must be from 0 to 1");
    }
    Ok(joint.augmentation.check()?)
}

fn check_weight(field: &'static str, weight: f64) -> Result<(), VaeError> {
    if weight.is_finite() && weight >= 0.0 {
        return Ok(());
    }
    refuse(field, weight, "it must be a number from 0 on")
}

fn refuse(field: &'static str, value: f64, rule: &str) -> Result<(), VaeError> {
    Err(VaeError::Config {
        field,
        value: value.to_string(),
        rule: rule.to_owned(),
    })
}

fn check_shape(
    field: &'static str,
    found: ImageShape,
    expected: ImageShape,
) -> Result<(), VaeError> {
    if found == expected {
        return Ok(());
    }
    Err(VaeError::Config {
        field,
        value: found.to_string(),
        rule: format!("the training images are {expected}"),
    })
}

fn check_labels(images: &LabelledImages, classes: usize) -> Result<(), VaeError> {
    if classes == 0 || images.has_labels_below(classes) {
        return Ok(());
    }
    Err(VaeError::Config {
        field: "classes",
        value: classes.to_string(),
        rule: if images.is_labelled() {
            "it must be larger than every label of the images".to_owned()
        } else {
            "the images have no labels".to_owned()
        },
    })
}

/// What the run is: everything that shapes the weights. The class regions are fitted afterwards and can be changed on resuming.
pub fn identity(
    config: &VaeConfig,
    settings: &TrainConfig,
    images: [&LabelledImages; 2],
    classes: usize,
) -> Result<RunIdentity, TrainingError> {
    let weights = TrainConfig {
        regions: RegionConfig::default(),
        ..settings.clone()
    };
    let config = config.resolved(images[0].shape());
    RunIdentity::of(&config, &weights, images, classes)
}
