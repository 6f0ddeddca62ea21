//! The picture that was brought: turned as it is, with its crop and its objects, to be cropped by hand.

use std::sync::Arc;

use datasets::Region;
use eframe::egui::{
    Color32, ColorImage, EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense,
    TextureHandle, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::paint;
use crate::{
    state::import::{
        Card,
        crop::{self, Grip, Point},
    },
    widgets::caption,
};

/// From how far an edge can be gripped, in points.
const REACH: f32 = 10.0;
/// The side of the square with an object's number.
const TAG: f32 = 20.0;
/// An arrow key moves the crop by this share of the picture's longer side.
const KEY_STEP: f32 = 0.01;

const WHOLE: Rect = Rect {
    min: pos2(0.0, 0.0),
    max: pos2(1.0, 1.0),
};

/// The picture, and the drag on it.
#[derive(Default)]
pub(super) struct PicturePanel {
    texture: Option<TextureHandle>,
    shown: Option<Arc<ColorImage>>,
    drag: Option<Drag>,
    /// The number of the picture that was given the focus.
    focused: Option<u64>,
    /// What here can have the focus.
    ids: Vec<Id>,
}

/// A drag that goes on.
#[derive(Clone, Copy)]
struct Drag {
    crop: Region,
    grip: Grip,
    from: Point,
}

/// Where the picture lies on the screen.
#[derive(Clone, Copy)]
struct Placement {
    rect: Rect,
    /// Points a pixel.
    scale: f32,
    size: [u32; 2],
}

impl Placement {
    /// As large as the room allows, in its middle.
    fn fitted(size: [u32; 2], room: Rect) -> Self {
        let pixels = vec2(size[0] as f32, size[1] as f32);
        let room = room.shrink(REACH);
        let scale = (room.width() / pixels.x).min(room.height() / pixels.y);
        Self {
            rect: Rect::from_center_size(room.center(), pixels * scale),
            scale,
            size,
        }
    }

    fn to_picture(self, at: Pos2) -> Point {
        let at = (at - self.rect.min) / self.scale;
        [at.x, at.y]
    }

    fn on_screen(self, part: Region) -> Rect {
        let corner = vec2(part.left as f32, part.top as f32) * self.scale;
        let size = vec2(part.width as f32, part.height as f32) * self.scale;
        Rect::from_min_size(self.rect.min + corner, size)
    }
}

impl PicturePanel {
    /// Whether this is the picture or one of the numbers on it.
    pub(super) fn is(&self, id: Id) -> bool {
        self.ids.contains(&id)
    }

    /// Shows the picture as large as there is room.
    pub(super) fn ui(&mut self, ui: &mut Ui, room: Rect, card: &mut Card) {
        let Some(turned) = card.turned() else {
            caption(ui, "Reading the picture…");
            return;
        };
        let place = Placement::fitted(turned.size(), room);
        let view = Arc::clone(&turned.view);
        self.put(ui, view);
        let id = Id::unique("picture to crop");
        let response = ui.interact(place.rect.expand(REACH), id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "picture to crop"));
        if self.focused != Some(card.number) {
            self.focused = Some(card.number);
            response.request_focus();
        }
        self.pointer(ui, &response, place, card);
        arrows(ui, &response, place, card);
        if let Some(texture) = &self.texture {
            let painter = ui.painter();
            painter.image(texture.id(), place.rect, WHOLE, Color32::WHITE);
        }
        if let Some(crop) = card.crop() {
            paint::crop(ui, place.rect, place.on_screen(crop), response.has_focus());
        }
        self.ids = vec![id];
        self.objects(ui, place, card);
    }

    /// Updates the texture if there is another view.
    fn put(&mut self, ui: &Ui, view: Arc<ColorImage>) {
        if self
            .shown
            .as_ref()
            .is_some_and(|shown| Arc::ptr_eq(shown, &view))
        {
            return;
        }
        let options = TextureOptions::LINEAR;
        if let Some(texture) = &mut self.texture {
            texture.set(Arc::clone(&view), options);
        } else {
            let name = "picture to crop";
            self.texture = Some(ui.ctx().load_texture(name, Arc::clone(&view), options));
        }
        self.shown = Some(view);
    }

    /// Drags crop; a click chooses the object under it.
    fn pointer(&mut self, ui: &Ui, response: &Response, place: Placement, card: &mut Card) {
        let Some(crop) = card.crop() else { return };
        let reach = REACH / place.scale;
        if let Some(at) = response.hover_pos() {
            let grip = self.drag.map_or_else(
                || crop::grip(crop, place.to_picture(at), reach, place.size),
                |drag| drag.grip,
            );
            ui.ctx().set_cursor_icon(paint::cursor(grip));
        }
        let pointer = response.interact_pointer_pos();
        if response.drag_started() {
            response.request_focus();
            let origin = ui.input(|input| input.pointer.press_origin()).or(pointer);
            self.drag = origin.map(|origin| {
                let from = place.to_picture(origin);
                let grip = crop::grip(crop, from, reach, place.size);
                Drag { crop, grip, from }
            });
        }
        if let (Some(Drag { crop, grip, from }), Some(at)) = (self.drag, pointer) {
            let way = [from, place.to_picture(at)];
            set_crop(card, crop::dragged(crop, grip, way, place.size));
        }
        if !response.dragged() {
            self.drag = None;
        }
        if let Some(at) = pointer.filter(|_| response.clicked()) {
            response.request_focus();
            if let Some(object) = crop::object_at(card.objects(), place.to_picture(at)) {
                card.adjustments.object = Some(object);
            }
        }
    }

    /// Numbered boxes around the objects, where there are several. A number can be clicked, or reached with Tab.
    fn objects(&mut self, ui: &Ui, place: Placement, card: &mut Card) {
        let objects = card.objects().to_vec();
        let count = objects.len();
        if count < 2 {
            return;
        }
        let shown = card.adjustments.object.unwrap_or(0);
        for (number, object) in objects.into_iter().enumerate() {
            let frame = place.on_screen(object);
            let id = Id::unique(("object", number));
            let tag = Rect::from_min_size(frame.left_top(), Vec2::splat(TAG));
            let response = ui.interact(tag, id, Sense::click());
            let label = format!("object {} of {count}", number + 1);
            response.widget_info(|| {
                WidgetInfo::selected(Role::RadioButton, true, number == shown, &label)
            });
            self.ids.push(id);
            if response.clicked() || response.gained_focus() {
                card.adjustments.object = Some(number);
            }
            let marks = (number == shown, response.has_focus());
            paint::object(ui, [frame, tag], number, marks);
        }
    }
}

fn set_crop(card: &mut Card, crop: Region) {
    if card.adjustments.crop != Some(crop) {
        card.adjustments.crop = Some(crop);
        card.forget_object();
    }
}

/// Arrow keys move the crop, and resize it with Shift; with Ctrl they take single pixels.
fn arrows(ui: &Ui, response: &Response, place: Placement, card: &mut Card) {
    let Some(crop) = card.crop().filter(|_| response.has_focus()) else {
        return;
    };
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let longer = place.size[0].max(place.size[1]) as f32;
    let step = (longer * KEY_STEP).round().max(1.0);
    let keys = |modifiers: Modifiers, step: f32| {
        ui.input_mut(|input| {
            let mut along = |less: Key, more: Key| {
                let count = |input: &mut eframe::egui::InputState, key| {
                    input.count_and_consume_key(modifiers, key) as f32
                };
                (count(input, more) - count(input, less)) * step
            };
            [
                along(Key::ArrowLeft, Key::ArrowRight),
                along(Key::ArrowUp, Key::ArrowDown),
            ]
        })
    };
    // Those with more modifiers first: egui takes the first that fits.
    let (ctrl, shift) = (Modifiers::COMMAND, Modifiers::SHIFT);
    let resized = [keys(ctrl | shift, 1.0), keys(shift, step)];
    let moved = [keys(ctrl, 1.0), keys(Modifiers::NONE, step)];
    let resized = resized
        .into_iter()
        .fold(crop, |crop, by| crop::resized(crop, by, place.size));
    let moved = moved
        .into_iter()
        .fold(resized, |crop, by| crop::moved(crop, by, place.size));
    if moved != crop {
        set_crop(card, moved);
    }
}
