//! How a model with a flow draws: how sharply a refiner does, and in how many steps a diffusion.

use datasets::Seed;
use eframe::egui::{Align, Button, Layout, Ui, vec2};
use studio::Sampler;

use crate::{
    panels::{self, Context},
    state::model::OpenModel,
    theme,
    widgets::{self, caption, hinted_segments, slider},
    words::{COARSE_NOISE, DETAIL_IS_INVENTED, GUIDANCE, OTHER_DETAIL, OTHER_NOISE, SHARP, STEPS},
};

/// The numbers of steps to choose from.
const OF_A_REFINER: [usize; 4] = [0, 1, 2, 4];
const OF_A_DIFFUSION: [usize; 4] = [2, 4, 10, 20];

/// The strongest guidance to choose: beyond, images lose what makes them differ.
const MOST_GUIDANCE: f32 = 4.0;

/// Height of the number of steps in one line.
const STEPS_ROW: f32 = 28.0;

/// Lets a person choose. Nothing is shown of a model that has no flow.
pub(in crate::panels) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    let sampler = &mut open.scene.sampler;
    if open.model.is_diffusion() {
        diffusion(ui, sampler, open.model.is_conditional());
    } else if open.model.has_refiner() {
        refiner(ui, sampler);
    }
}

/// The number of steps alone, in one line; a new one if the person chose. Nothing is shown of a model that has no flow.
pub(in crate::panels) fn steps(ui: &mut Ui, model: &OpenModel, current: usize) -> Option<usize> {
    let (title, what, choices) = match (model.is_diffusion(), model.has_refiner()) {
        (true, _) => ("Steps", STEPS, OF_A_DIFFUSION),
        (false, true) => ("Sharp", SHARP, OF_A_REFINER),
        (false, false) => return None,
    };
    let hint = if model.is_diffusion() {
        diffusion_hint
    } else {
        refiner_hint
    };
    let size = vec2(ui.available_width(), STEPS_ROW);
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(title).on_hover_text(what);
        let choices = choices.map(|steps| (steps, steps_in_words(steps)));
        hinted_segments(ui, current, choices, hint)
    })
    .inner
}

fn refiner(ui: &mut Ui, sampler: &mut Sampler) {
    heading(
        ui,
        sampler,
        ("Sharp", SHARP),
        ("Other detail", OTHER_DETAIL),
    );
    let choices = OF_A_REFINER.map(|steps| (steps, steps_in_words(steps)));
    let chosen = hinted_segments(ui, sampler.steps, choices, refiner_hint);
    sampler.steps = chosen.unwrap_or(sampler.steps);
    if sampler.steps > 0 {
        caption(ui, DETAIL_IS_INVENTED);
    }
    ui.add_space(theme::GAP);
}

fn diffusion(ui: &mut Ui, sampler: &mut Sampler, is_guided: bool) {
    heading(ui, sampler, ("Steps", STEPS), ("Other noise", OTHER_NOISE));
    let choices = OF_A_DIFFUSION.map(|steps| (steps, steps.to_string()));
    let chosen = hinted_segments(ui, sampler.steps, choices, diffusion_hint);
    sampler.steps = chosen.unwrap_or(sampler.steps);
    if is_guided {
        ui.horizontal(|ui| {
            ui.label("Guidance");
            ui.spacing_mut().slider_width = (ui.available_width() - 66.0).max(40.0);
            let slider = slider(&mut sampler.guidance, 0.0..=MOST_GUIDANCE)
                .step_by(0.25)
                .fixed_decimals(2);
            ui.add(slider)
                .accessible_name("guidance")
                .on_hover_text(GUIDANCE);
        });
    }
    caption(ui, COARSE_NOISE);
    ui.add_space(theme::GAP);
}

/// A title, and a button for other chance.
fn heading(
    ui: &mut Ui,
    sampler: &mut Sampler,
    (title, what): (&str, &str),
    (other, why): (&str, &str),
) {
    ui.horizontal(|ui| {
        widgets::title(ui, title).on_hover_text(what);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let other = ui.add_enabled(sampler.steps > 0, Button::new(other));
            if other.on_hover_text(why).clicked() {
                sampler.seed = Seed(sampler.seed.0.wrapping_add(1));
            }
        });
    });
}

fn steps_in_words(steps: usize) -> String {
    match steps {
        0 => "Off".to_owned(),
        steps => steps.to_string(),
    }
}

fn diffusion_hint(steps: usize) -> String {
    format!("From noise to the image in {steps} steps")
}

fn refiner_hint(steps: usize) -> String {
    match steps {
        0 => "The image as the VAE decodes it".to_owned(),
        1 => "Sharpened in one step".to_owned(),
        steps => format!("Sharpened in {steps} steps"),
    }
}
