//! The stops of the show that is set: they follow from the controls and the model.

use datasets::ClassId;

use super::{
    bookmarks::Bookmark,
    controls::Controls,
    model::OpenModel,
    scene::Scene,
    timeline::{Stop, Stops},
};

/// Stops of a show of random draws.
const DRAWS: usize = 8;

/// Where the latent of a show of the classes of a conditional model comes from.
const THE_LATENT: &str = "this latent";

/// What the show goes through: draws where the person wants classes and the model has none to go between.
#[must_use]
pub fn kind(controls: &Controls, model: &OpenModel) -> Stops {
    match controls.timeline.stops {
        Stops::Classes if model.drawn_names().len() < 2 => Stops::Draws,
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
            .map(|(_, kept)| bookmark(kept, model))
            .collect(),
        Stops::Classes => (0..model.drawn_names().len())
            .filter_map(|index| model.drawn(index))
            .map(|class| stop_at(class, scene, model))
            .collect(),
        Stops::Draws => latent_space::sample_prior(model.space.dims(), DRAWS, scene.seed)
            .into_iter()
            .enumerate()
            .map(|(index, latent)| Stop {
                name: format!("draw {} of seed {}", index + 1, scene.seed),
                latent,
                class: None,
                condition: model.given(scene.condition),
            })
            .collect(),
    }
}

fn bookmark(kept: &Bookmark, model: &OpenModel) -> Stop {
    let condition = model.given(kept.scene.condition);
    Stop {
        name: kept.name.clone(),
        latent: kept.scene.latent.clone(),
        class: condition.or(kept.scene.start.class()),
        condition,
    }
}

/// The anchor of a class; of a conditional model, the latent in front as that class.
fn stop_at(class: ClassId, scene: &Scene, model: &OpenModel) -> Stop {
    let condition = model.given(Some(class));
    let (name, latent) = match condition {
        Some(_) => (THE_LATENT.to_owned(), scene.latent.clone()),
        None => (model.drawn_name(class), model.anchor(class)),
    };
    Stop {
        name,
        latent,
        class: Some(class),
        condition,
    }
}
