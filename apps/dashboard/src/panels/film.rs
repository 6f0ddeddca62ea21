//! How far a film is that is being made.

use eframe::egui::{Align2, Area, Frame, Id, Order, ProgressBar, Ui, vec2};

use crate::{
    state::command::{Command, FileCommand},
    theme,
};

const WIDTH: f32 = 320.0;

/// Shows it, over the middle of the strip.
pub fn ui(ui: &Ui, text: &str, share: f32, commands: &mut Vec<Command>) {
    let offset = vec2(0.0, -(theme::STATUS_BAR + theme::STRIP_BAR + 14.0));
    let area = Area::new(Id::unique("film"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_BOTTOM, offset);
    area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(12).show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.label(text);
            ui.horizontal(|ui| {
                let bar = ProgressBar::new(share).desired_width(WIDTH - 90.0);
                ui.add(bar).accessible_name("progress of the film");
                if ui.button("Cancel").accessible_name("Cancel film").clicked() {
                    commands.push(FileCommand::CancelFilm.into());
                }
            });
        });
    });
}
