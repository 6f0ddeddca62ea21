//! The brush: drawing on the picture in front. A stroke lies on the picture that is seen; the latent follows it while it is drawn, and
//! what the model makes of it is shown once the brush is up.
//!
//! The picture may be on the graphics device. It is copied from there while nothing is drawn, so that a stroke can begin at once.

mod device_copy;
mod front_stroke;
mod row;

pub(super) use row::HEIGHT;

use datasets::Image;
use eframe::egui::{CursorIcon, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use self::{device_copy::DeviceCopy, front_stroke::FrontStroke};
use super::pen::{PenEvent, paint_tip, pen_events};
use crate::{
    panels::Context,
    state::{
        brush::{self, Brush, PictureStroke},
        command::SceneCommand,
        model::OpenModel,
        scene::{InputImage, Scene, Start},
        shown::Shown,
        sketch::SketchPoint,
    },
    widgets::canvas::{self, Canvas},
};

/// What the image is called that a picture becomes by a stroke.
const NAME: &str = "Drawn on the picture";

/// The brush, the stroke that is drawn, and the picture with the stroke on it.
#[derive(Default)]
pub(super) struct BrushTool {
    pub(super) is_out: bool,
    brush: Brush,
    /// Whether the next click takes the colour of a pixel.
    picks: bool,
    /// Whether the person looks at what was drawn, not at what the model makes of it.
    shows_drawn: bool,
    /// The last stroke, until the model has answered it.
    stroke: Option<FrontStroke>,
    copy: DeviceCopy,
    canvas: Canvas,
}

impl BrushTool {
    /// Takes it out, or puts it away.
    pub(super) fn set_out(&mut self, is_out: bool) {
        self.is_out = is_out;
        self.stroke = None;
        self.picks = false;
    }

    /// Lets go of the picture, which belongs to a window that is gone.
    pub(super) fn forget_picture(&mut self) {
        self.canvas = Canvas::default();
        self.copy = DeviceCopy::default();
    }

    /// Whether a stroke is drawn, or was drawn and not answered yet.
    pub(super) fn has_stroke(&self) -> bool {
        self.stroke.is_some()
    }

    /// Whether a stroke began since the last call.
    pub(super) fn take_beginning(&mut self) -> bool {
        let stroke = self.stroke.as_mut();
        stroke.is_some_and(|on| std::mem::take(&mut on.is_new))
    }

    /// Takes the picture of an answer that was copied from the device; none came if that failed.
    pub(super) fn take_picture(&mut self, revision: u64, image: Option<Image>) {
        if image.is_none() && self.stroke.as_ref().is_some_and(|on| on.stroke.waits()) {
            self.stroke = None;
        }
        self.copy.take(revision, image);
    }

    /// The picture to draw on, in the middle of `room`. `decoded` paints it where there is no stroke on it.
    pub(super) fn picture(
        &mut self,
        ui: &Ui,
        context: &mut Context<'_>,
        room: Rect,
        decoded: impl FnOnce(&Ui, &Context<'_>),
    ) {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        let id = ui.scope_id().with("picture to draw on");
        let response = ui.interact(room, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "picture to draw on"));
        let fitted = canvas::fitted(model.shape(), room, ui.pixels_per_point());
        // The square around the picture is what the brush is on.
        let side = fitted.size().max_elem();
        let sheet = Rect::from_center_size(fitted.center(), Vec2::splat(side));
        self.stroke.take_if(|on| on.is_done(context));
        self.copy.ask(context);
        if let (Some(on), Some(picture)) = (&mut self.stroke, front(context, &self.copy)) {
            on.stroke.lies_on(picture);
        }
        if self.picks {
            self.pick(context, fitted, &response);
        } else if model.finds_images() {
            self.draw(ui, context, sheet, &response);
            self.encode(context, model);
        }
        match self.drawn(context.controls.scene()) {
            Some(image) => {
                let revision = canvas::fingerprint(&image);
                self.canvas.paint(ui, room, revision, &image, None);
            }
            None => decoded(ui, context),
        }
        if self.picks {
            response.on_hover_cursor(CursorIcon::Crosshair);
        } else {
            paint_tip(ui, sheet, &response, self.brush.pen.width);
        }
    }

    /// What was drawn, if that is what the person sees.
    fn drawn(&mut self, scene: Option<&Scene>) -> Option<Image> {
        let stroke = self.stroke.as_mut();
        if let Some(drawn) = stroke.and_then(|on| on.stroke.drawn()) {
            return Some(drawn.clone());
        }
        match &scene?.start {
            Start::Image(image) if self.shows_drawn => Some(image.image.clone()),
            _ => None,
        }
    }

    /// The picture that the person sees, if it is on the host.
    fn seen(&mut self, context: &Context<'_>) -> Option<Image> {
        let drawn = self.drawn(context.controls.scene());
        drawn.or_else(|| front(context, &self.copy))
    }

    /// Takes the colour of the pixel that is clicked.
    fn pick(&mut self, context: &Context<'_>, picture: Rect, response: &Response) {
        let Some(at) = response
            .interact_pointer_pos()
            .filter(|_| response.clicked())
        else {
            return;
        };
        let share = (at - picture.min) / picture.size();
        let seen = self.seen(context);
        if let Some(color) = seen.and_then(|seen| brush::color_at(&seen, [share.x, share.y])) {
            self.brush.color = color;
            self.brush.pen.erases = false;
            self.picks = false;
        }
    }

    fn draw(&mut self, ui: &Ui, context: &mut Context<'_>, sheet: Rect, response: &Response) {
        let is_down = |on: &FrontStroke| on.stroke.is_going_on();
        let is_down = self.stroke.as_ref().is_some_and(is_down);
        for event in pen_events(ui, sheet, response, is_down) {
            if let PenEvent::Down(place) = event {
                self.begin(context, place);
            }
            let Some(FrontStroke { stroke, .. }) = &mut self.stroke else {
                continue;
            };
            match event {
                PenEvent::Down(_) => {}
                PenEvent::Move(place) => stroke.extend(place),
                PenEvent::Up(place) => {
                    stroke.extend(place);
                    stroke.end();
                }
            }
        }
        if let Some(on) = &mut self.stroke
            && !response.is_pointer_button_down_on()
        {
            on.stroke.end();
        }
    }

    fn begin(&mut self, context: &mut Context<'_>, place: SketchPoint) {
        if context.session.searching() {
            // It would go on moving the latent under the brush.
            context.send(SceneCommand::StopSearch);
        }
        let picture = self.seen(context);
        self.stroke = Some(FrontStroke {
            model: context.controls.model.clone(),
            stroke: PictureStroke::begin(self.brush, place, picture),
            sent: None,
            is_new: true,
        });
    }

    /// Has the picture encoded as it is with the stroke. A search takes seconds, so it begins when the brush is up.
    fn encode(&mut self, context: &mut Context<'_>, model: &OpenModel) {
        let Some(FrontStroke { stroke, sent, .. }) = &mut self.stroke else {
            return;
        };
        if (model.searches() && stroke.is_going_on()) || !stroke.changes() {
            return;
        }
        let Some(image) = stroke
            .drawn()
            .filter(|image| sent.as_ref() != Some(*image))
            .cloned()
        else {
            return;
        };
        *sent = Some(image.clone());
        context.send(SceneCommand::StartFromImage(InputImage {
            name: NAME.to_owned(),
            label: None,
            encoded_as: None,
            drawn_on: true,
            image,
        }));
    }
}

/// The decoded picture in front, if it is on the host.
fn front(context: &Context<'_>, copy: &DeviceCopy) -> Option<Image> {
    let frame = context.answers().frame.as_ref()?;
    match &frame.value {
        Shown::Host(host) => Some(host.image.clone()),
        Shown::Live(_) => copy.of(frame.revision),
    }
}
