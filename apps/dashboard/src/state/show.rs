//! The stops of the show that is set: they follow from the controls and the model.

use super::{
    controls::Controls,
    model::OpenModel,
    timeline::{Stop, Stops},
};

/// Stops of a show of random draws.
const DRAWS: usize = 8;

/// What the show goes through: draws where the person wants classes and the model has none to go between.
#[must_use]
pub fn kind(controls: &Controls, model: &OpenModel) -> Stops {
    match controls.timeline.stops {
        Stops::Classes if model.region_names().len() < 2 => Stops::Draws,
        stops => stops,
    }
}

/// The stops of the show that is set. Empty until the model is open.
#[must_use]
pub fn stops(controls: &Controls, model: &OpenModel) -> Vec<Stop> {
    let Some(scene) = controls.scene() else {
        return Vec::new();
    };
    match kind(controls, model) {
        Stops::Bookmarks => controls
            .bookmarks_that_fit(model)
            .map(|(_, kept)| Stop {
                name: kept.name.clone(),
                latent: kept.scene.latent.clone(),
                class: kept.scene.start.class(),
            })
            .collect(),
        Stops::Classes => (0..model.region_names().len())
            .filter_map(|index| model.region(index))
            .map(|class| Stop {
                name: model.region_name(class),
                latent: model.space.regions.anchor(class),
                class: Some(class),
            })
            .collect(),
        Stops::Draws => latent_space::sample_prior(model.space.dims(), DRAWS, scene.seed)
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
