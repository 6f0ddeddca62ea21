//! What a person decides about the picture: crop, turn, inversion, threshold.

use datasets::{MAX_TILT, Region};
use eframe::egui::{Align, Button, Layout, Ui, vec2};

use crate::{
    state::{
        import::{Card, Turned, crop::SHORTEST},
        model::OpenModel,
    },
    theme,
    widgets::{self, caption, number_field, segments, slider},
};

/// Width of the names of the controls.
const NAME: f32 = 66.0;
/// Height of a row: that of a row of buttons in a frame.
const ROW: f32 = 30.0;
/// Room for the value beside a slider.
const VALUE: f32 = 62.0;

/// Shows the controls.
pub(super) fn ui(ui: &mut Ui, card: &mut Card, model: Option<&OpenModel>) {
    crop(ui, card);
    ui.add_space(theme::GAP);
    turn(ui, card);
    ui.add_space(theme::GAP);
    invert(ui, card);
    if model.is_some_and(|model| model.info().preparation.has_threshold()) {
        threshold(ui, card);
    } else {
        caption(
            ui,
            "This model takes pictures with their background, so there is no threshold.",
        );
    }
}

/// A control with its name in front.
fn row(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(NAME, ROW), layout, |ui| {
            ui.set_min_width(NAME);
            ui.label(name);
        });
        ui.spacing_mut().item_spacing.x = 4.0;
        add(ui);
    });
}

/// A slider as wide as there is room.
fn wide(ui: &mut Ui) {
    ui.spacing_mut().slider_width = (ui.available_width() - VALUE).max(40.0);
}

fn crop(ui: &mut Ui, card: &mut Card) {
    let (Some(whole), Some(before)) = (card.turned().map(Turned::whole), card.crop()) else {
        return;
    };
    let mut crop = before;
    let field = |ui: &mut Ui, name: &str, value: &mut u32, range: [u32; 2]| {
        let range = range[0].min(range[1])..=range[1];
        ui.add(number_field(value).range(range).speed(1.0))
            .accessible_name(format!("crop {name}"))
            .on_hover_text(format!("{name}, in pixels of the picture"));
    };
    row(ui, "Corner", |ui| {
        field(
            ui,
            "left",
            &mut crop.left,
            [0, whole.width.saturating_sub(SHORTEST)],
        );
        field(
            ui,
            "top",
            &mut crop.top,
            [0, whole.height.saturating_sub(SHORTEST)],
        );
    });
    row(ui, "Size", |ui| {
        field(ui, "width", &mut crop.width, [SHORTEST, whole.width]);
        field(ui, "height", &mut crop.height, [SHORTEST, whole.height]);
        let all = ui.add_enabled(before != whole, Button::new("All"));
        if all
            .on_hover_text("The whole picture")
            .accessible_name("whole picture")
            .clicked()
        {
            crop = whole;
        }
    });
    if crop != before {
        card.adjustments.crop = inside(crop, whole);
        card.forget_object();
    }
}

/// The crop as far as it lies in the picture, not shorter than the shortest.
fn inside(crop: Region, whole: Region) -> Option<Region> {
    let left = crop.left.min(whole.width.saturating_sub(SHORTEST));
    let top = crop.top.min(whole.height.saturating_sub(SHORTEST));
    Region { left, top, ..crop }.within(whole.width, whole.height)
}

fn turn(ui: &mut Ui, card: &mut Card) {
    row(ui, "Turn", |ui| {
        for (text, name, quarters) in [("90° left", "turn left", 3), ("90° right", "turn right", 1)]
        {
            if ui.button(text).accessible_name(name).clicked() {
                card.turn(quarters);
            }
        }
    });
    row(ui, "Tilt", |ui| {
        wide(ui);
        let range = -MAX_TILT..=MAX_TILT;
        let slider = slider(&mut card.adjustments.tilt, range)
            .step_by(0.5)
            .suffix("°");
        if ui.add(slider).accessible_name("tilt").changed() {
            card.forget_object();
        }
    });
}

fn invert(ui: &mut Ui, card: &mut Card) {
    let found = match card.ready().map(|ready| &ready.prepared) {
        Some(Ok(prepared)) if card.adjustments.invert.is_none() => {
            if prepared.inverted {
                "Auto: on"
            } else {
                "Auto: off"
            }
        }
        _ => "Auto",
    };
    row(ui, "Invert", |ui| {
        let choices = [
            (None, found.to_owned()),
            (Some(true), "On".to_owned()),
            (Some(false), "Off".to_owned()),
        ];
        let hint = |choice: Option<bool>| {
            match choice {
                None => "As the picture suggests",
                Some(true) => "Exchange light and dark: for dark ink on light paper",
                Some(false) => "Leave light light: for light ink on a dark ground",
            }
            .to_owned()
        };
        let chosen = widgets::hinted_segments(ui, card.adjustments.invert, choices, hint);
        if let Some(chosen) = chosen {
            card.adjustments.invert = chosen;
            card.forget_object();
        }
    });
}

fn threshold(ui: &mut Ui, card: &mut Card) {
    let found = match card.ready().map(|ready| &ready.prepared) {
        Some(Ok(prepared)) => prepared.threshold,
        _ => None,
    };
    let before = card.adjustments.threshold;
    row(ui, "Threshold", |ui| {
        let choices = [
            (true, "Automatic".to_owned()),
            (false, "By hand".to_owned()),
        ];
        match segments(ui, before.is_none(), choices) {
            Some(true) => card.adjustments.threshold = None,
            Some(false) => card.adjustments.threshold = found.or(Some(0.0)),
            None => {}
        }
    });
    row(ui, "", |ui| {
        wide(ui);
        // Rounded as the slider shows it: it would count the rounding as a change by hand.
        let value = card.adjustments.threshold.or(found).unwrap_or(0.0);
        let mut value = (f64::from(value) * 100.0).round() / 100.0;
        let slider = slider(&mut value, 0.0..=1.0).fixed_decimals(2);
        let slider = ui.add(slider).accessible_name("threshold");
        let hint = "How much darker or lighter than its background ink is at least";
        if slider.on_hover_text(hint).changed() {
            card.adjustments.threshold = Some(value as f32);
        }
    });
    if card.adjustments.threshold != before {
        card.forget_object();
    }
}
