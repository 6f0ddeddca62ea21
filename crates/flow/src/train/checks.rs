//! What a run is refused for before it begins.

use datasets::LabelledImages;

use super::{Beginning, TrainConfig};
use crate::FlowError;

/// Checks that settings, network and images fit each other; `[images, held_out]`.
pub fn check(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    [images, held_out]: [&LabelledImages; 2],
    classes: usize,
    has_pictures: bool,
) -> Result<(), FlowError> {
    let (config, shape) = (beginning.config, images.shape());
    config.validate(shape, classes)?;
    let weights = beginning.weights.map(|weights| weights.shape);
    for (field, found) in [
        ("the shape of the held-out images", Some(held_out.shape())),
        ("the shape of the network to go on from", weights),
    ] {
        if let Some(found) = found.filter(|found| *found != shape) {
            let rule = format!("the training images are {shape}");
            return Err(FlowError::config(field, format_args!("{found}"), rule));
        }
    }
    if held_out.is_empty() {
        let rule = "training is measured on at least one";
        return Err(FlowError::config("held-out images", 0, rule));
    }
    if !(0.0..=1.0).contains(&settings.label_drop) {
        let rule = "it is a share, from 0 to 1";
        return Err(FlowError::config("label_drop", settings.label_drop, rule));
    }
    if config.from_picture != has_pictures {
        let rule = if has_pictures {
            "there are pictures to begin with, which only a refiner looks at"
        } else {
            "a refiner needs pictures to begin with"
        };
        let value = config.from_picture;
        return Err(FlowError::config("from_picture", value, rule));
    }
    if !config.conditional {
        return Ok(());
    }
    check_labels(images, classes)?;
    check_labels(held_out, classes)
}

fn check_labels(images: &LabelledImages, classes: usize) -> Result<(), FlowError> {
    if images.has_labels_below(classes) {
        return Ok(());
    }
    let rule = if images.is_labelled() {
        "it must be larger than every label of the images"
    } else {
        "the images have no labels"
    };
    Err(FlowError::config("classes", classes, rule))
}
