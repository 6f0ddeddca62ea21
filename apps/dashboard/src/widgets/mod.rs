//! Widgets: functions that take a size, allocate it, interact, paint, and say what they are to screen readers.

mod bars;
pub mod canvas;
mod classes;
mod confusion;
mod direction_row;
mod fields;
mod finder;
mod gauge;
mod latent_row;
mod legend;
mod line_key;
mod marks;
mod overflow;
mod pad;
mod segments;
mod sigma_slider;
mod signs;
mod text;
mod tile;

pub use bars::{probability_bars, top_bars};
pub use classes::{MOST_BUTTONS, class_buttons, class_list};
pub use confusion::Confusion;
pub use direction_row::{DIRECTION_ROW, direction_row};
pub use fields::{checkbox, number, number_field, slider, text_field};
pub use finder::{Part, find_nothing, find_parts};
pub use gauge::{Gauge, gauge, word_for};
pub use latent_row::{LatentRow, RowResponse, latent_row};
pub use legend::{color_bar, difference_bar, graded_bar};
pub use line_key::{KeyLine, line_key};
pub use marks::{check_mark, cross_mark, hollow_mark, padlock, point_marks, tick};
pub use overflow::overflow_row;
pub use pad::{Pad, pad};
pub use segments::{hinted_segments, segments};
pub use signs::{CLOSE, Sign, close_button, sign_button};
pub use text::{caption, elided, figure, path_end, percent, text_width, thousands, title};
pub use tile::{Tile, image_tile};
