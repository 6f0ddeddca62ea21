//! What all plots have in common.

use eframe::egui::{RichText, Ui, Vec2b};
use egui_plot::{GridMark, HoverPosition, Plot};

use crate::theme;

const HEIGHT: f32 = 210.0;

/// A plot that is looked at, not dragged about; `x` and `y` are the names of its axes.
pub(in crate::panels) fn plot<'a>(ui: &Ui, id: &str, x: &str, y: &str) -> Plot<'a> {
    Plot::new(id)
        .height(HEIGHT)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .auto_bounds(Vec2b::TRUE)
        .show_crosshair(false)
        .x_grid_spacer(|input| marks(input.bounds))
        .y_grid_spacer(|input| marks(input.bounds))
        .x_axis_formatter(|mark, _| tick(mark))
        .y_axis_formatter(|mark, _| tick(mark))
        .set_margin_fraction([0.03, 0.06].into())
        .grid_color(theme::palette(ui).line)
        .x_axis_label(small(ui, x))
        .y_axis_label(small(ui, y))
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint {
                plot_name,
                position,
                ..
            } if !plot_name.is_empty() => {
                let x = (position.x * 1000.0).round() / 1000.0;
                Some(format!("{plot_name}\n{:.3} at {x}", position.y))
            }
            _ => None,
        })
}

/// About five lines, at multiples of 1, 2 or 5.
fn marks((low, high): (f64, f64)) -> Vec<GridMark> {
    let rough = (high - low) / 5.0;
    if !(rough.is_finite() && rough > 0.0) {
        return Vec::new();
    }
    let decade = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * decade)
        .into_iter()
        .find(|step| *step >= rough);
    let step_size = step.unwrap_or(rough);
    let first = (low / step_size).ceil() as i64;
    let last = (high / step_size).floor() as i64;
    let mark = |multiple: i64| GridMark {
        value: multiple as f64 * step_size,
        step_size,
    };
    (first..=last).map(mark).collect()
}

fn small(ui: &Ui, text: &str) -> RichText {
    RichText::new(text)
        .size(12.0)
        .color(theme::palette(ui).text_weak)
}

/// As many decimals as tell neighbouring marks apart.
fn tick(mark: GridMark) -> String {
    let decimals = (-mark.step_size.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{:.decimals$}", mark.value)
}

/// A tick only at whole numbers from 0 on.
pub(in crate::panels) fn whole(mark: GridMark) -> String {
    if mark.value.fract().abs() < 1e-6 && mark.value >= 0.0 {
        tick(mark)
    } else {
        String::new()
    }
}
