//! Every colour and distance of the window, in dark and light.

mod class_colors;
mod colors;
mod frames;
mod oklab;
mod point_mark;
mod sizes;
mod style;

pub use colors::{Palette, palette};
pub use frames::{card_frame, panel_frame};
pub use point_mark::PointMark;
pub use sizes::{
    CONTROL_BAR, FIRST_SIZE, GAP, GROUP_GAP, LEAST_CONTENT, LEAST_PICTURE, LEFT_PANEL, MENU,
    RADIUS, RIGHT_PANEL, STATUS_BAR, STRIP_BAR, STRIP_SHELF, TOP_BAR, at_most, has_shelf,
    has_status_bar, has_strip, is_low, is_narrow, take_height, track,
};
pub use style::install;
