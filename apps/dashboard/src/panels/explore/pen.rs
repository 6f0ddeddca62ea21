//! The pointer as a pen: what it did in a pass, on the drawing sheet as on the picture.

use eframe::egui::{Event, PointerButton, Pos2, Rect, Response, Stroke, Ui};

use crate::{state::sketch::SketchPoint, theme};

/// What the pen did. Places are shares of the sheet's side, and may lie beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PenEvent {
    /// It was put down on the sheet.
    Down(SketchPoint),
    /// It came here, whether it is down or not.
    Move(SketchPoint),
    /// It was lifted here.
    Up(SketchPoint),
}

/// Every point of the pointer's way in the order of the events, not only where it is at this pass: a fast stroke may end in the pass that
/// it is first seen in. Nothing unless `response`, which is that of the sheet, has the pointer, or the pen `is_down`.
pub(super) fn pen_events(
    ui: &Ui,
    sheet: Rect,
    response: &Response,
    is_down: bool,
) -> Vec<PenEvent> {
    let held = response.is_pointer_button_down_on();
    let let_go = response.clicked() || response.drag_stopped();
    if !(held || let_go || is_down) {
        return Vec::new();
    }
    let place = |at: Pos2| -> SketchPoint {
        let share = (at - sheet.min) / sheet.size();
        [share.x, share.y]
    };
    let event = |event: &Event| match *event {
        Event::PointerMoved(at) => Some(PenEvent::Move(place(at))),
        Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            ..
        } if pressed => sheet.contains(pos).then_some(PenEvent::Down(place(pos))),
        Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            ..
        } => Some(PenEvent::Up(place(pos))),
        _ => None,
    };
    ui.input(|input| input.events.iter().filter_map(event).collect())
}

/// Shows how wide the pen is where the pointer is.
pub(super) fn paint_tip(ui: &Ui, sheet: Rect, response: &Response, width: f32) {
    if let Some(at) = response.hover_pos().filter(|at| sheet.contains(*at)) {
        let radius = width * sheet.width() / 2.0;
        let stroke = Stroke::new(1.0, theme::palette(ui).accent);
        ui.painter_at(sheet.expand(1.0))
            .circle_stroke(at, radius, stroke);
    }
}
