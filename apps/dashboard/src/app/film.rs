//! Films: drawn by the worker a few images at a time, then written on a thread.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crate::channel::{Channel, Job};
use eframe::egui;
use studio::{Gallery, GalleryRequest, ModelSource, Request};

use super::App;
use crate::{
    notices::{Tone, Topic},
    picture_file::{Film, Progress, save_gif},
    recipe::Shows,
    walks,
};

/// The thread that writes does not wake the window for each frame; so often the window looks how far it is.
const PROGRESS: Duration = Duration::from_millis(100);
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
    pub(super) fn film(&mut self, shows: Shows, path: PathBuf, scale: usize, recipe: String) {
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
        if walk.latents.is_empty() {
            let text = "There is nothing to show yet: press B to keep what you see as a bookmark.";
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
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
        if self.session.submit(&job, self.controls.scene()) {
            self.outbox.push(job);
        }
    }

    /// Images of the film came.
    pub(super) fn take_drawn(&mut self, job: &Job, gallery: Gallery) {
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
            ctx.request_repaint_after(PROGRESS);
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
}
