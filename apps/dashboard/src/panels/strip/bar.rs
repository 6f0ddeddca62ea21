//! The row of the show: its buttons, where it is, and how it goes.

use eframe::egui::{Align, ComboBox, Layout, Ui};
use latent_space::Path;

use crate::{
    panels::Context,
    state::{
        command::{BookmarkCommand, ShowCommand},
        controls::Controls,
        model::OpenModel,
        show,
        timeline::{SECONDS, STEPS, Stops, Timeline},
    },
    theme,
    widgets::{self, Sign, checkbox, number_field, overflow_row, sign_button, slider},
};

/// Least width of the slider along the show, with the number of the stop.
const SCRUBBER: f32 = 150.0;

/// What is set about the show.
#[derive(Clone, Copy)]
enum Setting {
    Stops,
    Path,
    Seconds,
    Loop,
}

const SETTINGS: [Setting; 4] = [
    Setting::Stops,
    Setting::Path,
    Setting::Seconds,
    Setting::Loop,
];

/// Shows the row.
pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
    if theme::has_shelf(ui) {
        fold(ui, context);
    } else {
        ui.menu_button("Bookmarks", |ui| bookmarks(ui, context));
    }
    let add = ui.button("Add").accessible_name("Add bookmark");
    if add
        .on_hover_text("Keep what you see as a bookmark (B)")
        .clicked()
    {
        context.send(BookmarkCommand::Add);
    }
    ui.separator();
    let session = context.session;
    let Some(model) = session.open(&context.controls.model) else {
        return;
    };
    let stops = show::stops(context.controls, model).len();
    ui.add_enabled_ui(stops > 1, |ui| buttons(ui, context, playing));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        overflow_row(ui, "the show", &SETTINGS, SCRUBBER, |ui, setting| {
            settings(ui, context.controls, model, setting);
        });
        ui.add_enabled_ui(stops > 1, |ui| scrubber(ui, context, stops));
    });
}

/// The bookmarks by name, where there is no room for their pictures.
pub(super) fn bookmarks(ui: &mut Ui, context: &mut Context<'_>) {
    let session = context.session;
    let Some(model) = session.open(&context.controls.model) else {
        return;
    };
    let mut chosen = None;
    for (index, kept) in context.controls.bookmarks_that_fit(model) {
        if ui.button(&kept.name).clicked() {
            chosen = Some(index);
        }
    }
    if let Some(index) = chosen {
        context.send(BookmarkCommand::JumpTo(index));
    }
    if context.controls.shelf().is_empty() {
        widgets::caption(
            ui,
            "No bookmarks yet. Press B, or Add, to keep what you see.",
        );
    }
}

fn fold(ui: &mut Ui, context: &mut Context<'_>) {
    let count = context.controls.shelf().len();
    let timeline = &mut context.controls.timeline;
    let (sign, name) = if timeline.unfolded {
        (Sign::Fold, "Fold bookmarks")
    } else {
        (Sign::Unfold, "Unfold bookmarks")
    };
    if sign_button(ui, sign, name).clicked() {
        timeline.unfolded = !timeline.unfolded;
    }
    if !theme::is_narrow(ui) {
        ui.label("Bookmarks");
    }
    widgets::figure(ui, format!("{count:<3}"));
}

fn buttons(ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
    ui.spacing_mut().item_spacing.x = 4.0;
    if sign_button(ui, Sign::Previous, "previous stop").clicked() {
        context.send(ShowCommand::StepStop(-1));
    }
    let (sign, name) = if playing {
        (Sign::Pause, "Pause")
    } else {
        (Sign::Play, "Play")
    };
    let play = sign_button(ui, sign, name);
    if play
        .on_hover_text("Play the show, or pause it (Space)")
        .clicked()
    {
        context.send(ShowCommand::TogglePlay);
    }
    if sign_button(ui, Sign::Next, "next stop").clicked() {
        context.send(ShowCommand::StepStop(1));
    }
}

fn settings(ui: &mut Ui, controls: &mut Controls, model: &OpenModel, setting: Setting) {
    let kind = show::kind(controls, model);
    let timeline = &mut controls.timeline;
    match setting {
        Setting::Stops => stops_list(ui, timeline, kind, model),
        Setting::Path => path_list(ui, timeline),
        Setting::Seconds => {
            let seconds = number_field(&mut timeline.seconds)
                .range(SECONDS)
                .speed(0.05)
                .fixed_decimals(1)
                .suffix(" s");
            ui.add_sized([58.0, 24.0], seconds)
                .on_hover_text("Seconds from stop to stop")
                .accessible_name("seconds from stop to stop");
        }
        Setting::Loop => {
            checkbox(ui, &mut timeline.looping, "Loop")
                .on_hover_text("After the last stop go back to the first, and on");
        }
    }
}

fn stops_list(ui: &mut Ui, timeline: &mut Timeline, kind: Stops, model: &OpenModel) {
    let classes = model.drawn_names().len() > 1;
    let combo = ComboBox::from_id_salt("show stops")
        .width(112.0)
        .selected_text(kind.title());
    let response = combo.show_ui(ui, |ui| {
        for stops in Stops::ALL {
            // Without classes there is nothing to go between.
            if stops == Stops::Classes && !classes {
                continue;
            }
            ui.selectable_value(&mut timeline.stops, stops, stops.title());
        }
    });
    response.response.accessible_name("stops of the show");
}

fn path_list(ui: &mut Ui, timeline: &mut Timeline) {
    let way = |path| match path {
        Path::Spherical => "Spherical",
        Path::Linear => "Linear",
    };
    let combo = ComboBox::from_id_salt("show path")
        .width(84.0)
        .selected_text(way(timeline.path));
    let response = combo.show_ui(ui, |ui| {
        for path in [Path::Spherical, Path::Linear] {
            ui.selectable_value(&mut timeline.path, path, way(path));
        }
    });
    response.response.accessible_name("way from stop to stop");
}

fn scrubber(ui: &mut Ui, context: &mut Context<'_>, stops: usize) {
    let timeline = context.controls.timeline;
    let last = timeline.last_step(stops);
    let mut step = timeline.step.min(last);
    let stop = step / STEPS % stops.max(1);
    widgets::figure(ui, format!("{:>2}/{stops:<2}", (stop + 1).min(stops)));
    ui.spacing_mut().slider_width = (ui.available_width() - 8.0).max(40.0);
    let slider = slider(&mut step, 0..=last.max(1)).show_value(false);
    if ui.add(slider).accessible_name("show position").changed() {
        context.send(ShowCommand::Seek(step));
    }
}
