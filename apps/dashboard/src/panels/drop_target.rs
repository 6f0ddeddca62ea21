//! What a file that hovers over the window would do.

use eframe::egui::{Align2, FontId, LayerId, Order, Ui};

use crate::theme;

/// Covers the window while a file hovers over it.
pub fn ui(ui: &Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let palette = theme::palette(ui);
    let painter = ui.ctx().layer_painter(LayerId::new(
        Order::Tooltip,
        ui.scope_id().with("drop target"),
    ));
    let screen = ui.ctx().content_rect();
    painter.rect_filled(screen, 0.0, palette.veil);
    let text = "Drop images to encode them, or a model's folder to open it";
    painter.text(
        screen.center(),
        Align2::CENTER_CENTER,
        text,
        FontId::proportional(20.0),
        palette.text_strong,
    );
}
