//! What the map asks of the worker and of a thread.

use eframe::egui;

use super::App;
use crate::state::channel::{Channel, Job};
use crate::state::{
    command::MapCommand, controls::Space, jobs, map::PLANE_DIMENSIONS, model::OpenModel,
};

impl App {
    pub(super) fn map_command(&mut self, ctx: &egui::Context, command: MapCommand) {
        match command {
            MapCommand::Unfold => self.unfold_map(ctx),
            MapCommand::Retry => self.session.forget(Channel::Map),
        }
    }

    /// The points of the map, once a model, and the mean of the group that is marked on it.
    pub(super) fn map_jobs(&self, open: &OpenModel) -> Vec<Job> {
        let model = &self.controls.model;
        if self.controls.space != Space::Map || open.space.dims() < PLANE_DIMENSIONS {
            return Vec::new();
        }
        let answers = self.session.answers(model);
        let known = answers.encoded.is_some() || answers.drawn.is_some();
        // What failed is asked again when the person says so.
        let points = if known || self.session.asked(model, Channel::Map) {
            None
        } else {
            Some(match open.mapped_sample() {
                Some(sample) => jobs::map_of_sample(&self.controls, sample, open),
                None => jobs::map_of_regions(&self.controls, open),
            })
        };
        let group = self.panels.map.group(model);
        let group = group.map(|group| jobs::group(&self.controls, group, open));
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
