//! Probabilities as bars, one a class.

use classifier::Prediction;
use eframe::egui::{Align2, FontId, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::text::{caption, elided, percent};
use crate::theme;

const ROW: f32 = 21.0;
const BAR: f32 = 10.0;
const FIGURE: f32 = 58.0;
const LEAST_NAME: f32 = 12.0;
const MAX_NAME: f32 = 92.0;
/// Of more classes than this only the likeliest have a bar.
const MOST_BARS: usize = 12;
/// How many have one then.
const TOP_BARS: usize = 10;

/// One bar a class, in class order, the predicted one in the accent colour. Where there are many classes, the likeliest
/// ones, the likeliest first.
pub fn probability_bars(ui: &mut Ui, names: &[String], prediction: &Prediction) {
    if names.len() <= MOST_BARS {
        bars(ui, names, prediction, &(0..names.len()).collect::<Vec<_>>());
    } else {
        top_bars(ui, names, prediction, TOP_BARS);
    }
}

/// As [`probability_bars`], of the `count` likeliest classes, the likeliest first, and how many more there are.
pub fn top_bars(ui: &mut Ui, names: &[String], prediction: &Prediction, count: usize) {
    let probabilities = &prediction.probabilities;
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    let rest = order.split_off(count.min(order.len()));
    bars(ui, names, prediction, &order);
    if names.len() > MOST_BARS && !rest.is_empty() {
        let share: f32 = rest.iter().map(|&class| probabilities[class]).sum();
        let share = percent(share.into());
        let text = format!("and {} more, {} together", rest.len(), share.trim());
        caption(ui, text);
    }
}

fn bars(ui: &mut Ui, names: &[String], prediction: &Prediction, classes: &[usize]) {
    let palette = theme::palette(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let shown = classes.iter().filter_map(|&class| names.get(class));
    let width_of = |name: &String| {
        let galley = ui
            .painter()
            .layout_no_wrap(name.clone(), font.clone(), palette.text);
        galley.size().x
    };
    let widest = shown.map(width_of).fold(LEAST_NAME, f32::max);
    let name_width = widest.min(MAX_NAME);
    ui.spacing_mut().item_spacing.y = 0.0;
    for &class in classes {
        let (Some(name), Some(&probability)) =
            (names.get(class), prediction.probabilities.get(class))
        else {
            continue;
        };
        let row = Row {
            name,
            probability,
            predicted: class == prediction.class.index(),
            name_width,
        };
        bar(ui, &row, font.clone());
    }
}

/// One bar.
struct Row<'a> {
    name: &'a str,
    probability: f32,
    predicted: bool,
    /// Room for the name, in points.
    name_width: f32,
}

fn bar(ui: &mut Ui, row: &Row<'_>, font: FontId) {
    let palette = theme::palette(ui);
    let figures = TextStyle::Monospace.resolve(ui.style());
    let size = vec2(ui.available_width(), ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let text = percent(row.probability.into());
    response.widget_info(|| {
        let label = format!("{}: {}", row.name, text.trim());
        let mut info = WidgetInfo::labeled(Role::Meter, true, label);
        info.value = Some(row.probability.into());
        info
    });
    let (ink, fill) = if row.predicted {
        (palette.text_strong, palette.accent)
    } else {
        (palette.text_weak, palette.text_weak)
    };
    let painter = ui.painter_at(rect);
    let name = elided(&painter, row.name, font, ink, row.name_width);
    let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), name.size());
    if name.elided {
        response.on_hover_text(row.name);
    }
    painter.galley(at.min, name, ink);
    painter.text(
        rect.right_center(),
        Align2::RIGHT_CENTER,
        text,
        figures,
        ink,
    );
    let left = rect.left() + row.name_width + theme::GAP;
    let right = rect.right() - FIGURE;
    let (top, bottom) = (rect.center().y - BAR / 2.0, rect.center().y + BAR / 2.0);
    let rail = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
    painter.rect_filled(rail, 3.0, palette.well);
    let end = left + (right - left) * row.probability.clamp(0.0, 1.0);
    let filled = Rect::from_min_max(pos2(left, top), pos2(end, bottom));
    painter.rect_filled(filled, 3.0, fill);
}
