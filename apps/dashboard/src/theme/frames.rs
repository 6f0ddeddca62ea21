//! The frames of panels and cards.

use eframe::egui::{self, Margin, Stroke};

use super::colors::palette;

/// The frame of a bar or a side panel.
pub fn panel_frame(ui: &egui::Ui, horizontal: i8, vertical: i8) -> egui::Frame {
    egui::Frame::new()
        .fill(palette(ui).panel)
        .inner_margin(Margin::symmetric(horizontal, vertical))
}

/// The frame of a card in the middle of the window.
pub fn card_frame(ui: &egui::Ui) -> egui::Frame {
    let palette = palette(ui);
    egui::Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(8)
        .inner_margin(Margin::same(14))
}
