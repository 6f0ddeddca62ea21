//! What is set before a run.

use eframe::egui::{Button, Label, RichText, TextEdit, TextStyle, Ui};
use runs::{Choice, Network, Preset};

use super::{images, settings};
use crate::{
    state::{
        command::{Command, TrainCommand},
        train::{Estimated, TrainForm, Training, WhatToTrain, duration},
    },
    theme,
    widgets::{self, caption, hinted_segments, text_field, thousands},
    words::training as words,
};

pub(super) fn ui(ui: &mut Ui, training: &mut Training, commands: &mut Vec<Command>) {
    images::ui(ui, training, commands);
    ui.add_space(theme::GROUP_GAP);
    kind(ui, training);
    ui.add_space(theme::GROUP_GAP);
    name(ui, training);
    ui.add_space(theme::GAP);
    settings::ui(ui, &mut training.form);
    command_line(ui, training);
}

fn kind(ui: &mut Ui, training: &mut Training) {
    let form = &mut training.form;
    widgets::title(ui, "Kind of model");
    let choices = TrainForm::FAMILIES.map(|family| (family, words::family(family).0.to_owned()));
    let hint = |family: Network| words::family(family).1.to_owned();
    ui.horizontal_wrapped(|ui| {
        if let Some(family) = hinted_segments(ui, form.family, choices, hint) {
            form.family = family;
        }
    });
    caption(ui, words::family(form.family).1);
    ui.add_space(theme::GAP);
    let presets = [Preset::QuickLook, Preset::Good];
    let choices = presets.map(|preset| (preset, words::preset(preset).0.to_owned()));
    if let Some(preset) = hinted_segments(ui, form.preset, choices, |preset| {
        words::preset(preset).1.to_owned()
    }) {
        form.preset = preset;
    }
    caption(ui, words::preset(form.preset).1);
    ui.add_space(theme::GAP);
    let what = [
        (WhatToTrain::Generator, "What draws"),
        (WhatToTrain::Judge, "What judges"),
        (WhatToTrain::Both, "Both"),
    ];
    let choices = what.map(|(what, text)| (what, text.to_owned()));
    let hint = |what: WhatToTrain| what.sentence().to_owned();
    if let Some(what) = hinted_segments(ui, form.what, choices, hint) {
        form.what = what;
    }
    caption(ui, form.what.sentence());
}

fn name(ui: &mut Ui, training: &mut Training) {
    let models = training.models();
    let form = &mut training.form;
    widgets::title(ui, "Name of the model");
    let usual = form.usual_name();
    let field = TextEdit::singleline(&mut form.name)
        .hint_text(usual)
        .desired_width(f32::INFINITY);
    text_field(ui, field).accessible_name("name of the model");
    match form.out(models.as_deref()) {
        Ok(out) => caption(ui, format!("It will be in {}", out.display())),
        Err(reason) => caption(ui, reason),
    };
}

/// How long it takes, and the button that begins.
pub(super) fn start(ui: &mut Ui, training: &Training, commands: &mut Vec<Command>) {
    let choices = training.choices();
    let missing = choices.as_ref().err();
    let first = choices.as_ref().ok().and_then(|choices| choices.first());
    ui.horizontal_wrapped(|ui| {
        let start = Button::new(RichText::new("Start").strong());
        let start = ui.add_enabled(missing.is_none(), start);
        let start = start.on_disabled_hover_text(missing.cloned().unwrap_or_default());
        if start.clicked() {
            commands.push(TrainCommand::Start.into());
        }
        let measuring = matches!(training.estimate, Estimated::Measuring);
        let enabled = missing.is_none() && !measuring;
        let button = ui.add_enabled(enabled, Button::new("How long?"));
        if button.on_hover_text(words::ESTIMATE).clicked() {
            commands.push(TrainCommand::Estimate.into());
        }
    });
    if let Some(missing) = missing {
        caption(ui, missing.clone());
    }
    if let Some(text) = time(&training.estimate, first) {
        caption(ui, text);
    }
}

/// The command that does the same, as far as it is known.
fn command_line(ui: &mut Ui, training: &Training) {
    let choices = training.choices();
    if let Some(choice) = choices.ok().and_then(|choices| choices.into_iter().next()) {
        ui.add_space(theme::GROUP_GAP);
        caption(ui, "The same on the command line:");
        let command = RichText::new(choice.command()).text_style(TextStyle::Monospace);
        let command = command.size(11.0).color(theme::palette(ui).text_weak);
        ui.add(Label::new(command).wrap().selectable(true));
    }
}

fn time(estimate: &Estimated, choice: Option<&Choice>) -> Option<String> {
    match estimate {
        Estimated::No => None,
        Estimated::Measuring => Some("Taking a few steps…".to_owned()),
        Estimated::Done(command, result) => {
            // Of other settings it says nothing.
            if choice.map(Choice::command).as_ref() != Some(command) {
                return None;
            }
            Some(match result {
                Ok(estimate) => format!(
                    "About {} for {} steps, {} images a second: measured by {} steps on this machine.",
                    duration(estimate.seconds),
                    thousands(estimate.steps),
                    thousands(estimate.images_per_second.round() as usize),
                    estimate.measured
                ),
                Err(reason) => reason.clone(),
            })
        }
    }
}
