//! Scenes back into the window: out of a picture file, or out of the clipboard.

use studio::ModelSource;

use super::App;
use crate::state::{
    notices::{Tone, Topic},
    recipe::{PictureKind, Recipe},
    sources::lasting,
    timeline::{Stops, Timeline},
    validation,
};

impl App {
    /// Shows what a recipe says.
    pub(super) fn restore(&mut self, recipe: Recipe) {
        self.notices.clear(Topic::File);
        let Some(model) = self.model_of(&recipe) else {
            let text = format!(
                "This was made with the model {}, which is not open here. Open its folder, then this again.",
                recipe.model
            );
            return self.notices.say(Topic::File, Tone::Bad, text);
        };
        let open = self.session.open(&model);
        if open.is_some_and(|open| !validation::fits(&recipe.scene, open)) {
            let text = format!("The scene does not fit the model {}.", recipe.model);
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        self.show.player = None;
        self.controls.model = model.clone();
        self.controls.space = recipe.space;
        self.controls.pad_unfolded |= recipe.shows == PictureKind::Pad;
        self.restore_show(&recipe);
        let with_heatmap = matches!(recipe.shows, PictureKind::Overlay | PictureKind::Beside);
        if with_heatmap && (0.0..=1.0).contains(&recipe.view.opacity) {
            self.controls.view = recipe.view;
        }
        self.controls.scenes.insert(model.clone(), recipe.scene);
        if let Some(open) = self.session.open(&model) {
            self.controls.open(&model, open);
        }
        self.expected = Some((model, recipe.model_sha256));
        self.check_expected();
    }

    /// The show of a recipe, with those of its bookmarks that are not here.
    fn restore_show(&mut self, recipe: &Recipe) {
        let Some(timeline) = recipe.timeline else {
            return;
        };
        let now = self.controls.timeline;
        self.controls.timeline = Timeline {
            unfolded: now.unfolded,
            bookmark: now.bookmark,
            ..timeline.sound()
        };
        if timeline.stops != Stops::Bookmarks {
            return;
        }
        let added = self.controls.add_stops(&recipe.stops, &recipe.scene);
        if added > 0 {
            let text =
                format!("{added} bookmarks of the show were added. Undo (Ctrl+Z) takes them away.");
            self.notices.say(Topic::Show, Tone::Good, text);
        }
    }

    /// Tells if the model is another one than the recipe was written for, once it is open.
    pub(super) fn check_expected(&mut self) {
        let manifest = |(model, _): &(ModelSource, String)| self.session.manifest(model);
        let Some(found) = self.expected.as_ref().and_then(manifest) else {
            return;
        };
        let found = found.model_sha256();
        if let Some((_, sha256)) = self.expected.take()
            && sha256 != found
        {
            let text = "The scene is from another version of this model: its picture may differ.";
            self.notices.say(Topic::File, Tone::Bad, text);
        }
    }

    /// The model that a recipe is for: one with the same weights, or else one with the same name.
    fn model_of(&self, recipe: &Recipe) -> Option<ModelSource> {
        let same = |source: &&ModelSource| {
            let manifest = self.session.manifest(source);
            manifest.is_some_and(|manifest| manifest.model_sha256() == recipe.model_sha256)
        };
        let front = Some(&self.controls.model).filter(same);
        let known = front.or_else(|| self.session.sources().find(same));
        if let Some(known) = known {
            return Some(known.clone());
        }
        let named = |source: &ModelSource| source.short_name() == recipe.model;
        let open = self.session.sources().find(|source| named(source));
        let folders = self
            .kept
            .recent
            .models
            .iter()
            .cloned()
            .map(ModelSource::Folder);
        recipe
            .shipped()
            .or_else(|| open.cloned())
            .or_else(|| folders.map(lasting).find(named))
    }
}
