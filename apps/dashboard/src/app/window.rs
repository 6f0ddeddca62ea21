//! The window as a whole: what is in front, how it looks, how it ends.

use eframe::egui::{self, OpenUrl, Vec2, ViewportCommand};

use super::{App, tasks::ReadFor};
use crate::{
    panels::{command_palette::CommandPalette, lessons::GUIDE},
    state::{
        command::WindowCommand,
        controls::Space,
        dock::{DockLayout, Docked},
        zoom::Zoom,
    },
    theme::{self, FIRST_SIZE},
};

impl App {
    pub(super) fn window_command(&mut self, ctx: &egui::Context, command: WindowCommand) {
        match command {
            WindowCommand::GoTo(space) => self.controls.space = space,
            WindowCommand::Theme(theme) => ctx.set_theme(theme),
            WindowCommand::Zoom(zoom) => self.kept.zoom = self.kept.zoom.after(zoom),
            WindowCommand::Present(on) => self.present(ctx, on),
            WindowCommand::BlackOut => {
                self.show.black = self.show.presenting && !self.show.black;
            }
            WindowCommand::ToggleHeatmap => {
                self.controls.view.overlay = !self.controls.view.overlay;
            }
            WindowCommand::ToggleNearest => {
                self.controls.nearest = !self.controls.nearest;
                // They are in this panel.
                self.controls.layout.unfold(Docked::Verdict);
                self.controls.space = Space::Explore;
            }
            WindowCommand::ToggleDrawing => {
                self.panels.explore.toggle_drawing(self.controls.space);
                // The sheet is in this panel.
                self.controls.layout.unfold(Docked::Verdict);
                self.controls.space = Space::Explore;
            }
            WindowCommand::ToggleBrush => {
                self.panels.explore.toggle_brush(self.controls.space);
                self.controls.space = Space::Explore;
            }
            WindowCommand::ReadPicture(revision) => self.read_picture(ctx, revision),
            WindowCommand::TogglePad => self.toggle_pad(),
            WindowCommand::ToggleHistory => {
                self.controls.history_unfolded = !self.controls.history_unfolded;
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
            WindowCommand::OpenPage(page) => ctx.open_url(OpenUrl::new_tab(page)),
            WindowCommand::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    /// Unfolds the pad where it can be seen, or folds it if it is seen.
    fn toggle_pad(&mut self) {
        let seen = self.controls.space == Space::Explore;
        self.controls.pad_unfolded = !(self.controls.pad_unfolded && seen);
        if self.controls.pad_unfolded {
            // It is in this panel.
            self.controls.layout.unfold(Docked::Sliders);
        }
        self.controls.space = Space::Explore;
    }

    /// Copies the picture in front to the host, if it is this answer still.
    fn read_picture(&mut self, ctx: &egui::Context, revision: u64) {
        let answers = self.session.answers(&self.controls.model);
        let frame = answers.frame.as_ref();
        if let Some(frame) = frame.filter(|frame| frame.revision == revision) {
            let shown = frame.value.clone();
            self.tasks
                .read_from_device(ctx, shown, ReadFor::Brush(revision));
        } else {
            self.panels.explore.take_picture(revision, None);
        }
    }

    /// Whether the brush for the picture is seen, with nothing over it that keys are meant for.
    pub(super) fn has_brush_in_front(&self) -> bool {
        let covered = self.show.presenting || self.dialogs.help || self.dialogs.tour.is_some();
        let front = self.controls.space == Space::Explore;
        front && !covered && self.panels.explore.has_brush()
    }

    fn present(&mut self, ctx: &egui::Context, on: bool) {
        if self.show.presenting == on {
            return;
        }
        (self.show.presenting, self.show.black) = (on, false);
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
        self.controls.pad_unfolded = false;
        self.controls.layout = DockLayout::default();
        self.kept.zoom = Zoom::default();
        // Folded parts, scroll positions.
        ctx.memory_mut(|memory| memory.data.clear());
        // This is still in points of the old zoom.
        let size = Vec2::from(FIRST_SIZE) / ctx.zoom_factor();
        let screen = ctx.input(|input| input.viewport().monitor_size);
        let size = screen.map_or(size, |screen| size.min(screen));
        ctx.send_viewport_cmd(ViewportCommand::InnerSize(size));
    }

    /// Draws everything as large as the person wants it and the window allows, from the next pass on.
    pub(super) fn fit_zoom(&mut self, ctx: &egui::Context) {
        /// At its least height a panel beside the picture ends under the window, and would end under the guide.
        const BESIDE_GUIDE: f32 = 20.0;
        /// A change that nobody sees, which rounding makes.
        const NOTHING: f32 = 1e-3;
        let now = ctx.zoom_factor();
        // A lesson stands under the spaces, which keep what they need.
        let guided = self.lessons.running.is_some() && !self.show.presenting;
        let taken = if guided { GUIDE } else { 0.0 };
        theme::take_height(ctx, taken);
        let least = if guided { taken + BESIDE_GUIDE } else { 0.0 };
        let wanted = self.kept.zoom.factor_beside(window_size(ctx), least);
        if (wanted / now - 1.0).abs() > NOTHING {
            ctx.set_zoom_factor(wanted);
        }
        if self.panels.zoomed.replace(now) != Some(now) {
            // egui lays the first pass of a new zoom out in the window as it was before.
            ctx.request_repaint();
        }
    }

    /// How large the person wants everything.
    #[must_use]
    pub fn zoom(&self) -> Zoom {
        self.kept.zoom
    }
}

/// Width and height of the window, in points of the screen: those of the content are larger when it is zoomed in.
#[must_use]
pub fn window_size(ctx: &egui::Context) -> Vec2 {
    ctx.content_rect().size() * ctx.zoom_factor()
}
