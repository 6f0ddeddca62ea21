//! The pad over the sliders: two dimensions or directions under one hand, and the sheet of what lies on their plane.

use eframe::egui::{Button, CollapsingHeader, ComboBox, Label, Ui, Vec2, vec2};

use crate::{
    panels::{self, Context, common::SCROLL_BAR},
    state::{
        command::{FileCommand, WindowCommand},
        model::OpenModel,
        notebook::{self, Notebook},
        pad::{PadAxis, PadPlane, SHEET_SIDES},
        recipe::PictureKind,
        scene::Scene,
    },
    widgets::{Pad, caption, number_field, overflow_row, pad},
    words::{NO_PAD, STILL_PAD},
};

/// Largest and smallest side of the square, in points, and the height of what stands around it and of a slider under it.
const LARGEST: f32 = 300.0;
const SMALLEST: f32 = 140.0;
const AROUND: f32 = 190.0;
/// Width of what says which side it is, and of a value.
const SIDE: f32 = 46.0;
const VALUE: f32 = 58.0;
/// Typed values may go beyond the square, as far as beyond a slider.
const TYPED: f32 = 9.0;

/// Shows the pad, folded or not; `room` is that of the panel, whatever is scrolled there.
pub(super) fn ui(ui: &mut Ui, context: &mut Context<'_>, room: Vec2) {
    let header = CollapsingHeader::new("Pad").open(Some(context.controls.pad_unfolded));
    let shown = header.show_unindented(ui, |ui| unfolded(ui, context, room));
    let hint = "Move two dimensions or directions at once (P)";
    if shown.header_response.on_hover_text(hint).clicked() {
        context.send(WindowCommand::TogglePad);
    }
}

fn unfolded(ui: &mut Ui, context: &mut Context<'_>, room: Vec2) {
    let notebook = context.notebook;
    let Some(open) = panels::open(context.controls, context.session) else {
        return;
    };
    let (scene, model) = (open.scene, open.model);
    let stats = &model.space.statistics;
    let Some(axes) = scene.pad.axes(stats) else {
        caption(ui, NO_PAD);
        return;
    };
    let weights = notebook::weights(&model.manifest);
    let names = [0, 1].map(|side| notebook.axis_called(weights, &axes[side]));
    let plane = PadPlane::new(&axes, stats, &scene.locked);
    let mut values = plane.position(&scene.latent);
    let mut typed = false;
    let mut chosen = None;
    for (side, words) in ["Across", "Up"].into_iter().enumerate() {
        ui.horizontal(|ui| {
            ui.add_sized(vec2(SIDE, ui.spacing().interact_size.y), Label::new(words));
            let axis = axis_combo(ui, (side, words), &names[side], (notebook, scene, model));
            chosen = axis.map(|axis| (side, axis)).or(chosen.take());
            if let Some(values) = &mut values {
                typed |= value_field(ui, &names[side], &mut values[side]);
            }
        });
    }
    match &mut values {
        None => {
            caption(ui, STILL_PAD);
        }
        Some(values) => {
            let wide = (room.x - SCROLL_BAR).min(room.y - AROUND);
            let look = Pad {
                names: [&names[0], &names[1]],
                base: plane.position(&scene.origin),
                side: wide.clamp(SMALLEST, LARGEST).floor(),
            };
            let moved = pad(ui, look, values).changed();
            if let Some(latent) = plane
                .moved(&scene.latent, *values)
                .filter(|_| moved || typed)
            {
                scene.latent = latent;
            }
        }
    }
    if let Some((side, axis)) = chosen {
        scene.pad.choose(side, axis, stats);
    }
    if sheet_row(ui, scene) {
        context.send(FileCommand::AskWhereToSave(PictureKind::Pad));
    }
    ui.separator();
}

/// A list of what a side can move; what was chosen.
fn axis_combo(
    ui: &mut Ui,
    (side, words): (usize, &str),
    name: &str,
    (notebook, scene, model): (&Notebook, &Scene, &OpenModel),
) -> Option<PadAxis> {
    let stats = &model.space.statistics;
    let gap = ui.spacing().item_spacing.x;
    let width = (ui.available_width() - VALUE - gap).max(80.0);
    let combo = ComboBox::from_id_salt(("pad", side))
        .width(width)
        .truncate()
        .selected_text(name);
    let mut chosen = None;
    let response = combo.show_ui(ui, |ui| {
        let weights = notebook::weights(&model.manifest);
        let kept = notebook.directions(weights);
        let kept = kept.iter().filter(|kept| kept.fits(scene.latent.len()));
        let dims = stats.order_by_kl().into_iter().map(PadAxis::Dimension);
        // What the person kept is what the person looks for.
        for axis in kept.cloned().map(PadAxis::Direction).chain(dims) {
            let entry = notebook.axis_called(weights, &axis);
            if ui.selectable_label(entry == name, &entry).clicked() {
                chosen = Some(axis);
            }
        }
    });
    let response = response.response.on_hover_text(name);
    response.accessible_name(format!("pad, {}", words.to_lowercase()));
    chosen
}

/// The value of one side, to read and to type; true if it was changed.
fn value_field(ui: &mut Ui, name: &str, value: &mut f32) -> bool {
    let field = number_field(value)
        .speed(0.01)
        .range(-TYPED..=TYPED)
        .clamp_existing_to_range(false)
        .custom_formatter(|value, _| format!("{value:+.2}"));
    let size = vec2(VALUE, ui.spacing().interact_size.y);
    let field = ui
        .add_sized(size, field)
        .on_hover_text(format!("Where the latent stands on {name}. Click to type."));
    let field = field.accessible_name(format!("{name} on the pad"));
    field.changed()
}

/// What stands under the square.
#[derive(Clone, Copy)]
enum Part {
    Side,
    Save,
}

/// How many images the sheet has; true if it is to be saved.
fn sheet_row(ui: &mut Ui, scene: &mut Scene) -> bool {
    let mut save = false;
    ui.horizontal(|ui| {
        overflow_row(
            ui,
            "the sheet",
            &[Part::Save, Part::Side],
            0.0,
            |ui, part| match part {
                Part::Side => {
                    let side = &mut scene.pad.side;
                    ui.add(number_field(side).range(SHEET_SIDES).speed(0.1))
                        .accessible_name("images a side of the sheet");
                    caption(ui, "images a side");
                }
                Part::Save => {
                    let button = ui.add(Button::new("Save sheet…"));
                    let button = button.on_hover_text(
                        "Save the images on the whole square as PNG, each with the prediction",
                    );
                    save = button.clicked();
                }
            },
        );
    });
    save
}
