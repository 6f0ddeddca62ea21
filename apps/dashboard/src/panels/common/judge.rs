//! Who judges the images: the classifier that came with the model, that of another model, or nobody. No other model's
//! classifier judges unless the person says so here.

use eframe::egui::Ui;
use studio::ModelSource;

use crate::{
    panels::Context,
    state::{
        command::ModelCommand,
        session::Session,
        sources::{self, model_title},
    },
    widgets::caption,
    words::NO_JUDGE,
};

/// Why there is no verdict, and a menu to choose a judge from.
pub(in crate::panels) fn missing(ui: &mut Ui, context: &mut Context<'_>) {
    caption(ui, NO_JUDGE);
    menu(ui, context, "Choose a judge…");
}

/// Whose classifier judges, if it is another model's.
pub(in crate::panels) fn borrowed(ui: &mut Ui, context: &mut Context<'_>) {
    let open = context.session.open(&context.controls.model);
    let judge = open.and_then(|open| open.judge.as_ref());
    if let Some(source) = judge.and_then(|judge| judge.borrowed.as_ref()) {
        let title = model_title(source);
        ui.horizontal(|ui| {
            caption(ui, format!("Judged by {title}"));
            menu(ui, context, "Another…");
        });
    }
}

fn menu(ui: &mut Ui, context: &mut Context<'_>, text: &str) {
    let chosen = context
        .controls
        .judges
        .get(&context.controls.model)
        .cloned();
    let choices = choices(context);
    let menu = ui.menu_button(text, |ui| {
        for (model, refusal) in choices {
            let selected = chosen.as_ref() == Some(&model);
            ui.add_enabled_ui(refusal.is_none(), |ui| {
                let label = ui.selectable_label(selected, model_title(&model));
                let label = label.on_disabled_hover_text(refusal.unwrap_or_default());
                if label.clicked() {
                    context.send(ModelCommand::Judge(Some(model)));
                    ui.close();
                }
            });
        }
        caption(ui, "Open another model to see it here.");
        if chosen.is_some() {
            ui.separator();
            if ui.button("No judge").clicked() {
                context.send(ModelCommand::Judge(None));
                ui.close();
            }
        }
    });
    menu.response.accessible_name("judge");
}

/// Every other model at hand, with why its classifier cannot judge, as far as that is known.
fn choices(context: &Context<'_>) -> Vec<(ModelSource, Option<String>)> {
    let recent = context.recent.models.iter().cloned();
    let all = sources::shipped()
        .into_iter()
        .chain(recent.map(ModelSource::Folder))
        .chain(context.session.sources().cloned());
    let mut list: Vec<(ModelSource, Option<String>)> = Vec::new();
    for model in all {
        let listed = list.iter().any(|(known, _)| *known == model);
        if model != context.controls.model && !listed {
            let refusal = refusal(context.session, &context.controls.model, &model);
            list.push((model, refusal));
        }
    }
    list
}

fn refusal(session: &Session, front: &ModelSource, judge: &ModelSource) -> Option<String> {
    let (front, judge) = (session.open(front)?, session.open(judge)?);
    if judge.manifest.classifier.is_none() {
        return Some("It has no classifier.".to_owned());
    }
    let (wanted, known) = (front.shape(), judge.shape());
    if wanted != known {
        return Some(format!(
            "It judges images of {known}, and these are of {wanted}."
        ));
    }
    let (wanted, known) = (front.info(), judge.info());
    let strange = wanted.has_classes() && wanted.class_names != known.class_names;
    strange.then(|| "It tells other classes apart.".to_owned())
}
