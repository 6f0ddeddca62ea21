//! What a run is refused for before it begins.

use datasets::{ImageShape, LabelledImages};

use super::{Beginning, TrainConfig};
use crate::GanError;

/// Checks that settings, networks and images fit each other; `[images, held_out]`.
pub fn check(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    [images, held_out]: [&LabelledImages; 2],
    classes: usize,
) -> Result<(), GanError> {
    let penalty = settings.gradient_penalty;
    if !(penalty.is_finite() && penalty >= 0.0) {
        let rule = "it must be 0 or a positive number";
        return Err(GanError::config("gradient_penalty", &penalty, rule));
    }
    let shape = images.shape();
    check_shape("the shape of the held-out images", held_out.shape(), shape)?;
    if held_out.is_empty() {
        let rule = "training is measured on at least one";
        return Err(GanError::config("held-out images", &0, rule));
    }
    if let Some(weights) = beginning.weights {
        let field = "the shape of the network to go on from";
        check_shape(field, weights.generator.shape, shape)?;
    }
    check_labels(images, classes)?;
    check_labels(held_out, classes)
}

fn check_shape(
    field: &'static str,
    found: ImageShape,
    expected: ImageShape,
) -> Result<(), GanError> {
    if found == expected {
        return Ok(());
    }
    let rule = format!("the training images are {expected}");
    Err(GanError::config(field, &found, rule))
}

fn check_labels(images: &LabelledImages, classes: usize) -> Result<(), GanError> {
    if classes == 0 || images.has_labels_below(classes) {
        return Ok(());
    }
    let rule = if images.is_labelled() {
        "it must be larger than every label of the images"
    } else {
        "the images have no labels"
    };
    Err(GanError::config("classes", &classes, rule))
}
