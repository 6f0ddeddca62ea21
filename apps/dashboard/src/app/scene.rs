//! Where the latent goes: commands to the scene in front.

use datasets::ClassId;

use super::App;
use crate::state::{
    command::SceneCommand,
    controls::Space,
    jobs,
    notices::{Tone, Topic},
    origin::start_in_words,
    scene::{InputImage, Scene, Start},
};

impl App {
    pub(super) fn scene_command(&mut self, command: SceneCommand) {
        match command {
            SceneCommand::StartFromAnchor(class) => self.start_from_anchor(class),
            SceneCommand::DrawAs(class) => self.draw_as(class),
            SceneCommand::StartFromSample(index) => self.start_from_sample(index),
            SceneCommand::StartFromImage(image) => self.encode(image),
            SceneCommand::StopSearch => self.stop_search(),
            SceneCommand::BackToStart => {
                self.change(|scene| scene.latent.clone_from(&scene.origin));
            }
            SceneCommand::Explore {
                latent,
                condition,
                start,
            } => {
                self.controls.space = Space::Explore;
                self.draw_as(condition);
                self.change(|scene| scene.go(latent, start));
            }
            SceneCommand::Randomise => self.change(Scene::randomise),
            SceneCommand::Reset => self.reset(),
            SceneCommand::UnlockAll => self.change(|scene| scene.locked.fill(false)),
            SceneCommand::ShowDimension(dim) => self.show_dimension(dim),
            SceneCommand::Undo if self.drawing() && self.panels.explore.undo_stroke() => {}
            SceneCommand::Redo if self.drawing() && self.panels.explore.redo_stroke() => {}
            SceneCommand::Undo => self.undo(),
            SceneCommand::Redo => {
                let notebook = &mut self.kept.notebook;
                self.history
                    .redo(&mut self.controls, notebook, &self.session);
            }
            SceneCommand::GoToStep(step) => {
                let set = (&mut self.controls, &mut self.kept.notebook);
                self.history.go_to(step, set, &self.session);
            }
        }
    }

    /// Goes one step back. If that takes a picture back, a notice says so: it may have been put in long ago.
    fn undo(&mut self) {
        let picture = self.history.picture_to_undo().map(str::to_owned);
        let notebook = &mut self.kept.notebook;
        self.history
            .undo(&mut self.controls, notebook, &self.session);
        let (Some(picture), Some(open), Some(scene)) =
            (picture, self.open_model(), self.controls.scene())
        else {
            return;
        };
        let before = start_in_words(scene, open);
        // The same file cropped in another way, or a drawing with a stroke less.
        let text = if before == picture {
            format!("{picture} is as it was before.")
        } else {
            format!("{picture} was taken back. Now in front: {before}.")
        };
        self.notices.say(Topic::File, Tone::Good, text);
    }

    /// Changes the scene in front, if a model is open.
    fn change(&mut self, change: impl FnOnce(&mut Scene)) {
        if let Some(scene) = self.controls.scene_mut() {
            change(scene);
        }
    }

    /// A report may tell of more dimensions than the model has.
    fn show_dimension(&mut self, dim: usize) {
        let scene = self.controls.scene_mut();
        if let Some(scene) = scene.filter(|scene| dim < scene.latent.len()) {
            scene.selected = dim;
            self.controls.space = Space::Explore;
        }
    }

    /// Whether the sheet to draw on may be in front.
    fn drawing(&self) -> bool {
        self.controls.space == Space::Explore
    }

    fn start_from_anchor(&mut self, class: ClassId) {
        let anchor = self.open_model().and_then(|open| {
            let class = open.drawn(class.index())?;
            Some(open.anchor(class))
        });
        if let Some(latent) = anchor {
            self.change(|scene| scene.go(latent, Start::Anchor(class)));
        }
    }

    /// Nothing happens to a model that takes no class.
    fn draw_as(&mut self, class: Option<ClassId>) {
        let class = self.open_model().and_then(|open| open.given(class));
        self.change(|scene| scene.draw_as(class));
    }

    fn start_from_sample(&mut self, index: usize) {
        let open = self.session.open(&self.controls.model);
        let images = open.and_then(|open| open.sample.as_ref());
        let scene = self.controls.scenes.get_mut(&self.controls.model);
        let (Some(images), Some(scene)) = (images, scene) else {
            return;
        };
        if index >= images.len() {
            return;
        }
        scene.sample = index;
        let image = InputImage::of_sample(images, index);
        self.encode(image);
    }

    /// Asks for the latent of an image; the scene goes there when it comes. A conditional model encodes it as what its label
    /// says, or else as the class in front.
    pub(super) fn encode(&mut self, mut image: InputImage) {
        let (Some(open), Some(scene)) = (self.open_model(), self.controls.scene()) else {
            return;
        };
        let label = open.given(image.label);
        image.encoded_as = label.or_else(|| open.given(scene.condition));
        let job = jobs::encode(&self.controls, &image);
        let mut asked = scene.clone();
        asked.start = Start::Image(image);
        if self.session.submit(&job, Some(&asked)) {
            self.outbox.push(job);
        }
    }

    fn reset(&mut self) {
        let Some(space) = self.open_model().map(|open| open.space.clone()) else {
            return;
        };
        self.change(|scene| scene.reset(&space.statistics));
    }
}
