//! Panels that are folded, moved and made wider.

use dashboard::state::{
    controls::Space,
    dock::{DockCommand, DockLayout, DockSide, Docked},
};
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::{
    memory::window_in,
    support::{Window, manifest, serve, slider, window},
};

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    serve(window, &manifest(None));
    window.run();
}

/// Left border and width of the picture.
fn picture(window: &Window) -> (f32, f32) {
    let rect = window.get_by_label("decoded image").rect();
    (rect.left(), rect.width())
}

/// Drags the edge of a panel so many points to the right.
fn drag_edge(window: &mut Window, label: &str, by: f32) {
    let from = window.get_by_label(label).rect().center();
    window.drag_at(from);
    window.run();
    window.hover_at(from + vec2(by / 2.0, 0.0));
    window.run();
    window.hover_at(from + vec2(by, 0.0));
    window.run();
    window.drop_at(from + vec2(by, 0.0));
    window.run();
}

#[test]
fn a_folded_panel_gives_its_room_to_the_picture_and_unfolds_again() {
    let mut window = window(Space::Explore, None);
    let before = picture(&window);
    click(&mut window, "Fold the sliders");
    assert!(window.query_by_label(&slider(3)).is_none());
    let folded = picture(&window);
    assert!(folded.0 < before.0, "{folded:?} after {before:?}");
    click(&mut window, "Unfold the sliders");
    window.get_by_label(&slider(3));
    assert_eq!(picture(&window), before);
}

#[test]
fn a_moved_panel_stands_on_the_other_side_and_covers_nothing() {
    let mut window = window(Space::Explore, None);
    click(&mut window, "Move the sliders to the other side");
    click(&mut window, "Move the prediction to the other side");
    let image = window.get_by_label("decoded image").rect();
    let sliders = window.get_by_label("edge of the sliders").rect();
    let verdict = window.get_by_label("edge of the prediction").rect();
    assert!(verdict.right() < image.left(), "{verdict} and {image}");
    assert!(image.right() < sliders.left(), "{image} and {sliders}");
    // The walk is the widest thing in the middle.
    let last = window.get_by_label("z1 at +3.0 sigma").rect();
    assert!(last.right() < sliders.left(), "{last} and {sliders}");
    click(&mut window, "Move the prediction to the other side");
    let image = window.get_by_label("decoded image").rect();
    let verdict = window.get_by_label("edge of the prediction").rect();
    assert!(image.right() < verdict.left(), "both are on the right");
}

#[test]
fn the_edge_of_a_panel_is_dragged_within_limits() {
    let mut window = window(Space::Anchors, None);
    let edge = |window: &Window| {
        window
            .get_by_label("edge of the settings")
            .rect()
            .center()
            .x
    };
    assert_eq!(edge(&window), 340.0);
    drag_edge(&mut window, "edge of the settings", 60.0);
    assert_eq!(edge(&window), 400.0);
    drag_edge(&mut window, "edge of the settings", 800.0);
    // 34 percent of a window of 1280 points.
    let place = window.state().controls().layout.place(Docked::Settings);
    assert_eq!(place.width, 435.0);
    drag_edge(&mut window, "edge of the settings", -400.0);
    assert_eq!(edge(&window), 340.0);
    let place = window.state().controls().layout.place(Docked::Settings);
    assert_eq!((place.side, place.folded), (DockSide::Left, false));
}

#[test]
fn the_layout_is_there_in_the_next_window_until_it_is_reset() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    click(&mut first, "Fold the prediction");
    click(&mut first, "Move the sliders to the other side");
    drag_edge(&mut first, "edge of the sliders", -50.0);
    let before = first.state().controls().layout.clone();
    assert_eq!(before.place(Docked::Sliders).width, 382.0);
    drop(first);
    let mut second = window_in(folder.path());
    assert_eq!(second.state().controls().layout, before);
    second.get_by_label("Unfold the prediction");
    second.get_by_label("File").click();
    second.run();
    second.get_by_label("Reset layout").click();
    second.run();
    second.run();
    assert_eq!(second.state().controls().layout, DockLayout::default());
    second.get_by_label("Fold the prediction");
}

#[test]
fn the_palette_folds_and_moves_panels() {
    let mut window = window(Space::Explore, None);
    for (typed, folded, side) in [
        ("Fold or unfold the prediction", true, DockSide::Right),
        ("Move the prediction", true, DockSide::Left),
    ] {
        window.key_press_modifiers(Modifiers::COMMAND, Key::K);
        window.run();
        window.get_by_label("search commands").type_text(typed);
        window.run();
        window.key_press(Key::Enter);
        window.run();
        window.run();
        let place = window.state().controls().layout.place(Docked::Verdict);
        assert_eq!((place.folded, place.side), (folded, side), "{typed}");
    }
}

#[test]
fn the_sheet_to_draw_on_unfolds_its_panel() {
    let mut window = window(Space::Explore, None);
    click(&mut window, "Fold the prediction");
    window.key_press(Key::D);
    window.run();
    window.run();
    window.get_by_label("drawing sheet");
}

#[test]
fn a_session_from_before_there_was_a_layout_still_opens() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    first.key_press(Key::F2);
    serve(&mut first, &manifest(None));
    drop(first);
    let path = dashboard::state::memory::SESSION.path(folder.path());
    let text = std::fs::read_to_string(&path).expect("it was written");
    let old: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("layout:"))
        .collect::<Vec<_>>()
        .join("\n");
    assert_ne!(old, text, "the layout has a line of its own");
    std::fs::write(&path, old).expect("it can be written");
    let second = window_in(folder.path());
    assert_eq!(second.state().controls().space, Space::Anchors);
    assert_eq!(second.state().controls().layout, DockLayout::default());
}

/// Derived from the widths of the first day (332 and 260 points, 28 folded) and what is left to the picture (232).
#[test]
fn panels_fold_by_themselves_where_the_picture_needs_the_room() {
    let mut layout = DockLayout::default();
    let widths = |layout: &DockLayout, window| {
        [Docked::Sliders, Docked::Verdict].map(|docked| layout.width(docked, window))
    };
    assert_eq!(widths(&layout, 1440.0), [Some(332.0), Some(260.0)]);
    // 34 percent of 853 are less than the least width of the sliders, which is 300.
    assert_eq!(widths(&layout, 853.0), [Some(300.0), Some(260.0)]);
    // Beside the sliders and the picture there are 640 - 300 - 232 = 108 points.
    assert_eq!(widths(&layout, 640.0), [Some(300.0), None]);
    assert_eq!(widths(&layout, 420.0), [None, None]);
    // The one that a person unfolds is there, and the other one makes way.
    layout.carry_out(DockCommand::Unfold(Docked::Verdict));
    assert_eq!(widths(&layout, 640.0), [None, Some(240.0)]);
    assert_eq!(widths(&layout, 420.0), [None, Some(190.0)]);
    // In a large window a panel that nobody changed grows: 332 / 1440 of 1920 points.
    let grown = layout.width(Docked::Sliders, 1920.0).expect("it is there");
    assert!((grown - 442.7).abs() < 0.1, "{grown}");
}
