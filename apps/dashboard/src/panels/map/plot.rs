//! The map itself: what the hand does on it.

use datasets::LabelledImages;
use eframe::egui::{
    EventFilter, Key, PointerButton, Pos2, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo,
};

use super::{
    Layout, MapPanel, View, layout, notes,
    paint::{self, Hit, InView},
    pins::go_to,
    sample, waiting,
};
use crate::{
    panels::{self, Context},
    state::{
        map::{Camera, Pin, PointFigures},
        model::OpenModel,
        scene::{InputImage, Scene, Start},
    },
};

/// How near the pointer has to be to the cursor to take hold of it.
const GRAB: f32 = 14.0;
/// How far an arrow key moves the cursor, in points; with Shift a tenth of it.
const KEY_STEP: f32 = 6.0;
/// How much slower a drag is with Shift held.
const FINE: f32 = 0.1;
/// Zoom, as a power of e, for a point of scrolling.
const SCROLL: f32 = 0.005;
/// Between two corners of the line of the lasso.
const LINE_STEP: f32 = 3.0;

impl MapPanel {
    pub(super) fn plot(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        self.keys(ui);
        let (images, notes) = (sample(context), notes(context));
        let settings = context.controls.map;
        let source = context.controls.model.clone();
        let Some(points) = &self.points else {
            return waiting(ui, context);
        };
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let layout = layout(points, settings.projection, &self.unfoldings);
        let rect = ui.available_rect_before_wrap();
        let response = ui.interact(rect, ui.scope_id().with("map"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "map of latent space"));
        let view = &mut self.view;
        if response.double_clicked() {
            view.viewport = crate::state::map::Viewport::default();
            if let Some(before) = view.before_click.take() {
                *open.scene = before;
            }
        }
        look_around(ui, &response, view, layout);
        let camera = view.viewport.camera(rect, layout.places());
        let shape = self.pictures.shape();
        let in_view = InView::new(ui, layout, view, &camera, shape);
        let cloud = &layout.points.cloud;
        let figures = PointFigures::of(open.answers);
        let stage = paint::Stage {
            layout,
            camera: &camera,
            pictures: &self.pictures,
            model: open.model,
            sampled: images.is_some(),
            settings,
            scale: figures.scale(settings.coloring, cloud.len()),
            figures,
            groups: notes
                .groups
                .iter()
                .filter(|kept| kept.fits(cloud))
                .collect(),
            pins: &notes.pins,
            pinned: &self.pinned,
            trail: self.trail.latents(&source).collect(),
        };
        let pointer = response.hover_pos().filter(|_| !response.dragged());
        let pin = pointer.and_then(|pointer| stage.pin_at(ui, pointer));
        let on_points = pointer.filter(|_| pin.is_none());
        let point = on_points.and_then(|pointer| in_view.at(pointer));
        let hit = Hit { point, pin };
        if self.lasso {
            draw_line(&response, view, layout, &camera);
        } else {
            let hand = Hand {
                layout,
                camera: &camera,
                images,
                model: open.model,
                hit,
                pins: &notes.pins,
            };
            hand.move_cursor(ui, &response, view, open.scene);
        }
        stage.paint(ui, &response, view, &in_view, hit, &open.scene.latent);
    }

    /// L takes the lasso, Escape puts it away.
    fn keys(&mut self, ui: &Ui) {
        if ui.ctx().text_edit_focused() {
            return;
        }
        let plain = |input: &eframe::egui::InputState, key| {
            input.modifiers.is_none() && input.key_pressed(key)
        };
        if ui.input(|input| plain(input, Key::L)) {
            self.lasso = !self.lasso;
        }
        if ui.input(|input| plain(input, Key::Escape)) {
            self.lasso = false;
            self.view.clear_group();
        }
    }
}

/// Zooming and moving the map.
fn look_around(ui: &Ui, response: &Response, view: &mut View, layout: Layout<'_>) {
    let camera = view.viewport.camera(response.rect, layout.places());
    let by_button = std::mem::replace(&mut view.zoom_by, 1.0);
    if by_button.to_bits() != 1.0_f32.to_bits() {
        view.viewport
            .zoom(&camera, response.rect.center(), by_button);
    } else if let Some(pointer) = response.hover_pos() {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = (SCROLL * scroll).exp() * pinch;
        if factor.to_bits() != 1.0_f32.to_bits() {
            view.viewport.zoom(&camera, pointer, factor);
        }
    }
    let dragged = [PointerButton::Secondary, PointerButton::Middle]
        .into_iter()
        .any(|button| response.dragged_by(button));
    if dragged || pans(ui, response) {
        view.viewport.pan(&camera, response.drag_delta());
    }
}

/// Whether the first button moves the map, for hands without a second one.
fn pans(ui: &Ui, response: &Response) -> bool {
    response.dragged_by(PointerButton::Primary) && ui.input(|input| input.modifiers.command)
}

/// The line of the lasso follows the pointer; the end of the drag closes it.
fn draw_line(response: &Response, view: &mut View, layout: Layout<'_>, camera: &Camera) {
    if response.drag_started_by(PointerButton::Primary) {
        view.clear_group();
    }
    if response.dragged_by(PointerButton::Primary)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        let far = |last: &[f32; 2]| camera.to_screen(*last).distance(pointer) >= LINE_STEP;
        if view.line.last().is_none_or(far) {
            view.line.push(camera.to_map(pointer));
        }
    }
    if response.drag_stopped_by(PointerButton::Primary) {
        view.close_line(layout);
    }
}

/// What the hand meets.
struct Hand<'a> {
    layout: Layout<'a>,
    camera: &'a Camera,
    images: Option<&'a LabelledImages>,
    model: &'a OpenModel,
    /// What the pointer is on.
    hit: Hit,
    pins: &'a [Pin],
}

impl Hand<'_> {
    /// Drags, clicks and arrow keys.
    fn move_cursor(&self, ui: &Ui, response: &Response, view: &mut View, scene: &mut Scene) {
        let cursor = self
            .camera
            .to_screen(view.cursor(self.layout, &scene.latent));
        let cursor = kept_inside(cursor, response.rect);
        let primary = PointerButton::Primary;
        if response.drag_started_by(primary) {
            response.request_focus();
            let origin = ui.input(|input| input.pointer.press_origin());
            let held = origin.filter(|origin| origin.distance(cursor) < GRAB);
            view.grabbed = held.map_or(Vec2::ZERO, |origin| cursor - origin);
        }
        let fine = ui.input(|input| input.modifiers.shift);
        if let Some(pointer) = response.interact_pointer_pos()
            && response.dragged_by(primary)
            && !pans(ui, response)
        {
            let to = if fine {
                cursor + FINE * response.drag_delta()
            } else {
                kept_inside(pointer + view.grabbed, response.rect)
            };
            view.go(self.layout, scene, self.camera.to_map(to));
        } else if let Some(pointer) = response.interact_pointer_pos()
            && response.clicked_by(primary)
            && !response.double_clicked()
        {
            response.request_focus();
            view.before_click = Some(scene.clone());
            let pin = self.hit.pin.and_then(|pin| self.pins.get(pin));
            match (pin, self.hit.point) {
                (Some(pin), _) => go_to(pin, scene),
                (None, Some(index)) => self.start_from(index, scene),
                (None, None) => view.go(self.layout, scene, self.camera.to_map(pointer)),
            }
        }
        let step = arrows(ui, response) * if fine { FINE } else { 1.0 };
        if step != Vec2::ZERO {
            view.go(self.layout, scene, self.camera.to_map(cursor + step));
        }
    }

    fn start_from(&self, index: usize, scene: &mut Scene) {
        let cloud = &self.layout.points.cloud;
        let latent = cloud.latents[index].clone();
        let class = match self.images {
            Some(images) => images.label(index),
            None => Some(cloud.classes[index]),
        };
        let class = self.model.given(class);
        let start = if let Some(images) = self.images {
            scene.sample = index;
            let mut image = InputImage::of_sample(images, index);
            image.encoded_as = class;
            Start::Image(image)
        } else {
            Start::Sample {
                class: cloud.classes[index],
                index: cloud.number_in_region(index),
            }
        };
        scene.draw_as(class);
        scene.go(latent, start);
    }
}

fn kept_inside(at: Pos2, rect: Rect) -> Pos2 {
    let inner = rect.shrink(1.0);
    at.clamp(inner.min, inner.max)
}

/// How far the arrow keys move the cursor on the screen, while the map has the focus.
fn arrows(ui: &Ui, response: &Response) -> Vec2 {
    if !response.has_focus() {
        return Vec2::ZERO;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let presses = |key| ui.input(|input| input.num_presses(key)) as f32;
    let right = presses(Key::ArrowRight) - presses(Key::ArrowLeft);
    let down = presses(Key::ArrowDown) - presses(Key::ArrowUp);
    KEY_STEP * Vec2::new(right, down)
}
