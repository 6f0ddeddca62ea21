//! A film on its way: which images the worker still has to draw, and how far the thread is that writes the file.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

use classifier::Prediction;
use studio::{Gallery, ModelSource, Request, Sampler};

use crate::app::pad_sheet::PadSheet;
use crate::state::channel::{Channel, Job};
use crate::{
    files::picture_file::{Film, FilmProgress},
    state::{
        conditioned::{self, ConditionedLatent},
        jobs,
        recipe::PictureKind,
    },
};

/// Images that are drawn at once: the window shows how far it is in between.
const CHUNK: usize = 16;

/// A film that is being made.
pub(in crate::app) struct FilmJob {
    pub model: ModelSource,
    pub judge: Option<ModelSource>,
    pub sampler: Sampler,
    pub kind: PictureKind,
    pub path: PathBuf,
    pub recipe: String,
    /// The different pictures of the film, of which the first `film.images.len()` are drawn.
    pub pictures: Vec<ConditionedLatent>,
    pub film: Film,
    /// What the judge says of the pictures that are drawn; nothing if nobody judges.
    pub predictions: Vec<Prediction>,
    /// The sheet that the pictures are put on, if they are no film.
    pub sheet: Option<PadSheet>,
    pub progress: Arc<FilmProgress>,
}

/// The film that is being made, and whether it is being written.
#[derive(Default)]
pub(in crate::app) struct FilmState {
    pub making: Option<FilmJob>,
    pub writing: bool,
}

impl FilmState {
    /// Whether every image is drawn.
    pub fn drawn(&self) -> bool {
        let drawn = |making: &FilmJob| making.film.images.len() >= making.pictures.len();
        self.making.as_ref().is_some_and(drawn)
    }

    /// The question for the next images.
    pub fn next_job(&self) -> Option<Job> {
        let making = self.making.as_ref()?;
        let drawn = making.film.images.len();
        let end = making.pictures.len().min(drawn + CHUNK);
        let next = making.pictures[drawn..end].iter().cloned();
        Some(Job {
            model: making.model.clone(),
            judge: making.judge.clone(),
            channel: Channel::Export,
            request: jobs::drawn_with(Request::Gallery(conditioned::gallery(next)), making.sampler),
        })
    }

    /// Takes images of the film.
    pub fn take(&mut self, job: &Job, gallery: Gallery) {
        if let Some(making) = &mut self.making
            && making.model == job.model
        {
            making.film.images.extend(gallery.images);
            making.predictions.extend(gallery.predictions);
            let drawn = making.film.images.len();
            making.progress.done.store(drawn, Ordering::Relaxed);
        }
    }

    pub fn cancel(&mut self) {
        if let Some(making) = &self.making {
            making.progress.cancelled.store(true, Ordering::Relaxed);
            if !self.writing {
                self.making = None;
            }
        }
    }

    /// The film is written, or given up.
    pub fn end(&mut self) {
        (self.making, self.writing) = (None, false);
    }

    /// How far the film is: what is being done, and the share of it that is.
    pub fn progress(&self) -> Option<(String, f32)> {
        let making = self.making.as_ref()?;
        let done = making.progress.done.load(Ordering::Relaxed);
        let (verb, all) = if self.writing {
            ("Writing", making.film.order.len())
        } else {
            ("Drawing", making.pictures.len())
        };
        let text = format!("{verb} the {}: {done}/{all}", making.kind.title());
        Some((text, done as f32 / all.max(1) as f32))
    }
}
