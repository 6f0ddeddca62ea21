//! Where to start from: a class, a shipped test image, a file.

use datasets::LabelledImages;
use eframe::egui::{Label, RichText, Role, Sense, Ui, Vec2, WidgetInfo};

use super::ExplorePanel;
use crate::{
    panels::{self, Context},
    state::{
        command::{FileCommand, SceneCommand, WindowCommand},
        origin::start_in_words,
        scene::Start,
    },
    theme,
    widgets::{self, canvas, caption, class_buttons, thousands},
};

impl ExplorePanel {
    pub(super) fn start(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        widgets::title(ui, "Start from");
        caption(ui, start_in_words(open.scene, open.manifest));
        let current = match open.scene.start {
            Start::Anchor(class) => Some(class),
            _ => None,
        };
        let picked = ui
            .scope(|ui| class_buttons(ui, &open.manifest.class_names, current))
            .inner;
        let next = open.scene.sample;
        let dataset = open.manifest.known_dataset();
        if let Some(class) = picked {
            context.send(SceneCommand::StartFromAnchor(class));
        }
        ui.add_space(theme::GAP);
        if let Some(images) = dataset.and_then(|dataset| context.samples.get(&dataset)) {
            self.sample_browser(ui, images, next, context);
            ui.add_space(theme::GAP);
        }
        ui.horizontal(|ui| {
            let open = ui.button("Open image…").on_hover_text(
                "Encode a picture of your own (Ctrl+O). Dropping it on the window works too, and so does pasting it \
                 (Ctrl+V)",
            );
            if open.clicked() {
                context.send(FileCommand::AskForImage);
            }
            let draw = ui.button("Draw").on_hover_text("Draw one yourself (D)");
            if draw.clicked() {
                context.send(WindowCommand::ToggleDrawing);
            }
        });
    }

    fn sample_browser(
        &mut self,
        ui: &mut Ui,
        images: &LabelledImages,
        next: usize,
        context: &mut Context<'_>,
    ) {
        let next = next.min(images.len().saturating_sub(1));
        ui.horizontal(|ui| {
            let side = canvas::crisp_side(56.0, ui.pixels_per_point());
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
            let pixels: Vec<f32> = images
                .image(next)
                .iter()
                .map(|&byte| f32::from(byte) / 255.0)
                .collect();
            // Not its number, which an image of the other data set has, too.
            let revision = canvas::fingerprint(&pixels);
            self.sample.paint(ui, rect, revision, &pixels, None);
            let label = images.label(next);
            response
                .widget_info(|| WidgetInfo::labeled(Role::Button, true, "encode this test image"));
            let mut go = response
                .on_hover_text("Encode this test image")
                .clicked()
                .then_some(next);
            ui.vertical(|ui| {
                let manifest = context.session.manifest(&context.controls.model);
                let name = manifest
                    .map_or_else(|| label.to_string(), |manifest| manifest.class_name(label));
                ui.label(format!("Test image: {name}"));
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    if ui
                        .button("‹")
                        .accessible_name("previous test image")
                        .clicked()
                    {
                        go = Some((next + images.len() - 1) % images.len());
                    }
                    let number = format!("{}/{}", thousands(next + 1), thousands(images.len()));
                    ui.add_sized([84.0, 20.0], Label::new(RichText::new(number).monospace()));
                    if ui.button("›").accessible_name("next test image").clicked() {
                        go = Some((next + 1) % images.len());
                    }
                });
            });
            if let Some(index) = go {
                context.send(SceneCommand::StartFromSample(index));
            }
        });
    }
}
