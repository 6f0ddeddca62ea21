//! What is set for the brush, in a row over the picture, and what a person sees while drawing and after it, in a sentence.

use eframe::egui::{
    Button, Color32, Label, Rect, RichText, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2,
    WidgetInfo,
};

use super::BrushTool;
use crate::{
    panels::{Context, explore::draw::WIDTHS},
    state::{brush::PAINTS, command::WindowCommand, model::OpenModel, scene::Start},
    theme,
    widgets::{overflow_row, segments, slider},
    words::{CANNOT_FIND, DRAWS_AFTER_SEARCH, DRAWS_ON_PICTURE},
};

/// Height of the row, and of the sentence under it, in points.
const ROW: f32 = 30.0;
const SENTENCE: f32 = 18.0;
/// Height of both.
pub(in crate::panels::explore) const HEIGHT: f32 = ROW + SENTENCE;
/// Side of a colour to choose.
const SWATCH: f32 = 20.0;

/// What stands in the row.
#[derive(Clone, Copy)]
enum Part {
    Kind,
    Width,
    Paints,
    Pick,
    Look,
    Done,
}

impl BrushTool {
    /// Shows the row and the sentence, as high as [`HEIGHT`].
    pub(in crate::panels::explore) fn row(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        let parts: &[Part] = match (model.finds_images(), model.shape().is_colour()) {
            (false, _) => &[Part::Done],
            (true, false) => &[Part::Kind, Part::Width, Part::Look, Part::Done],
            (true, true) => &[
                Part::Kind,
                Part::Width,
                Part::Paints,
                Part::Pick,
                Part::Look,
                Part::Done,
            ],
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            ui.set_height(ROW);
            overflow_row(ui, "the brush", parts, 0.0, |ui, part| {
                self.part(ui, context, part);
            });
        });
        sentence(ui, model);
    }

    fn part(&mut self, ui: &mut Ui, context: &mut Context<'_>, part: Part) {
        match part {
            Part::Kind => {
                let choices = [(false, "Paint".to_owned()), (true, "Erase".to_owned())];
                let pen = &mut self.brush.pen;
                pen.erases = segments(ui, pen.erases, choices).unwrap_or(pen.erases);
            }
            Part::Width => {
                ui.spacing_mut().slider_width = theme::track(ui);
                let slider = slider(&mut self.brush.pen.width, WIDTHS).show_value(false);
                ui.add(slider)
                    .on_hover_text("How wide the brush is")
                    .accessible_name("width of the brush");
            }
            Part::Paints => {
                ui.spacing_mut().item_spacing.x = 3.0;
                for (name, color) in PAINTS {
                    let chosen = self.brush.color == color;
                    if swatch(ui, name, color, chosen) {
                        self.brush.color = color;
                        self.brush.pen.erases = false;
                    }
                }
            }
            Part::Pick => self.pick_button(ui),
            Part::Look => self.look(ui, context),
            Part::Done => {
                let done = ui.button("Done").on_hover_text("Put the brush away (Esc)");
                if done.accessible_name("Put the brush away").clicked() {
                    context.send(WindowCommand::ToggleBrush);
                }
            }
        }
    }

    /// Takes a colour from the picture. It shows the one that was taken.
    fn pick_button(&mut self, ui: &mut Ui) {
        let [r, g, b] = self.brush.color;
        let taken = PAINTS.iter().all(|(_, color)| *color != self.brush.color);
        if taken {
            swatch(ui, "from the picture", self.brush.color, true);
        }
        let pick = ui.add(Button::new("Pick").selected(self.picks));
        let pick = pick.on_hover_text(format!(
            "Click on the picture to take its colour there. Now: {r}, {g}, {b}"
        ));
        if pick
            .accessible_name("Take a colour from the picture")
            .clicked()
        {
            self.picks = !self.picks;
        }
    }

    /// What the person looks at between two strokes.
    fn look(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let start = context.controls.scene().map(|scene| &scene.start);
        let is_drawn = matches!(start, Some(Start::Image(_)));
        ui.add_enabled_ui(is_drawn, |ui| {
            let choices = [(false, "Decoded".to_owned()), (true, "As drawn".to_owned())];
            let shown = self.shows_drawn;
            self.shows_drawn = segments(ui, shown, choices).unwrap_or(shown);
        });
    }
}

/// What is seen when, or why nothing can be drawn.
fn sentence(ui: &mut Ui, model: &OpenModel) {
    let text = if !model.finds_images() {
        CANNOT_FIND
    } else if model.searches() {
        DRAWS_AFTER_SEARCH
    } else {
        DRAWS_ON_PICTURE
    };
    let text = RichText::new(text)
        .color(theme::palette(ui).text_weak)
        .text_style(TextStyle::Small);
    // What has no room is read under the pointer.
    ui.add(Label::new(text).truncate());
}

/// A colour to choose; true if it was clicked.
fn swatch(ui: &mut Ui, name: &str, [r, g, b]: [u8; 3], chosen: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SWATCH), Sense::click());
    let label = format!("colour {name}");
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &label));
    let palette = theme::palette(ui);
    let inner = Rect::from_center_size(rect.center(), Vec2::splat(SWATCH - 4.0));
    let painter = ui.painter();
    painter.rect_filled(inner, 3.0, Color32::from_rgb(r, g, b));
    // As dark or as light as what is behind it, a colour is seen by its edge.
    let edge = Stroke::new(1.0, palette.mark);
    painter.rect_stroke(inner, 3.0, edge, StrokeKind::Inside);
    if chosen || response.has_focus() || response.hovered() {
        let color = if chosen { palette.accent } else { palette.text };
        painter.rect_stroke(rect, 4.0, Stroke::new(2.0, color), StrokeKind::Inside);
    }
    response.on_hover_text(name).clicked()
}
