//! Which of its two questions Explain answers.

use classifier::Prediction;
use datasets::ClassId;
use eframe::egui::Ui;

use crate::{
    panels::{self, Context},
    state::classes::class_id,
    theme,
    widgets::segments,
};

/// Evidence or counterfactual: the choice on the left of Explain's top row.
///
/// A walk to the class that the image has already has no step, so a target that is the prediction gives way to the class
/// that the classifier would say next.
pub(super) fn view_choice(ui: &mut Ui, context: &mut Context<'_>) {
    let choices = [(false, "Evidence".to_owned()), (true, "What if".to_owned())];
    let chosen = segments(ui, context.controls.counterfactual, choices);
    ui.add_space(theme::GROUP_GAP);
    let Some(counterfactual) = chosen else { return };
    context.controls.counterfactual = counterfactual;
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    let prediction = open
        .answers
        .frame
        .as_ref()
        .and_then(|frame| frame.value.prediction());
    if let Some(prediction) = prediction
        && counterfactual
        && prediction.class == open.scene.target
    {
        open.scene.target = runner_up(prediction).unwrap_or(open.scene.target);
    }
}

/// The class that is most likely after the predicted one: the last of equals, as where a contrast is held against it.
fn runner_up(prediction: &Prediction) -> Option<ClassId> {
    let others = prediction.probabilities.iter().enumerate();
    let others = others.filter(|(class, _)| *class != prediction.class.index());
    let (class, _) = others.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    class_id(class)
}
