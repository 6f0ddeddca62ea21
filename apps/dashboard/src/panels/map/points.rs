//! What the map shows of the model in front, and how its points lie.

use latent_space::ClassRegions;

use crate::state::{
    identity::ModelIdentity,
    map::{Cloud, MapPoint, Plane, latent_at, place_of},
    scene::Scene,
};

/// The points of one model.
pub(super) struct MapPoints {
    pub model: ModelIdentity,
    pub cloud: Cloud,
    pub plane: Plane,
    /// Where the points lie on the plane.
    flat: Vec<MapPoint>,
}

/// The points as they lie now.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    pub points: &'a MapPoints,
    /// By t-SNE; without it they lie on the plane.
    pub unfolded: Option<&'a [MapPoint]>,
}

impl MapPoints {
    /// `None` if the latent space has no plane.
    pub fn new(model: ModelIdentity, cloud: Cloud, regions: &ClassRegions) -> Option<Self> {
        let plane = Plane::new(regions)?;
        let flat = cloud.latents.iter().map(|latent| plane.place_of(latent));
        Some(Self {
            flat: flat.collect(),
            model,
            cloud,
            plane,
        })
    }
}

impl<'a> Layout<'a> {
    pub fn places(&self) -> &'a [MapPoint] {
        self.unfolded.unwrap_or(&self.points.flat)
    }

    pub fn place_of(&self, latent: &[f32]) -> MapPoint {
        match self.unfolded {
            Some(layout) => place_of(latent, &self.points.cloud.latents, layout),
            None => self.points.plane.place_of(latent),
        }
    }

    /// The latent that a place stands for. Locked dimensions stay.
    pub fn latent_at(&self, scene: &Scene, place: MapPoint) -> Vec<f32> {
        let Some(layout) = self.unfolded else {
            return self.points.plane.moved(&scene.latent, &scene.locked, place);
        };
        let mixed = latent_at(place, &self.points.cloud.latents, layout);
        let mut latent = mixed.unwrap_or_else(|| scene.latent.clone());
        scene.keep_locked(&mut latent);
        latent
    }
}
