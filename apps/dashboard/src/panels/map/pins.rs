//! Beside the map: pictures of the person's own that are pinned on it.

use eframe::egui::{Align, Button, Label, Layout, Sense, Ui, Vec2};

use super::{MapPanel, notes};
use crate::{
    panels::{self, Context},
    state::{
        command::{MapCommand, NotebookCommand},
        map::{MapLayer, Pin},
        scene::{Scene, Start},
    },
    theme,
    widgets::{self, canvas, checkbox, close_button},
};

/// Side of a pin's picture in the list.
const SIDE: f32 = 26.0;

impl MapPanel {
    /// The pins, and what makes them.
    pub(super) fn pins(&self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        if !open.model.finds_images() {
            return;
        }
        let from_picture = matches!(open.scene.start, Start::Image(_));
        let (dims, shape) = (open.model.space.dims(), open.model.shape());
        ui.add_space(theme::GAP);
        widgets::title(ui, MapLayer::Pins.title()).on_hover_text(MapLayer::Pins.sentence());
        let (mut go, mut delete) = (None, None);
        for (index, pin) in notes(context).pins.iter().enumerate() {
            if !pin.fits(dims) {
                continue;
            }
            ui.horizontal(|ui| {
                let side = canvas::crisp_side(shape, SIDE, ui.pixels_per_point());
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
                self.pinned.paint(ui, rect, index);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let name = format!("take the pin {} away", pin.name);
                    if close_button(ui, &name, "Take this pin away") {
                        delete = Some(pin.name.clone());
                    }
                    if ui
                        .small_button("Go there")
                        .accessible_name(format!("go to {}", pin.name))
                        .clicked()
                    {
                        go = Some(pin);
                    }
                    ui.add(Label::new(&pin.name).truncate())
                        .on_hover_text(&pin.name);
                });
            });
        }
        if let (Some(pin), Some(scene)) = (go, context.controls.scene_mut()) {
            go_to(pin, scene);
        }
        if let Some(name) = delete {
            context.send(NotebookCommand::DeletePin(name));
        }
        ui.horizontal_wrapped(|ui| {
            let pin = ui.add_enabled(from_picture, Button::new("Pin this picture"));
            let pin = pin
                .on_hover_text("Keep the picture that the latent came from on the map")
                .on_disabled_hover_text("The latent came from no picture");
            if pin.clicked() {
                context.send(MapCommand::Pin);
            }
            let mut opened = context.controls.map.pin_opened;
            let opened = checkbox(ui, &mut opened, "Pin what I open")
                .on_hover_text("Pin each picture of your own that you open, paste or draw");
            if opened.changed() {
                context.send(MapCommand::TogglePinOpened);
            }
        });
    }
}

/// Starts from the picture of a pin.
pub(super) fn go_to(pin: &Pin, scene: &mut Scene) {
    scene.go_to_encoded(pin.latent.clone(), Start::Image(pin.image.clone()));
}
