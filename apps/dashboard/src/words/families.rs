//! What is said of the families of models where they stand side by side.

use studio::Family;

/// What a model of this family cannot do.
#[must_use]
pub fn limits(family: Family) -> &'static str {
    match family {
        Family::Vae => {
            "Cannot be told which class to draw: its classes are regions found after training, and those that look alike overlap. \
             Fine detail is averaged away."
        }
        Family::ClassCentres => {
            "Cannot show what images alone would teach: labels put its classes where they are. Fine detail is averaged away."
        }
        Family::Conditional => {
            "Cannot walk from one class to another: you give it the class, and its sliders do not change that. Fine detail is averaged \
             away."
        }
        Family::Joint => {
            "Cannot be its own judge: its head learned together with it, so both may make the same mistakes. Fine detail is averaged away."
        }
        Family::Refined => {
            "Cannot say what its fine detail stands for: that is invented, from noise, and no slider sets it."
        }
        Family::Gan => {
            "Cannot say at once which latent an image comes from: it has to search, and may not find one. Nothing in its training asks \
             it to draw every kind of image."
        }
        Family::Diffusion => {
            "Cannot say which latent an image comes from, and draws slowly: each image takes several passes. Its sliders move the \
             coarse part of the noise; the rest is chance."
        }
    }
}

/// Which images the figures of a model are about, where others are drawn.
#[must_use]
pub fn figures_of(steps: usize) -> String {
    match steps {
        0 => "Its figures are about images that are not sharpened.".to_owned(),
        1 => "Its figures are about images drawn in one step.".to_owned(),
        steps => format!("Its figures are about images drawn in {steps} steps."),
    }
}

/// What stands in place of a figure that no report holds.
pub const NOT_MEASURED: &str = "not measured";
/// How a figure comes to be measured.
pub const HOW_TO_MEASURE: &str =
    "The model's report does not hold this figure. `latent-lens evaluate` measures it.";
/// Why there is only one column.
pub const ALONE: &str = "There is one model of these images here, and nothing to hold it against. Add the folder of another one, \
                         or choose a domain with several models.";
/// Why there is no column.
pub const ALL_HIDDEN: &str = "Every model was taken away. Choose some under Models.";
/// Why a model has no column.
pub const OTHER_IMAGES: &str =
    "It was trained on other images or other classes, so there is nothing to compare.";
/// Why a model that knows no classes draws something else than was chosen.
pub const NO_CLASS_HERE: &str = "Knows no classes: these are of all its images.";
/// Why there is nothing to reconstruct.
pub const NO_SAMPLE: &str =
    "The model in front carries no images of its data set, so there is nothing to reconstruct.";
/// Why a model has no row of reconstructions.
pub const NO_ENCODER: &str = "It has no encoder: it cannot say which latent an image comes from, so it cannot draw the image again.";
/// Where times come from.
pub const TIMES: &str = "The median time of the last samples that this window drew, on this device. It rises when the machine has \
                         other work.";
/// What the plot is about.
pub const QUALITY: &str = "Down is nearer to real images, left is faster.";
