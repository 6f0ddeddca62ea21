//! Films: drawn by the worker a few images at a time, then written on a thread.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use eframe::egui;

use super::{App, parts::FilmJob};
use crate::state::channel::Channel;
use crate::{
    files::picture_file::{Film, save_gif},
    state::{
        jobs,
        notices::{Tone, Topic},
        recipe::PictureKind,
        walks,
    },
    words,
};

/// The thread that writes does not wake the window for each frame; so often the window looks how far it is.
const PROGRESS: Duration = Duration::from_millis(100);

impl App {
    pub(super) fn start_film(
        &mut self,
        kind: PictureKind,
        path: PathBuf,
        scale: usize,
        recipe: String,
    ) {
        if self.film.making.is_some() {
            let text = "A film is being made already: wait for it, or cancel it.";
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        let (Some(open), Some(scene)) = (self.open_model(), self.controls.scene()) else {
            return;
        };
        if kind == PictureKind::Morph && open.region_names().len() < 2 {
            let text = words::no_morph(open.is_conditional());
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        let timeline = self.controls.timeline;
        let walk = match kind {
            PictureKind::Morph => walks::morph(scene, open),
            PictureKind::Traversal => walks::traversal(scene, open),
            _ => walks::show(&timeline, &self.stops()),
        };
        if walk.frames.is_empty() {
            let text = "There is nothing to show yet: press B to keep what you see as a bookmark.";
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        let frames = walk
            .frames
            .into_iter()
            .map(|frame| jobs::given(frame, open));
        let (pictures, order) = walks::distinct(frames.collect());
        let sampler = open.sampler(scene.sampler);
        self.session.forget(Channel::Export);
        self.film.making = Some(FilmJob {
            model: self.controls.model.clone(),
            judge: self.controls.judges.get(&self.controls.model).cloned(),
            sampler,
            kind,
            path,
            recipe,
            pictures,
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
        let Some(job) = self.film.next_job() else {
            return;
        };
        if self.session.submit(&job, self.controls.scene()) {
            self.outbox.push(job);
        }
    }

    /// Goes on with the film: more images, or the file.
    pub(super) fn make_film(&mut self, ctx: &egui::Context) {
        let drawn = self.film.drawn();
        let Some(making) = &self.film.making else {
            return;
        };
        if !drawn {
            if !self.session.pending(Channel::Export) {
                self.draw_on();
                ctx.request_repaint();
            }
        } else if !self.film.writing {
            self.film.writing = true;
            making.progress.done.store(0, Ordering::Relaxed);
            let (path, recipe) = (making.path.clone(), making.recipe.clone());
            let (film, progress) = (making.film.clone(), Arc::clone(&making.progress));
            self.tasks.make_film(ctx, path, move |path| {
                save_gif(path, &film, &recipe, &progress).map_err(|error| format!("{error:#}"))
            });
        }
        if self.film.writing {
            // The thread that writes does not wake the window for each frame.
            ctx.request_repaint_after(PROGRESS);
        }
    }

    /// The film is written, or was given up.
    pub(super) fn end_film(&mut self, path: &Path, outcome: Result<bool, String>) {
        self.film.end();
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
        self.film.end();
        self.session.forget(Channel::Export);
    }
}
