//! What the lines of a plot are, in a row beside it: inside the plot a key would cover what it explains.

use eframe::egui::{
    Align2, Color32, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};
use egui_plot::LineStyle;

use crate::theme;

/// Length of the piece of a line that is shown.
const PIECE: f32 = 26.0;
const GAP: f32 = 6.0;
/// Gap between dashes, in parts of their length, as `egui_plot` draws them.
const BETWEEN: f32 = 0.618;

/// A line of a plot.
#[derive(Clone, Debug)]
pub struct KeyLine {
    /// What it shows.
    pub name: String,
    /// Its colour.
    pub color: Color32,
    /// Whether it is dashed.
    pub style: LineStyle,
}

impl KeyLine {
    /// A line as it is drawn.
    pub fn new(name: impl Into<String>, color: Color32, style: LineStyle) -> Self {
        let name = name.into();
        Self { name, color, style }
    }
}

/// A short piece of each line with its name behind it, in as many rows as they need.
pub fn line_key(ui: &mut Ui, lines: &[KeyLine]) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(2.0 * GAP, 2.0);
        for line in lines {
            entry(ui, line);
        }
    });
}

/// Painted as one thing, so that a name never stands in another row than its line.
fn entry(ui: &mut Ui, line: &KeyLine) {
    let font = TextStyle::Small.resolve(ui.style());
    let ink = theme::palette(ui).text;
    let text = ui
        .painter()
        .layout_no_wrap(line.name.clone(), font.clone(), ink);
    let size = vec2(PIECE + GAP + text.size().x, text.size().y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (words, name) = (in_words(line.style), line.name.as_str());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {words}")));
    let stroke = Stroke::new(2.0, line.color);
    let y = rect.center().y;
    let ends = [pos2(rect.left(), y), pos2(rect.left() + PIECE, y)];
    match line.style {
        LineStyle::Solid => {
            ui.painter().line_segment(ends, stroke);
        }
        LineStyle::Dotted { spacing } => {
            let dots = Shape::dotted_line(&ends, line.color, spacing, 1.0);
            ui.painter().extend(dots);
        }
        LineStyle::Dashed { length } => {
            let dashes = Shape::dashed_line(&ends, stroke, length, length * BETWEEN);
            ui.painter().extend(dashes);
        }
    }
    let at = pos2(rect.left() + PIECE + GAP, y);
    ui.painter().text(at, Align2::LEFT_CENTER, name, font, ink);
}

fn in_words(style: LineStyle) -> &'static str {
    match style {
        LineStyle::Solid => "solid line",
        LineStyle::Dotted { .. } => "dotted line",
        LineStyle::Dashed { .. } => "dashed line",
    }
}
