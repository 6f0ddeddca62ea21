//! Where the latent goes: commands to the scene in front.

use datasets::ClassId;
use studio::Manifest;

use super::App;
use crate::state::{
    command::SceneCommand,
    controls::Space,
    jobs,
    scene::{InputImage, Scene, Start},
};

impl App {
    pub(super) fn scene_command(&mut self, command: SceneCommand) {
        match command {
            SceneCommand::StartFromAnchor(class) => self.start_from_anchor(class),
            SceneCommand::StartFromSample(index) => self.start_from_sample(index),
            SceneCommand::StartFromImage(image) => self.encode(image),
            SceneCommand::BackToStart => {
                self.change(|scene| scene.latent.clone_from(&scene.origin));
            }
            SceneCommand::Explore { latent, start } => {
                self.controls.space = Space::Explore;
                self.change(|scene| scene.go(latent, start));
            }
            SceneCommand::Randomise => self.change(Scene::randomise),
            SceneCommand::Reset => self.reset(),
            SceneCommand::UnlockAll => self.change(|scene| scene.locked.fill(false)),
            SceneCommand::ShowDimension(dim) => {
                self.controls.space = Space::Explore;
                self.change(|scene| scene.selected = dim);
            }
            SceneCommand::Undo if self.drawing() && self.panels.explore.undo_stroke() => {}
            SceneCommand::Redo if self.drawing() && self.panels.explore.redo_stroke() => {}
            SceneCommand::Undo => self.history.undo(&mut self.controls),
            SceneCommand::Redo => self.history.redo(&mut self.controls),
        }
    }

    /// Changes the scene in front, if a model is open.
    fn change(&mut self, change: impl FnOnce(&mut Scene)) {
        if let Some(scene) = self.controls.scene_mut() {
            change(scene);
        }
    }

    /// Whether the sheet to draw on may be in front.
    fn drawing(&self) -> bool {
        self.controls.space == Space::Explore
    }

    fn start_from_anchor(&mut self, class: ClassId) {
        let Some(vae) = self.manifest().and_then(|manifest| manifest.vae.as_ref()) else {
            return;
        };
        if class.index() < vae.regions.classes() {
            let latent = vae.regions.anchor(class);
            self.change(|scene| scene.go(latent, Start::Anchor(class)));
        }
    }

    fn start_from_sample(&mut self, index: usize) {
        let dataset = self.manifest().and_then(Manifest::known_dataset);
        let Some(images) = dataset.and_then(|dataset| self.samples.images.get(&dataset)) else {
            return;
        };
        let Some(scene) = self.controls.scenes.get_mut(&self.controls.model) else {
            return;
        };
        if index >= images.len() {
            return;
        }
        scene.sample = index;
        let image = InputImage::of_sample(images, index);
        self.encode(image);
    }

    /// Asks for the latent of an image; the scene goes there when it comes.
    pub(super) fn encode(&mut self, image: InputImage) {
        let job = jobs::encode(&self.controls.model, &image);
        let Some(scene) = self.controls.scene() else {
            return;
        };
        let mut asked = scene.clone();
        asked.start = Start::Image(image);
        if self.session.submit(&job, Some(&asked)) {
            self.outbox.push(job);
        }
    }

    fn reset(&mut self) {
        let Some(vae) = self.manifest().and_then(|manifest| manifest.vae.as_ref()) else {
            return;
        };
        let stats = vae.latent.clone();
        self.change(|scene| scene.reset(&stats));
    }
}
