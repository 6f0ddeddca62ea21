//! A map of evidence or of changes always says what it is scaled to.

use dashboard::state::controls::Space;
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;

use crate::support::{Window, click, manifest, serve, window, window_sized};

const SCALE: &str = "Strongest evidence 2.50 logits";
/// The same where there is room for no more.
const IN_FIGURES: &str = "≤ 2.50 logits";

fn visible(window: &Window, label: &str) -> bool {
    let whole = window.ctx.content_rect();
    let mut found = window.query_all_by_label(label);
    found.any(|node| whole.contains_rect(node.rect()))
}

#[test]
fn the_heatmap_in_explore_says_its_scale_in_any_window() {
    for (size, says) in [
        ([1440.0, 900.0], SCALE),
        ([1280.0, 720.0], SCALE),
        ([1024.0, 640.0], SCALE),
        ([640.0, 400.0], IN_FIGURES),
    ] {
        let mut window = window_sized(Space::Explore, size, 1.0);
        serve(&mut window, &manifest(None));
        assert!(visible(&window, says), "{size:?}");
        window.key_press(Key::H);
        serve(&mut window, &manifest(None));
        assert!(!visible(&window, says), "{size:?}: there is no heatmap");
    }
}

#[test]
fn the_stage_says_it_too() {
    let mut window = window(Space::Explore, None);
    window.key_press(Key::F11);
    serve(&mut window, &manifest(None));
    window.get_by_label("presented image");
    assert!(visible(&window, SCALE));
    window.key_press(Key::H);
    serve(&mut window, &manifest(None));
    assert!(!visible(&window, SCALE));
}

#[test]
fn changes_say_what_the_full_colour_is() {
    let mut window = window(Space::Explore, None);
    // The largest of the test's effects is that of the last of six dimensions.
    window.get_by_label("±0.50");
    click(&mut window, "Explain");
    click(&mut window, "What if");
    window.get_by_label("Full colour: from black to white");
}
