//! Pictures, films and scenes out of the window, and scenes back into it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

use eframe::egui::{self, ColorImage, ViewportCommand};
use studio::{Channel, Gallery, GalleryRequest, Job, ModelSource, Request};

use super::App;
use crate::{
    memory::lasting,
    notices::{Tone, Topic},
    panels::path_prompt::PathPrompt,
    picture_file::{Film, Progress, Raster, save_gif, save_png},
    recipe::{Recipe, Shows},
    soundness,
    tasks::{Done, Purpose},
    walks,
};

/// Images that are drawn at once: the window shows how far it is in between.
const CHUNK: usize = 16;

/// A film that is being made.
pub(super) struct Making {
    model: ModelSource,
    shows: Shows,
    path: PathBuf,
    recipe: String,
    /// The different latents of the film, of which the first `film.images.len()` are drawn.
    latents: Vec<Vec<f32>>,
    film: Film,
    progress: Arc<Progress>,
}

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
        let Some(recipe) = self.recipe(shows) else {
            return;
        };
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

    fn film(&mut self, shows: Shows, path: PathBuf, scale: usize, recipe: String) {
        if self.making.is_some() {
            let text = "A film is being made already: wait for it, or cancel it.";
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        let vae = self.manifest().and_then(|manifest| manifest.vae.as_ref());
        let (Some(vae), Some(scene)) = (vae, self.controls.scene()) else {
            return;
        };
        let timeline = self.controls.timeline;
        let walk = match shows {
            Shows::Morph => walks::morph(scene, vae),
            Shows::Traversal => walks::traversal(scene, vae),
            _ => walks::show(&timeline, &self.stops()),
        };
        let (latents, order) = walks::distinct(walk.latents);
        self.session.forget(Channel::Export);
        self.making = Some(Making {
            model: self.controls.model.clone(),
            shows,
            path,
            recipe,
            latents,
            film: Film {
                images: Vec::new(),
                order,
                scale,
                delay: walk.delay,
            },
            progress: Arc::default(),
        });
        self.draw_on();
    }

    /// Asks for the next images of the film.
    fn draw_on(&mut self) {
        let Some(making) = &self.making else { return };
        let drawn = making.film.images.len();
        let end = making.latents.len().min(drawn + CHUNK);
        let job = Job {
            model: making.model.clone(),
            channel: Channel::Export,
            request: Request::Gallery(GalleryRequest {
                latents: making.latents[drawn..end].to_vec(),
            }),
        };
        // The worker does not answer the same question twice.
        if let Some((_, gallery)) = self.drawn.take_if(|(known, _)| *known == job) {
            self.splice(&job, gallery);
        } else if self.session.submit(&job, self.controls.scene()) {
            self.outbox.push(job);
        }
    }

    fn splice(&mut self, job: &Job, gallery: Gallery) {
        self.drawn = Some((job.clone(), gallery.clone()));
        if let Some(making) = &mut self.making
            && making.model == job.model
        {
            making.film.images.extend(gallery.images);
            making
                .progress
                .done
                .store(making.film.images.len(), Ordering::Relaxed);
        }
    }

    /// Images of the film came.
    pub(super) fn take_drawn(&mut self, job: &Job, gallery: Gallery) {
        self.splice(job, gallery);
    }

    /// Goes on with the film: more images, or the file.
    pub(super) fn make_film(&mut self, ctx: &egui::Context) {
        let Some(making) = &self.making else { return };
        if making.film.images.len() < making.latents.len() {
            if !self.session.pending(Channel::Export) {
                self.draw_on();
                ctx.request_repaint();
            }
        } else if !self.writing {
            self.writing = true;
            making.progress.done.store(0, Ordering::Relaxed);
            let (path, recipe) = (making.path.clone(), making.recipe.clone());
            let (film, progress) = (making.film.clone(), Arc::clone(&making.progress));
            self.tasks.make_film(ctx, path, move |path| {
                save_gif(path, &film, &recipe, &progress).map_err(|error| format!("{error:#}"))
            });
        }
        if self.writing {
            // The thread that writes does not wake the window for each frame.
            ctx.request_repaint_after(std::time::Duration::from_millis(100));
        }
    }

    pub(super) fn cancel_film(&mut self) {
        if let Some(making) = &self.making {
            making.progress.cancelled.store(true, Ordering::Relaxed);
            if !self.writing {
                self.making = None;
            }
        }
    }

    /// The film is written, or was given up.
    pub(super) fn end_film(&mut self, path: &Path, outcome: Result<bool, String>) {
        (self.making, self.writing) = (None, false);
        match outcome {
            Ok(true) => {
                let text = format!("Saved {}", path.display());
                self.notices.say(Topic::File, Tone::Good, text);
            }
            Ok(false) => {
                let text = "The film was cancelled, and nothing was saved.";
                self.notices.say(Topic::File, Tone::Good, text);
            }
            Err(message) => self.notices.say(Topic::File, Tone::Bad, message),
        }
    }

    /// Drawing for the film failed.
    pub(super) fn give_film_up(&mut self) {
        (self.making, self.writing) = (None, false);
        self.session.forget(Channel::Export);
    }

    /// How far the film is: what is being done, and the share of it that is.
    pub(super) fn film_progress(&self) -> Option<(String, f32)> {
        let making = self.making.as_ref()?;
        let done = making.progress.done.load(Ordering::Relaxed);
        let (verb, all) = if self.writing {
            ("Writing", making.film.order.len())
        } else {
            ("Drawing", making.latents.len())
        };
        let text = format!("{verb} the {}: {done}/{all}", making.shows.title());
        Some((text, done as f32 / all.max(1) as f32))
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
        if let Some(timeline) = recipe.timeline {
            self.controls.timeline = timeline.sound();
        }
        self.controls.scenes.insert(model.clone(), recipe.scene);
        self.expected = Some((model, recipe.model_sha256));
        self.check_expected();
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

    fn file_name(&self, shows: Shows) -> String {
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
