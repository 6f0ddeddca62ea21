//! How large everything is drawn, and what the next window keeps of it.

use dashboard::{
    app::recall::recall,
    state::{
        memory::{Given, SESSION},
        zoom::{Zoom, ZoomCommand},
    },
};
use eframe::egui::{Key, Modifiers, Rect, ViewportId, pos2, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::{
    memory::window_in,
    support::{Window, manifest, serve},
};

fn press(window: &mut Window, key: Key) {
    window.key_press_modifiers(Modifiers::COMMAND, key);
    serve(window, &manifest(None));
}

fn zoom_of(steps: i32) -> Zoom {
    let command = if steps < 0 {
        ZoomCommand::Out
    } else {
        ZoomCommand::In
    };
    (0..steps.abs()).fold(Zoom::default(), |zoom, _| zoom.after(command))
}

#[test]
fn a_step_is_ten_percent_and_the_last_ones_are_50_and_300() {
    assert_eq!(zoom_of(0).percent(), 100.0);
    assert!((zoom_of(7).percent() - 170.0).abs() < 1e-3);
    assert!((zoom_of(99).percent() - 300.0).abs() < 1e-3);
    assert!((zoom_of(-99).percent() - 50.0).abs() < 1e-3);
    assert_eq!(zoom_of(7).after(ZoomCommand::Reset), Zoom::default());
}

#[test]
fn the_content_never_has_less_than_the_least_and_large_windows_draw_larger() {
    let factor = |steps, size: [f32; 2]| zoom_of(steps).factor(size.into());
    assert_eq!(factor(0, [1440.0, 900.0]), 1.0);
    assert!((factor(10, [1280.0, 720.0]) - 2.0).abs() < 1e-6);
    // 420 points of width have room in 640 at 152 %, 240 of height in 400 at 167 %: the smaller one counts.
    assert!((factor(10, [640.0, 400.0]) - 640.0 / 420.0).abs() < 1e-6);
    assert!((factor(0, [400.0, 200.0]) - 200.0 / 240.0).abs() < 1e-6);
    assert_eq!(factor(0, [1920.0, 1080.0]), 1.0);
    // Twice as wide and as high: the root of 2 is 1.414, and tenths count.
    assert!((factor(0, [3840.0, 2160.0]) - 1.4).abs() < 1e-6);
    // Twice as wide alone is no larger.
    assert_eq!(factor(0, [3840.0, 1080.0]), 1.0);
    assert!((factor(20, [3840.0, 2160.0]) - 4.2).abs() < 1e-5);
}

#[test]
fn zoom_and_size_are_those_of_the_window_before() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut first = window_in(folder.path());
    let viewport = first.input_mut().viewports.get_mut(&ViewportId::ROOT);
    let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 720.0));
    viewport.expect("there is one").inner_rect = Some(rect);
    for _ in 0..3 {
        press(&mut first, Key::Plus);
    }
    press(&mut first, Key::Minus);
    assert!((first.ctx.zoom_factor() - 1.2).abs() < 1e-3);
    drop(first);
    let memory = recall(Some(folder.path()), &Given::default()).memory;
    assert!((memory.zoom.percent() - 120.0).abs() < 1e-3);
    assert_eq!(memory.size, Some((1280.0, 720.0)), "whatever the zoom");
    let mut second = window_in(folder.path());
    assert!((second.ctx.zoom_factor() - 1.2).abs() < 1e-3);
    press(&mut second, Key::Num0);
    assert_eq!(second.ctx.zoom_factor(), 1.0);
}

#[test]
fn a_zoom_that_nobody_can_choose_is_brought_into_range() {
    for (written, read) in [("1000.0", 300.0), ("0.0", 50.0), ("NaN", 100.0)] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        drop(window_in(folder.path()));
        let path = SESSION.path(folder.path());
        let text = std::fs::read_to_string(&path).expect("it was written");
        let changed = text.replace("zoom: (1.0)", &format!("zoom: ({written})"));
        assert_ne!(changed, text);
        std::fs::write(&path, changed).expect("it can be written");
        let recalled = recall(Some(folder.path()), &Given::default());
        assert!((recalled.memory.zoom.percent() - read).abs() < 1e-3);
        assert!(recalled.trouble.is_empty(), "{:?}", recalled.trouble);
    }
}

#[test]
fn the_file_menu_zooms_too() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut window = window_in(folder.path());
    for name in ["File", "Zoom", "Larger"] {
        window.get_by_label(name).click();
        window.run();
    }
    assert!((window.ctx.zoom_factor() - 1.1).abs() < 1e-3);
}
