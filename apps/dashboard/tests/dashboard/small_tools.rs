//! Small and zoomed windows with the brush out and the pad unfolded.

use dashboard::state::controls::Space;
use datasets::KnownDataset;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::{
    small::{check, combinations},
    support::{manifest_of, serve, window_sized},
};

/// With the brush out and the pad unfolded, each in a window of its own and both together.
#[test]
fn nothing_lies_on_anything_else_beside_the_brush_and_the_pad() {
    for manifest in
        [KnownDataset::Mnist, KnownDataset::Avatars].map(|known| manifest_of(known.info()))
    {
        for (size, pixels_per_point) in combinations() {
            let place = format!("{}, {size:?}", manifest.dataset.name);
            let mut window = window_sized(Space::Explore, size, pixels_per_point);
            serve(&mut window, &manifest);
            window.key_press_modifiers(Modifiers::SHIFT, Key::D);
            serve(&mut window, &manifest);
            let picture = window.get_by_label("picture to draw on").rect();
            assert!(picture.width() >= 160.0, "{place}: {picture}");
            check(&window, &format!("the brush in {place}"));
            window.key_press(Key::P);
            serve(&mut window, &manifest);
            let pad = window.get_by_label("pad of z1 and z3").rect();
            assert!(pad.width() >= 140.0, "{place}: {pad}");
            check(&window, &format!("brush and pad in {place}"));
            window.key_press(Key::Escape);
            serve(&mut window, &manifest);
            check(&window, &format!("the pad in {place}"));
        }
    }
}
