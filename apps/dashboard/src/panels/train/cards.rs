//! Cards that say what happened to a run, and what to do.

use eframe::egui::{RichText, Ui};
use runs::{RunState, RunView};

use crate::{
    state::{
        command::{Command, TrainCommand},
        train::Failure,
    },
    theme,
    widgets::{self, caption},
    words::training as words,
};

/// How much of the learning rate is left where it was too high.
const SLOWER: f64 = 0.5;

/// Why a run did not begin, or ended before its time.
pub(super) fn failure(ui: &mut Ui, failure: &Failure, commands: &mut Vec<Command>) {
    let palette = theme::palette(ui);
    theme::card_frame(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(RichText::new(failure.title).size(15.0).color(palette.bad));
        ui.label(&failure.remedy);
        caption(ui, failure.text.clone());
        ui.add_space(theme::GAP);
        ui.horizontal_wrapped(|ui| {
            if let Some(settings) = &failure.goes_on {
                let (text, factor) = if failure.too_fast {
                    ("Go on more slowly", SLOWER)
                } else {
                    ("Go on", 1.0)
                };
                if ui.button(text).clicked() {
                    commands.push(TrainCommand::GoOn(settings.clone(), factor).into());
                }
            }
            if ui.button("Back to the settings").clicked() {
                commands.push(TrainCommand::PutAway.into());
            }
        });
    });
}

/// A run that was not finished.
pub(super) fn unfinished(ui: &mut Ui, view: &RunView, commands: &mut Vec<Command>) {
    theme::card_frame(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let out = &view.settings.out;
        let name = out.file_name().unwrap_or(out.as_os_str());
        let kind = words::family(view.settings.network.network()).0;
        widgets::title(ui, &format!("Unfinished: {}", name.to_string_lossy()));
        let how = match &view.state {
            RunState::Crashed => "its program ended",
            RunState::Failed(_) => "it failed",
            _ => "it was stopped",
        };
        let percent = 100.0 * view.share();
        caption(ui, format!("{kind}: {how} at {percent:.0} %"));
        ui.horizontal_wrapped(|ui| {
            if ui.button("Go on").clicked() {
                let settings = Box::new(view.settings.clone());
                commands.push(TrainCommand::GoOn(settings, 1.0).into());
            }
            let later = ui.button("Not now");
            if later.on_hover_text(words::NOT_NOW).clicked() {
                commands.push(TrainCommand::Forget(out.clone()).into());
            }
        });
    });
}
