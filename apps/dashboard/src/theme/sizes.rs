//! Distances and sizes, in points.

use eframe::egui;

/// Width and height of the window the first time, in points.
pub const FIRST_SIZE: (f32, f32) = (1440.0, 900.0);
/// Space between things that belong together, in points.
pub const GAP: f32 = 8.0;
/// Space between groups.
pub const GROUP_GAP: f32 = 16.0;
/// Height of the top bar.
pub const TOP_BAR: f32 = 46.0;
/// Size of small type.
pub(super) const SMALL: f32 = 12.0;
/// Height of the status bar: a line of small type with a gap above and below.
pub const STATUS_BAR: f32 = SMALL + 2.0 * GAP;
/// Width of the panel on the left of Explore and Anchors.
pub const LEFT_PANEL: f32 = 332.0;
/// Width of the panel on the right of Explore.
pub const RIGHT_PANEL: f32 = 260.0;
/// Height of a row of controls over a space.
pub const CONTROL_BAR: f32 = 48.0;
/// Height of the strip of bookmarks and shows when it is folded.
pub const STRIP_BAR: f32 = 38.0;
/// Height of the bookmarks in it when it is not.
pub const STRIP_SHELF: f32 = 88.0;
/// A lower or narrower content than this, which a zoom makes of any window, does without what can be had elsewhere.
const LOW: f32 = 560.0;
const NARROW: f32 = 1000.0;
/// Least width of a menu.
pub const MENU: f32 = 230.0;
/// Corner radius of cards, buttons and pictures.
pub const RADIUS: u8 = 5;

/// Whether the window is low, in points: small, or zoomed in.
#[must_use]
pub fn is_low(ui: &egui::Ui) -> bool {
    ui.ctx().content_rect().height() < LOW
}

/// Whether the window is narrow, in points: small, or zoomed in.
#[must_use]
pub fn is_narrow(ui: &egui::Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}
