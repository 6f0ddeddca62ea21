//! Where to start from: a class, a shipped test image, a file.

use datasets::{ClassId, LabelledImages};
use eframe::egui::{Align, Button, Label, Layout, RichText, Role, Sense, Ui, Vec2, WidgetInfo};

use super::ExplorePanel;
use crate::{
    panels::{self, Context},
    state::{
        command::{FileCommand, LessonCommand, SceneCommand, WindowCommand},
        model::OpenModel,
        origin::{MIDDLE, start_in_words},
        scene::{Scene, Start},
    },
    theme,
    widgets::{self, canvas, caption, class_buttons, thousands},
    words::{CANNOT_FIND, NO_CLASSES, SEARCHES},
};

/// Room for an image of the sample.
const SAMPLE: f32 = 64.0;

impl ExplorePanel {
    pub(super) fn start(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        if panels::open(context.controls, context.session).is_none() {
            return;
        }
        ui.horizontal(|ui| {
            widgets::title(ui, "Start from");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let lessons = Button::new("Lessons").frame_when_inactive(false);
                let lessons = ui
                    .add(lessons)
                    .on_hover_text("Learn by doing, in three minutes each (F9)");
                if lessons.clicked() {
                    context.send(LessonCommand::ToggleList);
                }
            });
        });
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        caption(ui, start_in_words(open.scene, open.model));
        let picked = if open.model.is_conditional() {
            let middle = ui
                .button(MIDDLE)
                .on_hover_text("The middle of the most frequent images. The class stays");
            let class = open.scene.condition.unwrap_or(ClassId(0));
            middle.clicked().then_some(class)
        } else {
            classes(ui, open.scene, open.model)
        };
        let next = open.scene.sample;
        let session = context.session;
        if let Some(class) = picked {
            context.send(SceneCommand::StartFromAnchor(class));
        }
        ui.add_space(theme::GAP);
        let model = session.open(&context.controls.model);
        if !model.is_none_or(OpenModel::finds_images) {
            caption(ui, CANNOT_FIND);
            return;
        }
        if let Some(images) = model.and_then(|model| model.sample.as_ref()) {
            self.sample_browser(ui, images, next, context);
            ui.add_space(theme::GAP);
        }
        if model.is_some_and(OpenModel::searches) {
            caption(ui, SEARCHES);
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
            let side = canvas::crisp_side(images.shape(), SAMPLE, ui.pixels_per_point());
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
            let image = images.image(next);
            // Not its number, which an image of the other data set has, too.
            let revision = canvas::fingerprint(&image);
            self.sample.paint(ui, rect, revision, &image, None);
            response
                .widget_info(|| WidgetInfo::labeled(Role::Button, true, "encode this test image"));
            let mut go = response
                .on_hover_text("Encode this test image")
                .clicked()
                .then_some(next);
            ui.vertical(|ui| {
                let open = context.session.open(&context.controls.model);
                let label = open.and_then(|open| Some(open.info().class_name(images.label(next)?)));
                let title = label.map_or_else(
                    || "Test image".to_owned(),
                    |name| format!("Test image: {name}"),
                );
                ui.add(Label::new(&title).truncate()).on_hover_text(title);
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

/// A button for the anchor of each region; the one that was clicked.
fn classes(ui: &mut Ui, scene: &Scene, model: &OpenModel) -> Option<ClassId> {
    let current = match scene.start {
        Start::Anchor(class) => Some(class),
        _ => None,
    };
    if !model.has_classes() {
        caption(ui, NO_CLASSES);
    }
    ui.scope(|ui| class_buttons(ui, model.region_names(), current))
        .inner
}
