//! A row of controls in which those that have no room stand under a button at its end.

use eframe::egui::{
    Align2, Area, Button, Frame, Id, Key, Order, Popup, Rect, ScrollArea, Ui, vec2,
};

use super::text_width;
use crate::theme;

/// What the button says.
const MORE: &str = "More";
/// Between the button and what it opens, and between that and the edge of the window.
const GAP: f32 = 4.0;

/// Shows `items` beside each other in the layout of `ui`, the first ones as far as they have room, and the others in a popup
/// under a button called "more of `name`". `show` adds an item. `keep` is left free at the end.
///
/// How wide an item is, is known from the pass before. Where it is not, the pass is laid out again.
pub fn overflow_row<T: Copy>(
    ui: &mut Ui,
    name: &str,
    items: &[T],
    keep: f32,
    mut show: impl FnMut(&mut Ui, T),
) {
    let id = ui.scope_id().with(("overflow", name, items.len()));
    let known: Option<Vec<f32>> = ui.data(|data| data.get_temp(id));
    let is_new = known.is_none();
    let mut widths = known.unwrap_or_else(|| vec![0.0; items.len()]);
    let room = ui.available_width() - keep;
    let gap = ui.spacing().item_spacing.x;
    let more = text_width(ui, MORE) + 2.0 * ui.spacing().button_padding.x;
    let count = fitting(&widths, gap, more, room);
    let (shown, hidden) = items.split_at(count);
    let reversed = ui.layout().prefer_right_to_left();
    if reversed && !hidden.is_empty() {
        under_button(ui, id, name, hidden, &mut show);
    }
    for place in 0..count {
        let index = if reversed { count - 1 - place } else { place };
        let added = ui.scope(|ui| show(ui, shown[index]));
        widths[index] = added.response.rect.width();
    }
    if !reversed && !hidden.is_empty() {
        under_button(ui, id, name, hidden, &mut show);
    }
    if fitting(&widths, gap, more, room) != count {
        ui.ctx()
            .request_discard("a row of controls has another width");
    }
    if is_new || fitting(&widths, gap, more, room) != count {
        ui.ctx().request_repaint();
    }
    ui.data_mut(|data| data.insert_temp(id, widths));
}

/// How many of the first items have room, beside the button if it is needed.
fn fitting(widths: &[f32], gap: f32, more: f32, room: f32) -> usize {
    let upto = |count: usize| {
        let items: f32 = widths[..count].iter().sum();
        items + gap * count.saturating_sub(1) as f32
    };
    if upto(widths.len()) <= room {
        return widths.len();
    }
    let fits = |count: &usize| upto(*count) + if *count > 0 { gap } else { 0.0 } + more <= room;
    (0..widths.len()).rev().find(fits).unwrap_or(0)
}

/// The button, and what it opens. A click elsewhere and Escape close it; so that lists can be opened in it, it is no menu, of
/// which egui knows one at a time.
fn under_button<T: Copy>(
    ui: &mut Ui,
    id: Id,
    name: &str,
    items: &[T],
    show: &mut impl FnMut(&mut Ui, T),
) {
    let open_id = id.with("open");
    let mut open = ui.data(|data| data.get_temp(open_id).unwrap_or(false));
    let button = ui.add(Button::new(MORE).selected(open));
    let button = button.accessible_name(format!("more of {name}"));
    if button.clicked() {
        open = !open;
    }
    if open {
        // A list that lies over the popup closes first.
        let covered = Popup::is_any_open(ui.ctx());
        let area = popup(ui, id, button.rect, items, show);
        let left = area.clicked_elsewhere() && !button.clicked();
        let escape = ui.input(|input| input.key_pressed(Key::Escape));
        open = covered || !(left || escape);
    }
    ui.data_mut(|data| data.insert_temp(open_id, open));
}

fn popup<T: Copy>(
    ui: &Ui,
    id: Id,
    button: Rect,
    items: &[T],
    show: &mut impl FnMut(&mut Ui, T),
) -> eframe::egui::Response {
    let screen = ui.ctx().content_rect();
    let below = button.center().y < screen.center().y;
    let (pivot, at) = if below {
        (Align2::RIGHT_TOP, button.right_bottom() + vec2(0.0, GAP))
    } else {
        (Align2::RIGHT_BOTTOM, button.right_top() - vec2(0.0, GAP))
    };
    let room = if below {
        screen.bottom() - at.y
    } else {
        at.y - screen.top()
    };
    let area = Area::new(id.with("popup"))
        .order(Order::Middle)
        .pivot(pivot)
        .fixed_pos(at)
        .constrain(true);
    let shown = area.show(ui.ctx(), |ui| {
        // Or it could not become higher than it was when it opened.
        ui.set_max_height(room);
        Frame::popup(ui.style()).show(ui, |ui| {
            let margins = 2.0 * theme::GROUP_GAP;
            let scroll = ScrollArea::vertical().max_height((room - margins).max(0.0));
            scroll.show(ui, |ui| {
                for item in items {
                    ui.horizontal(|ui| show(ui, *item));
                }
            });
        });
    });
    shown.response
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn items_without_room_make_way_for_the_button() {
        // 100 + 8 + 100 + 8 + 100 points.
        let widths = [100.0; 3];
        assert_eq!(fitting(&widths, 8.0, 50.0, 316.0), 3);
        // Two of them and the button need 100 + 8 + 100 + 8 + 50.
        assert_eq!(fitting(&widths, 8.0, 50.0, 315.0), 2);
        assert_eq!(fitting(&widths, 8.0, 50.0, 266.0), 2);
        assert_eq!(fitting(&widths, 8.0, 50.0, 265.0), 1);
        assert_eq!(fitting(&widths, 8.0, 50.0, 40.0), 0);
    }
}
