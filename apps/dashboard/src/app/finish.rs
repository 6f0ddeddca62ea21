//! What comes of work in the background, and of files that are dropped on the window.

use std::path::PathBuf;

use eframe::egui;

use super::App;
use crate::{
    app::tasks::Done,
    panels::path_prompt,
    state::{
        command::{Purpose, TrainCommand},
        controls::Space,
        import::Source,
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
            Done::Import(done) => self.finish_import(ctx, done),
            Done::Train(done) => self.finish_train(ctx, done),
            Done::Inspected(Ok(found)) => self.notices.say(Topic::File, Tone::Good, found),
            Done::Saved(path, Ok(())) => {
                let text = format!("Saved {}", path.display());
                self.notices.say(Topic::File, Tone::Good, text);
            }
            Done::Failed(message) => {
                // It may have been the film, or the picture in the card.
                self.give_film_up();
                if let Some(card) = &mut self.import.card {
                    card.give_up(&message);
                }
                self.notices.say(Topic::File, Tone::Bad, message);
            }
            Done::Inspected(Err(message)) | Done::Saved(_, Err(message)) => {
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

    /// Pictures go to the tray, a folder of data is looked at, and a model is opened.
    pub(super) fn take_dropped_files(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let paths = dropped.iter().map(|file| file.path().to_owned());
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
        for folder in folders {
            if folder.join(studio::MANIFEST).is_file() {
                let open = path_prompt::command(Purpose::OpenModel, folder, 1);
                self.commands.push(open);
            } else if self.controls.space == Space::Train {
                self.commands.push(TrainCommand::UseFolder(folder).into());
            } else {
                self.tasks.inspect(ctx, folder);
            }
        }
        if !files.is_empty() {
            self.bring(ctx, files.into_iter().map(Source::File).collect());
        }
    }
}
