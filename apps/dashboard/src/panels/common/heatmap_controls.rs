//! How heatmaps are painted, wherever they are.

use eframe::egui::{ComboBox, Response, Ui};
use explain::ColorMap;

use crate::{
    state::controls::View,
    theme,
    widgets::{checkbox, slider},
};

/// Whether, how strongly and in which colours heatmaps are painted.
pub(in crate::panels) fn heatmap_controls(ui: &mut Ui, view: &mut View, toggle: bool) {
    if toggle {
        heatmap_toggle(ui, view);
    }
    let painted = view.overlay || !toggle;
    heatmap_look(ui, view, painted);
}

/// Whether heatmaps are painted.
pub(in crate::panels) fn heatmap_toggle(ui: &mut Ui, view: &mut View) {
    checkbox(ui, &mut view.overlay, "Heatmap")
        .on_hover_text("Paint the evidence over the image (H)");
}

/// How strongly and in which colours heatmaps are painted, if they are.
pub(in crate::panels) fn heatmap_look(ui: &mut Ui, view: &mut View, painted: bool) {
    ui.add_enabled_ui(painted, |ui| {
        ui.spacing_mut().slider_width = theme::track(ui);
        let slider = slider(&mut view.opacity, 0.0..=1.0)
            .show_value(false)
            .text("");
        named(ui.add(slider), "heatmap opacity")
            .on_hover_text(format!("Opacity {:.0} %", view.opacity * 100.0));
        let combo = ComboBox::from_id_salt("color map")
            .width(88.0)
            .selected_text(view.color_map.name());
        let response = combo.show_ui(ui, |ui| {
            for map in ColorMap::ALL {
                ui.selectable_value(&mut view.color_map, map, map.name());
            }
        });
        named(response.response, "heatmap colours");
    });
}

fn named(response: Response, name: &str) -> Response {
    response.accessible_name(name)
}
