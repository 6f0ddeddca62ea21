//! Pictures for the import card, and what a person sees and does there.

use std::path::{Path, PathBuf};

use dashboard::state::{controls::Space, import::Import, scene::Start};
use datasets::{Adjustments, Image};
use eframe::egui::{Key, Pos2, pos2};
use egui_kittest::kittest::Queryable as _;
use image::{GrayImage, Luma};
use studio::Manifest;

use crate::{
    files::drop_file,
    support::{Window, manifest, scene, serve, window},
};

/// A page of 600x200 with an upright bar of 30x120 and a level one of 100x30.
pub fn two_bars() -> GrayImage {
    GrayImage::from_fn(600, 200, |x, y| {
        let upright = (120..150).contains(&x) && (40..160).contains(&y);
        let level = (400..500).contains(&x) && (80..110).contains(&y);
        Luma([if upright || level { 30 } else { 230 }])
    })
}

pub fn written(folder: &Path, name: &str, picture: &GrayImage) -> PathBuf {
    let path = folder.join(name);
    picture.save(&path).expect("it can be written");
    path
}

/// Serves the window until something is so.
pub fn until(window: &mut Window, manifest: &Manifest, what: &str, done: impl Fn(&Window) -> bool) {
    for _ in 0..500 {
        serve(window, manifest);
        if done(window) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("waited in vain until {what}");
}

pub fn import(window: &Window) -> &Import {
    window.state().import()
}

pub fn adjustments(window: &Window) -> Adjustments {
    let card = import(window).card.as_ref().expect("a picture is in it");
    card.adjustments
}

/// Whether what was decided last has been looked at.
pub fn is_settled(window: &Window) -> bool {
    let card = import(window).card.as_ref();
    card.is_some_and(|card| {
        let ready = card.ready();
        ready.is_some_and(|ready| ready.adjustments == card.adjustments)
    })
}

pub fn settle(window: &mut Window) {
    until(window, &manifest(None), "the card is settled", is_settled);
}

/// A window whose card shows the page with two bars, and the folder that the page is in.
pub fn with_card() -> (Window, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = written(folder.path(), "bars.png", &two_bars());
    let mut window = window(Space::Anchors, None);
    drop_file(&mut window, path);
    settle(&mut window);
    assert!(import(&window).is_open);
    (window, folder)
}

/// What the model gets, as the card shows it.
pub fn shown(window: &Window) -> Image {
    let card = import(window).card.as_ref().expect("a picture is in it");
    card.image().expect("it was made ready").clone()
}

/// How wide and how high the ink is.
pub fn extent(image: &Image) -> (usize, usize) {
    let inked = || (0..784).filter(|&at| image.values()[at] > 0.5);
    let span = |of: fn(usize) -> usize| {
        let (first, last) = (inked().map(of).min(), inked().map(of).max());
        last.expect("ink") - first.expect("ink") + 1
    };
    (span(|at| at % 28), span(|at| at / 28))
}

pub fn use_it(window: &mut Window) -> Image {
    window.key_press(Key::Enter);
    until(window, &manifest(None), "the picture is used", |window| {
        matches!(scene(window).start, Start::Image(_))
    });
    let Start::Image(image) = scene(window).start else {
        unreachable!("just seen")
    };
    image.image
}

/// Where a pixel of the page lies on the screen.
pub fn on_screen(window: &Window, x: f32, y: f32) -> Pos2 {
    // Ten points around the picture belong to it, so that its edges can be gripped.
    let rect = window.get_by_label("picture to crop").rect().shrink(10.0);
    pos2(
        rect.left() + rect.width() * x / 600.0,
        rect.top() + rect.height() * y / 200.0,
    )
}

pub fn drag(window: &mut Window, way: [(f32, f32); 2]) {
    let [from, to] = way.map(|(x, y)| on_screen(window, x, y));
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    window.hover_at(from.lerp(to, 0.5));
    window.step();
    window.hover_at(to);
    window.step();
    window.drop_at(to);
    window.step();
    settle(window);
}
