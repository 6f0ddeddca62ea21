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
/// The smallest content that is laid out, in points: in a smaller window everything is drawn smaller instead. The picture has
/// room in it, and the bar on top.
pub const LEAST_CONTENT: (f32, f32) = (420.0, 240.0);
/// Least side of the picture, in points, wherever there is room for it or it can be scrolled to.
pub const LEAST_PICTURE: f32 = 160.0;
/// Least heights of the content at which the status bar has a place, the pictures of bookmarks, and the strip of bookmarks and
/// shows. In a lower one what they hold is in a menu.
const STATUS_BAR_FROM: f32 = 420.0;
const SHELF_FROM: f32 = 480.0;
const STRIP_FROM: f32 = 300.0;
/// Least width of a menu.
pub const MENU: f32 = 230.0;
/// Corner radius of cards, buttons and pictures.
pub const RADIUS: u8 = 5;

/// Takes so much height away from the spaces in this pass and those after it: a lesson stands under them.
pub fn take_height(ctx: &egui::Context, height: f32) {
    ctx.data_mut(|data| data.insert_temp(height_taken(), height));
}

fn height_taken() -> egui::Id {
    egui::Id::unique("height taken")
}

/// Height of the content without what was taken away, in points.
fn height(ui: &egui::Ui) -> f32 {
    let taken: Option<f32> = ui.data(|data| data.get_temp(height_taken()));
    ui.ctx().content_rect().height() - taken.unwrap_or(0.0)
}

/// Whether the window is low, in points: small, or zoomed in.
#[must_use]
pub fn is_low(ui: &egui::Ui) -> bool {
    height(ui) < LOW
}

/// Whether the window is narrow, in points: small, or zoomed in.
#[must_use]
pub fn is_narrow(ui: &egui::Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}

/// Whether there is room for the status bar.
#[must_use]
pub fn has_status_bar(ui: &egui::Ui) -> bool {
    height(ui) >= STATUS_BAR_FROM
}

/// Whether there is room for the strip of bookmarks and shows.
#[must_use]
pub fn has_strip(ui: &egui::Ui) -> bool {
    height(ui) >= STRIP_FROM
}

/// Whether there is room for the pictures of bookmarks.
#[must_use]
pub fn has_shelf(ui: &egui::Ui) -> bool {
    height(ui) >= SHELF_FROM
}

/// `width`, or what the window has room for.
#[must_use]
pub fn at_most(ctx: &egui::Context, width: f32) -> f32 {
    width.min(ctx.content_rect().width() - 4.0 * GROUP_GAP)
}

/// Width of the track of a slider in a row of controls: it grows with the window.
#[must_use]
pub fn track(ui: &egui::Ui) -> f32 {
    (ui.ctx().content_rect().width() * 0.06).clamp(56.0, 200.0)
}
