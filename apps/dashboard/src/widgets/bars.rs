//! Ten probabilities as bars.

use classifier::Prediction;
use eframe::egui::{Align2, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::text::percent;
use crate::theme;

const ROW: f32 = 21.0;
const BAR: f32 = 10.0;
const FIGURE: f32 = 58.0;
const MAX_NAME: f32 = 92.0;

/// One bar a class, in class order, the predicted one in the accent colour.
pub fn probability_bars(ui: &mut Ui, names: &[String], prediction: &Prediction) {
    bars(ui, names, prediction, &(0..names.len()).collect::<Vec<_>>());
}

/// As [`probability_bars`], of the `count` likeliest classes, the likeliest first.
pub fn top_bars(ui: &mut Ui, names: &[String], prediction: &Prediction, count: usize) {
    let probabilities = &prediction.probabilities;
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    order.truncate(count);
    bars(ui, names, prediction, &order);
}

fn bars(ui: &mut Ui, names: &[String], prediction: &Prediction, classes: &[usize]) {
    let palette = theme::palette(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let figures = TextStyle::Monospace.resolve(ui.style());
    let width_of = |name: &String| {
        let galley = ui
            .painter()
            .layout_no_wrap(name.clone(), font.clone(), palette.text);
        galley.size().x
    };
    let name_width = names
        .iter()
        .map(width_of)
        .fold(12.0, f32::max)
        .min(MAX_NAME);
    ui.spacing_mut().item_spacing.y = 0.0;
    for &class in classes {
        let (Some(name), Some(&probability)) =
            (names.get(class), prediction.probabilities.get(class))
        else {
            continue;
        };
        let size = vec2(ui.available_width(), ROW);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let text = percent(probability.into());
        response.widget_info(|| {
            let mut info =
                WidgetInfo::labeled(Role::Meter, true, format!("{name}: {}", text.trim()));
            info.value = Some(probability.into());
            info
        });
        let predicted = class == prediction.class.index();
        let (ink, fill) = if predicted {
            (palette.text_strong, palette.accent)
        } else {
            (palette.text_weak, palette.text_weak)
        };
        let painter = ui.painter_at(rect);
        painter.text(
            rect.left_center(),
            Align2::LEFT_CENTER,
            name,
            font.clone(),
            ink,
        );
        painter.text(
            rect.right_center(),
            Align2::RIGHT_CENTER,
            text,
            figures.clone(),
            ink,
        );
        let left = rect.left() + name_width + theme::GAP;
        let right = rect.right() - FIGURE;
        let (top, bottom) = (rect.center().y - BAR / 2.0, rect.center().y + BAR / 2.0);
        painter.rect_filled(
            Rect::from_min_max(pos2(left, top), pos2(right, bottom)),
            3.0,
            palette.well,
        );
        let end = left + (right - left) * probability.clamp(0.0, 1.0);
        painter.rect_filled(
            Rect::from_min_max(pos2(left, top), pos2(end, bottom)),
            3.0,
            fill,
        );
    }
}
