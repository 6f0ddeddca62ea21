//! How far a run is, and what can be done with it.

use eframe::egui::{Align, Layout, ProgressBar, Ui};
use runs::{RunState, RunView};
use studio::ModelSource;

use crate::{
    state::{
        command::{Command, ModelCommand, TrainCommand, WindowCommand},
        controls::Space,
        train::{Live, Measuring, ShownRun, duration},
    },
    theme,
    widgets::{self, caption, thousands},
    words::training as words,
};

/// Snapshots before which there are no weights to look at.
const LEAST_SEEN: usize = 1;

pub(super) fn ui(
    ui: &mut Ui,
    (shown, measuring): (&mut ShownRun, Option<&Measuring>),
    front: &ModelSource,
    commands: &mut Vec<Command>,
) {
    heading(ui, shown, commands);
    let view = &shown.view;
    let bar = ProgressBar::new(view.share() as f32).text(status(view));
    ui.add(bar);
    caption(ui, details(view));
    if let Some(trouble) = &view.trouble {
        ui.colored_label(theme::palette(ui).warn, trouble);
    }
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        if shown.watched.is_some() {
            watched(ui, shown, commands);
        } else if shown.view.state.is_active() {
            own(ui, shown, commands);
        } else {
            ended(ui, (shown, measuring), front, commands);
        }
    });
}

fn heading(ui: &mut Ui, shown: &ShownRun, commands: &mut Vec<Command>) {
    let settings = &shown.view.settings;
    let network = words::family(settings.network.network()).0;
    let images = match &shown.view.dataset {
        Some(info) => info.title.clone(),
        None => settings.images.folder().display().to_string(),
    };
    ui.horizontal(|ui| {
        let name = shown.model().short_name();
        widgets::title(ui, &format!("{name}: {network} on {images}"));
        if !shown.view.state.is_active() || shown.watched.is_some() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let put_away = ui.button("Train another");
                if put_away.on_hover_text("Back to the settings").clicked() {
                    commands.push(TrainCommand::PutAway.into());
                }
            });
        }
    });
    if shown.following > 0 {
        caption(ui, "The judge is trained next, into the same model.");
    }
}

/// What it is doing, in a line.
fn status(view: &RunView) -> String {
    let percent = format!("{:.0} %", 100.0 * view.share());
    match &view.state {
        RunState::Preparing => "Reading the images".to_owned(),
        RunState::Running => format!("{percent}, {} left", duration(view.seconds_left)),
        RunState::Paused => format!("{percent}, paused"),
        RunState::Saving => "Describing and saving the model".to_owned(),
        RunState::Stopped => format!("stopped at {percent}"),
        RunState::Finished => "Finished".to_owned(),
        RunState::Failed(_) => format!("failed at {percent}"),
        RunState::Crashed => format!("{percent}; its program has ended"),
    }
}

fn details(view: &RunView) -> String {
    let [step, steps] = view.steps;
    if steps == 0 {
        return String::new();
    }
    let epoch = (step.saturating_sub(1) / view.steps_an_epoch().max(1) + 1).min(view.epochs);
    format!(
        "Step {} of {}, epoch {epoch} of {}; {} images a second; {} images to learn from, {} held out",
        thousands(step),
        thousands(steps),
        view.epochs,
        thousands(view.images_per_second.round() as usize),
        thousands(view.images[0]),
        thousands(view.images[1]),
    )
}

/// The run of this window.
fn own(ui: &mut Ui, shown: &mut ShownRun, commands: &mut Vec<Command>) {
    let state = &shown.view.state;
    let trains = matches!(state, RunState::Running | RunState::Paused);
    ui.add_enabled_ui(trains && !shown.ending, |ui| {
        let paused = *state == RunState::Paused;
        let (text, hint) = if paused {
            ("Go on", "Go on where it waits")
        } else {
            ("Pause", "Wait between two steps")
        };
        if ui.button(text).on_hover_text(hint).clicked() {
            commands.push(TrainCommand::Pause(!paused).into());
        }
        if ui.button("Stop").on_hover_text(words::STOP).clicked() {
            commands.push(TrainCommand::Stop.into());
        }
        if ui.button("Keep").on_hover_text(words::KEEP).clicked() {
            commands.push(TrainCommand::Keep.into());
        }
    });
    if shown.ending {
        caption(ui, "Ending after this step…");
    }
    let draws = shown.view.seen.len() >= LEAST_SEEN && trains;
    let mut live = shown.live != Live::Off;
    let switch = ui.add_enabled(
        draws || live,
        eframe::egui::Checkbox::new(&mut live, "Live in Explore"),
    );
    if switch.on_hover_text(words::LIVE).changed() {
        commands.push(TrainCommand::Live(live).into());
    }
    match shown.live {
        Live::Wanted => {
            caption(ui, "Explore opens with the next pictures.");
        }
        Live::Open(step) => {
            caption(
                ui,
                format!("Explore has the weights of step {}.", thousands(step)),
            );
        }
        Live::Off => {}
    }
}

/// A run of another program.
fn watched(ui: &mut Ui, shown: &ShownRun, commands: &mut Vec<Command>) {
    caption(
        ui,
        if shown.view.state.is_active() {
            "Another program trains this; its files are read every second."
        } else {
            "Another program trained this."
        },
    );
    if shown.view.state == RunState::Finished && ui.button("Open the model").clicked() {
        commands.push(ModelCommand::Open(shown.model()).into());
        commands.push(WindowCommand::GoTo(Space::Explore).into());
    }
}

/// A run of this window that has ended.
fn ended(
    ui: &mut Ui,
    (shown, measuring): (&ShownRun, Option<&Measuring>),
    front: &ModelSource,
    commands: &mut Vec<Command>,
) {
    match &shown.view.state {
        RunState::Finished => {
            let mut go = |space: Space| {
                let model = shown.model();
                if *front != model {
                    commands.push(ModelCommand::Open(model).into());
                }
                commands.push(WindowCommand::GoTo(space).into());
            };
            if ui.button("Explore it").clicked() {
                go(Space::Explore);
            }
            if ui.button("See its figures").clicked() {
                go(Space::Evaluate);
            }
            measure(ui, measuring, commands);
        }
        RunState::Stopped | RunState::Crashed => {
            let settings = Box::new(shown.view.settings.clone());
            if ui.button("Go on").clicked() {
                commands.push(TrainCommand::GoOn(settings, 1.0).into());
            }
            caption(ui, words::STOPPED);
        }
        _ => {}
    }
}

/// Measuring the model, with its progress.
fn measure(ui: &mut Ui, measuring: Option<&Measuring>, commands: &mut Vec<Command>) {
    let Some(measuring) = measuring else {
        if ui
            .button("Measure it")
            .on_hover_text(words::MEASURE)
            .clicked()
        {
            commands.push(TrainCommand::Measure.into());
        }
        caption(ui, "The model is open beside the others.");
        return;
    };
    if ui.button("Stop measuring").clicked() {
        commands.push(TrainCommand::CancelMeasure.into());
    }
    let text = if measuring.figure.is_empty() {
        "reading the images".to_owned()
    } else {
        measuring.figure.replace('_', " ")
    };
    ui.add(
        ProgressBar::new(measuring.share)
            .text(text)
            .desired_width(260.0),
    );
}
