//! What stands in the middle while a model opens, or when it could not be opened.

use eframe::egui::{CentralPanel, Label, RichText, Ui};

use super::Context;
use crate::{
    state::{command::ModelCommand, session::Model, sources::model_title},
    theme,
    widgets::caption,
};

/// Shows how opening the model in front goes.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let palette = theme::palette(ui);
    let title = model_title(&context.controls.model);
    let failure = match context.session.model(&context.controls.model) {
        Some(Model::Failed(message)) => Some(message.clone()),
        Some(Model::Open(_)) | None => None,
    };
    CentralPanel::default()
        .frame(theme::panel_frame(ui, 16, 16).fill(palette.background))
        .show(ui, |ui| {
            ui.vertical_centered(|ui| {
                ui.add_space((ui.available_height() * 0.36).max(20.0));
                let Some(failure) = failure else {
                    ui.label(
                        RichText::new(format!("Opening {title}…"))
                            .size(18.0)
                            .color(palette.text_strong),
                    );
                    caption(
                        ui,
                        "Reading the weights and checking them against their SHA-256",
                    );
                    return;
                };
                ui.set_max_width(620.0);
                ui.label(
                    RichText::new(format!("{title} could not be opened"))
                        .size(18.0)
                        .color(palette.text_strong),
                );
                ui.add_space(theme::GAP);
                ui.add(Label::new(RichText::new(failure).color(palette.text)).wrap());
                ui.add_space(theme::GROUP_GAP);
                let judged = context
                    .controls
                    .judges
                    .contains_key(&context.controls.model);
                if judged && ui.button("Open it without another model's judge").clicked() {
                    context.send(ModelCommand::Judge(None));
                }
                if ui.button("Try again").clicked() {
                    context.send(ModelCommand::Retry);
                }
                if ui.button("Open another model…").clicked() {
                    context.send(ModelCommand::AskForFolder);
                }
            });
        });
}
