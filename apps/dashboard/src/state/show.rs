//! The stops of the show that is set: they follow from the controls and the model.

use datasets::ClassId;
use studio::Manifest;

use super::{
    controls::Controls,
    timeline::{Stop, Stops},
};

/// Stops of a show of random draws.
const DRAWS: usize = 8;

/// The stops of the show that is set. Empty until the model is open.
#[must_use]
pub fn stops(controls: &Controls, manifest: &Manifest) -> Vec<Stop> {
    let (Some(vae), Some(scene)) = (&manifest.vae, controls.scene()) else {
        return Vec::new();
    };
    match controls.timeline.stops {
        Stops::Bookmarks => controls
            .bookmarks_that_fit(vae)
            .map(|(_, kept)| Stop {
                name: kept.name.clone(),
                latent: kept.scene.latent.clone(),
                class: kept.scene.start.class(),
            })
            .collect(),
        Stops::Classes => (0..vae.regions.classes())
            .filter_map(|index| u8::try_from(index).ok().map(ClassId))
            .map(|class| Stop {
                name: manifest.class_name(class),
                latent: vae.regions.anchor(class),
                class: Some(class),
            })
            .collect(),
        Stops::Draws => vae_core::sample_prior(vae.latent.dims(), DRAWS, scene.seed)
            .into_iter()
            .enumerate()
            .map(|(index, latent)| Stop {
                name: format!("draw {} of seed {}", index + 1, scene.seed),
                latent,
                class: None,
            })
            .collect(),
    }
}
