//! Carrying commands out, and what comes of work in the background.

use std::path::PathBuf;

use crate::channel::Channel;
use datasets::{ClassId, Fit};
use eframe::egui;
use studio::Manifest;

use super::App;
use crate::{
    command::Command,
    controls::{InputImage, Scene, Space, Start},
    export, jobs, memory, notebook,
    notices::{Tone, Topic},
    panels::{
        command_palette::CommandPalette,
        dock::Docked,
        name_prompt::NamePrompt,
        path_prompt::{self, PathPrompt},
    },
    recipe::Shows,
    sheet::Sheet,
    shown::Shown,
    tasks::{Done, Purpose},
};

impl App {
    pub(super) fn run(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Show(space) => self.controls.space = space,
            Command::OpenModel(model) => self.controls.model = memory::lasting(model),
            Command::RetryModel => self.session.retry(&self.controls.model),
            Command::Theme(theme) => ctx.set_theme(theme),
            Command::StartFromAnchor(class) => self.start_from_anchor(class),
            Command::StartFromSample(index) => self.start_from_sample(index),
            Command::BackToStart => self.change(|scene| scene.latent.clone_from(&scene.origin)),
            Command::OpenImage(path) => self.tasks.read_image(ctx, path, self.fit()),
            Command::Explore { latent, start } => {
                self.controls.space = Space::Explore;
                self.change(|scene| scene.go(latent, start));
            }
            Command::Randomise => self.change(Scene::randomise),
            Command::Reset => self.reset(),
            Command::ShowDimension(dim) => {
                self.controls.space = Space::Explore;
                self.change(|scene| scene.selected = dim);
            }
            Command::Undo if self.drawing() && self.explore.undo_stroke() => {}
            Command::Redo if self.drawing() && self.explore.redo_stroke() => {}
            Command::Undo => self.history.undo(&mut self.controls),
            Command::Redo => self.history.redo(&mut self.controls),
            Command::AskForImage => {
                self.prompt = Some(PathPrompt::new(Purpose::OpenImage, String::new()));
            }
            Command::AskForModel => {
                self.prompt = Some(PathPrompt::new(Purpose::OpenModel, String::new()));
            }
            Command::AskWhereToSave(shows) => self.ask_where_to_save(shows),
            Command::Save(shows, path, scale) => self.save(ctx, shows, path, scale),
            Command::CancelFilm => self.cancel_film(),
            Command::CopyScene => self.copy_scene(ctx),
            Command::AskForPaste => Self::ask_for_paste(ctx),
            Command::Paste(text) => self.paste(&text),
            Command::AskWhereToSaveSheet(sheet) => self.ask_where_to_save_sheet(sheet),
            Command::Photograph { name, rect } => self.tasks.photograph(ctx, name, rect),
            Command::SaveSheet(path) => {
                if let Some(sheet) = self.sheet.take() {
                    self.tasks.save_sheet(ctx, path, sheet);
                }
            }
            Command::CopyImage => match self.shown() {
                None => {}
                Some(Shown::Host(frame)) => self.copy(ctx, &frame.image),
                Some(live @ Shown::Live(_)) => self.tasks.read_pixels(ctx, live),
            },
            Command::ToggleHelp => self.help = !self.help,
            Command::Present(on) => self.present(ctx, on),
            Command::AddBookmark => self.add_bookmark(),
            Command::JumpTo(index) => self.jump_to(index),
            Command::StepBookmark(by) => self.step_bookmark(by),
            Command::RenameBookmark(index, name) => self.controls.rename_bookmark(index, &name),
            Command::DeleteBookmark(index) => self.delete_bookmark(index),
            Command::TogglePlay => self.toggle_play(ctx),
            Command::Through(stops) => self.controls.timeline.stops = stops,
            Command::Seek(step) => self.seek(step),
            Command::StepStop(by) => self.step_stop(by),
            Command::ResetLayout => self.reset_layout(ctx),
            Command::ForgetSession => self.forget(ctx),
            Command::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Command::Dismiss(id) => self.notices.dismiss(id),
            Command::Draw => {
                self.explore.toggle_drawing(self.controls.space);
                // The sheet is in this panel.
                self.controls.layout.unfold(Docked::Verdict);
                self.controls.space = Space::Explore;
            }
            Command::ToggleHeatmap => self.controls.view.overlay = !self.controls.view.overlay,
            Command::TogglePalette => {
                self.palette = self.palette.is_none().then(CommandPalette::default);
            }
            Command::Tour(step) => {
                self.notebook.tour_done |= step.is_none();
                self.tour = step;
            }
            Command::StartFromImage(image) => self.encode(image),
            Command::PasteImage(picture) => self.tasks.read_pasted(ctx, picture, self.fit()),
            Command::UnlockAll => self.change(|scene| scene.locked.fill(false)),
            Command::NameDimension(dim) => {
                let note = self.notebook.note(self.weights(), dim).cloned();
                self.naming = Some(NamePrompt::new(dim, note.unwrap_or_default()));
            }
            Command::SetNote(dim, note) => {
                let weights = self.weights().to_owned();
                self.notebook.set_note(&weights, dim, note);
            }
            Command::KeepDirection(kept) => {
                let weights = self.weights().to_owned();
                self.notebook.keep_direction(&weights, kept);
            }
            Command::ForgetDirection(name) => {
                let weights = self.weights().to_owned();
                self.notebook.forget_direction(&weights, &name);
            }
            Command::UnfoldMap => self.unfold_map(ctx),
            Command::RetryMap => self.session.forget(Channel::Map),
            Command::Compare(command) => self.compare(command),
            Command::Dock(command) => self.controls.layout.carry_out(command),
        }
        // What was carried out after the panels were painted shows at the next pass.
        ctx.request_repaint();
    }

    /// Changes the scene in front, if a model is open.
    fn change(&mut self, change: impl FnOnce(&mut Scene)) {
        if let Some(scene) = self.controls.scene_mut() {
            change(scene);
        }
    }

    /// Whether the sheet to draw on may be in front.
    fn drawing(&self) -> bool {
        self.controls.space == Space::Explore
    }

    /// By which the notebook knows the model in front.
    fn weights(&self) -> &str {
        let manifest = self.session.manifest(&self.controls.model);
        manifest.map_or("", notebook::weights)
    }

    fn start_from_anchor(&mut self, class: ClassId) {
        let manifest = self.session.manifest(&self.controls.model);
        let Some(vae) = manifest.and_then(|manifest| manifest.vae.as_ref()) else {
            return;
        };
        if class.index() < vae.regions.classes() {
            let latent = vae.regions.anchor(class);
            if let Some(scene) = self.controls.scene_mut() {
                scene.go(latent, Start::Anchor(class));
            }
        }
    }

    fn start_from_sample(&mut self, index: usize) {
        let manifest = self.session.manifest(&self.controls.model);
        let dataset = manifest.and_then(Manifest::known_dataset);
        let Some(images) = dataset.and_then(|dataset| self.samples.get(&dataset)) else {
            return;
        };
        let Some(scene) = self.controls.scenes.get_mut(&self.controls.model) else {
            return;
        };
        if index >= images.len() {
            return;
        }
        scene.sample = index;
        let image = InputImage::of_sample(images, index);
        self.encode(image);
    }

    /// Asks for the latent of an image; the scene goes there when it comes.
    fn encode(&mut self, image: InputImage) {
        let job = jobs::encode(&self.controls.model, &image);
        let Some(scene) = self.controls.scene() else {
            return;
        };
        let mut asked = scene.clone();
        asked.start = Start::Image(image);
        if self.session.submit(&job, Some(&asked)) {
            self.outbox.push(job);
        }
    }

    fn reset(&mut self) {
        let manifest = self.session.manifest(&self.controls.model);
        let Some(vae) = manifest.and_then(|manifest| manifest.vae.as_ref()) else {
            return;
        };
        let stats = vae.latent.clone();
        if let Some(scene) = self.controls.scene_mut() {
            scene.reset(&stats);
        }
    }

    fn copy(&mut self, ctx: &egui::Context, pixels: &[f32]) {
        ctx.copy_image(export::picture(pixels));
        let text = "The image is on the clipboard.";
        self.notices.say(Topic::Clipboard, Tone::Good, text);
    }

    pub(super) fn finish(&mut self, ctx: &egui::Context, done: Done) {
        match done {
            Done::Pixels(Ok(pixels)) => self.copy(ctx, &pixels),
            Done::Pixels(Err(message)) => {
                self.notices.say(Topic::Clipboard, Tone::Bad, message);
            }
            Done::Image(path, Ok(image)) => {
                if let Some(path) = path {
                    self.recent.image(path);
                }
                self.notices.clear(Topic::File);
                self.controls.space = Space::Explore;
                self.encode(image);
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
            Done::Image(_, Err(message)) | Done::Saved(_, Err(message)) => {
                self.notices.say(Topic::File, Tone::Bad, message);
            }
            Done::Chosen(purpose, path) => {
                let scale = self.prompt.take().map_or(1, |prompt| prompt.scale);
                self.commands
                    .push(path_prompt::command(purpose, path, scale));
            }
            Done::Recipe(..) | Done::Film(..) | Done::Screenshot(..) => {
                self.finish_take_away(ctx, done);
            }
            Done::Photographed(sheet) => self.ask_where_to_save_sheet(sheet),
            Done::Sample(dataset, images) => {
                self.samples.insert(dataset, images);
            }
            Done::Unfolded(model, flag, at) => self.map.receive(&model, &flag, at),
        }
    }

    pub(super) fn take_dropped_file(&mut self, ctx: &egui::Context) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(file) = dropped.first() else { return };
        let path = file.path().to_owned();
        let purpose = if path.is_dir() {
            Purpose::OpenModel
        } else {
            Purpose::OpenImage
        };
        self.commands.push(path_prompt::command(purpose, path, 1));
    }

    /// How a picture of the person's own is fitted into 28x28 pixels: as the data set's were.
    fn fit(&self) -> Fit {
        let manifest = self.session.manifest(&self.controls.model);
        manifest
            .and_then(Manifest::known_dataset)
            .map_or(Fit::Whole, Fit::from)
    }

    /// The frame in front.
    fn shown(&self) -> Option<Shown> {
        let answers = self.session.answers(&self.controls.model);
        Some(answers.frame.as_ref()?.value.clone())
    }

    fn ask_where_to_save_sheet(&mut self, sheet: Sheet) {
        let image = PathBuf::from(self.file_name(Shows::Image));
        let stem = image.with_extension("").display().to_string();
        let name = format!("{stem}-{}.{}", sheet.name, sheet.extension());
        self.prompt = Some(PathPrompt::new(Purpose::SaveSheet, name));
        self.sheet = Some(sheet);
    }
}
