//! A square under one hand that moves two values at once, each in standard deviations or in a direction's own units.

use eframe::egui::{
    Align2, EventFilter, FontId, Key, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use super::{
    sigma_slider::{FINE, KEY_STEP},
    text::elided,
};
use crate::{state::controls::RANGE_SIGMAS, theme};

/// Between the edge and where the values end: half the handle has room there.
const MARGIN: f32 = 10.0;

/// What a pad shows besides the two values.
#[derive(Clone, Copy)]
pub struct Pad<'a> {
    /// What moves across and what moves up.
    pub names: [&'a str; 2],
    /// Where the values came from: a double-click and Delete go back there.
    pub base: Option<[f32; 2]>,
    /// Width and height, in points.
    pub side: f32,
}

/// Shows a pad from -3 to +3 on both sides; `values` are across and up.
pub fn pad(ui: &mut Ui, pad: Pad<'_>, values: &mut [f32; 2]) -> Response {
    let (rect, mut response) =
        ui.allocate_exact_size(Vec2::splat(pad.side), Sense::click_and_drag());
    let travel = rect.shrink(MARGIN);
    let before = values.map(f32::to_bits);
    if response.drag_started() || response.clicked() {
        response.request_focus();
    }
    follow_pointer(ui, &response, travel, values);
    let back = follow_keys(ui, &response, values);
    if let Some(base) = pad.base.filter(|_| back || response.double_clicked()) {
        *values = base;
    }
    if values.map(f32::to_bits) != before {
        response.mark_changed();
    }
    let [across, up] = pad.names;
    let name = format!("pad of {across} and {up}");
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), &name));
    let said = format!("{across} {:+.2}, {up} {:+.2}", values[0], values[1]);
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_value(said));
    paint(ui, (rect, travel), &response, pad, *values);
    response
}

fn follow_pointer(ui: &Ui, response: &Response, travel: Rect, values: &mut [f32; 2]) {
    let used = response.dragged() || response.clicked();
    let Some(pointer) = response.interact_pointer_pos().filter(|_| used) else {
        return;
    };
    let per_point = 2.0 * RANGE_SIGMAS / travel.width();
    let fine = ui.input(|input| input.modifiers.shift);
    let to = if fine {
        let by = response.drag_delta() * per_point * FINE;
        [values[0] + by.x, values[1] - by.y]
    } else {
        let from_middle = (pointer - travel.center()) * per_point;
        [from_middle.x, -from_middle.y]
    };
    *values = to.map(|value| value.clamp(-RANGE_SIGMAS, RANGE_SIGMAS));
}

/// The arrow keys move it, with Shift in small steps; true if it is to go back.
fn follow_keys(ui: &Ui, response: &Response, values: &mut [f32; 2]) -> bool {
    if !response.has_focus() {
        return false;
    }
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input(|input| {
        let step = if input.modifiers.shift {
            KEY_STEP * FINE
        } else {
            KEY_STEP
        };
        let pairs = [
            (Key::ArrowLeft, Key::ArrowRight),
            (Key::ArrowDown, Key::ArrowUp),
        ];
        for (value, (less, more)) in values.iter_mut().zip(pairs) {
            let steps = input.num_presses(more) as f32 - input.num_presses(less) as f32;
            if steps != 0.0 {
                *value = (*value + steps * step).clamp(-RANGE_SIGMAS, RANGE_SIGMAS);
            }
        }
        input.key_pressed(Key::Delete)
    })
}

fn paint(
    ui: &Ui,
    (rect, travel): (Rect, Rect),
    response: &Response,
    pad: Pad<'_>,
    values: [f32; 2],
) {
    let palette = theme::palette(ui);
    let painter = ui.painter_at(rect.expand(2.0));
    let place = |[across, up]: [f32; 2]| -> Pos2 {
        let inside = |value: f32| value.clamp(-RANGE_SIGMAS, RANGE_SIGMAS);
        let scale = travel.width() / (2.0 * RANGE_SIGMAS);
        travel.center() + vec2(inside(across), -inside(up)) * scale
    };
    painter.rect_filled(rect, theme::RADIUS, palette.well);
    let last = RANGE_SIGMAS as i32;
    for sigma in -last..=last {
        let color = if sigma == 0 {
            palette.mark
        } else {
            palette.line
        };
        let at = place([sigma as f32, sigma as f32]);
        let stroke = Stroke::new(1.0, color);
        painter.vline(
            painter.round_to_pixel_center(at.x),
            travel.y_range(),
            stroke,
        );
        painter.hline(
            travel.x_range(),
            painter.round_to_pixel_center(at.y),
            stroke,
        );
    }
    let edge = Stroke::new(1.0, palette.mark);
    painter.rect_stroke(rect, theme::RADIUS, edge, StrokeKind::Inside);
    paint_names(ui, travel, pad.names);
    if let Some(base) = pad.base {
        let mark = Rect::from_center_size(place(base), Vec2::splat(9.0));
        painter.rect_stroke(
            mark,
            1.0,
            Stroke::new(1.5, palette.text_weak),
            StrokeKind::Middle,
        );
    }
    let at = place(values);
    let live = response.hovered() || response.dragged() || response.has_focus();
    let radius = if live { 7.0 } else { 6.0 };
    painter.circle_filled(at, radius, palette.accent);
    painter.circle_stroke(at, radius, Stroke::new(1.5, palette.text_strong));
    if response.has_focus() {
        painter.circle_stroke(at, radius + 3.0, Stroke::new(1.5, palette.accent));
    }
}

/// What moves across stands at the end of its axis, and what moves up at the end of that.
fn paint_names(ui: &Ui, travel: Rect, [across, up]: [&str; 2]) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let galley = |text: &str| {
        let room = travel.width() / 2.0 - MARGIN;
        elided(
            painter,
            text,
            FontId::proportional(12.0),
            palette.text_weak,
            room,
        )
    };
    let (across, up) = (galley(across), galley(up));
    let end = pos2(travel.right(), travel.center().y + 3.0);
    let at = Align2::RIGHT_TOP.anchor_size(end, across.size()).min;
    painter.galley(at, across, palette.text_weak);
    let top = pos2(travel.center().x + 4.0, travel.top());
    painter.galley(top, up, palette.text_weak);
}
