//! What comes of work in the background, and of files that are dropped on the window.

use eframe::egui;

use super::App;
use crate::{
    app::tasks::Done,
    panels::path_prompt,
    state::{
        command::Purpose,
        controls::Space,
        notices::{Tone, Topic},
    },
};

impl App {
    pub(super) fn finish(&mut self, ctx: &egui::Context, done: Done) {
        match done {
            Done::OffDevice(Ok(image)) => self.copy(ctx, &image),
            Done::OffDevice(Err(message)) => {
                self.notices.say(Topic::Clipboard, Tone::Bad, message);
            }
            Done::Image(path, Ok((image, warnings))) => {
                if let Some(path) = path {
                    self.kept.recent.image(path);
                }
                self.notices.clear(Topic::File);
                if let Some(warning) = warnings.first() {
                    let text = format!("{}: {warning}.", image.name);
                    self.notices.say(Topic::File, Tone::Bad, text);
                }
                self.controls.space = Space::Explore;
                self.encode(image);
            }
            Done::Inspected(Ok(found)) => self.notices.say(Topic::File, Tone::Good, found),
            Done::Recipe(path, recipe) => {
                self.kept.recent.image(path);
                self.restore(*recipe);
            }
            Done::Saved(path, Ok(())) => {
                let text = format!("Saved {}", path.display());
                self.notices.say(Topic::File, Tone::Good, text);
            }
            Done::Failed(message) => {
                // It may have been the film.
                self.give_film_up();
                self.notices.say(Topic::File, Tone::Bad, message);
            }
            Done::Image(_, Err(message))
            | Done::Inspected(Err(message))
            | Done::Saved(_, Err(message)) => {
                self.notices.say(Topic::File, Tone::Bad, message);
            }
            Done::Chosen(purpose, path) => {
                let scale = self.dialogs.path.take().map_or(1, |prompt| prompt.scale);
                self.commands
                    .push(path_prompt::command(purpose, path, scale));
            }
            Done::Film(path, outcome) => self.end_film(&path, outcome),
            Done::Screenshot(path, recipe, image) => self.save_screenshot(ctx, path, recipe, image),
            Done::Photographed(sheet) => self.ask_where_to_save_sheet(sheet),
            Done::Unfolded(model, flag, at) => self.panels.map.receive(&model, &flag, at),
        }
    }

    pub(super) fn take_dropped_file(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(file) = dropped.first() else { return };
        let path = file.path().to_owned();
        if path.is_dir() && !path.join(studio::MANIFEST).is_file() {
            self.tasks.inspect(ctx, path);
            return;
        }
        let purpose = if path.is_dir() {
            Purpose::OpenModel
        } else {
            Purpose::OpenImage
        };
        self.commands.push(path_prompt::command(purpose, path, 1));
    }
}
