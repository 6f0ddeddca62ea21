//! The messages over the window's lower right corner.

use eframe::egui::{
    Align, Align2, Area, Button, Color32, Frame, Id, Label, Layout, Order, RichText, Stroke, Ui,
    vec2,
};

use crate::{
    state::{
        command::{Command, WindowCommand},
        notices::{Notices, Tone},
    },
    theme,
};

const WIDTH: f32 = 380.0;

/// Shows the messages. Each can be dismissed.
pub fn ui(ui: &Ui, notices: &Notices, commands: &mut Vec<Command>) {
    if notices.shown().next().is_none() {
        return;
    }
    let palette = theme::palette(ui);
    let offset = vec2(-14.0, -(theme::STATUS_BAR + theme::STRIP_BAR + 14.0));
    let area = Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, offset);
    area.show(ui.ctx(), |ui| {
        ui.set_width(theme::at_most(ui.ctx(), WIDTH));
        for notice in notices.shown() {
            let edge = if notice.tone == Tone::Bad {
                palette.bad
            } else {
                palette.good
            };
            card(ui, edge, &notice.text, || {
                commands.push(WindowCommand::Dismiss(notice.id).into());
            });
        }
    });
}

fn card(ui: &mut Ui, edge: Color32, text: &str, dismiss: impl FnOnce()) {
    let palette = theme::palette(ui);
    let frame = Frame::popup(ui.style())
        .fill(palette.surface)
        .stroke(Stroke::new(1.0, edge))
        .inner_margin(12);
    frame.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let close = ui.add(
                    Button::new("×")
                        .frame_when_inactive(false)
                        .min_size(vec2(24.0, 24.0)),
                );
                if close
                    .on_hover_text("Dismiss")
                    .accessible_name("Dismiss")
                    .clicked()
                {
                    dismiss();
                }
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                    ui.add(Label::new(RichText::new(text).color(palette.text)).wrap());
                });
            });
        });
    });
}
