//! Where a latent came from, in words.

use datasets::ClassId;

use super::{
    model::OpenModel,
    scene::{InputImage, Scene, Start},
};

/// Longest short name, in characters.
pub const LONGEST_NAME: usize = 60;

/// What the middle of all images is called.
pub const MIDDLE: &str = "Middle of all images";

/// Where a latent came from, in words, and what a conditional model draws it as.
#[must_use]
pub fn start_in_words(scene: &Scene, model: &OpenModel) -> String {
    let name = |class: ClassId| model.drawn_name(class);
    let origin = match &scene.start {
        Start::Prior(seed) => format!("Prior sample, seed {seed}"),
        Start::Anchor(class) => anchor_in_words(*class, model),
        Start::Sample { class, index } if model.draws_classes() => {
            format!("Sample {} of class {}", index + 1, name(*class))
        }
        Start::Sample { index, .. } => format!("Sample {}", index + 1),
        Start::Morph { from, to, t } => {
            let (from, to) = (name(*from), name(*to));
            format!("{:.0} % of the way from {from} to {to}", t * 100.0)
        }
        Start::Between { from, to, t, .. } if *t > 0.0 => {
            format!("{:.0} % of the way from {from} to {to}", t * 100.0)
        }
        Start::Between { from, .. } => from.clone(),
        Start::Towards { class, t } => {
            format!("{:.0} % of the way to {}", t * 100.0, name(*class))
        }
        Start::Image(image) => image_in_words(image, model),
        Start::Center => "Mean of the aggregate posterior".to_owned(),
        Start::Group { count } => format!("Mean of a group of {count} on the map"),
    };
    let edited = if scene.edited() { ", edited" } else { "" };
    let drawn = drawn_in_words(scene.condition, model);
    format!("{origin}{edited}{drawn}")
}

/// An image that a scene started from, with the class that a conditional model found it as.
#[must_use]
pub fn image_in_words(image: &InputImage, model: &OpenModel) -> String {
    let found = if model.searches() {
        "searched for"
    } else {
        "encoded"
    };
    match model.given(image.encoded_as) {
        Some(class) => format!("{}, {found} as {}", image.name, model.drawn_name(class)),
        None => image.name.clone(),
    }
}

/// What a conditional model draws a latent as, after a comma; nothing of any other model.
#[must_use]
pub fn drawn_in_words(condition: Option<ClassId>, model: &OpenModel) -> String {
    match condition {
        _ if !model.is_conditional() => String::new(),
        Some(class) => format!(", drawn as {}", model.drawn_name(class)),
        None => ", drawn without a class".to_owned(),
    }
}

/// Where a latent came from in a few words, as the first name of a bookmark: it has to fit under a small picture.
#[must_use]
pub fn short_name(scene: &Scene, model: &OpenModel) -> String {
    let name = |class: ClassId| model.drawn_name(class);
    let between = |from: &str, to: &str, t: f32| match t {
        0.0 => from.to_owned(),
        t => format!("{from}–{to} {:.0} %", t * 100.0),
    };
    let conditional = model.is_conditional();
    let origin = match &scene.start {
        Start::Anchor(_) if conditional => "middle".to_owned(),
        Start::Sample { index, .. } if conditional => format!("#{}", index + 1),
        Start::Anchor(class) => name(*class),
        Start::Sample { class, index } => format!("{} #{}", name(*class), index + 1),
        Start::Morph { from, to, t } => between(&name(*from), &name(*to), *t),
        Start::Between { from, to, t, .. } => between(from, to, *t),
        Start::Towards { class, t } => format!("{:.0} % to {}", t * 100.0, name(*class)),
        Start::Image(image) => image.name.clone(),
        Start::Prior(seed) => format!("seed {seed}"),
        Start::Center => "mean".to_owned(),
        Start::Group { count } => format!("mean of {count}"),
    };
    let edited = if scene.edited() { ", edited" } else { "" };
    // The class first: what comes last may be cut off.
    let class = model.given(scene.condition);
    let class = class.map_or_else(String::new, |class| format!("{}: ", name(class)));
    let name = format!("{class}{origin}{edited}");
    name.chars().take(LONGEST_NAME).collect()
}

/// What the latent that a class begins at is called.
#[must_use]
pub fn anchor_in_words(class: ClassId, model: &OpenModel) -> String {
    let name = model.drawn_name(class);
    if model.is_conditional() {
        MIDDLE.to_owned()
    } else if model.has_classes() {
        format!("Anchor of class {name}")
    } else {
        format!("Anchor: {name}")
    }
}
