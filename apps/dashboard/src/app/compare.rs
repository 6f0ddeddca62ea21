//! What a person asks of Compare.

use studio::ModelSource;

use super::App;
use crate::{
    panels::path_prompt::PathPrompt,
    state::{
        command::{CompareCommand, Purpose, WindowCommand},
        compare,
        compared::Side,
        controls::{CompareWith, Space},
        notices::{Tone, Topic},
        scene::{OtherLatent, Start},
        session::Model,
        sources::lasting,
    },
};

const NOT_YET: &str = "The other side of Compare is not here yet, so the sides stay as they are.";
const NO_SIDES: &str = "Compare shows all models of the domain, so there are no two sides.";

impl App {
    pub(super) fn compare_command(&mut self, command: CompareCommand) {
        match command {
            CompareCommand::KeepLatent => self.keep_latent(),
            CompareCommand::Anchor(class) => self.put_right(|app| {
                let model = app.open_model()?;
                let class = model.drawn(class.index())?;
                Some(OtherLatent::anchor(class, model))
            }),
            CompareCommand::DrawnAs(class) => self.put_right(|app| {
                let (model, scene) = (app.open_model()?, app.controls.scene()?);
                Some(OtherLatent::drawn_as(class, scene, model))
            }),
            CompareCommand::Bookmark(index) => self.put_right(|app| {
                let shelf = app.controls.shelf();
                shelf.get(index).map(|kept| OtherLatent::bookmark(kept))
            }),
            CompareCommand::Model(model) => {
                let model = lasting(model);
                self.retry(&model);
                let compare = &mut self.controls.compare;
                if !compare.with.is_of_families() {
                    compare.with = CompareWith::Model;
                }
                compare.families.hidden.remove(&model);
                compare.model = Some(model);
            }
            CompareCommand::Retry(model) => self.retry(&model),
            CompareCommand::Show(with) => {
                self.controls.compare.with = with;
                self.commands
                    .push(WindowCommand::GoTo(Space::Compare).into());
            }
            CompareCommand::AskForModel => {
                self.dialogs.path = Some(PathPrompt::new(Purpose::CompareModel, String::new()));
            }
            CompareCommand::Swap => self.swap(),
            CompareCommand::Explore => {
                self.swap();
                self.commands
                    .push(WindowCommand::GoTo(Space::Explore).into());
            }
        }
    }

    /// A model that could not be opened is opened again.
    fn retry(&mut self, model: &ModelSource) {
        if let Some(Model::Failed(_)) = self.session.model(model) {
            self.session.retry(model);
        }
    }

    fn keep_latent(&mut self) {
        self.put_right(|app| {
            let model = app.open_model()?;
            Some(OtherLatent::of(app.controls.scene()?, model))
        });
        if self.controls.space != Space::Compare {
            let text = "This latent is kept on the right of Compare.";
            self.notices.say(Topic::Show, Tone::Good, text);
        }
    }

    /// Puts a latent on the right, if there is such a one.
    fn put_right(&mut self, other: impl FnOnce(&Self) -> Option<OtherLatent>) {
        let other = other(self);
        if let (Some(other), Some(scene)) = (other, self.controls.scene_mut()) {
            scene.other = Some(other);
            self.controls.compare.with = CompareWith::Latent;
        }
    }

    fn swap(&mut self) {
        let (swapped, why) = match self.controls.compare.with {
            CompareWith::Latent => (self.swap_latents(), NOT_YET),
            CompareWith::Model => (self.swap_models(), NOT_YET),
            CompareWith::Families | CompareWith::Reconstructions => (None, NO_SIDES),
        };
        if swapped.is_none() {
            self.notices.say(Topic::Show, Tone::Bad, why);
        }
    }

    fn swap_latents(&mut self) -> Option<()> {
        let model = self.session.open(&self.controls.model)?;
        let scene = self.controls.scenes.get_mut(&self.controls.model)?;
        let other = compare::other_latent(scene, model);
        scene.other = Some(OtherLatent::of(scene, model));
        scene.draw_as(model.given(other.condition));
        scene.go(other.latent, other.start);
        scene.origin = other.origin;
        Some(())
    }

    /// The other model comes to the front, with its latent of the image that both were given: so the image stays.
    fn swap_models(&mut self) -> Option<()> {
        let other = compare::other_model(&self.controls);
        let answer = compare::seen(&self.controls, &self.session, Side::Right)?;
        let mean = answer.reconstruction()?.encoded.mean.clone();
        let condition = answer.condition();
        let mut image = compare::input(&self.controls, &self.session)?;
        let classes = |model| Some(&self.session.open(model)?.info().class_names);
        if classes(&other) != classes(&self.controls.model) {
            // A class of one data set is another thing in the other.
            image.label = None;
        }
        image.encoded_as = condition;
        let scene = self.controls.scenes.get_mut(&other)?;
        scene.draw_as(condition);
        scene.go(mean, Start::Image(image));
        let front = std::mem::replace(&mut self.controls.model, other);
        self.controls.compare.model = Some(front);
        Some(())
    }
}
