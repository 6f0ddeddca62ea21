//! What the map asks of the worker and of a thread.

use eframe::egui;
use studio::Manifest;

use super::App;
use crate::state::channel::{Channel, Job};
use crate::state::{command::MapCommand, controls::Space, jobs};

impl App {
    pub(super) fn map_command(&mut self, ctx: &egui::Context, command: MapCommand) {
        match command {
            MapCommand::Unfold => self.unfold_map(ctx),
            MapCommand::Retry => self.session.forget(Channel::Map),
        }
    }

    /// The points of the map, once a model, and the mean of the group that is marked on it.
    pub(super) fn map_jobs(&self, manifest: &Manifest) -> Vec<Job> {
        let model = &self.controls.model;
        let Some(vae) = manifest
            .vae
            .as_ref()
            .filter(|_| self.controls.space == Space::Map)
        else {
            return Vec::new();
        };
        let answers = self.session.answers(model);
        let known = answers.encoded.is_some() || answers.drawn.is_some();
        // What failed is asked again when the person says so.
        let points = if known || self.session.asked(model, Channel::Map) {
            None
        } else {
            match manifest.known_dataset() {
                Some(dataset) => {
                    let sample = self.samples.images.get(&dataset);
                    sample.map(|sample| jobs::map_of_sample(model, sample))
                }
                None => Some(jobs::map_of_regions(model, &vae.regions)),
            }
        };
        let group = self.panels.map.group(model);
        let group = group.map(|group| jobs::group(model, group));
        points.into_iter().chain(group).collect()
    }

    /// Starts to lay the points of the map out, on a thread.
    fn unfold_map(&mut self, ctx: &egui::Context) {
        let model = self.controls.model.clone();
        if let Some((points, cancelled)) = self.panels.map.unfold(&model) {
            self.tasks.unfold(ctx, model, points, cancelled);
        }
    }
}
