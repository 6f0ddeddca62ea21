//! What a window looks like, what becomes of it, and what its person is told.

use std::io::{self, Write as _};

use eframe::egui::{self, Pos2, ThemePreference, Vec2};

use crate::{
    app::{App, window::window_size},
    state::device::DeviceChange,
};

/// What a window that takes the place of a lost one has to look like.
pub(super) struct Appearance {
    pub theme: ThemePreference,
    pub size: Vec2,
    pub position: Option<Pos2>,
}

/// What became of a window.
#[derive(Default)]
pub(super) struct WindowOutcome {
    pub opened: bool,
    /// Why its device is gone.
    pub lost: Option<String>,
}

impl Appearance {
    pub fn remember(&mut self, ctx: &egui::Context) {
        self.theme = ctx.options(|options| options.theme_preference);
        // A new window counts in points of the screen.
        let zoom = ctx.zoom_factor();
        self.size = window_size(ctx);
        ctx.input(|input| {
            let viewport = input.viewport();
            let position = viewport.outer_rect.map(|rect| rect.min * zoom);
            self.position = position.or(self.position);
        });
    }
}

pub(super) fn lost_text(reason: &str) -> String {
    format!("the graphics device was lost ({reason})")
}

/// Tells whoever started the program on standard error, where nobody may listen any more.
pub fn tell_line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "latent-lens-dashboard: {text}");
}

/// Tells the person on the screen, and whoever started the program on standard error.
pub(super) fn tell(app: &mut App, change: DeviceChange) {
    tell_line(&format!("{}: {}", change.chosen.name, change.chosen.reason));
    app.change_device(change);
}
