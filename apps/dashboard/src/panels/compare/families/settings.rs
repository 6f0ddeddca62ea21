//! What all families are asked alike, and which of them are shown.

use datasets::{ClassId, Seed};
use eframe::egui::{Color32, ComboBox, PopupCloseBehavior, TextStyle, Ui};

use crate::{
    panels::{
        Context,
        common::{class_combo, seed_field},
    },
    state::{
        classes::{DIGITS, class_id},
        command::CompareCommand,
        families,
        family_controls::MOST_NOISE,
        sources::kind_title,
    },
    theme,
    widgets::{MOST_BUTTONS, checkbox, hinted_segments, overflow_row, slider},
};

const CLASS: f32 = 120.0;
/// Around the name of a class in the row.
const AROUND: f32 = 20.0;

/// What is set, in the order in which it is given up where there is no room.
#[derive(Clone, Copy)]
enum Setting {
    Models,
    Class,
    Noise,
    Seed,
}

/// The controls in the row on top.
pub(in crate::panels::compare) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let names = families::class_names(context.controls, context.session);
    let in_list = names.len() > 1 && !row_has_room(ui, names);
    let mut row = vec![Setting::Noise, Setting::Seed];
    if in_list {
        row.insert(0, Setting::Class);
    }
    // In a narrow row the models come first, so that they do not go under the button.
    let place = if theme::is_narrow(ui) { 0 } else { row.len() };
    row.insert(place, Setting::Models);
    overflow_row(ui, "the families' row", &row, 0.0, |ui, setting| {
        let set = &mut context.controls.compare.families;
        match setting {
            Setting::Models => models(ui, context),
            Setting::Class => class_combo(ui, "class of the samples", CLASS, &mut set.class, names),
            Setting::Noise => noise(ui, &mut set.noise),
            Setting::Seed => seed(ui, &mut set.seed),
        }
    });
}

fn noise(ui: &mut Ui, noise: &mut f32) {
    if !theme::is_narrow(ui) {
        ui.label("Noise");
    }
    ui.spacing_mut().slider_width = theme::track(ui);
    let slider = slider(noise, 0.0..=MOST_NOISE)
        .step_by(0.05)
        .fixed_decimals(2);
    ui.add(slider).accessible_name("noise").on_hover_text(
        "How far samples spread: 0 draws the middles of the class's region, 1 its own spread, 2 twice as far out.",
    );
}

fn seed(ui: &mut Ui, seed: &mut Seed) {
    seed_field(ui, seed, "seed of the samples");
    let another = ui.button("Another");
    if another
        .on_hover_text("Draw with the next seed (R)")
        .clicked()
    {
        seed.0 = seed.0.wrapping_add(1);
    }
}

/// The classes in a row, where they have room beside each other.
pub(super) fn class_row(ui: &mut Ui, context: &mut Context<'_>) {
    let names = families::class_names(context.controls, context.session);
    if !row_has_room(ui, names) {
        return;
    }
    let set = &mut context.controls.compare.families;
    let named = names.iter().enumerate();
    let choices = named.filter_map(|(index, name)| Some((class_id(index)?, name.clone())));
    let hint = |class: ClassId| {
        let name = &names[class.index()];
        match class.index() {
            key if key < DIGITS => format!("{name} (key {key})"),
            _ => name.clone(),
        }
    };
    let chosen = hinted_segments(ui, set.class, choices, hint);
    set.class = chosen.unwrap_or(set.class);
    ui.add_space(theme::GAP);
}

fn row_has_room(ui: &Ui, names: &[String]) -> bool {
    if names.len() < 2 || names.len() > MOST_BUTTONS || theme::is_low(ui) {
        return false;
    }
    let font = TextStyle::Button.resolve(ui.style());
    let width = |name: &String| {
        let text = ui
            .painter()
            .layout_no_wrap(name.clone(), font.clone(), Color32::WHITE);
        text.size().x + AROUND
    };
    let all: f32 = names.iter().map(width).sum();
    all < ui.ctx().content_rect().width() - 4.0 * theme::GROUP_GAP
}

/// Which models are shown, and a way to add one from a folder.
pub(in crate::panels::compare) fn models(ui: &mut Ui, context: &mut Context<'_>) {
    let all = families::all(context.controls, context.session);
    let hidden = &mut context.controls.compare.families.hidden;
    let shown = all.iter().filter(|column| !hidden.contains(&column.model));
    let text = format!("Models {}/{}", shown.count(), all.len());
    let mut add = false;
    let combo = ComboBox::from_id_salt("families")
        .width(104.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .selected_text(text);
    let response = combo.show_ui(ui, |ui| {
        // Above the models, so that it is in sight however many there are.
        let button = ui.button("Add a folder…");
        if button
            .on_hover_text("Another model of the same images")
            .clicked()
        {
            add = true;
            ui.close();
        }
        ui.separator();
        for column in &all {
            let mut shown = !hidden.contains(&column.model);
            let check = checkbox(ui, &mut shown, kind_title(&column.model));
            if check.on_hover_text(column.model.to_string()).changed() {
                if shown {
                    hidden.remove(&column.model);
                } else {
                    hidden.insert(column.model.clone());
                }
            }
        }
    });
    response.response.accessible_name("models to compare");
    if add {
        context.send(CompareCommand::AskForModel);
    }
}
