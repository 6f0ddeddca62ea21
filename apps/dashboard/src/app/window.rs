//! The window as a whole: what is in front, how it looks, how it ends.

use eframe::egui::{self, Vec2, ViewportCommand};

use super::App;
use crate::{
    panels::command_palette::CommandPalette,
    state::{
        command::WindowCommand,
        controls::Space,
        dock::{DockLayout, Docked},
    },
    theme::FIRST_SIZE,
};

impl App {
    pub(super) fn window_command(&mut self, ctx: &egui::Context, command: WindowCommand) {
        match command {
            WindowCommand::GoTo(space) => self.controls.space = space,
            WindowCommand::Theme(theme) => ctx.set_theme(theme),
            WindowCommand::Present(on) => self.present(ctx, on),
            WindowCommand::ToggleHeatmap => {
                self.controls.view.overlay = !self.controls.view.overlay;
            }
            WindowCommand::ToggleDrawing => {
                self.panels.explore.toggle_drawing(self.controls.space);
                // The sheet is in this panel.
                self.controls.layout.unfold(Docked::Verdict);
                self.controls.space = Space::Explore;
            }
            WindowCommand::ToggleHelp => self.dialogs.help = !self.dialogs.help,
            WindowCommand::TogglePalette => {
                let closed = self.dialogs.palette.is_none();
                self.dialogs.palette = closed.then(CommandPalette::default);
            }
            WindowCommand::Tour(step) => {
                self.kept.notebook.tour_done |= step.is_none();
                self.dialogs.tour = step;
            }
            WindowCommand::ResetLayout => self.reset_layout(ctx),
            WindowCommand::ForgetSession => self.forget(ctx),
            WindowCommand::Dismiss(id) => self.notices.dismiss(id),
            WindowCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    fn present(&mut self, ctx: &egui::Context, on: bool) {
        if self.show.presenting == on {
            return;
        }
        self.show.presenting = on;
        self.dialogs.help = false;
        // A slider in focus would take the keys that step through bookmarks.
        ctx.memory_mut(|memory| {
            if let Some(id) = memory.focused() {
                memory.surrender_focus(id);
            }
        });
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(on));
    }

    fn reset_layout(&mut self, ctx: &egui::Context) {
        self.controls.timeline.unfolded = false;
        self.controls.layout = DockLayout::default();
        ctx.set_zoom_factor(1.0);
        // Folded parts, scroll positions.
        ctx.memory_mut(|memory| memory.data.clear());
        ctx.send_viewport_cmd(ViewportCommand::InnerSize(Vec2::from(FIRST_SIZE)));
    }
}
