//! Carrying commands out: each goes to the part of the app that knows its subject.

use eframe::egui;

use super::App;
use crate::state::command::Command;

impl App {
    pub(super) fn run(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Window(command) => self.window_command(ctx, command),
            Command::Model(command) => self.model_command(command),
            Command::File(command) => self.file_command(ctx, command),
            Command::Import(command) => self.import_command(ctx, command),
            Command::Clipboard(command) => self.clipboard_command(ctx, command),
            Command::Scene(command) => self.scene_command(command),
            Command::Bookmark(command) => self.bookmark_command(command),
            Command::Show(command) => self.show_command(ctx, command),
            Command::Notebook(command) => self.notebook_command(command),
            Command::Map(command) => self.map_command(ctx, command),
            Command::Compare(command) => self.compare_command(command),
            Command::Train(command) => self.train_command(ctx, command),
            Command::Lesson(command) => self.lesson_command(ctx, command),
            Command::Dock(command) => self.controls.layout.carry_out(command),
        }
        // What was carried out after the panels were painted shows at the next pass.
        ctx.request_repaint();
    }
}
