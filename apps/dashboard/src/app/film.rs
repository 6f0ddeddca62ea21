//! Films, and the sheet of the pad: drawn by the worker a few images at a time, then written on a thread.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use eframe::egui;

use super::{App, pad_sheet::PadSheet, parts::FilmJob};
use crate::state::channel::Channel;
use crate::{
    files::picture_file::{Film, save_gif, save_png},
    state::{
        jobs,
        model::OpenModel,
        notebook,
        notices::{Tone, Topic},
        recipe::PictureKind,
        scene::Scene,
        walks::{self, Walk},
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
            let text = "Something is being saved already: wait for it, or cancel it.";
            return self.notices.say(Topic::File, Tone::Bad, text);
        }
        let (Some(open), Some(scene)) = (self.open_model(), self.controls.scene()) else {
            return;
        };
        let walk = match self.walk(kind, scene, open) {
            Ok(walk) => walk,
            Err(text) => return self.notices.say(Topic::File, Tone::Bad, text),
        };
        let sheet = (kind == PictureKind::Pad).then(|| self.pad_sheet(scene, open));
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
            predictions: Vec::new(),
            sheet: sheet.flatten(),
            progress: Arc::default(),
        });
        self.draw_on();
    }

    /// What is drawn for a film or a sheet, or why there is nothing to draw.
    fn walk(
        &self,
        kind: PictureKind,
        scene: &Scene,
        open: &OpenModel,
    ) -> Result<Walk, &'static str> {
        let walk = match kind {
            PictureKind::Morph if open.region_names().len() < 2 => {
                return Err(words::no_morph(open.is_conditional()));
            }
            PictureKind::Morph => walks::morph(scene, open),
            PictureKind::Traversal => walks::traversal(scene, open),
            PictureKind::Pad => walks::pad(scene, open),
            _ => walks::show(&self.controls.timeline, &self.stops()),
        };
        match kind {
            _ if !walk.frames.is_empty() => Ok(walk),
            PictureKind::Pad if scene.pad.axes(&open.space.statistics).is_none() => {
                Err(words::NO_PAD)
            }
            PictureKind::Pad => Err(words::STILL_PAD),
            _ => Err("There is nothing to show yet: press B to keep what you see as a bookmark."),
        }
    }

    /// What the sheet of the pad says of itself.
    fn pad_sheet(&self, scene: &Scene, open: &OpenModel) -> Option<PadSheet> {
        let axes = scene.pad.axes(&open.space.statistics)?;
        let weights = notebook::weights(&open.manifest);
        let notebook = &self.kept.notebook;
        Some(PadSheet {
            names: axes.map(|axis| notebook.axis_called(weights, &axis)),
            side: scene.pad.side,
            classes: open
                .judge
                .as_ref()
                .map_or_else(Vec::new, |judge| judge.class_names.clone()),
        })
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
            self.write_film(ctx);
        }
        if self.film.writing {
            // The thread that writes does not wake the window for each frame.
            ctx.request_repaint_after(PROGRESS);
        }
    }

    /// Has the file written, for which all images are drawn.
    fn write_film(&self, ctx: &egui::Context) {
        let Some(making) = &self.film.making else {
            return;
        };
        let (path, recipe) = (making.path.clone(), making.recipe.clone());
        let (film, progress) = (making.film.clone(), Arc::clone(&making.progress));
        let sheet = making.sheet.as_ref().map(|sheet| {
            let said = in_order(&making.predictions, &film.order);
            let images = in_order(&film.images, &film.order);
            sheet.lettered(ctx, images, film.scale, &said)
        });
        self.tasks.make_film(ctx, path, move |path| {
            let written = match sheet {
                None => save_gif(path, &film, &recipe, &progress),
                Some(sheet) => save_png(path, &sheet.raster(), &recipe).map(|()| true),
            };
            written.map_err(|error| format!("{error:#}"))
        });
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
                let text = "It was cancelled, and nothing was saved.";
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

/// Those of `all` that each frame shows.
fn in_order<T: Clone>(all: &[T], order: &[usize]) -> Vec<T> {
    let each = order.iter();
    each.filter_map(|&index| all.get(index).cloned()).collect()
}
