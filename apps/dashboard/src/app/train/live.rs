//! The newest weights of a run as a model in Explore, and its pictures as a film.

use std::path::PathBuf;

use eframe::egui::Context;
use runs::RunFolder;
use studio::ModelSource;

use super::look;
use crate::app::App;
use crate::files::sheet_film::save_sheets;
use crate::panels::path_prompt::PathPrompt;
use crate::state::{
    command::{ModelCommand, Purpose},
    controls::Space,
    jobs,
    notices::{Tone, Topic},
    train::Live,
};

/// How long a frame of a run's film is seen, in hundredths of a second, and how wide it is, in pixels.
const FILM_DELAY: u16 = 12;
const FILM_WIDTH: usize = 512;

impl App {
    /// Opens the newest weights in place of those that are open.
    pub(super) fn follow_live(&mut self) {
        let Some(shown) = &mut self.training.shown else {
            return;
        };
        let Some((folder, step)) = shown.view.live.clone() else {
            return;
        };
        let source = ModelSource::Folder(folder);
        match shown.live {
            Live::Wanted => {
                shown.live = Live::Open(step);
                self.model_command(ModelCommand::Open(source));
                self.controls.space = Space::Explore;
            }
            Live::Open(before) if before < step => {
                shown.live = Live::Open(step);
                self.session.refresh(&source);
                let job = jobs::open(&self.controls, &source);
                if self.session.submit(&job, None) {
                    self.outbox.push(job);
                }
            }
            Live::Off | Live::Open(_) => {}
        }
    }

    pub(super) fn set_live(&mut self, on: bool) {
        if let (Some(trainer), Some(shown)) = (&self.train.trainer, &mut self.training.shown) {
            trainer.control().set_live(on);
            shown.live = if on { Live::Wanted } else { Live::Off };
        }
        if !on {
            self.close_live();
        }
    }

    /// Puts the model of unfinished weights away, if it is open.
    pub(super) fn close_live(&mut self) {
        let Some(shown) = &mut self.training.shown else {
            return;
        };
        shown.live = Live::Off;
        let folder = RunFolder::of(&shown.view.settings).live();
        let source = ModelSource::Folder(folder);
        if self.session.model(&source).is_some() || self.controls.model == source {
            self.model_command(ModelCommand::Close(source));
        }
    }

    pub(super) fn ask_where_to_save_film(&mut self, ctx: &Context) {
        let Some(shown) = &self.training.shown else {
            return;
        };
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let name = shown.model().short_name();
        let path = folder.join(format!("latent-lens-{name}-training.gif"));
        self.dialogs.path = Some(PathPrompt::to_save(Purpose::SaveRunFilm, &path));
        self.tasks.find_free_name(ctx, path);
    }

    pub(super) fn save_run_film(&mut self, ctx: &Context, path: PathBuf) {
        let Some(shown) = &self.training.shown else {
            return;
        };
        let Some(film) = look::film(&shown.view, FILM_WIDTH, FILM_DELAY) else {
            let text = "There are no pictures of this run yet.";
            return self.notices.say(Topic::Train, Tone::Bad, text);
        };
        self.tasks.save(ctx, path, move |path| {
            save_sheets(path, &film).map_err(|error| format!("{error:#}"))
        });
    }
}
