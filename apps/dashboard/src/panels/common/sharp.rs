//! How sharply a model with a refiner draws.

use datasets::Seed;
use eframe::egui::{Align, Button, Layout, Ui};

use crate::{
    panels::{self, Context},
    theme,
    widgets::{self, caption, hinted_segments},
    words::{DETAIL_IS_INVENTED, OTHER_DETAIL, SHARP},
};

/// The numbers of steps to choose from.
const STEPS: [usize; 4] = [0, 1, 2, 4];

/// Lets a person choose the steps. Nothing is shown of a model that has no refiner.
pub(in crate::panels) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    if !open.model.has_refiner() {
        return;
    }
    let sharpening = &mut open.scene.sharpening;
    ui.horizontal(|ui| {
        widgets::title(ui, "Sharp").on_hover_text(SHARP);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let other = ui.add_enabled(sharpening.steps > 0, Button::new("Other detail"));
            if other.on_hover_text(OTHER_DETAIL).clicked() {
                sharpening.seed = Seed(sharpening.seed.0.wrapping_add(1));
            }
        });
    });
    let choices = STEPS.map(|steps| (steps, name(steps)));
    let chosen = hinted_segments(ui, sharpening.steps, choices, hint);
    sharpening.steps = chosen.unwrap_or(sharpening.steps);
    if sharpening.steps > 0 {
        caption(ui, DETAIL_IS_INVENTED);
    }
    ui.add_space(theme::GAP);
}

fn name(steps: usize) -> String {
    match steps {
        0 => "Off".to_owned(),
        steps => steps.to_string(),
    }
}

fn hint(steps: usize) -> String {
    match steps {
        0 => "The image as the VAE decodes it".to_owned(),
        1 => "Sharpened in one step".to_owned(),
        steps => format!("Sharpened in {steps} steps"),
    }
}
