//! The row on top: what is held against what, and what can be set about it.

use eframe::egui::{Button, ComboBox, PopupCloseBehavior, Ui};
use studio::ModelSource;

use super::{families, reconstructions};
use crate::{
    panels::{Context, common::heatmap_controls},
    state::{
        command::CompareCommand,
        compare,
        compared::Side,
        controls::{CompareWith, Controls},
        model::OpenModel,
        origin::anchor_in_words,
        sources::{self, model_title},
    },
    theme,
    widgets::{MOST_BUTTONS, caption, class_list, overflow_row, segments},
};

/// What Compare can show: its name, and one for where there is little room.
const VIEWS: [(CompareWith, &str, &str); 4] = [
    (CompareWith::Latent, "Another latent", "Latent"),
    (CompareWith::Model, "Another model", "Model"),
    (CompareWith::Families, "Families", "Families"),
    (CompareWith::Reconstructions, "Reconstructions", "Redrawn"),
];
/// Width of the window in which they have room beside each other.
const ROOM_FOR_VIEWS: f32 = 1270.0;
/// Widths of the list of them, and in a narrow window.
const VIEW: f32 = 130.0;
const NARROW_VIEW: f32 = 84.0;
const LIST: f32 = 168.0;
/// Height of a list of anchors that can be searched.
const ANCHORS: f32 = 220.0;

/// What is set about two sides.
#[derive(Clone, Copy)]
enum Setting {
    Other,
    Sides,
    Heatmap,
}

const SETTINGS: [Setting; 3] = [Setting::Other, Setting::Sides, Setting::Heatmap];

pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    ui.horizontal_centered(|ui| {
        views(ui, &mut context.controls.compare.with);
        ui.add_space(theme::GAP);
        let with = context.controls.compare.with;
        match with {
            CompareWith::Families => return families::settings(ui, context),
            CompareWith::Reconstructions => return reconstructions::settings(ui, context),
            CompareWith::Latent | CompareWith::Model => {}
        }
        let open = context.session.open(&context.controls.model);
        let judged = open.is_some_and(|open| open.judge.is_some());
        let count = if judged { 3 } else { 2 };
        let row = &SETTINGS[..count];
        overflow_row(ui, "Compare's row", row, 0.0, |ui, setting| match setting {
            Setting::Other if with == CompareWith::Latent => latents(ui, context),
            Setting::Other => models(ui, context),
            Setting::Sides => sides(ui, context),
            Setting::Heatmap => {
                if !theme::is_narrow(ui) {
                    ui.add_space(theme::GAP);
                }
                heatmap_controls(ui, &mut context.controls.view, true);
            }
        });
    });
}

/// What Compare shows: beside each other, or in a list where they have no room.
fn views(ui: &mut Ui, with: &mut CompareWith) {
    let choices = VIEWS.map(|(view, name, _)| (view, name.to_owned()));
    if ui.ctx().content_rect().width() >= ROOM_FOR_VIEWS {
        *with = segments(ui, *with, choices).unwrap_or(*with);
        return;
    }
    let narrow = theme::is_narrow(ui);
    let current = VIEWS.iter().find(|(view, ..)| view == with);
    let (title, width) = match current {
        Some((_, _, short)) if narrow => (*short, NARROW_VIEW),
        Some((_, name, _)) => (*name, VIEW),
        None => ("", VIEW),
    };
    let combo = ComboBox::from_id_salt("view")
        .width(width)
        .truncate()
        .selected_text(title);
    let response = combo.show_ui(ui, |ui| {
        for (view, name) in choices {
            ui.selectable_value(with, view, name);
        }
    });
    response.response.accessible_name("what to compare");
}

fn sides(ui: &mut Ui, context: &mut Context<'_>) {
    let ready = compare::seen(context.controls, context.session, Side::Right).is_some();
    let mut button = |ui: &mut Ui, name: &str, hint: &str, command: CompareCommand| {
        let text = if theme::is_narrow(ui) {
            name.split(' ').next().unwrap_or(name)
        } else {
            name
        };
        let button = ui.add_enabled(ready, Button::new(text));
        let button = button.on_hover_text(hint).accessible_name(name);
        if button.clicked() {
            context.send(command);
        }
    };
    button(
        ui,
        "Swap",
        "Left becomes right, right becomes left",
        CompareCommand::Swap,
    );
    button(
        ui,
        "Go to the other",
        "Show what is on the right in Explore; what is on the left stays here",
        CompareCommand::Explore,
    );
}

fn latents(ui: &mut Ui, context: &mut Context<'_>) {
    const KEEP: &str = "Keep this latent";
    let keep = ui.button(if theme::is_narrow(ui) { "Keep" } else { KEEP });
    if keep
        .on_hover_text("Hold a copy of it on the right, then move on")
        .accessible_name(KEEP)
        .clicked()
    {
        context.send(CompareCommand::KeepLatent);
    }
    let mut chosen = None;
    let model = context.session.open(&context.controls.model);
    if let (Some(model), Some(scene)) = (model, context.controls.scene()) {
        let name = compare::other_latent(scene, model).name;
        // A field in the list is clicked, too.
        let close = if model.drawn_names().len() > MOST_BUTTONS {
            PopupCloseBehavior::CloseOnClickOutside
        } else {
            PopupCloseBehavior::CloseOnClick
        };
        let combo = ComboBox::from_id_salt("other latent")
            .width(LIST)
            .truncate()
            .close_behavior(close)
            .selected_text(name);
        let response = combo.show_ui(ui, |ui| {
            let kept = context.controls.bookmarks_that_fit(model);
            let mut kept = kept.peekable();
            if kept.peek().is_some() {
                caption(ui, "Bookmarks");
            }
            for (index, kept) in kept {
                if ui.selectable_label(false, &kept.name).clicked() {
                    chosen = Some(CompareCommand::Bookmark(index));
                    ui.close();
                }
            }
            if let Some(command) = classes(ui, model) {
                chosen = Some(command);
                ui.close();
            }
        });
        response.response.accessible_name("other latent");
    }
    if let Some(command) = chosen {
        context.send(command);
    }
}

/// The anchors of classes, or of a conditional model the classes that it can draw the latent as.
fn classes(ui: &mut Ui, model: &OpenModel) -> Option<CompareCommand> {
    let given = model.is_conditional();
    caption(
        ui,
        if given {
            "This latent, drawn as"
        } else {
            "Anchors"
        },
    );
    let command = if given {
        CompareCommand::DrawnAs
    } else {
        CompareCommand::Anchor
    };
    let names = model.drawn_names();
    if names.len() > MOST_BUTTONS {
        return class_list(ui, "anchors", names, None, ANCHORS).map(command);
    }
    let mut chosen = None;
    for class in (0..names.len()).filter_map(|index| model.drawn(index)) {
        let name = if given {
            model.drawn_name(class)
        } else {
            anchor_in_words(class, model)
        };
        if ui.selectable_label(false, name).clicked() {
            chosen = Some(command(class));
        }
    }
    chosen
}

fn models(ui: &mut Ui, context: &mut Context<'_>) {
    let other = compare::other_model(context.controls);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("other model")
        .width(LIST)
        .truncate()
        .selected_text(model_title(&other));
    let response = combo.show_ui(ui, |ui| {
        // Above the models, so that it is in sight however many there are.
        if ui.selectable_label(false, "Open another model…").clicked() {
            chosen = Some(CompareCommand::AskForModel);
        }
        ui.separator();
        for model in choices(context) {
            let mut label = ui.selectable_label(model == other, model_title(&model));
            if let ModelSource::Folder(folder) = &model {
                label = label.on_hover_text(folder.display().to_string());
            }
            if label.clicked() {
                chosen = Some(CompareCommand::Model(model));
            }
        }
    });
    response.response.accessible_name("other model");
    if let Some(command) = chosen {
        context.send(command);
    }
}

/// Every model that is at hand, but for the one in front.
fn choices(context: &Context<'_>) -> Vec<ModelSource> {
    let Controls { model, compare, .. } = &*context.controls;
    let shipped = sources::shipped();
    let recent = context.recent.models.iter().cloned();
    let all = shipped
        .into_iter()
        .chain(recent.map(ModelSource::Folder))
        .chain(context.session.sources().cloned())
        .chain(compare.model.clone());
    let mut list = Vec::new();
    for source in all {
        if source != *model && !list.contains(&source) {
            list.push(source);
        }
    }
    list
}
