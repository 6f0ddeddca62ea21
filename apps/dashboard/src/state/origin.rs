//! Where a latent came from, in words.

use datasets::ClassId;
use studio::Manifest;

use super::scene::{Scene, Start};

/// Longest short name, in characters.
pub const LONGEST_NAME: usize = 60;

/// Where a latent came from, in words.
#[must_use]
pub fn start_in_words(scene: &Scene, manifest: &Manifest) -> String {
    let origin = match &scene.start {
        Start::Prior(seed) => format!("Prior sample, seed {seed}"),
        Start::Anchor(class) => format!("Anchor of class {}", manifest.class_name(*class)),
        Start::Sample { class, index } => format!(
            "Sample {} of class {}",
            index + 1,
            manifest.class_name(*class)
        ),
        Start::Morph { from, to, t } => {
            let (from, to) = (manifest.class_name(*from), manifest.class_name(*to));
            format!("{:.0} % of the way from {from} to {to}", t * 100.0)
        }
        Start::Between { from, to, t, .. } if *t > 0.0 => {
            format!("{:.0} % of the way from {from} to {to}", t * 100.0)
        }
        Start::Between { from, .. } => from.clone(),
        Start::Towards { class, t } => {
            let class = manifest.class_name(*class);
            format!("{:.0} % of the way to {class}", t * 100.0)
        }
        Start::Image(image) => image.name.clone(),
        Start::Center => "Mean of the aggregate posterior".to_owned(),
        Start::Group { count } => format!("Mean of a group of {count} on the map"),
    };
    if scene.edited() {
        format!("{origin}, edited")
    } else {
        origin
    }
}

/// The same in a few words, as the first name of a bookmark: it has to fit under a small picture.
#[must_use]
pub fn short_name(scene: &Scene, manifest: &Manifest) -> String {
    let name = |class: ClassId| manifest.class_name(class);
    let between = |from: &str, to: &str, t: f32| match t {
        0.0 => from.to_owned(),
        t => format!("{from}–{to} {:.0} %", t * 100.0),
    };
    let origin = match &scene.start {
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
    let name = format!("{origin}{edited}");
    name.chars().take(LONGEST_NAME).collect()
}
