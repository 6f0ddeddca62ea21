//! What the map asks of the worker and of a thread, what is noted on it, and how it is saved.

use eframe::egui;

use super::App;
use crate::state::channel::{Channel, Job};
use crate::state::{
    command::MapCommand,
    controls::Space,
    input_image::InputImage,
    jobs,
    map::{MapFile, MapSettings, PLANE_DIMENSIONS, Pin, Projection, drawing, table},
    model::OpenModel,
    notices::{Tone, Topic},
    scene::Start,
};

impl App {
    pub(super) fn map_command(&mut self, ctx: &egui::Context, command: MapCommand) {
        match command {
            MapCommand::Unfold => {
                self.shown_map().projection = Projection::Tsne;
                self.unfold_map(ctx);
            }
            MapCommand::Retry => {
                self.session.forget(Channel::Map);
                self.session.forget(Channel::Survey);
            }
            MapCommand::ColourBy(coloring) => self.shown_map().coloring = coloring,
            MapCommand::Toggle(layer) => self.shown_map().toggle(layer),
            MapCommand::KeepGroup => self.keep_group(),
            MapCommand::Pin => self.pin_front(),
            MapCommand::TogglePinOpened => {
                let map = &mut self.controls.map;
                map.pin_opened = !map.pin_opened;
            }
            MapCommand::SaveTable => self.prepare_to_save(MapFile::Table),
            MapCommand::SaveDrawing => self.prepare_to_save(MapFile::Drawing),
        }
    }

    /// The settings of the map, which comes to the front: what is changed there is to be seen.
    fn shown_map(&mut self) -> &mut MapSettings {
        self.controls.space = Space::Map;
        &mut self.controls.map
    }

    /// The map is saved once all that belongs into the file is known, see [`Self::save_map`].
    fn prepare_to_save(&mut self, file: MapFile) {
        let coloring = self.shown_map().coloring;
        self.panels.map.save(file);
        let measured = file == MapFile::Table || coloring.is_measured();
        let answers = self.session.answers(&self.controls.model);
        if measured && answers.survey.is_none() {
            let text = "The images are measured first; then you choose where to save.";
            self.notices.say(Topic::File, Tone::Good, text);
        }
    }

    /// The points of the map, once a model, what is known of each where that is shown or saved, and the mean of the group that is marked.
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
        let map = &self.panels.map;
        let measured = self.controls.map.coloring.is_measured() || map.saves_table(model);
        let asked = answers.survey.is_some() || self.session.asked(model, Channel::Survey);
        let cloud = map.cloud(model).filter(|_| measured && !asked);
        let survey = cloud.map(|cloud| jobs::survey(&self.controls, cloud, open));
        let group = map.group(model);
        let group = group.map(|group| jobs::group(&self.controls, group, open));
        points.into_iter().chain(survey).chain(group).collect()
    }

    /// Starts to lay the points of the map out, on a thread.
    fn unfold_map(&mut self, ctx: &egui::Context) {
        let model = self.controls.model.clone();
        if let Some((points, cancelled)) = self.panels.map.unfold(&model) {
            self.tasks.unfold(ctx, model, points, cancelled);
        }
    }

    /// Takes note of where the latent is, for its trail.
    pub(super) fn follow_trail(&mut self) {
        let open = self.session.open(&self.controls.model);
        if let (Some(open), Some(scene)) = (open, self.controls.scene()) {
            let std = &open.space.statistics.std;
            let model = &self.controls.model;
            self.panels.map.trail.follow(model, &scene.latent, std);
        }
    }

    /// Keeps the group that is marked.
    fn keep_group(&mut self) {
        let Some(group) = self.panels.map.group(&self.controls.model).cloned() else {
            let text = "There is no group yet: draw a line around points with the lasso (L).";
            return self.notices.say(Topic::Show, Tone::Bad, text);
        };
        let (count, weights) = (group.members.len(), self.weights().to_owned());
        let notebook = &mut self.kept.notebook;
        let name = notebook.change_map(&weights, |notes| notes.keep_group(group));
        let text = format!("Kept {count} points as {name}.");
        self.notices.say(Topic::Show, Tone::Good, text);
    }

    /// Pins the picture that the latent came from.
    fn pin_front(&mut self) {
        let scene = self.controls.scene();
        let own = scene.and_then(|scene| match &scene.start {
            Start::Image(image) => Some((image.clone(), scene.origin.clone())),
            _ => None,
        });
        let Some((image, latent)) = own else {
            let text = "The latent came from no picture: open one first (Ctrl+O).";
            return self.notices.say(Topic::Show, Tone::Bad, text);
        };
        self.pin(image, latent);
    }

    pub(super) fn pin(&mut self, image: InputImage, latent: Vec<f32>) {
        let weights = self.weights().to_owned();
        let pin = Pin {
            name: image.name.clone(),
            latent,
            image,
        };
        self.kept
            .notebook
            .change_map(&weights, |notes| notes.pin(pin));
    }

    /// Asks where to save a map that was to be saved, once all that belongs into the file is known.
    pub(super) fn save_map(&mut self, ctx: &egui::Context) {
        let model = self.controls.model.clone();
        let Some(file) = self.panels.map.saving(&model) else {
            return;
        };
        let measured = file == MapFile::Table || self.controls.map.coloring.is_measured();
        let asked = self.session.asked(&model, Channel::Survey);
        let waits = !asked || self.session.pending(Channel::Survey);
        if measured && self.session.answers(&model).survey.is_none() && waits {
            return;
        }
        let notes = self.kept.notebook.map_notes(self.weights());
        let export = self.panels.map.export(&self.controls, &self.session, notes);
        let Some(export) = export else {
            return;
        };
        let sheet = match file {
            MapFile::Table => table(&export),
            MapFile::Drawing => drawing(&export),
        };
        self.panels.map.saved();
        self.notices.clear(Topic::File);
        self.ask_where_to_save_sheet(ctx, sheet);
    }
}
