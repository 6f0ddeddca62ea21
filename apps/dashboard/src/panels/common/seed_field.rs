//! A seed that can be typed.

use datasets::Seed;
use eframe::egui::{DragValue, Ui};

/// A field for a seed; `name` says what is drawn with it.
pub(in crate::panels) fn seed_field(ui: &mut Ui, seed: &mut Seed, name: &str) {
    let field = DragValue::new(&mut seed.0).speed(0.1).prefix("seed ");
    ui.add(field)
        .on_hover_text(format!("The {name}: the same seed gives the same picture."))
        .accessible_name(name);
}
