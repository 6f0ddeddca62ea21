//! A sheet to draw on: what is drawn is encoded while the pen moves.

use datasets::Preparation;
use eframe::egui::{
    Align, Button, Color32, ColorImage, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo, pos2,
};

use super::pen::{PenEvent, paint_tip, pen_events};
use crate::{
    panels::{self, Context},
    state::{
        command::{SceneCommand, WindowCommand},
        scene::InputImage,
        sketch::{INK_SIDE, Pen, Sketch},
    },
    theme,
    widgets::{self, segments, slider},
    words::{BLACK_ON_WHITE, CANNOT_FIND},
};

/// The widths that a pen may have, as shares of the side of what it draws on.
pub(super) const WIDTHS: std::ops::RangeInclusive<f32> = 0.02..=0.25;

/// Largest and smallest side of the sheet on the screen. It follows the panel's height, not its width, which a scroll bar
/// changes: the sheet's height would then decide whether there is a scroll bar, and both would never settle.
const LARGEST: f32 = INK_SIDE as f32;
const SMALLEST: f32 = 140.0;

/// The sheet, the pen and the picture of the sheet.
pub(super) struct DrawingSheet {
    pub(super) open: bool,
    sketch: Sketch,
    pen: Pen,
    /// The revision of the sketch that was encoded last.
    sent: u64,
    /// The picture of the sheet: of which revision, and whether it is ink on paper.
    texture: Option<((u64, bool), TextureHandle)>,
}

impl Default for DrawingSheet {
    fn default() -> Self {
        Self {
            open: false,
            sketch: Sketch::default(),
            // Of a digit that fills two thirds of the sheet the stroke is as wide as MNIST's are.
            pen: Pen {
                width: 0.09,
                erases: false,
            },
            sent: 0,
            texture: None,
        }
    }
}

impl DrawingSheet {
    /// Takes a stroke back; false if the sheet is put away or was never drawn on.
    pub(super) fn undo(&mut self) -> bool {
        self.open && self.sketch.undo()
    }

    /// Draws a stroke again; false if there is none.
    pub(super) fn redo(&mut self) -> bool {
        self.open && self.sketch.redo()
    }

    /// Lets go of the picture, which belongs to a window that is gone.
    pub(super) fn forget_picture(&mut self) {
        self.texture = None;
    }

    /// Shows the sheet below what is in `ui` already, all of it in `room` points of height where that is possible.
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>, room: f32) {
        self.heading(ui, context);
        let open = context.session.open(&context.controls.model);
        if open.is_some_and(|open| !open.finds_images()) {
            widgets::caption(ui, CANNOT_FIND);
        }
        let how = open.map(|open| open.info().preparation);
        let on_paper = matches!(how, Some(Preparation::Picture { .. }));
        if on_paper {
            widgets::caption(ui, BLACK_ON_WHITE);
        }
        self.tools(ui);
        let above = ui.cursor().top() - ui.min_rect().top();
        let size = Vec2::splat((room - above).floor().clamp(SMALLEST, LARGEST));
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        self.draw(ui, rect, &response);
        self.paint(ui, rect, &response, on_paper);
        self.encode(context);
    }

    fn heading(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        ui.horizontal(|ui| {
            widgets::title(ui, "Draw");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let done = ui.button("Done").on_hover_text("Put the sheet away (D)");
                if done.accessible_name("Put the sheet away").clicked() {
                    context.send(WindowCommand::ToggleDrawing);
                }
                let clear = ui.button("Clear").on_hover_text("Take a blank sheet");
                if clear.accessible_name("Clear the sheet").clicked() {
                    self.sketch.clear();
                }
                let undo = ui.add_enabled(self.sketch.can_undo(), Button::new("Undo"));
                let undo = undo.on_hover_text("Take the last stroke back (Ctrl+Z)");
                if undo.accessible_name("Undo the stroke").clicked() {
                    self.sketch.undo();
                }
            });
        });
    }

    fn tools(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let choices = [(false, "Pen".to_owned()), (true, "Eraser".to_owned())];
            self.pen.erases = segments(ui, self.pen.erases, choices).unwrap_or(self.pen.erases);
            ui.spacing_mut().slider_width = 96.0;
            let slider = slider(&mut self.pen.width, WIDTHS).show_value(false);
            ui.add(slider)
                .on_hover_text("How wide the stroke is")
                .accessible_name("width of the stroke");
        });
    }

    fn draw(&mut self, ui: &Ui, rect: Rect, response: &Response) {
        for event in pen_events(ui, rect, response, self.sketch.pen_is_down()) {
            match event {
                PenEvent::Down(place) => self.sketch.begin(self.pen, place),
                PenEvent::Move(place) => self.sketch.extend(place),
                PenEvent::Up(place) => {
                    self.sketch.extend(place);
                    self.sketch.end();
                }
            }
        }
        if !response.is_pointer_button_down_on() {
            self.sketch.end();
        }
    }

    /// `on_paper` shows black ink on white paper, as the model is given it.
    fn paint(&mut self, ui: &Ui, rect: Rect, response: &Response, on_paper: bool) {
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "drawing sheet"));
        let revision = (self.sketch.revision(), on_paper);
        if self.texture.as_ref().map(|(shown, _)| *shown) != Some(revision) {
            let pixels = self.sketch.ink().iter();
            let pixels = pixels.map(|ink| {
                let light = if on_paper { 1.0 - ink } else { *ink };
                Color32::from_gray((light * 255.0).round() as u8)
            });
            let image = ColorImage::new([INK_SIDE; 2], pixels.collect());
            let options = TextureOptions::LINEAR;
            if let Some((shown, texture)) = &mut self.texture {
                texture.set(image, options);
                *shown = revision;
            } else {
                let texture = ui.ctx().load_texture("drawing sheet", image, options);
                self.texture = Some((revision, texture));
            }
        }
        let palette = theme::palette(ui);
        let painter = ui.painter_at(rect.expand(1.0));
        if let Some((_, texture)) = &self.texture {
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), rect, whole, Color32::WHITE);
        }
        let frame = Stroke::new(1.0, palette.line);
        painter.rect_stroke(rect, 0.0, frame, StrokeKind::Outside);
        paint_tip(ui, rect, response, self.pen.width);
    }

    fn encode(&mut self, context: &mut Context<'_>) {
        if self.sent == self.sketch.revision() {
            return;
        }
        self.sent = self.sketch.revision();
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        if !open.model.finds_images() {
            return;
        }
        let info = open.model.info();
        let (how, shape) = (info.preparation, info.shape);
        if let Some(image) = datasets::drawing(self.sketch.ink(), INK_SIDE, how, shape) {
            context.send(SceneCommand::StartFromImage(InputImage {
                name: "Drawing".to_owned(),
                label: None,
                encoded_as: None,
                drawn_on: false,
                image,
            }));
        }
    }
}
