//! Which of its two questions Explain answers.

use datasets::ClassId;
use eframe::egui::Ui;

use crate::{
    panels::{self, Context, common::class_combo_after},
    state::scene::Scene,
    theme,
    widgets::segments,
};

/// Evidence or counterfactual: the choice on the left of Explain's top row.
///
/// A walk to the class that the image has already has no step, so a target that is the prediction gives way to the runner-up.
pub(super) fn view_choice(ui: &mut Ui, context: &mut Context<'_>) {
    let choices = [(false, "Evidence".to_owned()), (true, "What if".to_owned())];
    let chosen = segments(ui, context.controls.counterfactual, choices);
    ui.add_space(theme::GROUP_GAP);
    let Some(counterfactual) = chosen else { return };
    context.controls.counterfactual = counterfactual;
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    let frame = open.answers.frame.as_ref();
    let predicted = frame.and_then(|frame| Some(frame.value.prediction()?.class));
    if counterfactual && predicted.is_some() && predicted == open.scene.chosen_target() {
        open.scene.aim_at(None);
    }
}

/// The class to explain: one that the person chooses, or the runner-up again.
pub(super) fn target_choice(
    ui: &mut Ui,
    scene: &mut Scene,
    shown: ClassId,
    names: &[String],
    width: f32,
) {
    let mut follow = false;
    let chosen = class_combo_after(ui, "target class", width, (shown, names), |ui| {
        let runner_up = ui.selectable_label(!scene.target_is_chosen, "Runner-up");
        let runner_up =
            runner_up.on_hover_text("Whichever class is likeliest after the prediction");
        if runner_up.clicked() {
            follow = true;
            ui.close();
        }
        ui.separator();
    });
    if follow || chosen.is_some() {
        scene.aim_at(chosen);
    }
}
