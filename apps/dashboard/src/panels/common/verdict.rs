//! What the classifier says about the image, how sure it is, and how strong its evidence was.

use classifier::Prediction;
use datasets::class_name;
use eframe::egui::{Align, Label, Layout, Response, RichText, Ui, accesskit};
use explain::Method;

use crate::{
    panels::{Context, common::judge},
    state::{model::OpenModel, shown::Evidence},
    theme,
    widgets::{self, caption, percent, probability_bars},
    words::LEARNED_TOGETHER,
};

pub(in crate::panels) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    widgets::title(ui, "Prediction");
    let session = context.session;
    let Some(open) = session.open(&context.controls.model) else {
        return;
    };
    let Some(judge) = &open.judge else {
        return judge::missing(ui, context);
    };
    judge::borrowed(ui, context);
    let frame = session.answers(&context.controls.model).frame.as_ref();
    let said = frame.and_then(|answer| Some((answer, answer.value.prediction()?)));
    let Some((answer, prediction)) = said else {
        caption(ui, "Waiting for the first frame…");
        return;
    };
    let name = open.judged_name(prediction.class);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let calibration = if judge.borrowed.is_some() {
                "Calibrated on the judge's own images, which these are not."
            } else {
                "Calibrated on held-out images: of such predictions about this share are right."
            };
            widgets::figure(ui, percent(prediction.confidence.into())).on_hover_text(calibration);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = theme::palette(ui).text_strong;
                let text = RichText::new(&name).size(26.0).color(color);
                let label = ui.add(Label::new(text).truncate());
                announce(ui, &label);
                label.on_hover_text(&name);
            });
        });
    });
    ui.add_space(2.0);
    ui.scope(|ui| probability_bars(ui, &judge.class_names, prediction));
    ui.add_space(4.0);
    if let Some(raw_max) = answer.value.strength(Evidence::Predicted) {
        evidence(ui, raw_max, answer.scene.method);
    }
    if let Some(own) = answer.value.own_head() {
        own_head(ui, open, own);
    }
}

/// Has a screen reader say the class when it is another one. The confidence is not said: it changes with every step of a drag.
fn announce(ui: &Ui, label: &Response) {
    let polite = |node: &mut accesskit::Node| node.set_live(accesskit::Live::Polite);
    ui.ctx().accesskit_node_builder(label.id, polite);
}

/// What the model's own head says, which never stands in for the judge.
fn own_head(ui: &mut Ui, open: &OpenModel, own: &Prediction) {
    let name = class_name(&open.info().class_names, own.class);
    let confidence = percent(own.confidence.into());
    let said = format!("Its own head says {name}, {}.", confidence.trim());
    caption(ui, said).on_hover_text(LEARNED_TOGETHER);
    caption(
        ui,
        "It learned together with the model, so it is no independent judge.",
    );
}

/// Two decimals, or as many as show two digits of a small value.
fn logits(value: f32) -> String {
    let small = value != 0.0 && value.abs() < 0.1;
    let decimals = if small {
        (1.0 - value.abs().log10().floor()).min(6.0) as usize
    } else {
        2
    };
    format!("{value:.decimals$}")
}

/// What a heatmap is scaled to, in a few words for the place where it is painted.
#[must_use]
pub(in crate::panels) fn evidence_in_short(raw_max: f32, method: Method) -> String {
    if raw_max <= 0.0 {
        "No positive evidence".to_owned()
    } else if method == Method::Fused {
        "Evidence in shares of each stage's largest".to_owned()
    } else {
        format!("Strongest evidence {} logits", logits(raw_max))
    }
}

/// The same in fewer words, for a place that has no room for more.
#[must_use]
pub(in crate::panels) fn evidence_in_figures(raw_max: f32, method: Method) -> String {
    if raw_max <= 0.0 {
        "none".to_owned()
    } else if method == Method::Fused {
        "in shares".to_owned()
    } else {
        format!("≤ {} logits", logits(raw_max))
    }
}

/// How strong the evidence was (the largest value of its map, in logits), which the heatmap's own scaling hides.
pub(in crate::panels) fn evidence(ui: &mut Ui, raw_max: f32, method: Method) {
    let palette = theme::palette(ui);
    let value = logits(raw_max);
    let (text, color) = if raw_max > 0.0 && method == Method::Fused {
        let text = "Evidence, each stage in shares of its largest".to_owned();
        (text, palette.text_weak)
    } else if raw_max > 0.0 {
        (
            format!(
                "Strongest evidence: odds × {:.1} ({value} logits)",
                raw_max.exp()
            ),
            palette.text_weak,
        )
    } else {
        (
            format!("No positive evidence ({value} logits)"),
            palette.warn,
        )
    };
    let response = ui.label(RichText::new(text).small().color(color));
    response.on_hover_text(
        "The largest value of the map before it is scaled to the colours: as a change of the class's score it would multiply \
         the odds of the class so much. Compare heatmaps by it: the colours of a weak map look as bright as those of a \
         strong one.",
    );
}
