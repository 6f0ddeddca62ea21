//! The map on its way to a file: which is wanted, and what it shows.

use studio::ModelSource;

use super::MapPanel;
use crate::state::{
    controls::Controls,
    map::{Cloud, MapExport, MapFile, MapNotes, PointFigures, Projection},
    notebook,
    session::Session,
    sources::model_title,
};

impl MapPanel {
    /// The points of the map of this model, once they are there.
    #[must_use]
    pub fn cloud(&self, model: &ModelSource) -> Option<&Cloud> {
        let points = self.points.as_ref();
        let points = points.filter(|points| points.model.source == *model)?;
        Some(&points.cloud)
    }

    /// Has the map of the model in front saved, as soon as all of it is there.
    pub fn save(&mut self, file: MapFile) {
        self.view.saving = Some(file);
    }

    /// What the map of this model is to be saved as, once its points are there.
    #[must_use]
    pub fn saving(&self, model: &ModelSource) -> Option<MapFile> {
        self.cloud(model)?;
        self.view.saving
    }

    /// Whether all that is known of its points is wanted for a file.
    #[must_use]
    pub fn saves_table(&self, model: &ModelSource) -> bool {
        self.saving(model) == Some(MapFile::Table)
    }

    /// The map was handed on to be saved.
    pub fn saved(&mut self) {
        self.view.saving = None;
    }

    /// The map of the model in front as a file shows it; `None` until its points are there.
    #[must_use]
    pub fn export<'a>(
        &'a self,
        controls: &Controls,
        session: &'a Session,
        notes: &'a MapNotes,
    ) -> Option<MapExport<'a>> {
        let source = &controls.model;
        let (model, scene) = (session.open(source)?, controls.scene()?);
        let layout = self.layout(controls.map.projection)?;
        let [right, up] = &layout.points.plane.axes;
        let cloud = &layout.points.cloud;
        let mut settings = controls.map;
        if layout.unfolded.is_none() {
            // It is not worked out yet.
            settings.projection = Projection::Principal;
        }
        Some(MapExport {
            model,
            title: model_title(source),
            weights: notebook::weights(&model.manifest),
            cloud,
            places: layout.places(),
            shares: [right.share, up.share],
            settings,
            figures: PointFigures::of(session.answers(source)),
            sampled: model.mapped_sample().is_some(),
            hidden: &self.view.hidden,
            groups: notes
                .groups
                .iter()
                .filter(|kept| kept.fits(cloud))
                .collect(),
            cursor: self.view.cursor(layout, &scene.latent),
        })
    }
}
