//! The middle of a space, which scrolls where the window has less room than it needs.

use eframe::egui::{ScrollArea, Sense, Ui, UiBuilder, Vec2};

/// What a bar to scroll with takes of the room beside it.
pub(in crate::panels) const SCROLL_BAR: f32 = 8.0;

/// Gives `add` all the room that there is, and at least `least`, to which one scrolls.
pub(in crate::panels) fn roomy(ui: &mut Ui, least: Vec2, add: impl FnOnce(&mut Ui)) {
    let room = ui.available_size();
    let lacks = [room.x < least.x, room.y < least.y];
    if lacks == [false, false] {
        add(ui);
        return;
    }
    let mut size = room.max(least);
    // A bar takes room from the other side, which then must not need one, too.
    match lacks {
        [true, false] => size.y = (size.y - SCROLL_BAR).max(least.y),
        [false, true] => size.x = (size.x - SCROLL_BAR).max(least.x),
        _ => {}
    }
    ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        ui.scope_builder(UiBuilder::new().max_rect(rect), add);
    });
}
