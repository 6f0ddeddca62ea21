//! Pictures, films and plots out of the window, and images into it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{self, ColorImage};

use super::App;
use crate::{
    files::picture_file::{Raster, save_png},
    panels::path_prompt::PathPrompt,
    state::{
        command::{FileCommand, Purpose},
        import::{Source, Wanted},
        model::OpenModel,
        notices::{Tone, Topic},
        recipe::{PictureKind, Recipe},
        scene::Scene,
        sheet::Sheet,
    },
};

impl App {
    pub(super) fn file_command(&mut self, ctx: &egui::Context, command: FileCommand) {
        match command {
            FileCommand::AskForImage => {
                let prompt = PathPrompt::new(Purpose::OpenImage, String::new());
                self.dialogs.path = Some(prompt);
            }
            FileCommand::OpenImage(path) => self.bring(ctx, vec![Source::File(path)]),
            FileCommand::AskWhereToSave(kind) => self.ask_where_to_save(ctx, kind),
            FileCommand::Save(kind, path, scale) => self.save(ctx, kind, path, scale),
            FileCommand::CancelFilm => self.film.cancel(),
            FileCommand::AskWhereToSaveSheet(sheet) => self.ask_where_to_save_sheet(ctx, sheet),
            FileCommand::SaveSheet(path) => {
                if let Some(sheet) = self.dialogs.sheet.take() {
                    self.tasks.save_sheet(ctx, path, sheet);
                }
            }
        }
    }

    /// How a picture of the person's own becomes an image of the model in front, and of which shape; `None` until it is open.
    pub(super) fn wanted_image(&self) -> Option<Wanted> {
        let info = self.open_model()?.info();
        Some((info.preparation, info.shape))
    }

    pub(super) fn ask_where_to_save_sheet(&mut self, ctx: &egui::Context, sheet: Sheet) {
        let mut path = self.file_name(PictureKind::Image).with_extension("");
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!("-{}.{}", sheet.name, sheet.extension()));
        path.set_file_name(name);
        self.dialogs.path = Some(PathPrompt::to_save(Purpose::SaveSheet, &path));
        self.dialogs.sheet = Some(sheet);
        self.tasks.find_free_name(ctx, path);
    }

    fn ask_where_to_save(&mut self, ctx: &egui::Context, kind: PictureKind) {
        if self.recipe(kind).is_some() {
            let path = self.file_name(kind);
            let shape = self.open_model().map(OpenModel::shape);
            let prompt = PathPrompt::to_save(Purpose::Save(kind), &path);
            self.dialogs.path = Some(prompt.of_images(shape));
            self.tasks.find_free_name(ctx, path);
        }
    }

    pub(super) fn recipe(&self, kind: PictureKind) -> Option<Recipe> {
        let manifest = &self.open_model()?.manifest;
        Recipe::of(&self.controls, manifest, kind, self.stops())
    }

    fn save(&mut self, ctx: &egui::Context, kind: PictureKind, path: PathBuf, scale: usize) {
        let Some(mut recipe) = self.recipe(kind) else {
            return;
        };
        if let Some(scene) = self.asked_before(kind) {
            recipe.scene = scene.clone();
        }
        recipe.scale = u32::try_from(scale).ok();
        let text = match recipe.text() {
            Ok(text) => text,
            Err(message) => return self.notices.say(Topic::File, Tone::Bad, message),
        };
        let answers = self.session.answers(&self.controls.model);
        match kind {
            PictureKind::Image => {
                let Some(answer) = &answers.frame else { return };
                let shown = answer.value.clone();
                self.tasks.save(ctx, path, move |path| {
                    let raster = Raster::image(&shown.image()?, scale);
                    save_png(path, &raster, &text).map_err(|error| format!("{error:#}"))
                });
            }
            PictureKind::Grid => {
                let Some(answer) = &answers.grid else {
                    let text = "There is no grid yet: open Anchors first.";
                    return self.notices.say(Topic::File, Tone::Bad, text);
                };
                let images = answer.value.images.clone();
                self.tasks.save(ctx, path, move |path| {
                    let raster = Raster::sheet(&images, square_side(images.len()), scale);
                    save_png(path, &raster, &text).map_err(|error| format!("{error:#}"))
                });
            }
            PictureKind::Window => self.tasks.screenshot(ctx, path, text),
            PictureKind::Morph | PictureKind::Traversal | PictureKind::Show => {
                self.start_film(kind, path, scale, text);
            }
        }
    }

    /// What is on the screen may have been asked for a moment ago: the scene then, if the picture now is another.
    fn asked_before(&self, kind: PictureKind) -> Option<&Scene> {
        let now = self.controls.scene()?;
        let answers = self.session.answers(&self.controls.model);
        let scene = match kind {
            PictureKind::Image => &answers.frame.as_ref()?.scene,
            PictureKind::Grid => &answers.grid.as_ref()?.scene,
            _ => return None,
        };
        let same = match kind {
            PictureKind::Image => scene.looks_like(now),
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

    fn file_name(&self, kind: PictureKind) -> PathBuf {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let model = self.controls.model.short_name();
        let what = match kind {
            PictureKind::Image => "",
            PictureKind::Grid => "-grid",
            PictureKind::Window => "-window",
            PictureKind::Morph => "-morph",
            PictureKind::Traversal => "-walk",
            PictureKind::Show => "-show",
        };
        let kind = if kind.moves() { "gif" } else { "png" };
        folder.join(format!("latent-lens-{model}{what}.{kind}"))
    }
}

/// The side of the smallest square that holds `count` images, as the command line lays them out.
fn square_side(count: usize) -> usize {
    let side = count.isqrt();
    side + usize::from(side * side < count)
}
