//! Pictures, films and plots out of the window, and images into it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{self, ColorImage};
use explain::Heatmap;

use super::App;
use crate::{
    files::picture_file::{Raster, save_png},
    panels::path_prompt::PathPrompt,
    state::{
        command::{FileCommand, Purpose},
        controls::{Space, View},
        import::{Source, Wanted},
        model::OpenModel,
        notices::{Tone, Topic},
        recipe::{PictureKind, Recipe},
        scene::Scene,
        sheet::Sheet,
        shown::{Evidence, Shown},
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
            let prompt = prompt
                .of_images(shape)
                .with_heatmap(self.heatmap_on_screen());
            self.dialogs.path = Some(prompt);
            self.tasks.find_free_name(ctx, path);
        }
    }

    /// Whether the heatmap of the picture in front is on the screen; `None` if there is none.
    fn heatmap_on_screen(&self) -> Option<bool> {
        let frame = self.session.answers(&self.controls.model).frame.as_ref()?;
        frame.value.strength(Evidence::Predicted)?;
        let on = match self.controls.space {
            Space::Explain => true,
            space => space.shows_heatmap() && self.controls.view.overlay,
        };
        Some(on)
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
            PictureKind::Image | PictureKind::Overlay | PictureKind::Beside => {
                let Some(answer) = &answers.frame else { return };
                let (shown, view) = (answer.value.clone(), recipe.view);
                let contrast = recipe.scene.contrast;
                self.tasks.save(ctx, path, move |path| {
                    let raster = match kind {
                        PictureKind::Image => Raster::image(&shown.image()?, scale),
                        _ => explained(&shown, view, kind == PictureKind::Beside, contrast, scale)?,
                    };
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
            PictureKind::Pad | PictureKind::Morph | PictureKind::Traversal | PictureKind::Show => {
                self.start_film(kind, path, scale, text);
            }
        }
    }

    /// What is on the screen may have been asked for a moment ago: the scene then, if the picture now is another.
    fn asked_before(&self, kind: PictureKind) -> Option<&Scene> {
        let now = self.controls.scene()?;
        let answers = self.session.answers(&self.controls.model);
        let scene = match kind {
            PictureKind::Image | PictureKind::Overlay | PictureKind::Beside => {
                &answers.frame.as_ref()?.scene
            }
            PictureKind::Grid => &answers.grid.as_ref()?.scene,
            _ => return None,
        };
        let same = match kind {
            PictureKind::Image | PictureKind::Overlay | PictureKind::Beside => {
                scene.looks_like(now)
            }
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
            let raster = Raster::of_colors(&image);
            save_png(path, &raster, &recipe).map_err(|error| format!("{error:#}"))
        });
    }

    fn file_name(&self, kind: PictureKind) -> PathBuf {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let model = self.controls.model.short_name();
        let what = match kind {
            PictureKind::Image | PictureKind::Overlay | PictureKind::Beside => "",
            PictureKind::Grid => "-grid",
            PictureKind::Window => "-window",
            PictureKind::Pad => "-pad",
            PictureKind::Morph => "-morph",
            PictureKind::Traversal => "-walk",
            PictureKind::Show => "-show",
        };
        let kind = if kind.moves() { "gif" } else { "png" };
        folder.join(format!("latent-lens-{model}{what}.{kind}"))
    }
}

/// An image with the evidence for its prediction over it, and beside itself if it is asked for. In a contrast, the evidence for the
/// other class stands there as well.
fn explained(
    shown: &Shown,
    view: View,
    beside: bool,
    contrast: bool,
    scale: usize,
) -> Result<Raster, String> {
    let image = shown.image()?;
    let shape = image.shape();
    let over = |which| -> Option<Result<Vec<[u8; 3]>, String>> {
        let painted = |map: Heatmap| {
            let map = map.over_image(shape, 1);
            explain::overlay(image.values(), &map, view.color_map, view.opacity)
        };
        Some(shown.map(which)?.map(painted))
    };
    let predicted = over(Evidence::Predicted).ok_or("There is no heatmap any more.")??;
    if !beside {
        return Ok(Raster::colored(shape, &[predicted], scale));
    }
    let mut pictures = vec![image.to_rgb(), predicted];
    if contrast {
        pictures.extend(over(Evidence::Target).transpose()?);
    }
    Ok(Raster::colored(shape, &pictures, scale))
}

/// The side of the smallest square that holds `count` images, as the command line lays them out.
fn square_side(count: usize) -> usize {
    let side = count.isqrt();
    side + usize::from(side * side < count)
}
