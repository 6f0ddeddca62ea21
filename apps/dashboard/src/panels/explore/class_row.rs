//! The class that a conditional model draws the latent as.

use eframe::egui::{Align, Button, Layout, Ui};

use crate::{
    panels::{self, Context},
    state::command::SceneCommand,
    theme,
    widgets::{self, caption, class_buttons},
    words::{CLASS_IS_GIVEN, SAME_LATENT},
};

/// Lets a person choose the class. Nothing is shown of a model that is given none.
pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    if !open.model.is_conditional() {
        return;
    }
    let (names, class) = (open.model.drawn_names(), open.scene.condition);
    let mut chosen = None;
    ui.horizontal(|ui| {
        widgets::title(ui, "Drawn as").on_hover_text(SAME_LATENT);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let none = ui.add(Button::new("no class").selected(class.is_none()));
            if none.on_hover_text("Draw it without a class").clicked() {
                chosen = Some(None);
            }
        });
    });
    let picked = ui.scope(|ui| class_buttons(ui, names, class)).inner;
    if let Some(class) = picked {
        chosen = Some(Some(class));
    }
    caption(ui, CLASS_IS_GIVEN);
    ui.add_space(theme::GAP);
    if let Some(class) = chosen {
        context.send(SceneCommand::DrawAs(class));
    }
}
