//! Every colour and distance of the window, in dark and light.

mod class_colors;
mod colors;
mod frames;
mod sizes;
mod style;

pub use colors::{Palette, palette};
pub use frames::{card_frame, panel_frame};
pub use sizes::{
    CONTROL_BAR, FIRST_SIZE, GAP, GROUP_GAP, LEFT_PANEL, MENU, RADIUS, RIGHT_PANEL, STATUS_BAR,
    STRIP_BAR, STRIP_SHELF, TOP_BAR, is_low, is_narrow,
};
pub use style::install;
