//! What is copied and pasted: images, and scenes as text.

use datasets::Image;
use eframe::egui::{self, ViewportCommand};

use super::{App, export, tasks::ReadFor};
use crate::state::{
    command::ClipboardCommand,
    import::Source,
    notices::{Tone, Topic},
    pasted,
    recipe::{PictureKind, Recipe},
    shown::Shown,
};

impl App {
    pub(super) fn clipboard_command(&mut self, ctx: &egui::Context, command: ClipboardCommand) {
        match command {
            ClipboardCommand::CopyImage => match self.shown() {
                None => {}
                Some(Shown::Host(frame)) => self.copy(ctx, &frame.image),
                Some(live @ Shown::Live(_)) => {
                    self.tasks.read_from_device(ctx, live, ReadFor::Clipboard);
                }
            },
            ClipboardCommand::CopyScene => self.copy_scene(ctx),
            ClipboardCommand::AskForPaste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            ClipboardCommand::Paste(text) => self.paste(ctx, &text),
            ClipboardCommand::PasteImage(picture) => {
                self.bring(ctx, vec![Source::Clipboard(picture)]);
            }
        }
    }

    /// The frame in front.
    fn shown(&self) -> Option<Shown> {
        let answers = self.session.answers(&self.controls.model);
        Some(answers.frame.as_ref()?.value.clone())
    }

    pub(super) fn copy(&mut self, ctx: &egui::Context, image: &Image) {
        ctx.copy_image(export::picture(image));
        let text = "The image is on the clipboard.";
        self.notices.say(Topic::Clipboard, Tone::Good, text);
    }

    fn copy_scene(&mut self, ctx: &egui::Context) {
        match self.recipe(PictureKind::Image).map(|recipe| recipe.text()) {
            None => {}
            Some(Err(message)) => self.notices.say(Topic::Clipboard, Tone::Bad, message),
            Some(Ok(text)) => {
                ctx.copy_text(text);
                let text = "The scene is on the clipboard, as text.";
                self.notices.say(Topic::Clipboard, Tone::Good, text);
            }
        }
    }

    /// Paths of files are as good as the files themselves.
    fn paste(&mut self, ctx: &egui::Context, text: &str) {
        if let Some(paths) = pasted::paths(text) {
            return self.take_paths(ctx, paths);
        }
        match Recipe::parse(text) {
            Ok(recipe) => self.restore(recipe),
            Err(reason) => {
                let text = format!(
                    "The clipboard holds no scene, no picture and no path of a file: {reason}."
                );
                self.notices.say(Topic::Clipboard, Tone::Bad, text);
            }
        }
    }
}
