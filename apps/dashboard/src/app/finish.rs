//! What comes of work in the background, and of files that are dropped on the window.

use std::path::PathBuf;

use eframe::egui;

use super::App;
use crate::{
    app::tasks::{Done, ReadFor},
    panels::path_prompt,
    state::{
        command::{Purpose, TrainCommand},
        import::Source,
        notices::{Tone, Topic},
    },
};

impl App {
    pub(super) fn finish(&mut self, ctx: &egui::Context, done: Done) {
        match done {
            Done::OffDevice(ReadFor::Clipboard, Ok(image)) => self.copy(ctx, &image),
            Done::OffDevice(ReadFor::Clipboard, Err(message)) => {
                self.notices.say(Topic::Clipboard, Tone::Bad, message);
            }
            Done::OffDevice(ReadFor::Brush(revision), read) => {
                let read = read.map_err(|message| {
                    self.notices.say(Topic::File, Tone::Bad, message);
                });
                self.panels.explore.take_picture(revision, read.ok());
            }
            Done::Import(done) => self.finish_import(ctx, done),
            Done::Lessons(own) => self.take_lessons(own),
            Done::Example(saved) => self.take_example(saved),
            Done::Train(done) => self.finish_train(ctx, done),
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
            Done::Saved(_, Err(message)) => {
                self.notices.say(Topic::File, Tone::Bad, message);
            }
            Done::Chosen(purpose, path) => self.take_chosen(ctx, purpose, path),
            Done::Looked(path, taken) => {
                let prompt = self.dialogs.path.as_mut();
                if let Some(save) = prompt.and_then(|prompt| prompt.take_look(path, taken)) {
                    self.commands.push(save);
                    self.dialogs.path = None;
                }
            }
            Done::Free(suggested, free) => {
                if let Some(prompt) = &mut self.dialogs.path {
                    prompt.take_free_name(&suggested, &free);
                }
            }
            Done::Film(path, outcome) => self.end_film(&path, outcome),
            Done::Screenshot(path, recipe, image) => self.save_screenshot(ctx, path, recipe, image),
            Done::Unfolded(model, flag, at) => self.panels.map.receive(&model, &flag, at),
        }
    }

    /// A path from the desktop's dialog, which asks itself before a file is replaced. With another ending it may be another file.
    fn take_chosen(&mut self, ctx: &egui::Context, purpose: Purpose, path: PathBuf) {
        if path_prompt::completed(purpose, path.clone()) != path
            && let Some(prompt) = &mut self.dialogs.path
        {
            prompt.text = path.display().to_string();
            return self.tasks.look(ctx, path_prompt::completed(purpose, path));
        }
        let scale = self.dialogs.path.take().map_or(1, |prompt| prompt.scale);
        self.commands
            .push(path_prompt::command(purpose, path, scale));
    }

    /// Pictures go to the tray, Train looks at a folder of data, and a model is opened.
    pub(super) fn take_dropped_files(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let paths: Vec<PathBuf> = dropped.iter().map(|file| file.path().to_owned()).collect();
        if !paths.is_empty() {
            self.take_paths(ctx, paths);
        }
    }

    /// Does with files and folders what is done with those that are dropped.
    pub(super) fn take_paths(&mut self, ctx: &egui::Context, paths: Vec<PathBuf>) {
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().partition(|path| path.is_dir());
        for folder in folders {
            if folder.join(studio::MANIFEST).is_file() {
                let open = path_prompt::command(Purpose::OpenModel, folder, 1);
                self.commands.push(open);
            } else {
                self.commands.push(TrainCommand::UseFolder(folder).into());
            }
        }
        if !files.is_empty() {
            self.bring(ctx, files.into_iter().map(Source::File).collect());
        }
    }
}
