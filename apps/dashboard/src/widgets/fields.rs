//! Boxes to tick, fields to type in, and numbers as people write them. What can be used has an edge that stands out from what is behind it.

use std::ops::RangeInclusive;

use eframe::egui::{
    Checkbox, DragValue, Response, Slider, Stroke, TextEdit, Ui, WidgetText, emath::Numeric,
};

use crate::theme;

/// A box to tick.
pub fn checkbox(ui: &mut Ui, checked: &mut bool, text: impl Into<WidgetText>) -> Response {
    let text = text.into();
    edged(ui, |ui| ui.add(Checkbox::new(checked, text)))
}

/// A field to type in.
pub fn text_field(ui: &mut Ui, field: TextEdit<'_>) -> Response {
    edged(ui, |ui| ui.add(field))
}

/// A number to drag or to type.
pub fn number_field<N: Numeric>(value: &mut N) -> DragValue<'_> {
    DragValue::new(value).custom_parser(number)
}

/// A slider whose number can be typed, too.
pub fn slider<N: Numeric>(value: &mut N, range: RangeInclusive<N>) -> Slider<'_> {
    Slider::new(value, range).custom_parser(number)
}

fn edged<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui);
    let before = ui.visuals().widgets.clone();
    let widgets = &mut ui.visuals_mut().widgets;
    widgets.inactive.bg_fill = palette.well;
    for (visuals, color) in [
        (&mut widgets.inactive, palette.mark),
        (&mut widgets.hovered, palette.text),
    ] {
        visuals.bg_stroke = Stroke::new(1.0, color);
    }
    let added = add(ui);
    ui.visuals_mut().widgets = before;
    added
}

/// A number as a person writes it: with a decimal point or a decimal comma, and either kind of minus. `None` if it is none.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' => '-',
            other => other,
        })
        .collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}
