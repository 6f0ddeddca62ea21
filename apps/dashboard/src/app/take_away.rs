//! Pictures, films and scenes out of the window, and scenes back into it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{self, ColorImage, ViewportCommand};
use studio::ModelSource;

use super::App;
use crate::{
    controls::Scene,
    memory::lasting,
    notices::{Tone, Topic},
    panels::path_prompt::PathPrompt,
    picture_file::{Raster, save_png},
    recipe::{Recipe, Shows},
    soundness,
    tasks::{Done, Purpose},
    timeline::{Stops, Timeline},
};

impl App {
    pub(super) fn ask_where_to_save(&mut self, shows: Shows) {
        if self.recipe(shows).is_some() {
            let name = self.file_name(shows);
            self.prompt = Some(PathPrompt::new(Purpose::Save(shows), name));
        }
    }

    fn recipe(&self, shows: Shows) -> Option<Recipe> {
        let manifest = self.manifest()?;
        Recipe::of(&self.controls, manifest, shows, self.stops())
    }

    pub(super) fn save(&mut self, ctx: &egui::Context, shows: Shows, path: PathBuf, scale: usize) {
        let Some(mut recipe) = self.recipe(shows) else {
            return;
        };
        if let Some(scene) = self.asked_before(shows) {
            recipe.scene = scene.clone();
        }
        let text = match recipe.text() {
            Ok(text) => text,
            Err(message) => return self.notices.say(Topic::File, Tone::Bad, message),
        };
        let answers = self.session.answers(&self.controls.model);
        match shows {
            Shows::Image => {
                let Some(answer) = &answers.frame else { return };
                let shown = answer.value.clone();
                self.tasks.save(ctx, path, move |path| {
                    let raster = Raster::image(&shown.pixels()?, scale);
                    save_png(path, &raster, &text).map_err(|error| format!("{error:#}"))
                });
            }
            Shows::Grid => {
                let Some(answer) = &answers.grid else {
                    let text = "There is no grid yet: open Anchors first.";
                    return self.notices.say(Topic::File, Tone::Bad, text);
                };
                let images = answer.value.images.clone();
                self.tasks.save(ctx, path, move |path| {
                    let raster = Raster::sheet(&images, images.len().isqrt(), scale);
                    save_png(path, &raster, &text).map_err(|error| format!("{error:#}"))
                });
            }
            Shows::Window => self.tasks.screenshot(ctx, path, text),
            Shows::Morph | Shows::Traversal | Shows::Show => self.film(shows, path, scale, text),
        }
    }

    /// What is on the screen may have been asked for a moment ago: the scene then, if the picture now is another.
    fn asked_before(&self, shows: Shows) -> Option<&Scene> {
        let now = self.controls.scene()?;
        let answers = self.session.answers(&self.controls.model);
        let scene = match shows {
            Shows::Image => &answers.frame.as_ref()?.scene,
            Shows::Grid => &answers.grid.as_ref()?.scene,
            _ => return None,
        };
        let same = match shows {
            Shows::Image => scene.latent == now.latent,
            _ => scene.anchors == now.anchors,
        };
        (!same).then_some(scene)
    }

    /// The picture of the window came.
    pub(super) fn save_screenshot(
        &self,
        ctx: &egui::Context,
        path: PathBuf,
        recipe: String,
        image: Arc<ColorImage>,
    ) {
        self.tasks.save(ctx, path, move |path| {
            let raster = Raster::screenshot(&image);
            save_png(path, &raster, &recipe).map_err(|error| format!("{error:#}"))
        });
    }

    pub(super) fn copy_scene(&mut self, ctx: &egui::Context) {
        match self.recipe(Shows::Image).map(|recipe| recipe.text()) {
            None => {}
            Some(Err(message)) => self.notices.say(Topic::Clipboard, Tone::Bad, message),
            Some(Ok(text)) => {
                ctx.copy_text(text);
                let text = "The scene is on the clipboard, as text.";
                self.notices.say(Topic::Clipboard, Tone::Good, text);
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        match Recipe::parse(text) {
            Ok(recipe) => self.restore(recipe),
            Err(reason) => {
                let text = format!("The clipboard holds no scene to paste: {reason}.");
                self.notices.say(Topic::Clipboard, Tone::Bad, text);
            }
        }
    }

    pub(super) fn ask_for_paste(ctx: &egui::Context) {
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

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
        if let Some(manifest) = self.session.manifest(&model) {
            let vae = manifest.vae.as_ref();
            if !vae.is_some_and(|vae| soundness::fits(&recipe.scene, vae)) {
                let text = format!("The scene does not fit the model {}.", recipe.model);
                return self.notices.say(Topic::File, Tone::Bad, text);
            }
        }
        self.player = None;
        self.controls.model = model.clone();
        self.controls.space = recipe.space;
        self.restore_show(&recipe);
        self.controls.scenes.insert(model.clone(), recipe.scene);
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
        let folders = self.recent.models.iter().cloned().map(ModelSource::Folder);
        recipe
            .shipped()
            .or_else(|| open.cloned())
            .or_else(|| folders.map(lasting).find(named))
    }

    pub(super) fn file_name(&self, shows: Shows) -> String {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let model = self.controls.model.short_name();
        let what = match shows {
            Shows::Image => "",
            Shows::Grid => "-grid",
            Shows::Window => "-window",
            Shows::Morph => "-morph",
            Shows::Traversal => "-walk",
            Shows::Show => "-show",
        };
        let kind = if shows.moves() { "gif" } else { "png" };
        folder
            .join(format!("latent-lens-{model}{what}.{kind}"))
            .display()
            .to_string()
    }

    /// What came of a piece of work of this part.
    pub(super) fn finish_take_away(&mut self, ctx: &egui::Context, done: Done) {
        match done {
            Done::Screenshot(path, recipe, image) => self.save_screenshot(ctx, path, recipe, image),
            Done::Film(path, outcome) => self.end_film(&path, outcome),
            Done::Recipe(path, recipe) => {
                self.recent.image(path);
                self.restore(*recipe);
            }
            _ => {}
        }
    }
}
